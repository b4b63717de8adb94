//! Where Microsoft's clouds and a tenant's own server live.
//!
//! | cloud | Graph | tokens |
//! |---|---|---|
//! | worldwide | graph.microsoft.com | login.microsoftonline.com |
//! | US government | graph.microsoft.us | login.microsoftonline.us |
//! | US government, DoD | dod-graph.microsoft.us | login.microsoftonline.us |
//! | China | microsoftgraph.chinacloudapi.cn | login.chinacloudapi.cn |
//!
//! The operator's file may name others in their place, for all tenants of the host: a mirror, or an
//! emulator. Only there may an address be plain HTTP.

use url::Url;

use crate::contract::{Cloud, Credentials, Settings};

/// What the operator puts in place of the clouds' own addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// In place of `https://graph.microsoft.com` and its likes: scheme, host and port.
    pub graph: Option<Url>,
    /// In place of `https://login.microsoftonline.com` and its likes: scheme, host and port.
    pub token: Option<Url>,
    /// In place of the whole address of a tenant's EWS.
    pub ews: Option<Url>,
}

/// Why there is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The server address is no host name.
    #[error(
        "`{0}` is not a server address; give a host name such as mail.example.com, without https:// and without a path"
    )]
    NotAHost(String),
    /// The directory id would lead elsewhere.
    #[error(
        "`{0}` is not a directory (tenant) id; give the id or the domain name that the Azure portal shows"
    )]
    NotADirectory(String),
    /// There is nothing to ask a token with.
    #[error("tokens are only for client credentials; choose them in the tenant's settings")]
    NoClientCredentials,
}

/// Where the provider's interface lives, without a trailing slash: what a plugin finds as
/// `settings.service-url`.
///
/// # Errors
/// [`EndpointError::NotAHost`] when the server address of the settings is none.
pub fn service_url(settings: &Settings, endpoints: &Endpoints) -> Result<Url, EndpointError> {
    if settings.use_graph {
        return Ok(match &endpoints.graph {
            Some(url) => url.clone(),
            None => https(graph_host(settings.cloud))?,
        });
    }
    if let Some(url) = &endpoints.ews {
        return Ok(url.clone());
    }
    let mut url = https(&settings.server_address)?;
    if let Ok(mut segments) = url.path_segments_mut() {
        let directory = settings.virtual_directory.trim_matches('/');
        segments.clear().extend(directory.split('/'));
    }
    Ok(url)
}

/// Where a tenant's tokens come from.
///
/// # Errors
/// [`EndpointError`] when the settings have no client credentials, or a directory id that is none.
pub fn token_url(settings: &Settings, endpoints: &Endpoints) -> Result<Url, EndpointError> {
    let Credentials::Oauth(client) = &settings.credentials else {
        return Err(EndpointError::NoClientCredentials);
    };
    let directory = client.tenant_id.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if directory.is_empty() || !directory.chars().all(plain) || directory.starts_with('.') {
        return Err(EndpointError::NotADirectory(client.tenant_id.clone()));
    }
    let mut url = match &endpoints.token {
        Some(url) => url.clone(),
        None => https(login_host(settings.cloud))?,
    };
    if let Ok(mut segments) = url.path_segments_mut() {
        segments
            .pop_if_empty()
            .extend([directory, "oauth2", "v2.0", "token"]);
    }
    Ok(url)
}

/// The text form of a service address as plugins get it: without a trailing slash.
pub fn without_trailing_slash(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

const fn graph_host(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Worldwide => "graph.microsoft.com",
        Cloud::UsGovernment => "graph.microsoft.us",
        Cloud::UsGovernmentDod => "dod-graph.microsoft.us",
        Cloud::China => "microsoftgraph.chinacloudapi.cn",
    }
}

const fn login_host(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Worldwide => "login.microsoftonline.com",
        Cloud::UsGovernment | Cloud::UsGovernmentDod => "login.microsoftonline.us",
        Cloud::China => "login.chinacloudapi.cn",
    }
}

/// HTTPS to a host name; a port may follow it, anything else may not.
fn https(host: &str) -> Result<Url, EndpointError> {
    let host = host.trim();
    let refused = || EndpointError::NotAHost(host.to_owned());
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | ':');
    if host.is_empty() || !host.chars().all(plain) {
        return Err(refused());
    }
    let url = Url::parse(&format!("https://{host}")).map_err(|_| refused())?;
    // "Host name, never an address", as the contract has it.
    match url.host() {
        Some(url::Host::Domain(_)) => Ok(url),
        _ => Err(refused()),
    }
}
