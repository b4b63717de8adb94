//! The world: both sides, the host between them, and one clock for all.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use exchange::{Account, By, Clock as ExchangeClock, Config, Exchange, Running};
use tandem::capability::endpoint::Endpoints;
use tandem::capability::http::{AllowedNetworks, HttpClient, NetworkOptions};
use tandem::capability::token::TokenCache;
use tandem::contract::{ExchangeEdition, TenantId};
use tandem::host::{Host, LEASE};
use tandem::psa::WebAddress;
use tandem::runtime::embedded::{Components, Embedded};
use tandem::runtime::{Clock, Component, Engine, EngineSettings, Limits};
use tandem::settings::document::{
    ApplyFile, CredentialsDocument, ProfileDocument, ResourceDocument, SettingsDocument,
};
use tandem::settings::save::{SaveError, Saved, save};
use tandem::store::cycle_run::Paging;
use tandem::store::mail::{self, Mail};
use tandem::store::mailbox::public_folder::OWNER;
use tandem::store::{Database, SecretKey, Store, Tenant};
use tokio::sync::OnceCell;
use url::Url;

use crate::desk::Desk;
use crate::time::{instant, utc};
use crate::{Kind, On, wire};

/// Germany's zone, as Exchange names it.
pub const BERLIN: &str = "W. Europe Standard Time";
/// New Zealand's zone.
pub const AUCKLAND: &str = "New Zealand Standard Time";
/// California's zone.
pub const LOS_ANGELES: &str = "Pacific Standard Time";

/// The account that signs in to a server on-premises.
const ACCOUNT: &str = "service@example.com";

/// When a world begins unless a test says otherwise: a Sunday morning.
const BEGINNING: &str = "2026-11-22T08:00Z";

/// A technician with a mailbox.
#[derive(Clone, Debug)]
pub struct Technician {
    /// The PSA's key; the mailbox is `ID@example.com`.
    pub id: String,
    /// The mailbox.
    pub address: String,
    /// Its zone, as Exchange names it.
    pub zone: String,
}

/// How a world is to begin.
pub struct WorldBuilder {
    on: On,
    now: DateTime<Utc>,
    people: Vec<Technician>,
    settings: SettingsDocument,
    secret: Option<String>,
    component: Option<Component>,
    enabled: bool,
}

/// Both sides at work.
pub struct World {
    /// Exchange.
    pub exchange: Exchange,
    /// Its server.
    pub server: Running,
    /// The host.
    pub host: Host,
    /// The tenant's rows.
    pub tenant: Tenant,
    /// Everybody.
    pub people: Vec<Technician>,
    /// The database, and the provider as it is now.
    pub on: On,
    settings: SettingsDocument,
    secret: String,
    public_folder: Technician,
}

impl World {
    /// One technician, `anna`, in Berlin, and the settings as they are by default.
    pub async fn start(on: On) -> Self {
        Self::on(on).start().await
    }

    /// A world to be described further.
    #[must_use]
    pub fn on(on: On) -> WorldBuilder {
        WorldBuilder {
            on,
            now: utc(BEGINNING),
            people: Vec::new(),
            settings: SettingsDocument {
                profile_name: "Test".to_owned(),
                error_notifications_to: "it@example.com".to_owned(),
                ..SettingsDocument::default()
            },
            secret: None,
            component: None,
            enabled: true,
        }
    }

