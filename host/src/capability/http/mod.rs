//! The only way out of the sandbox.
//!
//! Each request passes, in this order: the phase, the form of its address, the grants, the headers,
//! the number of requests, the lease, and the address behind its name. Then the host puts the
//! authorisation on it and sends it with its own client. What does not pass is denied and written
//! down with its reason.
//!
//! A plugin never follows a redirect by accident: it sees the 3xx, and following it is a new request
//! that has to pass like any other.

mod address;
mod capture;
mod carrier;
mod client;
mod delivery;
mod failure;
mod ledger;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, Request, Response, Uri, header};
use tokio::sync::Semaphore;
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, RequestOptions, WasiBody, WasiHttpHooks,
};

pub use address::{AllowedNetworks, NotANetwork};
pub use carrier::{Carrier, Undelivered};
pub use client::{HttpClient, NetworkError, NetworkOptions, install_tls};
pub use ledger::{RefusedRequest, Requests};

use super::credentials::Credentials;
use crate::runtime::engine::Limits;
use crate::runtime::grant::Grants;
use crate::runtime::phase::CurrentPhase;
use delivery::Delivery;
use ledger::{Ledger, shown};

/// Whether a mailbox is still this host's.
pub trait LeaseGuard: Send + Sync {
    /// Whether the lease lasts for a request that begins now and takes this long.
    fn may_send(&self, within: Duration) -> bool;
}

/// There is no lease to lose, as in `tandem validate`.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLease;

impl LeaseGuard for NoLease {
    fn may_send(&self, _within: Duration) -> bool {
        true
    }
}

impl<F: Fn(Duration) -> bool + Send + Sync> LeaseGuard for F {
    fn may_send(&self, within: Duration) -> bool {
        self(within)
    }
}

type Sending = dyn Future<Output = Result<(Response<WasiBody>, Box<Ending>), Error>> + Send;
type Ending = dyn Future<Output = Result<(), Error>> + Send;

/// One session's door to the network.
pub struct Gate {
    phase: CurrentPhase,
    grants: Grants,
    /// None: nothing leaves, whatever is granted.
    way_out: Option<WayOut>,
    limits: Limits,
    left: u32,
    turns: Arc<Semaphore>,
    ledger: Arc<Ledger>,
}

struct WayOut {
    credentials: Credentials,
    lease: Arc<dyn LeaseGuard>,
    client: HttpClient,
}

impl Gate {
    /// A door for one session.
    pub fn new(
        phase: CurrentPhase,
        grants: Grants,
        credentials: Credentials,
        lease: Arc<dyn LeaseGuard>,
        client: HttpClient,
        limits: &Limits,
    ) -> Self {
        let way_out = WayOut {
            credentials,
            lease,
            client,
        };
        Self {
            way_out: Some(way_out),
            grants,
            ..Self::closed(phase, limits)
        }
    }

    /// A door that lets nothing out.
    pub fn closed(phase: CurrentPhase, limits: &Limits) -> Self {
        Self {
            phase,
            grants: Grants::none(),
            way_out: None,
            limits: limits.clone(),
            left: 0,
            turns: Arc::new(Semaphore::new(limits.requests_at_once.max(1))),
            ledger: Arc::default(),
        }
    }

    /// Each call of an export has its own number of requests.
    pub(crate) fn restart(&mut self) {
        self.left = self.limits.requests_per_call;
    }

    /// What was sent and what was refused.
    pub(crate) fn into_record(self) -> (Requests, Vec<RefusedRequest>) {
        (self.ledger.requests(), self.ledger.refusals())
    }

