//! Asking the real server whether a tenant's settings work, outside any cycle.

use std::sync::Arc;

use secrecy::SecretString;

use super::run::CycleError;
use super::sign_in;
use crate::capability::credentials::Credentials;
use crate::capability::http::NoLease;
use crate::capability::storage::EmptyStorage;
use crate::contract::{Field, Finding, MailboxId, SecretState, Settings, Severity};
use crate::host::{Host, tenant_secret};
use crate::runtime::{Grants, Session, SessionConfig};
use crate::store::mailbox::MailboxRecord;
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
        None => mailbox::first_enabled(tenant)
            .await?
            .map(|record| record.mailbox.address),
    };
    let settings = Settings {
        test_mailbox,
        ..addressed
    };
    let component = host.component(&settings);
    let description = component.description();
    let credentials = if sign_in::is_own(&settings) {
        let record = match &settings.test_mailbox {
            Some(address) => mailbox::of_address(tenant, address).await?,
            None => None,
        };
        match record.filter(has_own_password) {
            Some(record) => {
                sign_in::of_mailbox(host, tenant, &settings, description, &record).await?
            }
            None => return Ok(vec![nobody_to_try()]),
        }
    } else {
        Credentials::of_settings(
            tenant.id(),
            &settings,
            description,
            &host.endpoints,
            secret,
            &host.tokens,
        )?
    };
    let mut session = Session::open(
        component,
        SessionConfig {
            tenant: tenant.id().clone(),
            mailbox: MailboxId {
                value: String::new(),
            },
            grants: Grants::weigh(description, &settings, &host.endpoints),
            credentials,
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

fn has_own_password(record: &MailboxRecord) -> bool {
    let profile = record.profile.as_ref();
    profile.is_some_and(|profile| profile.own_password == SecretState::Present)
}

/// Each user signs in with an own password, and the one whose mailbox is tried has not given it yet.
fn nobody_to_try() -> Finding {
    Finding {
        field: Field::OwnPassword,
        severity: Severity::Warning,
        code: "own-password-missing".to_owned(),
        text:
            "nothing could be asked: each user signs in with an own password, and that of the test \
               mailbox is not stored yet"
                .to_owned(),
        hint: "enter it on the user's profile tab, then ask again".to_owned(),
    }
}