    /// The technician `anna`.
    #[must_use]
    pub fn anna(&self) -> Desk<'_> {
        self.desk("anna")
    }

    /// A technician.
    #[must_use]
    pub fn desk(&self, id: &str) -> Desk<'_> {
        let technician = self.people.iter().find(|one| one.id == id);
        Desk {
            world: self,
            technician: technician.expect("there is such a technician"),
        }
    }

    /// The tenant's public folder of all contacts, whose cycles are nobody's.
    #[must_use]
    pub const fn public_folder(&self) -> Desk<'_> {
        Desk {
            world: self,
            technician: &self.public_folder,
        }
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.exchange.now()
    }

    /// Sets the clocks of Exchange, host and database together.
    pub async fn set_now(&mut self, now: DateTime<Utc>) {
        self.exchange.set_now(now);
        self.host.clock = Clock::Fixed(instant(now));
        let database = self.host.store.database();
        database.set_clock(instant(now)).await.unwrap();
    }

    /// Lets time pass, on all clocks.
    pub async fn pass(&mut self, by: TimeDelta) {
        self.set_now(self.now() + by).await;
    }

    /// Changes the tenant's settings as an administrator does.
    pub async fn change_settings(&mut self, change: impl FnOnce(&mut SettingsDocument)) -> Saved {
        self.try_settings(change).await.unwrap()
    }

    /// The same, where the save may be refused.
    pub async fn try_settings(
        &mut self,
        change: impl FnOnce(&mut SettingsDocument),
    ) -> Result<Saved, SaveError> {
        let before = self.settings.clone();
        change(&mut self.settings);
        let saved = self.try_apply().await;
        if saved.is_err() {
            self.settings = before;
        }
        saved
    }

    /// Ticks *Use MS Graph*, or clears it.
    pub async fn change_provider(&mut self, to: Embedded) -> Saved {
        self.try_provider(to).await.unwrap()
    }

    /// The same, where the save may be refused.
    pub async fn try_provider(&mut self, to: Embedded) -> Result<Saved, SaveError> {
        let saved = self
            .try_settings(|settings| settings.use_graph = Some(uses_graph(to)))
            .await?;
        self.on.provider = to;
        Ok(saved)
    }

    /// Changes a technician's own choices.
    pub async fn change_profile(&mut self, id: &str, profile: ProfileDocument) -> Saved {
        let person = self.people.iter().find(|one| one.id == id).unwrap();
        let file = ApplyFile {
            tenant: self.tenant.id().value.clone(),
            settings: None,
            resource: vec![resource(person, profile, true)],
        };
        save(&self.host, &file).await.unwrap()
    }

    /// Permits a technician to synchronise, or no longer.
    pub async fn set_enabled(&mut self, id: &str, enabled: bool) {
        let person = self.people.iter().find(|one| one.id == id).unwrap();
        let file = ApplyFile {
            tenant: self.tenant.id().value.clone(),
            settings: None,
            resource: vec![resource(person, ProfileDocument::default(), enabled)],
        };
        save(&self.host, &file).await.unwrap();
    }

    async fn apply(&self) -> Saved {
        self.try_apply().await.unwrap()
    }

    async fn try_apply(&self) -> Result<Saved, SaveError> {
        let credentials = self.exchange.credentials();
        let secret = Some(self.secret.clone().into());
        let sign_in = match self.settings.version {
            ExchangeEdition::Microsoft365 => CredentialsDocument::Oauth {
                tenant_id: credentials.tenant,
                client_id: credentials.client_id,
                client_secret: secret,
            },
            _ => CredentialsDocument::Basic {
                account: ACCOUNT.to_owned(),
                password: secret,
            },
        };
        let settings = SettingsDocument {
            credentials: Some(sign_in),
            ..self.settings.clone()
        };
        let file = ApplyFile {
            tenant: self.tenant.id().value.clone(),
            settings: Some(settings),
            resource: self
                .people
                .iter()
                .map(|person| resource(person, ProfileDocument::default(), true))
                .collect(),
        };
        save(&self.host, &file).await
    }

    /// What the notification addresses were told, the newest first.
    pub async fn told(&self) -> Vec<Mail> {
        let paging = Paging {
            before: None,
            limit: 100,
        };
        let mut mails = mail::list(&self.tenant, &paging).await.unwrap();
        let listed = &self.settings.error_notifications_to;
        mails.retain(|mail| mail.to.iter().all(|address| listed.contains(address)));
        mails
    }

    /// How many writes Exchange was asked for since the last reset.
    #[must_use]
    pub fn writes_at_exchange(&self) -> u64 {
        self.exchange.counters().operations.writes()
    }

    /// The component of the provider that the test runs with.
    #[must_use]
    pub fn component(&mut self) -> &mut Component {
        in_place(&mut self.host.components, self.on.provider)
    }

    /// Where the host writes what goes over the wire.
    #[must_use]
    pub fn capture(&self) -> PathBuf {
        capture(&self.on)
    }

    /// The same host as another process would begin: nothing that stood in memory is there.
    pub async fn restart(&mut self) {
        self.restart_after(async {}).await;
    }

    /// Copies the database, as is done every night.
    pub async fn back_up(&mut self) {
        let on = self.on.clone();
        self.restart_after(on.back_up()).await;
    }

    /// Puts the copy in the database's place, once.
    pub async fn restore(&mut self) {
        let on = self.on.clone();
        self.restart_after(on.restore()).await;
    }

    /// Does something to the database while no host has it open.
    async fn restart_after(&mut self, work: impl Future<Output = ()>) {
        let clock = self.host.clock;
        self.host.store.database().close().await;
        work.await;
        let (store, host) = open(&self.on, &self.server, self.host.components.clone()).await;
        self.host = host;
        self.tenant = store.tenant(self.tenant.id());
        self.host.clock = clock;
        let database = store.database();
        database.set_clock(instant(self.now())).await.unwrap();
        if self.on.kind == Kind::Sqlite {
            self.host.store.leases().void_all().await.unwrap();
        } else {
            // A host that is gone cannot give its leases back: they end by themselves.
            let later = self.now() + TimeDelta::minutes(10);
            self.set_now(later).await;
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let mails: Vec<_> = self
            .exchange
            .mails()
            .into_iter()
            .filter(|mail| mail.by == By::Api)
            .collect();
        assert!(mails.is_empty(), "people were mailed: {mails:?}");
        wire::keep(&self.capture());
    }
}

fn resource(person: &Technician, profile: ProfileDocument, enabled: bool) -> ResourceDocument {
    ResourceDocument {
        id: person.id.clone(),
        name: person.id.clone(),
        mailbox: person.address.clone(),
        enabled,
        profile: Some(profile),
    }
}

