//! What stands in front of every page: who asks, whether the route is for them, and whether a form is
//! one of ours. No handler is reached past it.

use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::ExposeSecret;

use super::failure::Failure;
use super::form::{Form, TOKEN};
use super::route::Reach;
use super::state::WebState;
use super::visitor::Visitor;
use super::{LARGEST_FORM, origin, session_cookie, sign_in};

/// Lets a request through with its [`Visitor`], where there is one, and its [`Form`], where it is one.
///
/// # Errors
/// Whoever is not signed in is sent to the page where one does; who is, and is not meant, gets 403,
/// whether there is such a thing or not.
pub async fn guard(
    State((state, reach)): State<(WebState, Reach)>,
    path: RawPathParams,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let posts = request.method() == Method::POST;
    if posts && !origin::is_ours(request.headers(), &state.host.web_address) {
        return Err(Failure::ForeignForm);
    }
    let visitor = visitor(&state, request.headers()).await?;
    let user = path.iter().find(|(name, _)| *name == "user");
    let user = user.map(|(_, value)| value);
    let is_meant = match (reach, &visitor) {
        (Reach::Anyone, _) => true,
        (_, None) => {
            let wanted = if posts { "/" } else { request.uri().path() };
            return Ok(Redirect::to(&sign_in::leading_to(wanted)).into_response());
        }
        (Reach::SignedIn, Some(_)) => true,
        (Reach::OwnOrAdmin, Some(visitor)) => {
            visitor.is_admin || user == Some(visitor.user.value.as_str())
        }
        (Reach::Admin, Some(visitor)) => visitor.is_admin,
    };
    if !is_meant {
        return Err(Failure::Forbidden);
    }
    if posts {
        let form = read(&mut request).await?;
        if let Some(visitor) = &visitor
            && !visitor.made_form(form.text(TOKEN))
            && reach != Reach::Anyone
        {
            return Err(Failure::ForeignForm);
        }
        request.extensions_mut().insert(form);
    }
    if let Some(visitor) = visitor {
        request.extensions_mut().insert(visitor);
    }
    Ok(next.run(request).await)
}

async fn visitor(state: &WebState, headers: &HeaderMap) -> Result<Option<Visitor>, Failure> {
    let Some(session) = session_cookie::read(state, headers) else {
        return Ok(None);
    };
    let store = &state.host.store;
    let found = store.sessions().find(session.expose_secret()).await?;
    Ok(found.map(|found| Visitor {
        tenant: store.tenant(&found.tenant),
        user: found.user,
        name: found.name,
        is_admin: found.is_admin,
        session,
    }))
}

async fn read(request: &mut Request) -> Result<Form, Failure> {
    let media = request.headers().get(header::CONTENT_TYPE);
    let media = media.and_then(|value| value.to_str().ok()).unwrap_or("");
    let media = media.split(';').next().unwrap_or("").trim();
    if !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Failure::BadForm);
    }
    let body = std::mem::replace(request.body_mut(), Body::empty());
    let bytes = to_bytes(body, LARGEST_FORM).await;
    let bytes = zeroize::Zeroizing::new(bytes.map_err(|_| Failure::BadForm)?.to_vec());
    Ok(Form::parse(&bytes))
}
