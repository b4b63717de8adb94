//! The thin edge to the outside: the network, the clock and chance.
//!
//! A [`Request`] is plain data that pure functions build, a [`Response`] plain data that pure
//! functions read. The host adds `Authorization` on its side of the sandbox; no credential is ever
//! seen here.

#[cfg(target_family = "wasm")]
mod wasi;

use std::fmt;

use serde::Serialize;
use sync::contract::{Fault, Instant, Settings};
use uuid::Uuid;

use crate::{describe, fault};

/// What every request prefers: ids that stay the same when an item moves between folders.
const IMMUTABLE_IDS: &str = "IdType=\"ImmutableId\"";

/// What a request prefers whose answer holds items: times in UTC and bodies as text besides.
const ITEMS: &str =
    "IdType=\"ImmutableId\", outlook.timezone=\"UTC\", outlook.body-content-type=\"text\"";

/// The HTTP methods that Graph is asked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, and what is too long for an address.
    Post,
    /// Changes the fields that are given.
    Patch,
    /// Deletes.
    Delete,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        })
    }
}

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

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(self.headers.iter().map(|(n, v)| (*n, v.as_str())), name)
    }
}

/// An answer, or a part's answer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// As it came.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(
            self.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())),
            name,
        )
    }

    /// The server's id of the request; empty when it gave none.
    #[must_use]
    pub fn request_id(&self) -> String {
        self.header("request-id").unwrap_or_default().to_owned()
    }

    /// The request was carried out and the answer is Graph's: a sign-on page comes as HTML with
    /// status 200.
    #[must_use]
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status) && !self.is_html()
    }

    /// The answer is a page for a browser.
    #[must_use]
    pub fn is_html(&self) -> bool {
        let declared = self
            .header("content-type")
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
        let start = self.body.iter().find(|byte| !byte.is_ascii_whitespace());
        declared || start == Some(&b'<')
    }

    /// The body as JSON of an expected form.
    ///
    /// # Errors
    /// [`Fault::NotUnderstood`], naming what was expected.
    pub fn json<'a, T: serde::Deserialize<'a>>(&'a self, expected: &str) -> Result<T, Fault> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Fault::NotUnderstood(format!("expected {expected}: {error}")))
    }
}

fn find<'a>(mut headers: impl Iterator<Item = (&'a str, &'a str)>, name: &str) -> Option<&'a str> {
    headers
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// Everything outside that a provider needs.
pub trait Transport {
    /// Sends a request and waits for the whole answer. It neither sleeps nor tries again.
    ///
    /// # Errors
    /// What kept the request from being answered; a refusal is an answer.
    fn send(&self, request: &Request) -> Result<Response, Fault>;

    /// The time now.
    fn now(&self) -> Instant;

    /// An id that was never given before.
    fn fresh_id(&self) -> Uuid;
}

/// Sends a request under a fixed name and an id of its own.
///
/// Tenants keep lists of allowed user agents, so the name never changes but for the version; the
/// id is what Microsoft's support asks for.
///
/// # Errors
/// Those of [`Transport::send`].
pub fn send(transport: &impl Transport, request: Request, id: Uuid) -> Result<Response, Fault> {
    let request = request
        .with("User-Agent", format!("Tandem/{}", describe::VERSION))
        .with("client-request-id", id.to_string());
    transport.send(&request)
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

/// The edge of this component for a tenant.
#[cfg(target_family = "wasm")]
#[must_use]
pub fn edge(settings: &Settings) -> impl Transport {
    wasi::Wasi::new(&settings.service_url)
}

/// Natively there is no network: only a component reaches out.
#[cfg(not(target_family = "wasm"))]
#[must_use]
pub fn edge(_settings: &Settings) -> impl Transport {
    Closed
}

/// The edge of a native build.
#[cfg(not(target_family = "wasm"))]
struct Closed;

#[cfg(not(target_family = "wasm"))]
impl Transport for Closed {
    fn send(&self, _request: &Request) -> Result<Response, Fault> {
        Err(Fault::DeniedByHost(
            "a native build has no network; run the component".to_owned(),
        ))
    }

    fn now(&self) -> Instant {
        clock()
    }

    fn fresh_id(&self) -> Uuid {
        Uuid::new_v4()
    }
}

/// The clock of the world that runs this.
fn clock() -> Instant {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Instant {
        microseconds: i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
    }
}
