//! Versions of rows: `ETag` in answers, `If-Match` in changes.
//!
//! A change names the version that it was made on, so that nobody overwrites what they did not
//! see. `*` and lists of versions would undo just that, and weak tags never match (RFC 9110,
//! section 13.1.1): only one version as it came is accepted.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};

use super::kind::Kind;
use super::problem::Problem;
use super::text::digits;
use crate::contract::RowVersion;

/// The header that says a row's version.
#[must_use]
pub fn etag(version: RowVersion) -> (HeaderName, HeaderValue) {
    let text = format!("\"{}\"", version.number);
    let value = HeaderValue::try_from(text);
    // Digits in quotation marks always make a header.
    let value = value.unwrap_or(HeaderValue::from_static("\"0\""));
    (header::ETAG, value)
}

/// The version that a change was made on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IfMatch(pub RowVersion);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    /// # Errors
    /// 428 when it is missing; 400 when it is no version.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut given = parts.headers.get_all(header::IF_MATCH).iter();
        let Some(value) = given.next() else {
            return Err(
                Problem::new(Kind::VersionNeeded, "the request has no header If-Match")
                    .hint("load it, and send its ETag as If-Match, such as If-Match: \"17\""),
            );
        };
        let number = value.to_str().ok().and_then(read);
        match (number, given.next()) {
            (Some(number), None) => Ok(Self(RowVersion { number })),
            _ => Err(Problem::parameter(
                "If-Match",
                "give one version as it came in ETag, in quotation marks, such as \"17\"",
            )),
        }
    }
}

fn read(text: &str) -> Option<u64> {
    let inside = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    digits(inside)
}
