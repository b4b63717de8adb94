//! Whose request it is: a bearer token, bound to one tenant.
//!
//! The token stands in `Authorization: Bearer tdm_…` and nowhere else: addresses end up in logs.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::ApiState;
use super::kind::Kind;
use super::problem::Problem;
use crate::store::Tenant;

/// Who asks, as the door to the only rows that the request may reach.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The tenant of the token.
    pub tenant: Tenant,
}

/// Lets a request with a known token through, with its [`Caller`].
///
/// # Errors
/// 401 for a missing or unknown token; 503 and 500 when the database does not answer.
pub async fn identify(
    State(state): State<ApiState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let token = bearer(request.headers()).ok_or_else(|| {
        unknown("the request has no bearer token")
            .hint("send the header Authorization: Bearer TOKEN; `tandem token create` makes one")
    })?;
    let store = &state.host.store;
    let id = store.tokens().verify(token).await?.ok_or_else(|| {
        unknown("the bearer token is not known; it may have been revoked")
            .hint("make a new one with `tandem token create`")
    })?;
    request.extensions_mut().insert(Caller {
        tenant: store.tenant(&id),
    });
    Ok(next.run(request).await)
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    /// Refuses, should a route ever stand outside [`identify`].
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>();
        caller
            .cloned()
            .ok_or_else(|| unknown("the request has no bearer token"))
    }
}

fn unknown(detail: &str) -> Problem {
    Problem::new(Kind::Unauthorised, detail)
}

/// The token of exactly one `Authorization` header; the scheme's name counts in any case.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let text = given.next()?.to_str().ok()?;
    if given.next().is_some() {
        return None;
    }
    let (scheme, token) = text.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
