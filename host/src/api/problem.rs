//! Refusals as `application/problem+json` (RFC 9457): what is wrong, where, and what to do.
//!
//! | status | `type`, behind `urn:problem-type:tandem:` |
//! |---|---|
//! | 400 | `malformed-request` |
//! | 401 | `unauthorised` |
//! | 404 | `not-found` |
//! | 405 | `method-not-allowed` |
//! | 409 | `mailbox-busy`, `not-ready`, `already-taken` |
//! | 412 | `version-stale` |
//! | 413 | `body-too-large` |
//! | 415 | `media-type-not-supported` |
//! | 422 | `invalid-value` |
//! | 428 | `version-needed` |
//! | 500 | `plugin-failed`, `internal` |
//! | 502 | `exchange-failed` |
//! | 503 | `exchange-throttled`, `unavailable` |
//! | 504 | `exchange-timed-out` |
//!
//! A 500 says nothing of the inside; the host's log does.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, body::Body};
use serde::Serialize;

use super::version;
use crate::contract::RowVersion;

/// What kind of refusal it is. Its name and status never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be read.
    Malformed,
    /// No token, or an unknown one.
    Unauthorised,
    /// There is no such thing in the caller's tenant.
    NotFound,
    /// The path is right, the method is not.
    MethodNotAllowed,
    /// Another cycle runs for the mailbox.
    MailboxBusy,
    /// Something has to be set up first.
    NotReady,
    /// Somebody else has it.
    AlreadyTaken,
    /// The row was changed meanwhile.
    VersionStale,
    /// The body is larger than is read.
    BodyTooLarge,
    /// The body is not JSON by its own word.
    MediaType,
    /// A value breaks a rule.
    Invalid,
    /// The change does not say on which version it was made.
    VersionNeeded,
    /// The plugin broke off.
    Plugin,
    /// Something else broke here.
    Internal,
    /// Exchange refused, could not be reached or was not understood.
    Exchange,
    /// Exchange asks for a pause.
    ExchangeThrottled,
    /// Try again a little later.
    Unavailable,
    /// Exchange did not answer in time.
    ExchangeTimedOut,
}

impl Kind {
    /// The name, the title and the status.
    const fn facts(self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Self::Malformed => (
                "urn:problem-type:tandem:malformed-request",
                "The request cannot be read",
                StatusCode::BAD_REQUEST,
            ),
            Self::Unauthorised => (
                "urn:problem-type:tandem:unauthorised",
                "A valid bearer token is needed",
                StatusCode::UNAUTHORIZED,
            ),
            Self::NotFound => (
                "urn:problem-type:tandem:not-found",
                "There is no such thing",
                StatusCode::NOT_FOUND,
            ),
            Self::MethodNotAllowed => (
                "urn:problem-type:tandem:method-not-allowed",
                "This path does not have this method",
                StatusCode::METHOD_NOT_ALLOWED,
            ),
            Self::MailboxBusy => (
                "urn:problem-type:tandem:mailbox-busy",
                "A synchronisation of the mailbox is in progress",
                StatusCode::CONFLICT,
            ),
            Self::NotReady => (
                "urn:problem-type:tandem:not-ready",
                "Something has to be set up first",
                StatusCode::CONFLICT,
            ),
            Self::AlreadyTaken => (
                "urn:problem-type:tandem:already-taken",
                "Somebody else has it already",
                StatusCode::CONFLICT,
            ),
            Self::VersionStale => (
                "urn:problem-type:tandem:version-stale",
                "It was changed meanwhile",
                StatusCode::PRECONDITION_FAILED,
            ),
            Self::BodyTooLarge => (
                "urn:problem-type:tandem:body-too-large",
                "The body is too large",
                StatusCode::PAYLOAD_TOO_LARGE,
            ),
            Self::MediaType => (
                "urn:problem-type:tandem:media-type-not-supported",
                "The body has to be JSON",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ),
            Self::Invalid => (
                "urn:problem-type:tandem:invalid-value",
                "A value is not accepted",
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            Self::VersionNeeded => (
                "urn:problem-type:tandem:version-needed",
                "The change has to name the version that it was made on",
                StatusCode::PRECONDITION_REQUIRED,
            ),
            Self::Plugin => (
                "urn:problem-type:tandem:plugin-failed",
                "The plugin broke off",
                StatusCode::INTERNAL_SERVER_ERROR,
            ),
            Self::Internal => (
                "urn:problem-type:tandem:internal",
                "Something broke on this host",
                StatusCode::INTERNAL_SERVER_ERROR,
            ),
            Self::Exchange => (
                "urn:problem-type:tandem:exchange-failed",
                "Exchange did not do what was asked",
                StatusCode::BAD_GATEWAY,
            ),
            Self::ExchangeThrottled => (
                "urn:problem-type:tandem:exchange-throttled",
                "Exchange asks for a pause",
                StatusCode::SERVICE_UNAVAILABLE,
            ),
            Self::Unavailable => (
                "urn:problem-type:tandem:unavailable",
                "This host is busy",
                StatusCode::SERVICE_UNAVAILABLE,
            ),
            Self::ExchangeTimedOut => (
                "urn:problem-type:tandem:exchange-timed-out",
                "Exchange did not answer in time",
                StatusCode::GATEWAY_TIMEOUT,
            ),
        }
    }
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// What kind of refusal it is, for programs: a name that never changes.
    #[serde(rename = "type")]
    pub name: &'static str,
    /// The same for people.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time.
    pub detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Which field or parameter is wrong, in dots and brackets where it lies deeper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The version that the row has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// After how many seconds to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A refusal with what is wrong this time.
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let (name, title, status) = kind.facts();
        Self {
            name,
            title,
            status: status.as_u16(),
            detail: detail.into(),
            hint: None,
            field: None,
            version: None,
            retry_after: None,
        }
    }

    /// A value that breaks a rule; `detail` says what is accepted.
    #[must_use]
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, detail).field(field)
    }

    /// A parameter that cannot be read; `detail` says what is accepted.
    #[must_use]
    pub fn parameter(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Kind::Malformed, detail).field(field)
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Which field is wrong.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The version that the row has.
    #[must_use]
    pub fn version(mut self, version: u64) -> Self {
        self.version = Some(version);
        self
    }

    /// After how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let media = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media);
        if self.status == StatusCode::UNAUTHORIZED.as_u16() {
            let challenge = HeaderValue::from_static("Bearer realm=\"tandem\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(number) = self.version {
            headers.extend([version::etag(RowVersion { number })]);
        }
        headers
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = self.headers();
        (status, headers, Json(self)).into_response()
    }
}

/// Answers a path that does not exist.
pub async fn no_route(uri: Uri) -> Problem {
    Problem::new(
        Kind::NotFound,
        format!("there is nothing at {}", uri.path()),
    )
    .hint("check the path; resources are named in the plural, such as /api/v1/appointments")
}

/// Answers a method that a path does not have.
pub async fn no_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} cannot be used with {method}", uri.path());
    Problem::new(Kind::MethodNotAllowed, detail).hint("the header Allow names the methods")
}
