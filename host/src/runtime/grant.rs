//! Which hosts a component may reach.
//!
//! A grant needs two keys: the plugin asks for a host in its description, *and* the tenant's
//! settings lead to it. Accepted forms of what a plugin asks for:
//!
//! | template | stands for |
//! |---|---|
//! | `{service-url}` | scheme, host and port of the tenant's service address |
//! | `graph.microsoft.com` | that host over HTTPS, port 443 |
//! | `mail.example.com:444` | that host over HTTPS, port 444 |
//!
//! An empty list denies all. Plain HTTP is only granted where the operator's file names the service
//! address with it.

use std::collections::BTreeSet;
use std::fmt;

use http::Uri;
use url::Url;

use crate::capability::endpoint::{Endpoints, service_url};
use crate::contract::{Description, Settings};

/// A place on the network: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Over TLS.
    secure: bool,
    /// Lower-case, addresses of version 6 in brackets.
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an address; none when it has no host or another scheme than HTTP.
    pub fn of_url(url: &Url) -> Option<Self> {
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Self {
            secure,
            host: url.host_str()?.to_ascii_lowercase(),
            port: url.port_or_known_default()?,
        })
    }

    /// The origin that a request would go to.
    pub fn of_uri(uri: &Uri) -> Option<Self> {
        let secure = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let default = if secure { 443 } else { 80 };
        Some(Self {
            secure,
            host: uri.host()?.to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(default),
        })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, default) = if self.secure {
            ("https", 443)
        } else {
            ("http", 80)
        };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != default {
            write!(f, ":{}", self.port)?;
        }
        Ok(())
    }
}

/// Why a host is not reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{target} is not granted: the plugin asks for {asked}, the settings allow {allowed}; a host is reached only when both name it"
)]
pub struct Denial {
    target: String,
    asked: String,
    allowed: String,
}

/// A host that a plugin asks for, and whether both keys turn.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Weighed {
    /// What the plugin asks for: the first key.
    pub template: String,
    /// The host that this stands for under the tenant's settings; null when for none.
    pub origin: Option<String>,
    /// The host that the settings lead to: the second key; null when to none.
    pub settings_give: Option<String>,
    /// Both name the same host.
    pub granted: bool,
}

/// The hosts that a session may reach.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    granted: BTreeSet<Origin>,
    asked: Vec<String>,
    allowed: Option<Origin>,
}

impl Grants {
    /// Nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// What the plugin asks for and the tenant's settings allow.
    pub fn weigh(description: &Description, settings: &Settings, endpoints: &Endpoints) -> Self {
        let allowed = service_url(settings, endpoints)
            .ok()
            .and_then(|url| Origin::of_url(&url));
        let asked: Vec<String> = description
            .hosts
            .iter()
            .map(|host| host.template.clone())
            .collect();
        let granted = asked
            .iter()
            .filter_map(|template| asked_for(template, settings))
            .filter(|origin| allowed.as_ref() == Some(origin))
            .collect();
        Self {
            granted,
            asked,
            allowed,
        }
    }

    /// The granted origins.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.granted.iter()
    }

    /// What the plugin asked for without getting it, each with the reason.
    pub fn refused(&self, settings: &Settings) -> Vec<Denial> {
        self.asked
            .iter()
            .filter(|template| {
                asked_for(template, settings).is_none_or(|origin| !self.granted.contains(&origin))
            })
            .map(|template| self.denial(template))
            .collect()
    }

    /// Each host that the plugin asked for, with what came of it.
    pub fn weighed(&self, settings: &Settings) -> Vec<Weighed> {
        self.asked
            .iter()
            .map(|template| {
                let origin = asked_for(template, settings);
                Weighed {
                    template: template.clone(),
                    granted: origin.as_ref().is_some_and(|it| self.granted.contains(it)),
                    origin: origin.map(|origin| origin.to_string()),
                    settings_give: self.allowed.as_ref().map(Origin::to_string),
                }
            })
            .collect()
    }

    /// Whether a request may go to this address.
    ///
    /// # Errors
    /// A [`Denial`] that names both keys.
    pub fn check(&self, uri: &Uri) -> Result<(), Denial> {
        match Origin::of_uri(uri) {
            Some(origin) if self.granted.contains(&origin) => Ok(()),
            Some(origin) => Err(self.denial(&origin.to_string())),
            None => Err(self.denial("an address without a host")),
        }
    }

    fn denial(&self, target: &str) -> Denial {
        Denial {
            target: target.to_owned(),
            asked: if self.asked.is_empty() {
                "nothing".to_owned()
            } else {
                self.asked.join(", ")
            },
            allowed: self
                .allowed
                .as_ref()
                .map_or_else(|| "nothing".to_owned(), Origin::to_string),
        }
    }
}

fn asked_for(template: &str, settings: &Settings) -> Option<Origin> {
    if template == "{service-url}" {
        return Origin::of_url(&Url::parse(&settings.service_url).ok()?);
    }
    // A template is a host and perhaps a port; anything that parses as more is no host.
    let url = Url::parse(&format!("https://{template}")).ok()?;
    let plain = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if plain { Origin::of_url(&url) } else { None }
}
