//! `/password`: a user changes the own password. All other sessions of the user end with it.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::form::Form;
use super::frame::Frame;
use super::password::{SHORTEST, objection};
use super::session_cookie;
use super::state::WebState;
use super::visitor::Visitor;
use crate::store::account;
use crate::store::failed_sign_in::{Subject, Try};

/// Where it lies.
pub const PATH: &str = "/password";

#[derive(Template, WebTemplate)]
#[template(path = "own_password.html")]
struct Page {
    frame: Frame,
    shortest: usize,
    name: String,
    /// What is wrong with the present one that was typed.
    wrong: Option<&'static str>,
    /// What is wrong with the new one.
    objection: Option<String>,
    is_changed: bool,
}

impl Page {
    fn new(visitor: &Visitor, name: String) -> Self {
        Self {
            frame: Frame::new(visitor, &["My"], "Password", PATH),
            shortest: SHORTEST,
            name,
            wrong: None,
            objection: None,
            is_changed: false,
        }
    }
}

/// The form.
pub async fn form(visitor: Visitor) -> Result<impl IntoResponse, Failure> {
    let account = account::get(&visitor.tenant, &visitor.user).await?;
    let account = account.ok_or(Failure::NotFound)?;
    Ok(Page::new(&visitor, account.name))
}

/// Changes it, when the present one is right. To guess it is as hard as at signing in.
pub async fn change(
    State(state): State<WebState>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let account = account::get(&visitor.tenant, &visitor.user).await?;
    let account = account.ok_or(Failure::NotFound)?;
    let mut page = Page::new(&visitor, account.name.clone());
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    page.objection = objection(form.text("new"), form.text("repeated"), &account.name);
    if page.objection.is_some() {
        return Ok((refused, page).into_response());
    }
    let store = &state.host.store;
    let subject = Subject::Name(&account.name);
    if let Try::Refused(_) = store.failed_sign_ins().begin(subject).await? {
        page.wrong =
            Some("There were too many failed attempts; try again in a quarter of an hour.");
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    let present = form.password("present");
    if !state
        .hashing
        .is_right(present, account.password.clone())
        .await?
    {
        page.wrong = Some("This is not your present password.");
        return Ok((refused, page).into_response());
    }
    store.failed_sign_ins().forgive(subject).await?;
    let hash = state.hashing.hash(form.password("new")).await?;
    let mut transaction = visitor.tenant.begin().await?;
    account::set_password(&mut transaction, &visitor.user, &hash).await?;
    transaction.commit().await?;
    let session = store
        .sessions()
        .begin(visitor.tenant.id(), &visitor.user)
        .await?;
    let cookie = [session_cookie::set(&state, &session)];
    // Forms carry the new session's token from now on.
    let visitor = Visitor { session, ..visitor };
    let page = Page {
        is_changed: true,
        ..Page::new(&visitor, account.name)
    };
    Ok((cookie, page).into_response())
}
