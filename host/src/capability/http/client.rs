//! The host's own HTTP client: pooled connections, verified TLS, no redirects, no proxy, and only
//! addresses that may be connected to. One for the whole program, shared by all sessions.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, Response, Url};
use wasmtime_wasi_http::Error;

use super::address::{AllowedNetworks, CheckedResolver};
use super::capture::Capture;
use super::carrier::Carrier;
use super::failure::{in_words, of_reqwest};

/// How long a connection may take to be made, its name resolved and TLS agreed on.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How long a token may take.
const TOKEN_TIME: Duration = Duration::from_secs(20);
/// More than any token is long.
const TOKEN_BYTES: usize = 256 << 10;

/// What the operator decides about the network.
#[derive(Debug, Clone, Default)]
pub struct NetworkOptions {
    /// Networks beside the public ones.
    pub allowed_networks: AllowedNetworks,
    /// More certificate authorities, each a PEM text of one or more certificates.
    pub extra_authorities: Vec<Vec<u8>>,
    /// A directory where requests and responses are written, without credentials. Off unless given.
    pub capture: Option<PathBuf>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A certificate cannot be read.
    #[error("a certificate authority cannot be read: {0}; give a PEM file")]
    Authority(reqwest::Error),
    /// TLS cannot be set up.
    #[error(
        "TLS cannot be set up: {0}; install the system's certificate authorities (ca-certificates)"
    )]
    Tls(reqwest::Error),
    /// The directory for what went over the wire cannot be used.
    #[error("network.capture: the directory cannot be used: {0}")]
    Capture(std::io::Error),
}

/// Installs the TLS provider of the process. The first line of `main`; again it does nothing.
pub fn install_tls() {
    // An error only says that one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The way out. Cheap to clone.
#[derive(Clone)]
pub struct HttpClient {
    client: Client,
    networks: AllowedNetworks,
    carrier: Option<Arc<dyn Carrier>>,
    pub(super) capture: Option<Arc<Capture>>,
}

impl HttpClient {
    /// Makes the client.
    ///
    /// # Errors
    /// [`NetworkError`] for a bad certificate, or when TLS cannot be set up.
    pub fn new(options: &NetworkOptions) -> Result<Self, NetworkError> {
        install_tls();
        let mut authorities = Vec::new();
        for pem in &options.extra_authorities {
            authorities.extend(Certificate::from_pem_bundle(pem).map_err(NetworkError::Authority)?);
        }
        let builder = || {
            Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .retry(reqwest::retry::never())
                .referer(false)
                .connect_timeout(CONNECT_TIME)
                .pool_idle_timeout(Duration::from_secs(60))
                .dns_resolver(CheckedResolver(options.allowed_networks.clone()))
        };
        let client = builder()
            .tls_certs_merge(authorities.clone())
            .build()
            .or_else(|error| {
                // A machine without authorities of its own, such as a bare container, still
                // reaches what the operator's authorities vouch for, and plain HTTP.
                tracing::warn!(%error, "the system's certificate authorities cannot be used");
                builder().tls_certs_only(authorities).build()
            })
            .map_err(NetworkError::Tls)?;
        let capture = options
            .capture
            .as_deref()
            .map(Capture::new)
            .transpose()
            .map_err(NetworkError::Capture)?;
        Ok(Self {
            client,
            networks: options.allowed_networks.clone(),
            carrier: None,
            capture: capture.map(Arc::new),
        })
    }

    /// The same client with another way out than the network.
    #[must_use]
    pub fn carried_by(self, carrier: Arc<dyn Carrier>) -> Self {
        Self {
            carrier: Some(carrier),
            ..self
        }
    }

    /// Sends a request and gives the head of its answer.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let failed = |error: reqwest::Error| of_reqwest(&error);
        let Some(carrier) = &self.carrier else {
            return request.send().await.map_err(failed);
        };
        let request = request.build().map_err(failed)?;
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let mut carried = http::Request::new(Bytes::copy_from_slice(body.unwrap_or_default()));
        carried.method_mut().clone_from(request.method());
        carried.headers_mut().clone_from(request.headers());
        *carried.uri_mut() =
            (request.url().as_str().parse()).map_err(|_| Error::HttpRequestUriInvalid)?;
        Ok(carrier.carry(carried).await?.into())
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether the host of an address, where it is an address itself, may be connected to. Names are
    /// checked when they are resolved; literal addresses never are, so they are checked here.
    pub(crate) fn permits_literal(&self, url: &Url) -> bool {
        match url.host() {
            Some(url::Host::Ipv4(address)) => self.networks.permits(address.into()),
            Some(url::Host::Ipv6(address)) => self.networks.permits(address.into()),
            Some(url::Host::Domain(_)) => true,
            None => false,
        }
    }

    /// Whether the host of an address is itself an address in a network that the operator allows,
    /// beside the public ones: there, plain HTTP may do.
    pub(crate) fn is_of_the_operator(&self, url: &Url) -> bool {
        match url.host() {
            Some(url::Host::Ipv4(address)) => self.networks.names(address.into()),
            Some(url::Host::Ipv6(address)) => self.networks.names(address.into()),
            Some(url::Host::Domain(_)) | None => false,
        }
    }

    /// Posts a form, for tokens. The error says why there was no answer, without the address's query.
    pub(in crate::capability) async fn post_form(
        &self,
        url: &Url,
        form: &[(&str, &str)],
    ) -> Result<(u16, Bytes), String> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let media = HeaderValue::from_static("application/x-www-form-urlencoded");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, media)]);
        let response = self
            .post(url, headers, body.into(), TOKEN_TIME)
            .await
            .map_err(|error| in_words(&error).to_owned())?;
        let status = response.status().as_u16();
        match read_body(response, TOKEN_BYTES)
            .await
            .map_err(|error| in_words(&of_reqwest(&error)).to_owned())?
        {
            Some(body) => Ok((status, body)),
            None => Err("its answer is longer than any token".to_owned()),
        }
    }

    /// Posts a message of the host's own and gives the status of the answer, whose body nobody
    /// reads. The error says for people why there was none.
    pub(crate) async fn post_message(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
        time: Duration,
    ) -> Result<u16, &'static str> {
        match self.post(url, headers, body, time).await {
            Ok(response) => Ok(response.status().as_u16()),
            Err(error) => Err(in_words(&error)),
        }
    }

    async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
        time: Duration,
    ) -> Result<Response, Error> {
        if !self.permits_literal(url) {
            return Err(Error::DestinationIpProhibited);
        }
        let request = self.client.post(url.clone()).timeout(time);
        self.send(request.headers(headers).body(body)).await
    }
}

/// Reads a body to its end; none when it is longer than allowed.
pub(super) async fn read_body(
    mut response: Response,
    limit: usize,
) -> Result<Option<Bytes>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.into()))
}
