//! What all cycles share: the database, the plugins, the way to the network and the clock.

use std::time::Duration;

use crate::capability::endpoint::{EndpointError, Endpoints, service_url, without_trailing_slash};
use crate::capability::http::HttpClient;
use crate::capability::token::TokenCache;
use crate::contract::{SecretState, Settings};
use crate::psa::WebAddress;
use crate::runtime::embedded::{Components, Embedded};
use crate::runtime::{Chance, Clock, Component, Limits};
use crate::store::{Store, StoreError, Tenant, secret};

/// How long a lease lasts where the operator says nothing.
pub const LEASE: Duration = Duration::from_secs(300);

/// A host at work. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    /// The database.
    pub store: Store,
    /// A component for each provider.
    pub components: Components,
    /// The way to the network.
    pub http: HttpClient,
    /// What the operator puts in place of Microsoft's addresses.
    pub endpoints: Endpoints,
    /// Bearer tokens of all tenants.
    pub tokens: TokenCache,
    /// What time it is.
    pub clock: Clock,
    /// Where plugins' randomness comes from.
    pub chance: Chance,
    /// What a plugin may use.
    pub limits: Limits,
    /// Where people open the PSA's items.
    pub web_address: WebAddress,
    /// How long a lease lasts; a cycle extends it at each of its steps.
    pub lease: Duration,
    /// How often a cycle runs, in place of the tenants' intervals: for the demo and for tests.
    pub pace: Option<Duration>,
    /// This host's name on leases, new with each start.
    pub owner: String,
}

impl Host {
    /// The component that serves these settings.
    #[must_use]
    pub const fn component(&self, settings: &Settings) -> &Component {
        self.components.get(Embedded::of(settings))
    }

    /// Stored settings as a plugin gets them: with the address of the service, and saying whether
    /// a secret is there.
    ///
    /// # Errors
    /// [`EndpointError`] when the settings lead to no address.
    pub fn addressed(&self, settings: &Settings) -> Result<Settings, EndpointError> {
        let url = service_url(settings, &self.endpoints)?;
        Ok(Settings {
            service_url: without_trailing_slash(&url),
            ..settings.clone()
        })
    }
}

/// The secret that a tenant's settings sign in with.
///
/// # Errors
/// When the database does not answer, or the key is not the one it was sealed with.
pub async fn tenant_secret(
    tenant: &Tenant,
    settings: &Settings,
) -> Result<Option<secrecy::SecretString>, StoreError> {
    secret::get(tenant, secret_name(settings)).await
}

/// Under which name a tenant's secret is stored.
#[must_use]
pub fn secret_name(settings: &Settings) -> &'static str {
    match settings.credentials {
        crate::contract::Credentials::Oauth(_) => secret::CLIENT_SECRET,
        crate::contract::Credentials::Basic(_) => secret::PASSWORD,
    }
}

/// Whether a secret is there.
#[must_use]
pub fn state(secret: Option<&secrecy::SecretString>) -> SecretState {
    if secret.is_some() {
        SecretState::Present
    } else {
        SecretState::Absent
    }
}