    fn admit(&mut self, request: &Request<WasiBody>) -> Result<Delivery, Refusal> {
        let uri = request.uri();
        let phase = self.phase.get();
        if phase.is_pure() {
            return Err(Refusal::denied(format!(
                "`{}` has no network; a request belongs into fetch, push or validate-config",
                phase.export()
            )));
        }
        check_form(uri)?;
        self.grants
            .check(uri)
            .map_err(|denial| Refusal::denied(denial.to_string()))?;
        self.check_headers(request)?;
        let Some(way_out) = &self.way_out else {
            return Err(Refusal::denied("this session has no network".to_owned()));
        };
        let Some(left) = self.left.checked_sub(1) else {
            return Err(Refusal::denied(format!(
                "more than {} requests in one call",
                self.limits.requests_per_call
            )));
        };
        self.left = left;
        Ok(Delivery {
            client: way_out.client.clone(),
            credentials: way_out.credentials.clone(),
            lease: way_out.lease.clone(),
            ledger: self.ledger.clone(),
            turns: self.turns.clone(),
            request_bytes: self.limits.request_body_bytes,
            response_bytes: self.limits.response_body_bytes,
            headers: self.limits.headers,
            header_bytes: self.limits.header_bytes,
            time: self.limits.request_time,
        })
    }

    /// The sandbox refuses these when they are set; this is the second look.
    fn check_headers(&self, request: &Request<WasiBody>) -> Result<(), Refusal> {
        // `host` is put there by the sandbox itself, from the address that was checked.
        let names = || {
            request
                .headers()
                .keys()
                .filter(|name| **name != header::HOST)
        };
        if let Some(name) = names().find(|name| is_forbidden(name)) {
            return Err(Refusal::denied(header_reason(name)));
        }
        if request.headers().len() > self.limits.headers {
            return Err(Refusal {
                reason: format!("more than {} headers", self.limits.headers),
                error: Error::HttpRequestHeaderSectionSize(None),
            });
        }
        Ok(())
    }
}

/// Why a request is not let out, for the history and for the plugin.
struct Refusal {
    reason: String,
    error: Error,
}

impl Refusal {
    fn denied(reason: String) -> Self {
        Self {
            reason,
            error: Error::HttpRequestDenied,
        }
    }
}

fn check_form(uri: &Uri) -> Result<(), Refusal> {
    // `https://granted.example@evil.example` names another host than it seems to.
    if uri
        .authority()
        .is_none_or(|host| host.as_str().contains('@'))
    {
        return Err(Refusal::denied(
            "an address with user-info, or without a host".to_owned(),
        ));
    }
    Ok(())
}

/// Headers that decide who asks, or where a request goes.
fn is_forbidden(name: &HeaderName) -> bool {
    DEFAULT_FORBIDDEN_HEADERS.contains(name)
        || *name == header::AUTHORIZATION
        || *name == header::COOKIE
        || name.as_str().starts_with("proxy-")
        || name.as_str() == super::credentials::CAUSE_HEADER
}

fn header_reason(name: &HeaderName) -> String {
    format!("the header `{name}` is the host's to set")
}

impl WasiHttpHooks for Gate {
    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        // The host's own header has to get in with an answer: for requests it is refused by the
        // second look. No other answer comes here with such a header.
        let forbidden = is_forbidden(name) && name.as_str() != super::credentials::CAUSE_HEADER;
        if forbidden {
            self.ledger.refused(String::new(), header_reason(name));
        }
        forbidden
    }

    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _processed: Box<Ending>,
    ) -> Box<Sending> {
        let delivery = self.admit(&request);
        let ledger = self.ledger.clone();
        let phase = self.phase.clone();
        let time = self.limits.request_time;
        Box::new(async move {
            let uri = request.uri().clone();
            let answer = match delivery {
                Ok(delivery) => delivery.send(request, options).await,
                Err(refusal) => {
                    delivery::drain(request.into_body(), time).await;
                    Err(delivery::Failure::Refused(refusal))
                }
            };
            phase.answered();
            match answer {
                Ok(response) => Ok((response, Box::new(async { Ok(()) }) as Box<Ending>)),
                Err(delivery::Failure::Refused(refusal)) => {
                    ledger.refused(shown(&uri), refusal.reason);
                    Err(refusal.error)
                }
                Err(delivery::Failure::Failed(error)) => Err(error),
            }
        })
    }
}
