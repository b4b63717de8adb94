//! JSON bodies: read whole, by their declared type, into shapes that refuse what they do not know.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::kind::Kind;
use super::problem::Problem;

/// What bodies may call themselves; the second is how RFC 7396 names a `PATCH` of this kind.
const ACCEPTED: [&str; 2] = ["application/json", "application/merge-patch+json"];

/// A request's body.
#[derive(Clone, Copy, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    /// # Errors
    /// 415, 413, 400 for what is no JSON, and 422 for JSON of another shape, naming the field.
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        is_json(request.headers())?;
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|e| match e.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                    Kind::BodyTooLarge,
                    format!("a body has at most {} bytes", super::LARGEST_BODY),
                ),
                _ => Problem::new(Kind::Malformed, "the body broke off"),
            })?;
        read(&bytes).map(Body)
    }
}

fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if ACCEPTED
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known))
    {
        return Ok(());
    }
    let detail = match essence {
        "" => "the request does not say what its body is".to_owned(),
        _ => format!("the body is \"{essence}\" by its own word"),
    };
    Err(Problem::new(Kind::MediaType, detail).hint("send Content-Type: application/json"))
}

/// A value from JSON text.
///
/// # Errors
/// 400 for what is no JSON, and 422 for JSON of another shape, naming the field.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refused(&error.into_inner(), &path)
    })?;
    reader.end().map_err(|error| refused(&error, "."))?;
    Ok(value)
}

fn refused(error: &serde_json::Error, path: &str) -> Problem {
    let text = error.to_string();
    match error.classify() {
        Category::Data => {
            // The place in the bytes helps nobody who is told the field.
            let end = text.rfind(" at line ").unwrap_or(text.len());
            let text = text.get(..end).unwrap_or(&text);
            let problem = Problem::new(Kind::Invalid, text);
            match place(path, named(text)) {
                Some(field) => problem.field(field),
                None => problem,
            }
        }
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::new(Kind::Malformed, format!("the body is no JSON: {text}"))
        }
    }
}

/// Where the error lies: the path to it, and the field that is named there.
fn place(path: &str, named: Option<&str>) -> Option<String> {
    match (path, named) {
        (".", named) => named.map(str::to_owned),
        (path, Some(named)) if path != named && !path.ends_with(&format!(".{named}")) => {
            Some(format!("{path}.{named}"))
        }
        (path, _) => Some(path.to_owned()),
    }
}

/// The field that serde's message names first: it stands in backticks.
pub(super) fn named(message: &str) -> Option<&str> {
    let field = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.split_once(start))?
        .1;
    field.split('`').next()
}
