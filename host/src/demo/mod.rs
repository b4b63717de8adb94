//! A whole small world in one process: an Exchange emulator, a PSA of a small service business,
//! and a host between them. All names are invented.

mod business;
pub mod colleagues;
mod people;
mod seed;
mod weeks;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use exchange::{Clock, Config, Exchange, Running};
use url::Url;

use crate::contract::{PsaId, TenantId};
use crate::host::Host;
use crate::operator::{EndpointsSection, NetworkSection, OperatorError, OperatorFile};
use crate::settings::document::{
    ApplyFile, CredentialsDocument, ProfileDocument, ResourceDocument, SettingsDocument,
};
use crate::settings::save::{SaveError, save};
use crate::store::{Database, SecretKey, Store, StoreError};
use crate::web::administrator::{self, Account, AccountError};
pub use people::{NEWCOMER, Person};

/// The demo's tenant.
const TENANT: &str = "demo";

/// Why the demo could not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Operator(#[from] OperatorError),
    #[error(transparent)]
    Save(#[from] SaveError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the emulator cannot listen on this machine: {0}")]
    Listen(#[from] std::io::Error),
    #[error("the emulator refused the demo's data: {0}")]
    Exchange(#[from] exchange::WriteError),
    #[error("the emulator's address is none: {0}")]
    Address(#[from] url::ParseError),
    #[error("the demo's clock is set beyond the calendar")]
    Clock,
}

/// The world at work.
pub struct Demo {
    /// The host.
    pub host: Host,
    /// The emulator's server.
    pub exchange: Running,
    /// Its model.
    pub model: Exchange,
    /// The tenant.
    pub tenant: TenantId,
    /// Whose mailboxes synchronise.
    pub people: Vec<Person>,
}

impl Demo {
    /// Makes the world. `web` is where the host will be found.
    ///
    /// # Errors
    /// What of it could not be made.
    pub async fn start(now: Option<DateTime<Utc>>, web: SocketAddr) -> Result<Self, DemoError> {
        Self::start_with(now, web, None).await
    }

    /// The same, keeping compiled plugins in a directory.
    ///
    /// # Errors
    /// What of it could not be made.
    pub async fn start_with(
        now: Option<DateTime<Utc>>,
        web: SocketAddr,
        plugin_cache: Option<PathBuf>,
    ) -> Result<Self, DemoError> {
        let model = Exchange::new(Config {
            clock: now.map_or(Clock::System, Clock::running_from),
            ..Config::default()
        });
        let people = people::people();
        for person in people.iter().chain([&NEWCOMER]) {
            model.add_mailbox(person.address, person.zone);
        }
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let running = exchange::serve(model.clone(), listener)?;
        let file = OperatorFile {
            listen: web,
            plugin_cache,
            network: NetworkSection {
                allow: vec!["127.0.0.0/8".to_owned()],
                ..NetworkSection::default()
            },
            endpoints: EndpointsSection {
                graph: Some(Url::parse(&running.url())?),
                token: Some(Url::parse(&running.url())?),
                ews: None,
            },
            ..OperatorFile::default()
        };
        let store = Store::new(
            Database::open("sqlite::memory:").await?,
            SecretKey::generate(),
        );
        let now = now.map(|now| crate::contract::Instant {
            microseconds: now.timestamp_micros(),
        });
        let host = file.around(store, now).await?;
        let tenant = TenantId {
            value: TENANT.to_owned(),
        };
        save(&host, &apply_file(&model, &people)).await?;
        let demo = Self {
            host,
            exchange: running,
            model,
            tenant,
            people,
        };
        seed::seed(&demo).await?;
        Ok(demo)
    }

    /// Lets the administrator and a technician sign in to the pages.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn accounts(&self) -> Result<Vec<Account>, AccountError> {
        let tenant = self.host.store.tenant(&self.tenant);
        let mut accounts = vec![administrator::make(&tenant).await?];
        // The first of the people administers too.
        if let Some(person) = self.people.get(1) {
            let user = PsaId {
                value: person.id.to_owned(),
            };
            accounts.push(administrator::let_in(&tenant, &user, person.address.to_owned()).await?);
        }
        Ok(accounts)
    }

    /// What the colleagues get to work with.
    pub fn colleagues(&self) -> colleagues::Colleagues {
        colleagues::Colleagues {
            model: self.model.clone(),
            tenant: self.host.store.tenant(&self.tenant),
            people: self.people.clone(),
        }
    }
}

fn apply_file(model: &Exchange, people: &[Person]) -> ApplyFile {
    let credentials = model.credentials();
    ApplyFile {
        tenant: TENANT.to_owned(),
        settings: Some(SettingsDocument {
            profile_name: "Demo".to_owned(),
            credentials: Some(CredentialsDocument::Oauth {
                tenant_id: credentials.tenant,
                client_id: credentials.client_id,
                client_secret: Some(credentials.client_secret.into()),
            }),
            ..SettingsDocument::default()
        }),
        resource: people
            .iter()
            .map(|person| ResourceDocument {
                id: person.id.to_owned(),
                name: person.name.to_owned(),
                mailbox: person.address.to_owned(),
                enabled: true,
                profile: Some(ProfileDocument::default()),
            })
            .collect(),
    }
}
