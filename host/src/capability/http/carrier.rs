//! Another way out than the network.
//!
//! What a host embeds may have its own: a client of the platform, a recording that is played again,
//! or a server in the same process. Everything in front of it stays in force: grants, credentials,
//! limits, the lease and the ledger. Only the socket is replaced.

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use wasmtime_wasi_http::Error;

/// Carries requests to their servers.
pub trait Carrier: Send + Sync {
    /// The whole answer to a request, or why there is none.
    fn carry(&self, request: Request<Bytes>)
    -> BoxFuture<'_, Result<Response<Bytes>, Undelivered>>;
}

/// Why there is no answer. None of them says whether the server got the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// Nobody listens there.
    #[error("nobody listens at the address")]
    Refused,
    /// The connection broke.
    #[error("the connection broke")]
    Broken,
    /// The connection broke within the answer.
    #[error("the connection broke within the answer")]
    Incomplete,
    /// It took too long.
    #[error("there was no answer in time")]
    TimedOut,
}

impl From<Undelivered> for Error {
    fn from(undelivered: Undelivered) -> Self {
        match undelivered {
            Undelivered::Refused => Self::ConnectionRefused,
            Undelivered::Broken => Self::ConnectionTerminated,
            Undelivered::Incomplete => Self::HttpResponseIncomplete,
            Undelivered::TimedOut => Self::HttpResponseTimeout,
        }
    }
}
