//! Saving: a tenant's settings and users, checked first, then written as a whole or not at all
//! (behaviour, section 1).

use std::time::Duration;

use tokio::time::Instant;

use super::check::{check_resource, check_settings, check_together};
use super::document::{ApplyFile, CredentialsDocument, ResourceDocument, SettingsDocument};
use super::effective::settings;
use super::names::both;
use super::user;
use super::welcome::{Enabler, Welcome};
use crate::contract::{Finding, PsaId, SecretState, Settings, Severity, TenantId};
use crate::cycle::{CycleError, validate};
use crate::host::{Host, secret_name, state, tenant_secret};
use crate::psa::resource::{self, Resource};
use crate::store::{StoreError, Tenant, Transaction, lease, mailbox, secret, settings as stored};

/// How long a save waits for running cycles before it is refused.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it waits at most when somebody asked that no new cycle begins until then: longer than the
/// first cycle of a large mailbox takes.
const LONG_PATIENCE: Duration = Duration::from_secs(60 * 60);

/// For how long no new cycle begins while a save is made: longer than one takes.
const QUIET: Duration = Duration::from_secs(30);

/// Why nothing was saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Fields are wrong.
    #[error("{}", listed(.0))]
    Wrong(Vec<(String, Finding)>),
    /// A cycle runs.
    #[error(
        "the changes cannot be saved now because a synchronisation is in progress; try again later. If it \
         is always in progress, raise the interval to at least an hour, wait, save, and set it back"
    )]
    InProgress,
    /// The tenant's name cannot be one.
    #[error("`{0}` cannot be a tenant; use lower-case letters, digits and hyphens")]
    BadTenant(String),
    /// The tenant is new and has no settings.
    #[error("the tenant `{0}` is not known yet; give its settings in a table [settings]")]
    NoSettings(String),
    /// The server could not be asked.
    #[error(transparent)]
    Ask(#[from] CycleError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn listed(wrong: &[(String, Finding)]) -> String {
    let lines: Vec<String> = wrong
        .iter()
        .map(|(place, finding)| format!("{place}: {}; to do: {}", finding.text, finding.hint))
        .collect();
    lines.join("\n")
}

/// What a save did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saved {
    /// The tenant is new.
    pub tenant_is_new: bool,
    /// The settings are others than before.
    pub settings_changed: bool,
    /// Links will be made again (a full re-synchronisation).
    pub resynchronises: bool,
    /// Users written.
    pub resources: usize,
    /// What the server said, and what could not be checked. Nothing of it is an error.
    pub findings: Vec<Finding>,
}

/// Checks and saves a file's contents.
///
/// # Errors
/// [`SaveError::Wrong`] names every field that is wrong, and nothing is saved.
pub async fn save(host: &Host, file: &ApplyFile) -> Result<Saved, SaveError> {
    save_at(host, file, None).await
}

/// The same, if the settings are still at the `expected` version; none takes them as they are.
///
/// # Errors
/// As [`save`]; [`StoreError::Conflict`] when somebody saved meanwhile.
pub async fn save_at(
    host: &Host,
    file: &ApplyFile,
    expected: Option<u64>,
) -> Result<Saved, SaveError> {
    save_within(host, file, expected, PATIENCE).await
}

/// The same, but new cycles are held until the running ones have ended, for an hour at most: else a
/// large tenant could never save (behaviour, section 1). Who drops it on the way ends the holding with
/// [`let_cycles_begin`], or half a minute later.
///
/// # Errors
/// As [`save_at`].
pub async fn save_when_ended(
    host: &Host,
    file: &ApplyFile,
    expected: Option<u64>,
) -> Result<Saved, SaveError> {
    save_within(host, file, expected, LONG_PATIENCE).await
}

async fn save_within(
    host: &Host,
    file: &ApplyFile,
    expected: Option<u64>,
    patience: Duration,
) -> Result<Saved, SaveError> {
    let id = TenantId {
        value: file.tenant.trim().to_owned(),
    };
    let is_name = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
    if id.value.is_empty() || id.value.len() > 63 || !id.value.chars().all(is_name) {
        return Err(SaveError::BadTenant(id.value));
    }
    let tenants = host.store.tenants();
    let mut saved = Saved {
        tenant_is_new: !tenants.exists(&id).await?,
        ..Saved::default()
    };
    let tenant = host.store.tenant(&id);
    let (before, version) = if saved.tenant_is_new {
        (None, 0)
    } else {
        let stored = stored::get(&tenant).await?;
        (stored.settings, stored.version)
    };
    is_at(&tenant, expected, version)?;
    if before.is_none() && file.settings.is_none() && file.resource.is_empty() {
        // All else is left to the pages.
        if saved.tenant_is_new {
            tenants.create(&id, &id.value).await?;
        }
        return Ok(saved);
    }
    let after = wanted(&tenant, file, before.as_ref()).await?;
    let label = if after.profile_name.is_empty() {
        &id.value
    } else {
        &after.profile_name
    };
    saved.settings_changed = before.as_ref() != Some(&after);
    let secret = file.settings.as_ref().and_then(given_secret);
    if saved.settings_changed || secret.is_some() {
        saved.findings = asked(host, &tenant, file, &after, secret).await?;
    }
    if saved.tenant_is_new {
        tenants.create(&id, label).await?;
    }
    let shapes = saved.settings_changed
        && before.as_ref().is_some_and(|before| shapes(before, &after))
        || secret.is_some() && before.is_some();
    if shapes {
        quiet(&tenant, patience).await?;
    }
    let planned = Planned {
        file,
        before: before.as_ref(),
        version,
        after: &after,
        secret,
    };
    let result = write(host, &tenant, planned, &mut saved).await;
    if shapes {
        let_cycles_begin(&tenant).await?;
    }
    result.map(|()| saved)
}

