//! What Graph is asked: requests and parts of batches, as plain data.

use sync::contract::Fault;
use transport::{Method, Response, Transport};
use uuid::Uuid;

use crate::fault;

/// What every request prefers: ids that stay the same when an item moves between folders.
const IMMUTABLE_IDS: &str = "IdType=\"ImmutableId\"";

/// What a request prefers whose answer holds items: times in UTC and bodies as text besides.
const ITEMS: &str =
    "IdType=\"ImmutableId\", outlook.timezone=\"UTC\", outlook.body-content-type=\"text\"";

/// A request, or a part of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// A path below the service, or a whole address that Graph gave.
    pub target: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Option<serde_json::Value>,
}

impl Request {
    /// A request that reads items.
    #[must_use]
    pub fn get(target: String) -> Self {
        Self::new(Method::Get, target, ITEMS, None)
    }

    /// A request that reads a collection in pages of about this size.
    #[must_use]
    pub fn list(target: String, page_size: u32) -> Self {
        let prefer = format!("{ITEMS}, odata.maxpagesize={page_size}");
        Self::new(Method::Get, target, &prefer, None)
    }

    /// A request with a body whose answer may hold an item.
    #[must_use]
    pub fn send(method: Method, target: String, body: serde_json::Value) -> Self {
        Self::new(method, target, ITEMS, Some(body))
    }

    /// A request that deletes.
    #[must_use]
    pub fn delete(target: String) -> Self {
        Self::new(Method::Delete, target, IMMUTABLE_IDS, None)
    }

    fn new(method: Method, target: String, prefer: &str, body: Option<serde_json::Value>) -> Self {
        let mut headers = vec![
            ("Accept", "application/json".to_owned()),
            ("Prefer", prefer.to_owned()),
        ];
        if body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        Self {
            method,
            target,
            headers,
            body,
        }
    }

    /// The request with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Sends a request under an id of its own.
///
/// # Errors
/// Those of [`Transport::send`].
pub fn send(transport: &impl Transport, request: Request, id: Uuid) -> Result<Response, Fault> {
    let request = transport::Request {
        method: request.method,
        target: request.target,
        headers: request.headers,
        body: request
            .body
            .map(|body| body.to_string().into_bytes())
            .unwrap_or_default(),
    };
    transport::send(transport, request, id)
}

/// Sends a request that has to succeed.
///
/// # Errors
/// Those of [`Transport::send`], and the refusal; `permission` is the right that a 403 means.
pub fn ask(
    transport: &impl Transport,
    request: Request,
    permission: &str,
) -> Result<Response, Fault> {
    let response = send(transport, request, transport.fresh_id())?;
    if response.is_good() {
        Ok(response)
    } else {
        Err(fault::read(&response, permission))
    }
}

/// An answer's body as JSON of an expected form.
///
/// # Errors
/// [`Fault::NotUnderstood`], naming what was expected.
pub fn json<'a, T: serde::Deserialize<'a>>(
    response: &'a Response,
    expected: &str,
) -> Result<T, Fault> {
    serde_json::from_slice(&response.body)
        .map_err(|error| Fault::NotUnderstood(format!("expected {expected}: {error}")))
}
