//! `/admin/exchange/resources/{user}/sign-in`: an administrator lets a user in, by a link with which the
//! user chooses a password. The same helps who forgot it.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;

use super::failure::Failure;
use super::form::Form;
use super::frame::Frame;
use super::input::sentence;
use super::state::WebState;
use super::visitor::Visitor;
use super::{first_password, resources};
use crate::contract::PsaId;
use crate::psa::resource::{self, ResourceRecord};
use crate::store::{StoreError, account, invitation};

/// Where it lies.
pub const PATH: &str = "/admin/exchange/resources/{user}/sign-in";

#[derive(Template, WebTemplate)]
#[template(path = "user_sign_in.html")]
struct Page {
    frame: Frame,
    path: String,
    /// The user's name.
    user: String,
    /// The sign-in name, or what it would be.
    name: String,
    is_let_in: bool,
    has_password: bool,
    /// What is wrong with the name.
    wrong: Option<String>,
    /// The link that was made, for the only time.
    link: Option<String>,
}

impl Page {
    async fn new(visitor: &Visitor, user: &ResourceRecord) -> Result<Self, Failure> {
        let account = account::get(&visitor.tenant, &user.id).await?;
        let title = format!("Sign-in of {}", user.fields.name);
        Ok(Self {
            frame: Frame::of_user(visitor, title),
            path: resources::of_user(PATH, &user.id.value),
            user: user.fields.name.clone(),
            is_let_in: account.is_some(),
            has_password: account.as_ref().is_some_and(|it| it.password.is_some()),
            name: account.map_or_else(|| user.fields.email.clone(), |it| it.name),
            wrong: None,
            link: None,
        })
    }
}

/// How the user signs in.
pub async fn form(visitor: Visitor, Path(user): Path<String>) -> Result<Response, Failure> {
    let user = resource::get(&visitor.tenant, &PsaId { value: user }).await?;
    Ok(Page::new(&visitor, &user).await?.into_response())
}

/// Makes a link. An earlier one is good no more; the password, where there is one, stays until another is
/// chosen.
pub async fn invite(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(user): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let user = resource::get(&visitor.tenant, &PsaId { value: user }).await?;
    let mut transaction = visitor.tenant.begin().await?;
    let named = account::set_name(&mut transaction, &user.id, form.text("name")).await;
    if let Err(StoreError::Invalid { rule, .. }) = named {
        transaction.rollback().await?;
        let page = Page {
            name: form.text("name").to_owned(),
            wrong: Some(sentence(&rule)),
            ..Page::new(&visitor, &user).await?
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    named?;
    let secret = invitation::invite(&mut transaction, &user.id).await?;
    transaction.commit().await?;
    let path = first_password::path(secret.expose_secret());
    let page = Page {
        link: Some(state.host.web_address.page(&path)),
        ..Page::new(&visitor, &user).await?
    };
    Ok(page.into_response())
}