/// The settings as they are to be, held against every rule together with the users.
async fn wanted(
    tenant: &Tenant,
    file: &ApplyFile,
    before: Option<&Settings>,
) -> Result<Settings, SaveError> {
    let mut wrong = Vec::new();
    let after = match (&file.settings, before) {
        (Some(document), before) => {
            let secret = match before {
                Some(_) => secret_state(tenant, document).await?,
                None => state(given_secret(document)),
            };
            let findings = check_settings(document, secret);
            wrong.extend(findings.into_iter().map(at_settings));
            settings(document, secret)
        }
        (None, Some(before)) => before.clone(),
        (None, None) => return Err(SaveError::NoSettings(file.tenant.clone())),
    };
    for resource in &file.resource {
        let place = format!("resource `{}`", resource.id);
        wrong.extend(
            check_resource(resource)
                .into_iter()
                .map(|finding| (place.clone(), finding)),
        );
    }
    let together = check_together(&file.resource).into_iter();
    wrong.extend(together.map(|finding| ("resource".to_owned(), finding)));
    if wrong.is_empty() {
        Ok(after)
    } else {
        Err(SaveError::Wrong(wrong))
    }
}

/// Has the server really asked. What it calls wrong blocks the save, what it could not be asked does
/// not.
async fn asked(
    host: &Host,
    tenant: &Tenant,
    file: &ApplyFile,
    after: &Settings,
    given: Option<&secrecy::SecretString>,
) -> Result<Vec<Finding>, SaveError> {
    let secret = match given {
        Some(given) => Some(given.clone()),
        None => tenant_secret(tenant, after).await?,
    };
    let first = file.resource.iter().find(|resource| resource.enabled);
    let user = first.map(|resource| resource.mailbox.trim().to_owned());
    let (wrong, rest): (Vec<Finding>, Vec<Finding>) =
        validate::ask(host, tenant, after, secret, user)
            .await?
            .into_iter()
            .partition(|finding| finding.severity == Severity::Error);
    if wrong.is_empty() {
        Ok(rest)
    } else {
        Err(SaveError::Wrong(
            wrong.into_iter().map(at_settings).collect(),
        ))
    }
}

/// Whether a known tenant has a secret for these credentials: given with them, or stored. A client secret is
/// no password: what is stored counts for its own kind.
///
/// # Errors
/// When the database does not answer, or the key is not the one it was sealed with.
pub async fn secret_state(
    tenant: &Tenant,
    document: &SettingsDocument,
) -> Result<SecretState, StoreError> {
    match given_secret(document) {
        Some(_) => Ok(SecretState::Present),
        None => {
            let wanted = settings(document, SecretState::Absent);
            Ok(state(tenant_secret(tenant, &wanted).await?.as_ref()))
        }
    }
}

/// What was found, with where it stands.
fn at_settings(finding: Finding) -> (String, Finding) {
    (format!("settings, {}", both(finding.field)), finding)
}

fn given_secret(document: &SettingsDocument) -> Option<&secrecy::SecretString> {
    match document.credentials.as_ref()? {
        CredentialsDocument::Oauth { client_secret, .. } => client_secret.as_ref(),
        CredentialsDocument::Basic { password, .. } => password.as_ref(),
    }
}

/// Whether a change shapes what a cycle does. Raising the interval, ending the integration and the
/// notification addresses can always be saved.
fn shapes(before: &Settings, after: &Settings) -> bool {
    let neutral = Settings {
        interval_minutes: before.interval_minutes.max(after.interval_minutes),
        enabled: before.enabled,
        error_addresses: before.error_addresses.clone(),
        profile_name: before.profile_name.clone(),
        ..after.clone()
    };
    let raised = Settings {
        interval_minutes: before.interval_minutes.max(after.interval_minutes),
        ..before.clone()
    };
    neutral != raised
        || (after.enabled && !before.enabled)
        || after.interval_minutes < before.interval_minutes
}

