//! The operator's file, `tandem.toml`, and the host that it describes.
//!
//! It holds what concerns the machine and not a tenant: addresses, the database, the key of the
//! secrets, the network. Unknown names are refused.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use crate::capability::endpoint::Endpoints;
use crate::capability::http::{
    AllowedNetworks, HttpClient, NetworkError, NetworkOptions, NotANetwork,
};
use crate::capability::token::TokenCache;
use crate::contract::Instant;
use crate::host::Host;
use crate::outbox::section::SmtpSection;
use crate::outbox::smtp::{Smtp, SmtpError};
use crate::psa::WebAddress;
use crate::runtime::embedded::Components;
use crate::runtime::{
    CacheError, Chance, Clock, ComponentError, Engine, EngineSettings, Limits, RuntimeError,
};
use crate::store::{Database, SecretKey, Store, StoreError};

mod plugin_cache;
mod scheduler;

pub use scheduler::{LeaseTime, NotALease, SchedulerSection};

/// The operator's file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OperatorFile {
    /// Where the JSON interface listens.
    pub listen: SocketAddr,
    /// Where people reach the pages; stands in the links at the end of copies.
    pub web_address: Option<Url>,
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// The key of the secrets, made when it is missing; or the environment's `TANDEM_KEY`.
    pub key_file: PathBuf,
    /// A directory for compiled plugins, which makes starts fast. Left out, it lies beside the
    /// database, or in the user's cache directory when that is PostgreSQL; empty keeps none.
    pub plugin_cache: Option<PathBuf>,
    /// The network.
    pub network: NetworkSection,
    /// Addresses in place of Microsoft's and of tenants' servers.
    pub endpoints: EndpointsSection,
    /// The mail server; without one, mails stay in the database.
    pub smtp: Option<SmtpSection>,
    /// The pace of the work.
    pub scheduler: SchedulerSection,
}

impl Default for OperatorFile {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            web_address: None,
            database: "sqlite:tandem.db".to_owned(),
            key_file: PathBuf::from("tandem.key"),
            plugin_cache: None,
            network: NetworkSection::default(),
            endpoints: EndpointsSection::default(),
            smtp: None,
            scheduler: SchedulerSection::default(),
        }
    }
}

/// What plugins may reach beside the public Internet.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct NetworkSection {
    /// Private networks, such as `10.1.0.0/16`.
    pub allow: Vec<String>,
    /// PEM files of certificate authorities beside the public ones.
    pub ca_files: Vec<PathBuf>,
    /// A directory for requests and answers as they went over the wire, without credentials but with
    /// all that calendars hold; never used unless named.
    pub capture: Option<PathBuf>,
}

/// Addresses in place of the clouds' own. Only here may one be http, an address or have a port.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct EndpointsSection {
    /// In place of `https://graph.microsoft.com`.
    pub graph: Option<Url>,
    /// In place of `https://login.microsoftonline.com`.
    pub token: Option<Url>,
    /// In place of every tenant's Exchange Web Services, with its path.
    pub ews: Option<Url>,
}

