//! The thin edge of a provider to the outside: the network, the clock, chance and memory.
//!
//! A [`Request`] is plain data that pure functions build, a [`Response`] plain data that pure
//! functions read; everything above this edge is generic over [`Transport`], so that tests play the
//! server. The host adds `Authorization` on its side of the sandbox; no credential is ever seen
//! here.

pub mod sign_in;
#[cfg(target_family = "wasm")]
mod wasi;

use std::fmt;

use sync::contract::{Fault, Instant, PushAction, PushOperation};
use uuid::Uuid;

/// The version of the program, by which its requests name it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The HTTP methods that servers are asked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, and asks what an address cannot say.
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

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// What is added to the service's address, or a whole address that the server gave.
    pub target: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// As it goes; empty without one.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(self.headers.iter().map(|(n, v)| (*n, v.as_str())), name)
    }
}

/// An answer.
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

    /// The request was carried out and the answer is the server's own: a sign-on page comes as HTML
    /// with status 200.
    #[must_use]
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status) && !self.is_html()
    }

    /// The answer is a page for a browser: it says so, or is markup that does not say to be XML.
    #[must_use]
    pub fn is_html(&self) -> bool {
        let declared = |kind: &str| {
            self.header("content-type")
                .is_some_and(|text| text.to_ascii_lowercase().contains(kind))
        };
        let start = self.body.trim_ascii_start();
        let is_markup = start.starts_with(b"<") && !start.starts_with(b"<?xml");
        declared("html") || (is_markup && !declared("xml"))
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

    /// What was kept for the mailbox under a name. Nothing may be kept: that costs requests, and
    /// never correctness.
    fn recall(&self, name: &str) -> Option<Vec<u8>>;

    /// Keeps a value of at most 1 MiB for the mailbox under a name.
    fn keep(&self, name: &str, value: Vec<u8>);
}

/// Sends a request under a fixed name and an id of its own.
///
/// Tenants keep lists of allowed user agents, so the name never changes but for the version; the
/// id is what Microsoft's support asks for.
///
/// # Errors
/// Those of [`Transport::send`].
pub fn send(transport: &impl Transport, mut request: Request, id: Uuid) -> Result<Response, Fault> {
    request
        .headers
        .push(("User-Agent", format!("Tandem/{VERSION}")));
    request.headers.push(("client-request-id", id.to_string()));
    transport.send(&request)
}

/// The id of a request within a provider's space of them, the same however often the same step is taken
/// for the same operations.
#[must_use]
pub fn request_id<'a>(
    space: &Uuid,
    operations: impl Iterator<Item = &'a PushOperation>,
    step: &str,
) -> Uuid {
    let mut name = step.to_owned();
    for operation in operations {
        name.push(' ');
        name.push_str(&operation.key);
        name.push_str(match operation.action {
            PushAction::Create(_) => " create",
            PushAction::Update(_) => " update",
            PushAction::Delete(_) => " delete",
        });
    }
    Uuid::new_v5(space, name.as_bytes())
}

/// The edge of a component to the service at this address.
#[cfg(target_family = "wasm")]
#[must_use]
pub fn edge(service: String) -> impl Transport {
    wasi::Wasi::new(service)
}

/// Natively there is no network: only a component reaches out.
#[cfg(not(target_family = "wasm"))]
#[must_use]
pub fn edge(_service: String) -> impl Transport {
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

    fn recall(&self, _name: &str) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _name: &str, _value: Vec<u8>) {}
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

#[cfg(test)]
mod tests {
    use super::*;

    fn response(kind: &str, body: &str) -> Response {
        Response {
            status: 200,
            headers: vec![("Content-Type".into(), kind.into())],
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_page_for_a_browser_is_told_from_an_answer() {
        for (kind, body, is_page) in [
            ("text/html; charset=utf-8", "Sign in", true),
            ("", " <!DOCTYPE html><html>", true),
            ("", "<html>", true),
            ("application/json", "{}", false),
            ("text/xml; charset=utf-8", "<s:Envelope/>", false),
            ("", "<?xml version=\"1.0\"?><s:Envelope/>", false),
        ] {
            assert_eq!(response(kind, body).is_html(), is_page, "{kind} {body}");
            assert_eq!(response(kind, body).is_good(), !is_page, "{kind} {body}");
        }
    }

    #[test]
    fn headers_are_found_in_whichever_case() {
        assert_eq!(response("a", "").header("content-TYPE"), Some("a"));
        assert_eq!(response("a", "").header("content"), None);
    }
}