/// Stops new leases and waits for the cycles that run.
async fn quiet(tenant: &Tenant, patience: Duration) -> Result<(), SaveError> {
    hold_cycles(tenant, QUIET).await?;
    let until = Instant::now() + patience;
    let mut held = Instant::now();
    while lease::running(tenant).await? > 0 {
        if Instant::now() >= until {
            let_cycles_begin(tenant).await?;
            return Err(SaveError::InProgress);
        }
        if held.elapsed() > QUIET / 3 {
            hold_cycles(tenant, QUIET).await?;
            held = Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Lets cycles begin again that a save held.
///
/// # Errors
/// When the database does not answer.
pub async fn let_cycles_begin(tenant: &Tenant) -> Result<(), StoreError> {
    hold_cycles(tenant, Duration::ZERO).await
}

async fn hold_cycles(tenant: &Tenant, during: Duration) -> Result<(), StoreError> {
    let mut transaction = tenant.begin().await?;
    stored::keep_quiet(&mut transaction, during).await?;
    transaction.commit().await
}

/// What was checked, and on which version of the settings.
struct Planned<'a> {
    file: &'a ApplyFile,
    before: Option<&'a Settings>,
    version: u64,
    after: &'a Settings,
    secret: Option<&'a secrecy::SecretString>,
}

fn is_at(tenant: &Tenant, expected: Option<u64>, found: u64) -> Result<(), StoreError> {
    match expected {
        Some(expected) if expected != found => Err(StoreError::Conflict {
            what: "settings",
            id: tenant.id().value.clone(),
            expected,
            found,
        }),
        _ => Ok(()),
    }
}

async fn write(
    host: &Host,
    tenant: &Tenant,
    planned: Planned<'_>,
    saved: &mut Saved,
) -> Result<(), SaveError> {
    let Planned {
        file,
        before,
        version,
        after,
        secret,
    } = planned;
    let mut transaction = tenant.begin().await?;
    let found = stored::get(&mut transaction).await?.version;
    is_at(tenant, Some(version), found)?;
    if let Some(value) = secret {
        secret::put(&mut transaction, secret_name(after), value).await?;
    }
    if saved.settings_changed {
        stored::save(&mut transaction, after, version).await?;
    }
    // Only the operator's way, `tandem apply`, brings users with it.
    let welcome = Welcome {
        by: Enabler::Operator,
        web: &host.web_address,
    };
    for resource in &file.resource {
        write_resource(&mut transaction, resource, after, &welcome).await?;
        saved.resources += 1;
    }
    if let Some(before) = before.filter(|before| shapes(before, after)) {
        saved.resynchronises = moves_elsewhere(before, after);
        if has_other_server(before, after) {
            mailbox::move_all(&mut transaction).await?;
        }
        for record in mailbox::list(&mut transaction).await? {
            mailbox::read_again(&mut transaction, &record.mailbox.id, saved.resynchronises).await?;
        }
    }
    if saved.settings_changed {
        mailbox::public_folder::keep(&mut transaction, after).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// What a change of settings starts in every mailbox (behaviour, sections 1 and 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// A full re-synchronisation.
    Resynchronisation,
    /// A hand-over from one provider to the other.
    HandOver,
}

/// What a save would start beside itself.
#[must_use]
pub fn consequences(before: &Settings, after: &Settings) -> Vec<Consequence> {
    let elsewhere = moves_elsewhere(before, after).then_some(Consequence::Resynchronisation);
    let handed = (before.use_graph != after.use_graph).then_some(Consequence::HandOver);
    elsewhere.into_iter().chain(handed).collect()
}

/// Changes that start a full re-synchronisation.
fn moves_elsewhere(before: &Settings, after: &Settings) -> bool {
    before.edition != after.edition
        || before.server_address != after.server_address
        || before.virtual_directory != after.virtual_directory
        || before.domain != after.domain
}

/// Exchange Web Services of another server, which knows its items by ids of its own. Graph is one for all.
fn has_other_server(before: &Settings, after: &Settings) -> bool {
    !before.use_graph
        && !after.use_graph
        && (before.edition, &before.server_address) != (after.edition, &after.server_address)
}

async fn write_resource(
    transaction: &mut Transaction,
    document: &ResourceDocument,
    settings: &Settings,
    welcome: &Welcome<'_>,
) -> Result<(), SaveError> {
    let id = PsaId {
        value: document.id.trim().to_owned(),
    };
    let fields = Resource {
        name: document.name.trim().to_owned(),
        email: document.mailbox.trim().to_owned(),
        working_hours: None,
        active: true,
        territory: None,
        security_level: None,
    };
    match resource::get(&mut *transaction, &id).await {
        Ok(known) if known.fields.name == fields.name && known.fields.email == fields.email => {}
        Ok(known) => {
            let fields = Resource {
                name: fields.name,
                email: fields.email,
                ..known.fields
            };
            resource::replace(transaction, &id, known.version, &fields).await?;
        }
        Err(StoreError::NotFound { .. }) => {
            resource::create(transaction, Some(&id), &fields).await?;
        }
        Err(error) => return Err(error.into()),
    }
    let address = document.enabled.then_some(document.mailbox.as_str());
    let permitted = user::permit(transaction, &id, document.enabled, address).await?;
    if let Some(choices) = document.profile.as_ref().filter(|_| document.enabled)
        && let Some(mailbox) = mailbox::of_resource(&mut *transaction, &id).await?
    {
        user::choose(transaction, &mailbox, choices, settings).await?;
    }
    if permitted.newly {
        welcome.write(transaction, &id).await?;
    }
    Ok(())
}