/// Why there is no host.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {source}; name the operator's file with --config")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The file is not as it should be.
    #[error("{path}: {source}")]
    Parse {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    /// A certificate authority cannot be read.
    #[error("network.ca-files: {path} cannot be read: {source}")]
    Authority {
        path: PathBuf,
        source: std::io::Error,
    },
    /// A network is none.
    #[error("network.allow: {0}")]
    Network(#[from] NotANetwork),
    /// The network cannot be used.
    #[error(transparent)]
    Http(#[from] NetworkError),
    /// The database or the key.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sandbox.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// A plugin.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// The directory of compiled plugins.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The mail server.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
}

impl OperatorFile {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read or says what nobody knows.
    pub fn read(path: &Path) -> Result<Self, OperatorError> {
        let text = std::fs::read_to_string(path).map_err(|source| OperatorError::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| OperatorError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// The database and the key of its secrets, for what needs no plugin.
    ///
    /// # Errors
    /// When either cannot be had.
    pub async fn store(&self) -> Result<Store, OperatorError> {
        let key = match std::env::var_os("TANDEM_KEY") {
            Some(_) => SecretKey::from_environment("TANDEM_KEY")?,
            None => SecretKey::from_file(&self.key_file, true)?,
        };
        Ok(Store::new(Database::open(&self.database).await?, key))
    }

    /// The host that the file describes, with its clock set to `now` where that is given.
    ///
    /// # Errors
    /// Whatever of it cannot be had.
    pub async fn host(&self, now: Option<Instant>) -> Result<Host, OperatorError> {
        let store = self.store().await?;
        self.assemble(store, self.engine()?, now).await
    }

    /// The engine that runs plugins, keeping what it compiles where the file says.
    ///
    /// # Errors
    /// When the machine cannot give what it asks for, or a directory that the file names is not
    /// safe; one that it does not name is then not used.
    pub fn engine(&self) -> Result<Engine, OperatorError> {
        let cache = plugin_cache::open(self.plugin_cache.as_deref(), &self.database)?;
        Ok(Engine::new(&EngineSettings::default())?.with_cache(cache))
    }

    /// What is put in place of Microsoft's and of tenants' addresses.
    #[must_use]
    pub fn endpoints(&self) -> Endpoints {
        Endpoints {
            graph: self.endpoints.graph.clone(),
            token: self.endpoints.token.clone(),
            ews: self.endpoints.ews.clone(),
        }
    }

    /// Where people open the PSA's items.
    #[must_use]
    pub fn web_address(&self) -> WebAddress {
        match &self.web_address {
            Some(url) => WebAddress::new(url.as_str()),
            None => WebAddress::new(&format!("http://{}", self.listen)),
        }
    }

    /// The way to the mail server; none without one.
    ///
    /// # Errors
    /// When the section is not as it should be.
    pub fn smtp(&self) -> Result<Option<Smtp>, OperatorError> {
        let Some(section) = &self.smtp else {
            return Ok(None);
        };
        Ok(Some(Smtp::new(section, &self.authorities()?)?))
    }

    fn authorities(&self) -> Result<Vec<Vec<u8>>, OperatorError> {
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|source| OperatorError::Authority {
                path: path.clone(),
                source,
            })
        };
        self.network.ca_files.iter().map(read).collect()
    }

    /// The same around a store that is open already. Compiled plugins are then kept only where
    /// the file names a directory: the database that it would lie beside is another one.
    ///
    /// # Errors
    /// Whatever of it cannot be had.
    pub async fn around(&self, store: Store, now: Option<Instant>) -> Result<Host, OperatorError> {
        let cache = plugin_cache::named(self.plugin_cache.as_deref())?;
        let engine = Engine::new(&EngineSettings::default())?.with_cache(cache);
        self.assemble(store, engine, now).await
    }

    async fn assemble(
        &self,
        store: Store,
        engine: Engine,
        now: Option<Instant>,
    ) -> Result<Host, OperatorError> {
        let authorities = self.authorities()?;
        if let Some(now) = now {
            store.database().set_clock(now).await?;
        }
        let lease = self.scheduler.lease_seconds;
        let limits = Limits {
            request_time: lease.request_time(),
            ..Limits::default()
        };
        Ok(Host {
            store,
            components: Components::load(&engine).await?,
            http: HttpClient::new(&NetworkOptions {
                allowed_networks: AllowedNetworks::parse(&self.network.allow)?,
                extra_authorities: authorities,
                capture: self.network.capture.clone(),
            })?,
            endpoints: self.endpoints(),
            tokens: TokenCache::default(),
            clock: now.map_or(Clock::System, Clock::starting_at),
            chance: Chance::default(),
            limits,
            web_address: self.web_address(),
            lease: lease.duration(),
            pace: None,
            owner: Uuid::now_v7().to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_read_from_the_file() {
        let text = "[smtp]\nhost = \"mail.example.com\"\nfrom = \"Tandem <tandem@example.com>\"\n";
        let file: OperatorFile = toml::from_str(text).unwrap();
        assert!(file.smtp().unwrap().is_some());
        let file: OperatorFile = toml::from_str("").unwrap();
        assert!(file.smtp().unwrap().is_none());
    }
}
