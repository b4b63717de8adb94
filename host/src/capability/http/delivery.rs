//! One request that was let out: its body read, its authorisation put on, sent, its answer read.
//!
//! Bodies are read to their end here, in both directions: so they can be counted, bounded and sent
//! again with a new token, and a cut answer fails in one place, before the guest sees half of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full};
use tokio::sync::Semaphore;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use super::capture::{Received, Sent};
use super::client::{HttpClient, read_body};
use super::failure::of_reqwest;
use super::ledger::{Ledger, batch_parts};
use super::{LeaseGuard, Refusal};
use crate::capability::credentials::{Authorised, CAUSE_HEADER, Credentials, refusal_body};
use crate::capability::token::TokenError;
use crate::runtime::grant::Origin;

/// Why there is no answer.
pub(super) enum Failure {
    /// The host did not let it out.
    Refused(Refusal),
    /// The network failed.
    Failed(Error),
}

/// All that one request needs.
pub(super) struct Delivery {
    pub(super) client: HttpClient,
    pub(super) credentials: Credentials,
    pub(super) lease: Arc<dyn LeaseGuard>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) turns: Arc<Semaphore>,
    pub(super) request_bytes: usize,
    pub(super) response_bytes: usize,
    pub(super) headers: usize,
    pub(super) header_bytes: usize,
    pub(super) time: Duration,
}

