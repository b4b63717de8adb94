//! `/sign-out`: ends the session.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::ExposeSecret;

use super::failure::Failure;
use super::state::WebState;
use super::visitor::Visitor;
use super::{session_cookie, sign_in};

/// Where it lies.
pub const PATH: &str = "/sign-out";

/// Ends the session, here and in the browser.
pub async fn sign_out(
    State(state): State<WebState>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let session = visitor.session.expose_secret();
    state.host.store.sessions().end(session).await?;
    let cookie = [session_cookie::remove(&state)];
    Ok((cookie, Redirect::to(sign_in::PATH)).into_response())
}
