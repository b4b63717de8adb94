//! What the network's failures are called in the sandbox, so that a plugin can tell a wrong name from
//! a closed port, a bad certificate, a time-out and a refusal of the host.

use std::error::Error as StdError;
use std::io;

use wasmtime_wasi_http::Error;

use super::address::{NoSuchName, Prohibited};

/// The sandbox's word for a failure of the client.
pub(super) fn of_reqwest(error: &reqwest::Error) -> Error {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(current) = cause {
        match of_cause(current) {
            // The head of an answer had come already.
            Some(Error::ConnectionTerminated) if error.is_body() || error.is_decode() => {
                return Error::HttpResponseIncomplete;
            }
            Some(known) => return known,
            None => {}
        }
        cause = current.source();
    }
    if error.is_timeout() {
        return if error.is_connect() {
            Error::ConnectionTimeout
        } else {
            Error::HttpResponseTimeout
        };
    }
    if error.is_connect() {
        return Error::DestinationUnavailable;
    }
    if error.is_body() || error.is_decode() {
        return Error::HttpResponseIncomplete;
    }
    if error.is_request() {
        return Error::ConnectionTerminated;
    }
    Error::HttpProtocolError
}

/// A failure for people, as the end of a sentence.
pub(super) fn in_words(error: &Error) -> &'static str {
    match error {
        Error::DestinationIpProhibited => {
            "its address is in a network that the operator does not allow"
        }
        Error::DnsError { .. } => "its name has no address",
        Error::TlsCertificateError | Error::TlsProtocolError => "its certificate is not trusted",
        Error::ConnectionRefused => "it refused the connection",
        Error::ConnectionTimeout | Error::HttpResponseTimeout => "it did not answer in time",
        _ => "the connection broke off",
    }
}

fn of_cause(cause: &(dyn StdError + 'static)) -> Option<Error> {
    if cause.is::<Prohibited>() {
        return Some(Error::DestinationIpProhibited);
    }
    if cause.is::<NoSuchName>() {
        return Some(Error::DnsError {
            rcode: Some("name not found".to_owned()),
            info_code: None,
        });
    }
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return Some(of_tls(tls));
    }
    let io = cause.downcast_ref::<io::Error>()?;
    // What an I/O error wraps is not its source, but stands in it; at times another one does.
    if let Some(known) = io.get_ref().and_then(|inner| of_cause(inner)) {
        return Some(known);
    }
    match io.kind() {
        io::ErrorKind::ConnectionRefused => Some(Error::ConnectionRefused),
        io::ErrorKind::TimedOut => Some(Error::ConnectionTimeout),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Some(Error::DestinationUnavailable)
        }
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Some(Error::ConnectionTerminated),
        _ => None,
    }
}

fn of_tls(error: &rustls::Error) -> Error {
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            Error::TlsCertificateError
        }
        rustls::Error::AlertReceived(alert) => Error::TlsAlertReceived {
            alert_id: Some(u8::from(*alert)),
            alert_message: Some(format!("{alert:?}")),
        },
        _ => Error::TlsProtocolError,
    }
}
