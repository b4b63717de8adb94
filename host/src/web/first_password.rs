//! `/first-password/{secret}`: who was invited by an administrator chooses a password, and is signed in.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::failure::Failure;
use super::form::Form;
use super::password::{SHORTEST, objection};
use super::session_cookie;
use super::state::WebState;
use crate::store::{account, invitation};

/// Where it lies.
pub const PATH: &str = "/first-password/{secret}";

#[derive(Template, WebTemplate)]
#[template(path = "first_password.html")]
struct Page {
    shortest: usize,
    /// With which name the user signs in; none when the link is good no more.
    name: Option<String>,
    objection: Option<String>,
}

impl Page {
    fn new(name: Option<String>) -> Self {
        Self {
            shortest: SHORTEST,
            name,
            objection: None,
        }
    }
}

/// The path of the page that a secret opens.
pub fn path(secret: &str) -> String {
    PATH.replace("{secret}", secret)
}

/// The form.
pub async fn form(
    State(state): State<WebState>,
    Path(secret): Path<String>,
) -> Result<Response, Failure> {
    let invited = state.host.store.invitations().find(&secret).await?;
    let status = match invited {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    let page = Page::new(invited.map(|invited| invited.name));
    Ok((status, page).into_response())
}

/// Takes the password. The link is good no more then.
pub async fn choose(
    State(state): State<WebState>,
    Path(secret): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let gone = || (StatusCode::NOT_FOUND, Page::new(None)).into_response();
    let store = &state.host.store;
    let Some(invited) = store.invitations().find(&secret).await? else {
        return Ok(gone());
    };
    let found = objection(form.text("new"), form.text("repeated"), &invited.name);
    if found.is_some() {
        let page = Page {
            objection: found,
            ..Page::new(Some(invited.name))
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hash = state.hashing.hash(form.password("new")).await?;
    let tenant = store.tenant(&invited.tenant);
    let mut transaction = tenant.begin().await?;
    if !invitation::redeem(&mut transaction, &secret).await? {
        return Ok(gone());
    }
    account::set_password(&mut transaction, &invited.user, &hash).await?;
    transaction.commit().await?;
    let session = store
        .sessions()
        .begin(&invited.tenant, &invited.user)
        .await?;
    let cookie = [session_cookie::set(&state, &session)];
    Ok((cookie, Redirect::to("/")).into_response())
}
