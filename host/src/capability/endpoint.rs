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
        let directory = match settings.virtual_directory.trim_matches('/') {
            "" => "EWS/Exchange.asmx",
            directory => directory,
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{
        Account, ClientCredentials, ContactSelection, ExchangeEdition, ImportMode, SecretState,
    };

    fn settings(cloud: Cloud) -> Settings {
        Settings {
            enabled: true,
            profile_name: String::new(),
            hosted: false,
            edition: ExchangeEdition::Microsoft365,
            server_address: "mail.example.com".to_owned(),
            virtual_directory: "EWS/Exchange.asmx".to_owned(),
            cloud,
            domain: String::new(),
            use_graph: true,
            interval_minutes: 10,
            credentials: Credentials::Oauth(ClientCredentials {
                tenant_id: "contoso.onmicrosoft.com".to_owned(),
                client_id: "app".to_owned(),
                client_secret: SecretState::Present,
            }),
            test_mailbox: None,
            impersonate: false,
            error_addresses: Vec::new(),
            import_mode: ImportMode::AllDetails,
            send_free_time: false,
            export_appointments: true,
            export_to_dos: true,
            export_service_calls: true,
            export_contacts: true,
            public_contacts_folder: String::new(),
            relative_path: String::new(),
            contact_selection: ContactSelection::Own,
            past_days: 7,
            recurring_days: 30,
            service_url: String::new(),
        }
    }

    #[test]
    fn each_cloud_has_its_own_hosts() {
        for (cloud, graph, login) in [
            (
                Cloud::Worldwide,
                "graph.microsoft.com",
                "login.microsoftonline.com",
            ),
            (
                Cloud::UsGovernment,
                "graph.microsoft.us",
                "login.microsoftonline.us",
            ),
            (
                Cloud::UsGovernmentDod,
                "dod-graph.microsoft.us",
                "login.microsoftonline.us",
            ),
            (
                Cloud::China,
                "microsoftgraph.chinacloudapi.cn",
                "login.chinacloudapi.cn",
            ),
        ] {
            let settings = settings(cloud);
            let none = Endpoints::default();
            let service = service_url(&settings, &none).unwrap();
            assert_eq!(without_trailing_slash(&service), format!("https://{graph}"));
            assert_eq!(
                token_url(&settings, &none).unwrap().as_str(),
                format!("https://{login}/contoso.onmicrosoft.com/oauth2/v2.0/token")
            );
        }
    }

    #[test]
    fn the_operators_end_points_stand_in_place_of_the_clouds() {
        let endpoints = Endpoints {
            graph: "http://127.0.0.1:9700".parse().ok(),
            token: "http://127.0.0.1:9700/login/".parse().ok(),
            ews: "http://127.0.0.1:9700/EWS/Exchange.asmx".parse().ok(),
        };
        let mut settings = settings(Cloud::China);
        let service = service_url(&settings, &endpoints).unwrap();
        assert_eq!(without_trailing_slash(&service), "http://127.0.0.1:9700");
        assert_eq!(
            token_url(&settings, &endpoints).unwrap().as_str(),
            "http://127.0.0.1:9700/login/contoso.onmicrosoft.com/oauth2/v2.0/token"
        );
        settings.use_graph = false;
        assert_eq!(service_url(&settings, &endpoints).ok(), endpoints.ews);
    }

    #[test]
    fn ews_lives_in_its_virtual_directory() {
        let mut settings = settings(Cloud::Worldwide);
        settings.use_graph = false;
        let none = Endpoints::default();
        let url = |settings: &Settings| service_url(settings, &none).unwrap().to_string();
        assert_eq!(url(&settings), "https://mail.example.com/EWS/Exchange.asmx");
        settings.virtual_directory = String::new();
        assert_eq!(url(&settings), "https://mail.example.com/EWS/Exchange.asmx");
    }

    #[test]
    fn what_is_no_host_or_directory_leads_nowhere() {
        let mut settings = settings(Cloud::Worldwide);
        settings.use_graph = false;
        let none = Endpoints::default();
        for address in [
            "",
            "https://mail.example.com",
            "mail.example.com/x",
            "a@b.example",
            "127.0.0.1",
            "0x7f.1",
            "[::1]",
            "mail.example.com?x",
        ] {
            settings.server_address = address.to_owned();
            let refused = service_url(&settings, &none);
            assert!(refused.is_err(), "{address}: {refused:?}");
        }
        for directory in ["", "..", "../x", "a/b", "a?b", "a#b", "a b"] {
            settings.credentials = Credentials::Oauth(ClientCredentials {
                tenant_id: directory.to_owned(),
                client_id: "app".to_owned(),
                client_secret: SecretState::Present,
            });
            assert!(token_url(&settings, &none).is_err(), "{directory}");
        }
        settings.credentials = Credentials::Basic(Account {
            name: "sync".to_owned(),
            password: SecretState::Present,
        });
        assert_eq!(
            token_url(&settings, &none),
            Err(EndpointError::NoClientCredentials)
        );
    }
}
