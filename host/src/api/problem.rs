//! Refusals as `application/problem+json` (RFC 9457): what is wrong, where, and what to do.
//!
//! A 500 says nothing of the inside; the host's log does.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, body::Body};
use serde::Serialize;
use utoipa::ToSchema;

use super::finding::FindingView;
use super::kind::Kind;
use super::version;
use crate::contract::{Finding, RowVersion};

/// A refusal. It is boxed, because it stands in the error of each result here.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<ProblemView>);

/// A refusal as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
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
    /// What is wrong with settings, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub findings: Vec<FindingView>,
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
        Self(Box::new(ProblemView {
            name,
            title,
            status: status.as_u16(),
            detail: detail.into(),
            hint: None,
            field: None,
            findings: Vec::new(),
            version: None,
            retry_after: None,
        }))
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

    /// Settings that break rules, or that the server called wrong; the first one's field is named.
    #[must_use]
    pub fn findings(found: Vec<Finding>) -> Self {
        let found: Vec<FindingView> = found.into_iter().map(Into::into).collect();
        let texts: Vec<&str> = found.iter().map(|finding| finding.text.as_str()).collect();
        let mut problem = Self::new(Kind::Invalid, texts.join("; "));
        if let Some(first) = found.first() {
            problem = problem.field(first.field).hint(first.hint.clone());
        }
        problem.0.findings = found;
        problem
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Which field is wrong.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// The version that the row has.
    #[must_use]
    pub fn version(mut self, version: u64) -> Self {
        self.0.version = Some(version);
        self
    }

    /// After how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// What is wrong this time.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Whether nobody could have asked better: the host, its database or Exchange is in trouble.
    #[must_use]
    pub fn is_of_the_host(&self) -> bool {
        self.0.status >= 500
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let media = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media);
        if self.0.status == StatusCode::UNAUTHORIZED.as_u16() {
            let challenge = HeaderValue::from_static("Bearer realm=\"tandem\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(number) = self.0.version {
            headers.extend([version::etag(RowVersion { number })]);
        }
        headers
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.0.status);
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
