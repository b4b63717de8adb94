//! What tests of the doors begin with: a host without tenants, and users.

use tokio::sync::OnceCell;

use crate::capability::endpoint::Endpoints;
use crate::capability::http::{AllowedNetworks, HttpClient, NetworkOptions};
use crate::contract::PsaId;
use crate::host::{Host, LEASE};
use crate::psa::WebAddress;
use crate::psa::resource::{self, Resource};
use crate::runtime::embedded::Components;
use crate::runtime::{Clock, Engine, EngineSettings, Limits};
use crate::store::{Database, SecretKey, Store, Tenant};

/// Compiled once for all tests: a host has one, although only cycles use it.
static COMPONENTS: OnceCell<Components> = OnceCell::const_new();

async fn components() -> Components {
    let load = || async {
        let settings = EngineSettings {
            sessions: 4,
            ..EngineSettings::default()
        };
        let engine = Engine::new(&settings).unwrap();
        Components::load(&engine).await.unwrap()
    };
    COMPONENTS.get_or_init(load).await.clone()
}

/// A host with a database of its own, where the operator allows these networks.
pub async fn host(networks: &[&str]) -> Host {
    let network = NetworkOptions {
        allowed_networks: AllowedNetworks::parse(networks).unwrap(),
        ..NetworkOptions::default()
    };
    let database = Database::open("sqlite::memory:").await.unwrap();
    Host {
        store: Store::new(database, SecretKey::generate()),
        components: components().await,
        http: HttpClient::new(&network).unwrap(),
        endpoints: Endpoints::default(),
        tokens: Default::default(),
        clock: Clock::System,
        chance: Default::default(),
        limits: Limits::default(),
        web_address: WebAddress::new("https://psa.example"),
        lease: LEASE,
        pace: None,
        owner: "this host".into(),
    }
}

/// Makes a user of this key and name.
pub async fn add_user(tenant: &Tenant, id: &str) {
    let fields = Resource {
        name: id.to_owned(),
        email: format!("{id}@example.com"),
        working_hours: None,
        active: true,
        territory: None,
        security_level: None,
    };
    let id = PsaId { value: id.into() };
    let mut transaction = tenant.begin().await.unwrap();
    resource::create(&mut transaction, Some(&id), &fields)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}
