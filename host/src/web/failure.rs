//! Why a page is not shown, as a page that says so and where to go on.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::password::HashingError;
use crate::cycle::CycleError;
use crate::store::StoreError;

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such page, or nothing of that name in this tenant.
    #[error("There is no such page")]
    NotFound,
    /// The page is not for this user.
    #[error("This page is not for you")]
    Forbidden,
    /// The form was not made by a page of this session.
    #[error("The form is out of date")]
    ForeignForm,
    /// The form cannot be read.
    #[error("The form could not be read")]
    BadForm,
    /// A cycle could not be run.
    #[error(transparent)]
    Cycle(#[from] CycleError),
    /// A password could not be worked on.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "failure.html")]
struct Page {
    title: String,
    advice: &'static str,
}

/// For addresses at which there is nothing.
pub async fn no_page() -> Failure {
    Failure::NotFound
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, advice) = match &self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "Check the address. What it led to may have been removed meanwhile.",
            ),
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                "It is for its user, or for users whose security level has “Admin: configure Microsoft \
                 extensions”. Ask an administrator.",
            ),
            Self::ForeignForm => (
                StatusCode::FORBIDDEN,
                "You signed in again since the page was opened, or another site sent the form. Nothing was \
                 done. Open the page again and repeat what you did.",
            ),
            Self::BadForm => (
                StatusCode::BAD_REQUEST,
                "Nothing was done. Open the page again and repeat what you did.",
            ),
            Self::Store(error) if error.is_transient() => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The database is busy. Nothing was done; try again in a moment.",
            ),
            Self::Store(_) | Self::Cycle(_) | Self::Hashing(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong here. Try again; if it stays so, the program's log says what it is.",
            ),
        };
        let title = match &self {
            Self::Store(_) | Self::Cycle(_) | Self::Hashing(_) => {
                tracing::error!(error = %self, "a page could not be shown");
                "The page cannot be shown".to_owned()
            }
            told => told.to_string(),
        };
        (status, Page { title, advice }).into_response()
    }
}
