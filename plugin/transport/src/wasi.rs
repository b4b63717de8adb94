//! Sending over `wasi:http`.
//!
//! waki's client hides why a request failed behind a text, and the difference between *never left*
//! and *left, but no answer* decides whether a write has to be looked up. So its raw bindings are
//! used, whose error codes are kept.

use sync::bindings::tandem::sync::storage;
use sync::contract::{Fault, Instant, Unreachable, UnreachableCause};
use uuid::Uuid;
use waki::bindings::wasi::http::outgoing_handler;
use waki::bindings::wasi::http::types::{
    ErrorCode, Headers, IncomingResponse, Method as WasiMethod, OutgoingBody, OutgoingRequest,
    Scheme,
};
use waki::bindings::wasi::io::streams::StreamError;

use super::{Method, Request, Response, Transport, clock};

/// How much of a body is read at once, in bytes.
const CHUNK: u64 = 256 * 1024;

/// How much of a request is written at once: what the interface takes without asking.
const PIECE: usize = 4096;

/// The network as the host gives it.
pub struct Wasi {
    service: String,
}

impl Wasi {
    /// The edge for a service.
    pub const fn new(service: String) -> Self {
        Self { service }
    }

    /// The whole address of a target.
    fn absolute(&self, target: &str) -> String {
        if target.is_empty() || target.starts_with('/') {
            format!("{}{target}", self.service)
        } else {
            target.to_owned()
        }
    }
}

impl Transport for Wasi {
    fn send(&self, request: &Request) -> Result<Response, Fault> {
        let outgoing = build(request, &self.absolute(&request.target))?;
        let sink = outgoing.body().map_err(|()| unsent("no body"))?;
        let pending = outgoing_handler::handle(outgoing, None).map_err(fault)?;
        // A refused request also breaks the pipe of its body; the answer tells why it was refused,
        // so a broken pipe only counts when there is no answer.
        let written = write(&sink, &request.body);
        match written {
            Ok(()) => OutgoingBody::finish(sink, None).map_err(fault)?,
            Err(_) => drop(sink),
        }
        pending.subscribe().block();
        match (pending.get(), written) {
            (Some(Ok(Ok(answer))), _) => read(answer),
            (Some(Ok(Err(code))), _) => Err(fault(code)),
            (_, Err(broken)) => Err(broken),
            _ => Err(broken("the host gave no answer")),
        }
    }

    fn now(&self) -> Instant {
        clock()
    }

    fn fresh_id(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn recall(&self, name: &str) -> Option<Vec<u8>> {
        storage::get(name).ok().flatten()
    }

    fn keep(&self, name: &str, value: Vec<u8>) {
        // What is not kept is found out again.
        let _ = storage::set(name, &value);
    }
}

fn build(request: &Request, url: &str) -> Result<OutgoingRequest, Fault> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or_else(|| unsent("the address has no scheme"))?;
    let split = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(split);
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers
            .append(&(*name).to_owned(), &value.clone().into_bytes())
            .map_err(|error| unsent(&format!("header {name}: {error:?}")))?;
    }
    let outgoing = OutgoingRequest::new(headers);
    let method = match request.method {
        Method::Get => WasiMethod::Get,
        Method::Post => WasiMethod::Post,
        Method::Patch => WasiMethod::Patch,
        Method::Delete => WasiMethod::Delete,
    };
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.to_owned()),
    };
    outgoing
        .set_method(&method)
        .map_err(|()| unsent("method"))?;
    outgoing
        .set_scheme(Some(&scheme))
        .map_err(|()| unsent("scheme"))?;
    outgoing
        .set_authority(Some(authority))
        .map_err(|()| unsent("authority"))?;
    outgoing
        .set_path_with_query(Some(path))
        .map_err(|()| unsent("path"))?;
    Ok(outgoing)
}

fn write(sink: &OutgoingBody, body: &[u8]) -> Result<(), Fault> {
    let stream = sink.write().map_err(|()| broken("no body stream"))?;
    for piece in body.chunks(PIECE) {
        stream
            .blocking_write_and_flush(piece)
            .map_err(|_| broken("the connection broke while the request was written"))?;
    }
    Ok(())
}

fn read(answer: IncomingResponse) -> Result<Response, Fault> {
    let status = answer.status();
    let headers = answer
        .headers()
        .entries()
        .into_iter()
        .map(|(name, value)| (name, String::from_utf8_lossy(&value).into_owned()))
        .collect();
    let content = answer.consume().map_err(|()| broken("no body"))?;
    let stream = content.stream().map_err(|()| broken("no body stream"))?;
    let mut body = Vec::new();
    loop {
        match stream.blocking_read(CHUNK) {
            Ok(mut chunk) => body.append(&mut chunk),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => {
                let text = error.to_debug_string();
                return Err(broken(&format!("the answer broke off: {text}")));
            }
        }
    }
    Ok(Response {
        status,
        headers,
        body,
    })
}

fn unsent(what: &str) -> Fault {
    Fault::DeniedByHost(format!("the request could not be built: {what}"))
}

fn broken(detail: &str) -> Fault {
    unreachable(UnreachableCause::Broken, detail)
}

fn unreachable(cause: UnreachableCause, detail: &str) -> Fault {
    Fault::Unreachable(Unreachable {
        cause,
        detail: detail.to_owned(),
    })
}

/// What an error code of the host means. Causes that prove that nothing was sent are kept apart
/// from those that do not.
fn fault(code: ErrorCode) -> Fault {
    let detail = format!("{code:?}");
    let cause = match code {
        ErrorCode::HttpRequestDenied
        | ErrorCode::DestinationIpProhibited
        | ErrorCode::HttpRequestUriInvalid
        | ErrorCode::HttpRequestMethodInvalid
        | ErrorCode::ConfigurationError => return Fault::DeniedByHost(detail),
        ErrorCode::DnsTimeout | ErrorCode::DnsError(_) => UnreachableCause::NameNotFound,
        ErrorCode::DestinationNotFound
        | ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionRefused
        | ErrorCode::ConnectionLimitReached => UnreachableCause::NoConnection,
        ErrorCode::TlsProtocolError
        | ErrorCode::TlsCertificateError
        | ErrorCode::TlsAlertReceived(_) => UnreachableCause::Certificate,
        ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => UnreachableCause::TimeOut,
        _ => UnreachableCause::Broken,
    };
    unreachable(cause, &detail)
}
