//! Asking the real server whether a tenant's settings work, outside any cycle.

use std::sync::Arc;

use secrecy::SecretString;

use super::run::CycleError;
use crate::capability::credentials::Credentials;
use crate::capability::http::NoLease;
use crate::capability::storage::EmptyStorage;
use crate::contract::{Finding, MailboxId, Settings};
use crate::host::{Host, tenant_secret};
use crate::runtime::{Grants, Session, SessionConfig};
use crate::store::{Tenant, mailbox, settings};

/// Has the plugin ask the server with the stored settings and secret.
///
/// # Errors
/// When there are no settings, or the plugin cannot be run.
pub async fn validate(host: &Host, tenant: &Tenant) -> Result<Vec<Finding>, CycleError> {
    let stored = settings::get(tenant).await?.settings.ok_or_else(|| {
        CycleError::NotReady("the tenant has no settings yet; see `tandem apply`".to_owned())
    })?;
    let secret = tenant_secret(tenant, &stored).await?;
    ask(host, tenant, &stored, secret, None).await
}

/// Has the plugin ask the server with these settings and this secret, stored or not. `user` is the
/// mailbox to ask where the settings name none; failing that, the first enabled user's.
///
/// # Errors
/// When the settings lead nowhere, or the plugin cannot be run.
pub async fn ask(
    host: &Host,
    tenant: &Tenant,
    settings: &Settings,
    secret: Option<SecretString>,
    user: Option<String>,
) -> Result<Vec<Finding>, CycleError> {
    let addressed = host.addressed(settings)?;
    let test_mailbox = match addressed.test_mailbox.clone().or(user) {
        Some(address) => Some(address),
        None => mailbox::list(tenant)
            .await?
            .into_iter()
            .find(|record| record.enabled)
            .map(|record| record.mailbox.address),
    };
    let settings = Settings {
        test_mailbox,
        ..addressed
    };
    let component = host.component(&settings);
    let description = component.description();
    let mut session = Session::open(
        component,
        SessionConfig {
            tenant: tenant.id().clone(),
            mailbox: MailboxId {
                value: String::new(),
            },
            grants: Grants::weigh(description, &settings, &host.endpoints),
            credentials: Credentials::of_settings(
                tenant.id(),
                &settings,
                description,
                &host.endpoints,
                secret,
                &host.tokens,
            )?,
            storage: Arc::new(EmptyStorage),
            clock: host.clock,
            chance: host.chance.clone(),
            lease: Arc::new(NoLease),
            http: host.http.clone(),
            limits: host.limits.clone(),
        },
    )
    .await?;
    Ok(session.validate_config(&settings).await?)
}