/// A request that can be sent more than once.
struct Letter {
    method: Method,
    uri: Uri,
    url: reqwest::Url,
    headers: HeaderMap,
    body: Bytes,
    batch_parts: u64,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Delivery {
    pub(super) async fn send(
        mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
    ) -> Result<Response<WasiBody>, Failure> {
        // A guest may ask for less time than the host allows, not for more.
        if let Some(wish) = options.and_then(|options| options.first_byte_timeout) {
            self.time = self.time.min(wish);
        }
        let letter = self.letter(request).await?;
        let turns = self.turns.clone();
        let _turn = turns
            .acquire()
            .await
            .map_err(|_| Failure::Failed(Error::InternalError(None)))?;
        Ok(self.deliver(&letter).await?.into_response())
    }

    async fn letter(&self, request: Request<WasiBody>) -> Result<Letter, Failure> {
        let (parts, body) = request.into_parts();
        let url = reqwest::Url::parse(&parts.uri.to_string())
            .map_err(|_| Failure::Failed(Error::HttpRequestUriInvalid))?;
        // Two parsers read the address; they have to agree on where it leads.
        if Origin::of_url(&url) != Origin::of_uri(&parts.uri) {
            return Err(Failure::Failed(Error::HttpRequestUriInvalid));
        }
        if !self.client.permits_literal(&url) {
            return Err(prohibited());
        }
        let body = self.read(body).await?;
        let mut headers = parts.headers;
        // Both follow from what is sent.
        headers.remove(header::HOST);
        headers.remove(header::CONTENT_LENGTH);
        Ok(Letter {
            batch_parts: batch_parts(parts.uri.path(), &body),
            method: parts.method,
            uri: parts.uri,
            url,
            headers,
            body,
        })
    }

    async fn read(&self, mut body: WasiBody) -> Result<Bytes, Failure> {
        let mut bytes = Vec::new();
        let whole = tokio::time::timeout(self.time, async {
            while let Some(frame) = body.frame().await {
                let Ok(data) = frame?.into_data() else {
                    continue;
                };
                if bytes.len().saturating_add(data.len()) > self.request_bytes {
                    return Ok(false);
                }
                bytes.extend_from_slice(&data);
            }
            Ok(true)
        })
        .await
        .map_err(|_| Failure::Failed(Error::ConnectionWriteTimeout))?
        .map_err(Failure::Failed)?;
        if !whole {
            drain(body, self.time).await;
            return Err(Failure::Refused(Refusal {
                reason: format!("its body is longer than {} bytes", self.request_bytes),
                error: Error::HttpRequestBodySize(None),
            }));
        }
        Ok(bytes.into())
    }

    /// Sends a letter, and once more when its token was refused and there is a newer one.
    async fn deliver(&self, letter: &Letter) -> Result<Answer, Failure> {
        let mut repeated = false;
        loop {
            let request = self
                .client
                .client()
                .request(letter.method.clone(), letter.url.clone())
                .headers(letter.headers.clone())
                .body(letter.body.clone())
                .timeout(self.time);
            let (request, authorised) =
                match self.credentials.authorise(request, &self.client).await {
                    Ok(authorised) => authorised,
                    Err(error) => return Ok(Answer::without_token(&error)),
                };
            if matches!(authorised, Authorised::Fresh { .. }) {
                self.ledger.got_token();
            }
            // As late as can be: waiting for a turn or a token takes time that the lease may not have.
            if !self.lease.may_send(self.time) {
                return Err(Failure::Refused(Refusal::denied(
                    "the lease of this mailbox ends too soon; another host may be at work on it"
                        .to_owned(),
                )));
            }
            self.ledger.sent(letter.batch_parts);
            let answer = self.exchange(request).await?;
            self.capture(letter, &answer).await;
            let again = answer.status == StatusCode::UNAUTHORIZED
                && self.credentials.was_refused(&authorised).await;
            if !again || repeated {
                return Ok(answer);
            }
            repeated = true;
        }
    }

    async fn capture(&self, letter: &Letter, answer: &Answer) {
        let Some(capture) = &self.client.capture else {
            return;
        };
        let sent = Sent {
            method: &letter.method,
            uri: &letter.uri,
            headers: &letter.headers,
            body: &letter.body,
        };
        let received = Received {
            status: answer.status.as_u16(),
            headers: &answer.headers,
            body: &answer.body,
        };
        capture.write(sent, received).await;
    }

    async fn exchange(&self, request: reqwest::RequestBuilder) -> Result<Answer, Failure> {
        let failed = |error: Error| match error {
            Error::DestinationIpProhibited => prohibited(),
            error => Failure::Failed(error),
        };
        let response = self.client.send(request).await.map_err(failed)?;
        let status = response.status();
        let mut headers = response.headers().clone();
        let bytes: usize = headers
            .iter()
            .map(|(name, value)| name.as_str().len().saturating_add(value.len()))
            .sum();
        if headers.len() > self.headers || bytes > self.header_bytes {
            return Err(Failure::Failed(Error::HttpResponseHeaderSectionSize(None)));
        }
        let body = read_body(response, self.response_bytes)
            .await
            .map_err(|error| failed(of_reqwest(&error)))?
            .ok_or(Failure::Failed(Error::HttpResponseBodySize(None)))?;
        // What no guest may set, and what only the host says.
        let kept_out: Vec<_> = headers
            .keys()
            .filter(|name| super::is_forbidden(name))
            .cloned()
            .collect();
        for name in kept_out {
            headers.remove(name);
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

fn prohibited() -> Failure {
    Failure::Refused(Refusal {
        reason: "its address is in a network that the operator does not allow".to_owned(),
        error: Error::DestinationIpProhibited,
    })
}

/// Reads a refused request's body and forgets it. A guest that writes into a closed body sees a broken
/// stream, and would never ask why its request was refused.
pub(super) async fn drain(mut body: WasiBody, time: Duration) {
    let _ = tokio::time::timeout(time, async {
        while let Some(Ok(_)) = body.frame().await {}
    })
    .await;
}

impl Answer {
    fn without_token(error: &TokenError) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/json"),
        );
        headers.insert(CAUSE_HEADER, header::HeaderValue::from_static(error.code()));
        Self {
            status: StatusCode::UNAUTHORIZED,
            headers,
            body: refusal_body(error).into(),
        }
    }

    fn into_response(self) -> Response<WasiBody> {
        let body = Full::new(self.body)
            .map_err(|never| match never {})
            .boxed_unsync();
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
