//! What stands in a request's address: segments of the path and parameters behind the question mark.
//!
//! Parameters arrive as text and are read one by one, so that a refusal names the one that is wrong.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::body::named;
use super::problem::{Kind, Problem};

/// The variable segments of the path.
#[derive(Clone, Copy, Debug)]
pub struct Segments<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;

    /// # Errors
    /// 404 for what can be nobody's key: no UTF-8, or a NUL, which no database holds.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let nothing = || {
            let detail = format!("there is nothing at {}", parts.uri.path());
            Problem::new(Kind::NotFound, detail)
        };
        if parts.uri.path().contains("%00") {
            return Err(nothing());
        }
        let nothing = nothing();
        let Path(segments) = Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|_| nothing)?;
        Ok(Self(segments))
    }
}

/// The parameters.
#[derive(Clone, Copy, Debug)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    /// # Errors
    /// 400 naming an unknown parameter, or one that is given twice.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Problem::new(
                Kind::Malformed,
                "a parameter has a NUL character",
            ));
        }
        let Query(parameters) = Query::<T>::try_from_uri(&parts.uri).map_err(|rejection| {
            let text = rejection.body_text().replace(" field ", " parameter ");
            let text = text
                .split_once(": ")
                .map_or(text.as_str(), |(_, text)| text);
            let problem = Problem::new(Kind::Malformed, text);
            match named(&text.replace(" parameter ", " field ")) {
                Some(field) => problem.field(field),
                None => problem,
            }
        })?;
        Ok(Self(parameters))
    }
}

/// A whole number.
///
/// # Errors
/// 400 with the parameter's name.
pub fn number(field: &'static str, text: Option<&str>) -> Result<Option<u64>, Problem> {
    text.map(|text| {
        // The database's numbers end at 2^63.
        text.parse()
            .ok()
            .filter(|number| *number <= i64::MAX.unsigned_abs())
            .ok_or_else(|| Problem::parameter(field, "give a whole number, 0 or more"))
    })
    .transpose()
}

/// `true` or `false`; left out, it is false.
///
/// # Errors
/// 400 with the parameter's name.
pub fn choice(field: &'static str, text: Option<&str>) -> Result<bool, Problem> {
    match text {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::parameter(field, "give true or false")),
    }
}