impl WorldBuilder {
    /// The clock's first instant.
    #[must_use]
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = now;
        self
    }

    /// A technician more. Without any there is `anna` in Berlin.
    #[must_use]
    pub fn technician(mut self, id: &str, zone: &str) -> Self {
        self.people.push(Technician {
            id: id.to_owned(),
            address: format!("{id}@example.com"),
            zone: zone.to_owned(),
        });
        self
    }

    /// Settings other than the default ones.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut SettingsDocument)) -> Self {
        change(&mut self.settings);
        self
    }

    /// A server of the customer's own, where an account with a password acts for all users.
    #[must_use]
    pub fn on_premises(self) -> Self {
        self.settings(|settings| {
            settings.version = ExchangeEdition::SubscriptionEdition;
            settings.server_address = Some("mail.example.com".to_owned());
            settings.impersonate = true;
        })
    }

    /// The client secret, and the account's password, on both sides.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        self.secret = Some(secret.to_owned());
        self
    }

    /// Another component in the place of the provider's.
    #[must_use]
    pub fn component(mut self, component: Component) -> Self {
        self.component = Some(component);
        self
    }

    /// Makes it.
    pub async fn start(mut self) -> World {
        if self.people.is_empty() {
            self = self.technician("anna", BERLIN);
        }
        let mut config = Config {
            clock: ExchangeClock::Fixed(self.now),
            ..Config::default()
        };
        if let Some(secret) = self.secret {
            config.credentials.client_secret = secret;
        }
        config.accounts.push(Account {
            name: ACCOUNT.to_owned(),
            password: config.credentials.client_secret.clone(),
            impersonates: true,
        });
        let exchange = Exchange::new(config);
        for person in &self.people {
            exchange.add_mailbox(&person.address, &person.zone);
        }
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let server = exchange::serve(exchange.clone(), listener).unwrap();
        let mut components = components().await;
        if let Some(component) = self.component {
            *in_place(&mut components, self.on.provider) = component;
        }
        let (store, host) = open(&self.on, &server, components).await;
        let id = TenantId {
            value: "acme".to_owned(),
        };
        let secret = exchange.credentials().client_secret;
        let mut world = World {
            tenant: store.tenant(&id),
            exchange,
            server,
            host,
            people: self.people,
            settings: SettingsDocument {
                enabled: self.enabled,
                use_graph: Some(uses_graph(self.on.provider)),
                ..self.settings
            },
            on: self.on,
            secret,
            public_folder: Technician {
                id: OWNER.to_owned(),
                address: OWNER.to_owned(),
                zone: BERLIN.to_owned(),
            },
        };
        world.set_now(self.now).await;
        world.apply().await;
        world
    }
}

/// How a tenant of Microsoft 365 chooses a provider.
const fn uses_graph(provider: Embedded) -> bool {
    match provider {
        Embedded::Graph => true,
        Embedded::Ews => false,
    }
}

/// The place of a provider's component.
const fn in_place(components: &mut Components, provider: Embedded) -> &mut Component {
    match provider {
        Embedded::Graph => &mut components.graph,
        Embedded::Ews => &mut components.ews,
    }
}

fn capture(on: &On) -> PathBuf {
    on.folder().join("wire")
}

async fn open(on: &On, server: &Running, components: Components) -> (Store, Host) {
    let key = on.folder().join("key");
    let store = Store::new(
        Database::open(&on.url).await.unwrap(),
        SecretKey::from_file(&key, true).unwrap(),
    );
    let url = Url::parse(&server.url()).unwrap();
    let host = Host {
        store: store.clone(),
        components,
        http: HttpClient::new(&NetworkOptions {
            allowed_networks: AllowedNetworks::parse(&["127.0.0.0/8"]).unwrap(),
            capture: Some(capture(on)),
            ..NetworkOptions::default()
        })
        .unwrap(),
        endpoints: Endpoints {
            graph: Some(url.clone()),
            ews: Some(url.join("EWS/Exchange.asmx").unwrap()),
            token: Some(url),
        },
        tokens: TokenCache::default(),
        clock: Clock::System,
        chance: tandem::runtime::Chance::default(),
        limits: Limits {
            call_time: Duration::from_secs(120),
            ..Limits::default()
        },
        web_address: WebAddress::new("https://psa.example.com"),
        lease: LEASE,
        pace: None,
        owner: uuid::Uuid::now_v7().to_string(),
    };
    (store, host)
}

/// The engine of all worlds of this process.
pub fn engine() -> &'static Engine {
    static ENGINE: std::sync::OnceLock<Engine> = std::sync::OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&EngineSettings::default()).unwrap())
}

/// The shipped components, compiled once for all tests of this process.
async fn components() -> Components {
    static COMPONENTS: OnceCell<Components> = OnceCell::const_new();
    COMPONENTS
        .get_or_init(|| async { Components::load(engine()).await.unwrap() })
        .await
        .clone()
}
