//! What most tests need: a loaded guest, a tenant's settings, and a session that may reach one server.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use secrecy::SecretString;
use tandem::capability::credentials::Credentials;
use tandem::capability::endpoint::Endpoints;
use tandem::capability::http::{AllowedNetworks, HttpClient, NetworkOptions, NoLease};
use tandem::capability::storage::EmptyStorage;
use tandem::contract::{
    Batch, Cloud, ContactSelection, ExchangeEdition, FetchRequest, Finding, ImportMode, Instant,
    Mailbox, MailboxId, MailboxKind, Profile, PsaId, Scope, SecretState, Settings, TenantId,
    Window,
};
use tandem::runtime::{Clock, Component, Engine, EngineSettings, Grants, Limits};
use tandem::runtime::{Session, SessionConfig};
use tandem::{capability, contract};
use tokio::sync::Mutex;

/// The password of the account that most sessions sign in with.
pub const PASSWORD: &str = "correct-horse-battery-staple";

/// Loads a guest, each once for all tests: compiling takes longer than most of them.
pub async fn load(file: &str) -> Component {
    static LOADED: LazyLock<(Engine, Mutex<HashMap<String, Component>>)> = LazyLock::new(|| {
        let engine = Engine::new(&EngineSettings::default()).unwrap();
        (engine, Mutex::default())
    });
    let mut loaded = LOADED.1.lock().await;
    if let Some(component) = loaded.get(file) {
        return component.clone();
    }
    let component = Component::from_file(&LOADED.0, Path::new(file))
        .await
        .unwrap();
    loaded.insert(file.to_owned(), component.clone());
    component
}

/// Settings whose service lives at this address, with an order for the guest.
pub fn settings(service_url: &str, order: &str) -> Settings {
    Settings {
        enabled: true,
        profile_name: order.to_owned(),
        hosted: false,
        edition: ExchangeEdition::Microsoft365,
        server_address: String::new(),
        virtual_directory: String::new(),
        cloud: Cloud::Worldwide,
        domain: String::new(),
        use_graph: true,
        interval_minutes: 10,
        credentials: contract::Credentials::Basic(contract::Account {
            name: "sync".to_owned(),
            password: SecretState::Present,
        }),
        test_mailbox: None,
        impersonate: true,
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
        service_url: service_url.to_owned(),
    }
}

/// What the operator's file says: this server in place of Graph.
pub fn endpoints(service_url: &str) -> Endpoints {
    Endpoints {
        graph: service_url.parse().ok(),
        ..Endpoints::default()
    }
}

/// A client that may connect to these networks.
pub fn client(networks: &[&str]) -> HttpClient {
    HttpClient::new(&NetworkOptions {
        allowed_networks: AllowedNetworks::parse(networks).unwrap(),
        ..NetworkOptions::default()
    })
    .unwrap()
}

/// Signing in with [`PASSWORD`].
pub fn basic() -> Credentials {
    Credentials::basic("", "sync", SecretString::from(PASSWORD))
}

/// A session that may reach the service's address on loopback and signs in with [`PASSWORD`].
pub fn config(component: &Component, service_url: &str) -> SessionConfig {
    let settings = settings(service_url, "");
    SessionConfig {
        tenant: tenant(),
        mailbox: MailboxId {
            value: "anna".to_owned(),
        },
        grants: Grants::weigh(component.description(), &settings, &endpoints(service_url)),
        credentials: basic(),
        storage: Arc::new(EmptyStorage),
        clock: Clock::System,
        chance: Default::default(),
        lease: Arc::new(NoLease),
        http: client(&["127.0.0.0/8"]),
        limits: Limits::default(),
    }
}

pub fn tenant() -> TenantId {
    TenantId {
        value: "acme".to_owned(),
    }
}

/// Gives a guest an order in a session of its own; what it found, and what the host recorded.
pub async fn order(
    component: &Component,
    config: SessionConfig,
    service_url: &str,
    order: &str,
) -> (Vec<Finding>, tandem::runtime::SessionRecord) {
    let mut session = Session::open(component, config).await.unwrap();
    let findings = session
        .validate_config(&settings(service_url, order))
        .await
        .unwrap();
    (findings, session.finish())
}

/// The codes of findings.
pub fn codes(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect()
}

pub fn mailbox() -> Mailbox {
    Mailbox {
        tenant: tenant(),
        id: MailboxId {
            value: "anna".to_owned(),
        },
        kind: MailboxKind::User,
        address: "anna@example.com".to_owned(),
        zone: None,
        owner: PsaId {
            value: "1".to_owned(),
        },
    }
}

fn profile() -> Profile {
    Profile {
        import_appointments: true,
        export_appointments: true,
        export_to_dos: true,
        export_service_calls: true,
        export_contacts: true,
        past_days: 7,
        recurring_days: 30,
        own_password: SecretState::Absent,
    }
}

/// A batch without items at an instant.
pub fn batch(now: Instant, service_url: &str) -> Batch {
    Batch {
        now,
        mailbox: mailbox(),
        settings: settings(service_url, ""),
        profile: profile(),
        window: Window {
            start: now,
            end: now,
        },
        relinking: false,
        removing: false,
        groups: Vec::new(),
    }
}

/// A request for nothing in particular.
pub fn fetch_request(service_url: &str) -> FetchRequest {
    FetchRequest {
        mailbox: mailbox(),
        settings: settings(service_url, ""),
        profile: profile(),
        scope: Scope::Events(Vec::new()),
    }
}

/// What was not let out, in one text.
pub fn reasons(record: &tandem::runtime::SessionRecord) -> String {
    record
        .refused
        .iter()
        .map(|capability::http::RefusedRequest { url, reason }| format!("{url}: {reason}\n"))
        .collect()
}
