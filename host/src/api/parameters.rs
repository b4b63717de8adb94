//! What stands in a request's address: segments of the path and parameters behind the question mark.
//!
//! Parameters arrive as text and are read one by one, so that a refusal names the one that is wrong.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::body::named;
use super::kind::Kind;
use super::problem::Problem;
use super::text::digits;

/// The variable segments of the path.
#[derive(Clone, Copy, Debug)]
pub struct Segments<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;

    /// # Errors
    /// 404 for what can be nobody's key: no UTF-8, or a NUL, which no database holds.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = parts.uri.path();
        let nothing = Problem::new(Kind::NotFound, format!("there is nothing at {path}"));
        if path.contains("%00") {
            return Err(nothing);
        }
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
        let query = parts.uri.query().unwrap_or_default();
        let mut given = Map::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if value.contains('\0') {
                return Err(Problem::parameter(name, "leave out the NUL character"));
            }
            if given.contains_key(&*name) {
                return Err(Problem::parameter(name, "give it once"));
            }
            given.insert(name.into_owned(), Value::String(value.into_owned()));
        }
        serde_json::from_value(Value::Object(given))
            .map(Self)
            .map_err(|error| {
                let text = error.to_string();
                let told = Problem::new(Kind::Malformed, text.replace(" field ", " parameter "));
                match named(&text) {
                    Some(name) => told.field(name),
                    None => told,
                }
            })
    }
}

/// A whole number.
///
/// # Errors
/// 400 with the parameter's name.
pub fn number(field: &'static str, text: Option<&str>) -> Result<Option<u64>, Problem> {
    let read = |text| {
        digits(text).ok_or_else(|| Problem::parameter(field, "give a whole number, 0 or more"))
    };
    text.map(read).transpose()
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
