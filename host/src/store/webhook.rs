//! Subscriptions: who is told that a tenant's records changed, up to which version they were told,
//! and when the next try is due.
//!
//! What is told is a version and never a record, so one row holds all that is owed: a subscriber who
//! was away for a day is told once, of the newest version. A try is begun in the database before
//! anything is sent, so that of several hosts one makes it.

use std::time::Duration;

use secrecy::SecretString;

use super::database::Database;
use super::error::{Result, StoreError};
use super::statement::{Row, sql};
use super::transaction::{Source, Transaction};
use super::{codec, secret};
use crate::contract::{Instant, RowVersion, TenantId};

/// The most subscriptions that a tenant has.
pub const MOST: usize = 20;

/// For how long the secret before an exchange signs too, in microseconds: 24 hours.
pub const OVERLAP: i64 = 24 * 60 * 60 * 1_000_000;

/// A subscription.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Its key.
    pub id: String,
    /// Whose.
    pub tenant: TenantId,
    /// Rises with each change of the subscription itself.
    pub version: RowVersion,
    /// Where messages go.
    pub url: String,
    /// Messages go out.
    pub active: bool,
    /// The version of PSA rows up to which the subscriber was told; 0 for none.
    pub told: u64,
    /// How many tries were begun.
    pub tries: u64,
    /// How many tries failed since the last success.
    pub failures: u64,
    /// Since when they fail.
    pub failing_since: Option<Instant>,
    /// What came of the last try, where it failed.
    pub error: Option<String>,
    /// No try before this instant.
    pub due: Instant,
    /// When it was made.
    pub created: Instant,
    /// When it was changed last.
    pub changed: Instant,
}

/// A subscription that is owed a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Owed {
    /// Whose.
    pub webhook: Webhook,
    /// The version up to which there is something to tell.
    pub reached: u64,
}

/// What a person changes; what is none stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edit {
    /// Where messages go.
    pub url: Option<String>,
    /// Messages go out. To switch it on forgets earlier failures.
    pub active: Option<bool>,
}

macro_rules! select {
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT w.tenant, w.id, w.version, w.url, w.active, w.told, w.tries, w.failures, \
             w.failing_since, w.error, w.due, w.created, w.changed",
            $more,
            " FROM webhook w ",
            $rest
        )
    };
}

/// Makes a subscription that is told of what changes from now on.
///
/// # Errors
/// [`StoreError::Invalid`] when there are [`MOST`] already; [`StoreError::NoSuchTenant`].
pub async fn create(
    transaction: &mut Transaction,
    url: &str,
    signing: &SecretString,
) -> Result<Webhook> {
    let tenant = transaction.tenant_id();
    // The lock on the tenant's row makes those who count wait for each other.
    let now_at = transaction
        .one(sql!(
            "UPDATE tenant SET psa_version = psa_version WHERE tenant = $1 RETURNING psa_version",
            &tenant
        ))
        .await?
        .get::<i64>("psa_version")?;
    if list(&mut *transaction).await?.len() >= MOST {
        return Err(StoreError::Invalid {
            field: "url",
            rule: format!("there are {MOST} webhooks already; delete one first"),
        });
    }
    let id = transaction.new_id();
    transaction
        .execute(sql!(
            "INSERT INTO webhook (tenant, id, version, url, active, told, tries, failures, due,
                                  created, changed)
             VALUES ($1, $2, 1, $3, $4, $5, 0, 0, {now}, {now}, {now})",
            &tenant,
            &id,
            url,
            true,
            now_at,
        ))
        .await?;
    secret::put(transaction, &current(&id), signing).await?;
    get(&mut *transaction, &id).await
}

/// Changes a subscription that is still at the `expected` version. An edit that changes nothing
/// writes nothing.
///
/// # Errors
/// [`StoreError::Conflict`]; [`StoreError::NotFound`].
pub async fn edit(
    transaction: &mut Transaction,
    id: &str,
    expected: RowVersion,
    edit: &Edit,
) -> Result<Webhook> {
    let before = at(transaction, id, expected).await?;
    let url = edit.url.as_ref().unwrap_or(&before.url);
    let active = edit.active.unwrap_or(before.active);
    if *url == before.url && active == before.active {
        return Ok(before);
    }
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE webhook SET version = version + 1, url = $3, active = $4, failures = 0,
                    failing_since = NULL, error = NULL, due = {now}, changed = {now}
              WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
            url,
            active,
        ))
        .await?;
    get(&mut *transaction, id).await
}

/// Gives a subscription another secret. The one before signs too for [`OVERLAP`].
///
/// # Errors
/// As [`edit`].
pub async fn rotate(
    transaction: &mut Transaction,
    id: &str,
    expected: RowVersion,
    signing: &SecretString,
) -> Result<Webhook> {
    at(transaction, id, expected).await?;
    if let Some(before) = secret::get(&mut *transaction, &current(id)).await? {
        secret::put(transaction, &former(id), &before).await?;
    }
    secret::put(transaction, &current(id), signing).await?;
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE webhook SET version = version + 1, rotated = {now}, changed = {now}
              WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
        ))
        .await?;
    get(&mut *transaction, id).await
}

/// Ends a subscription that is still at the `expected` version.
///
/// # Errors
/// As [`edit`].
pub async fn delete(transaction: &mut Transaction, id: &str, expected: RowVersion) -> Result<()> {
    at(transaction, id, expected).await?;
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM webhook WHERE tenant = $1 AND id = $2",
            &tenant,
            id
        ))
        .await?;
    secret::remove(transaction, &current(id)).await?;
    secret::remove(transaction, &former(id)).await
}

/// A subscription.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(mut source: impl Source, id: &str) -> Result<Webhook> {
    let tenant = source.tenant().clone();
    let text = select!("", "WHERE w.tenant = $1 AND w.id = $2");
    let rows = source.fetch(sql!(text, &tenant, id)).await?;
    let missing = || StoreError::NotFound {
        what: "webhook",
        id: id.to_owned(),
    };
    read(rows.first().ok_or_else(missing)?)
}

/// The tenant's subscriptions, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(mut source: impl Source) -> Result<Vec<Webhook>> {
    let tenant = source.tenant().clone();
    let text = select!("", "WHERE w.tenant = $1 ORDER BY w.id");
    let rows = source.fetch(sql!(text, &tenant)).await?;
    rows.iter().map(read).collect()
}

/// The secrets that sign a message now, the newest first.
///
/// # Errors
/// [`StoreError::WrongKey`].
pub async fn secrets(transaction: &mut Transaction, id: &str) -> Result<Vec<SecretString>> {
    let tenant = transaction.tenant_id();
    let overlaps = Source::fetch(
        &mut &mut *transaction,
        sql!(
            "SELECT id FROM webhook WHERE tenant = $1 AND id = $2 AND rotated > {now} - $3",
            &tenant,
            id,
            OVERLAP,
        ),
    )
    .await?;
    let mut secrets = Vec::new();
    secrets.extend(secret::get(&mut *transaction, &current(id)).await?);
    if !overlaps.is_empty() {
        secrets.extend(secret::get(&mut *transaction, &former(id)).await?);
    }
    Ok(secrets)
}

/// Subscriptions of all tenants that are owed a message and may be tried now, the longest waiting
/// first; for the sender.
///
/// # Errors
/// When the database does not answer.
pub async fn owed(database: &Database, limit: u32) -> Result<Vec<Owed>> {
    let text = select!(
        ", t.psa_version AS reached",
        "JOIN tenant t ON t.tenant = w.tenant
          WHERE w.active AND t.psa_version > w.told AND w.due <= {now} ORDER BY w.due LIMIT $1"
    );
    let rows = database.fetch(sql!(text, limit)).await?;
    rows.iter()
        .map(|row| {
            Ok(Owed {
                webhook: read(row)?,
                reached: row.unsigned("reached")?,
            })
        })
        .collect()
}

/// Begins a try of a subscription that saw so many `tries`; until `hold` is over no other begins.
/// Of several hosts that see the subscription only one gets true. A host that dies meanwhile leaves
/// it to be tried again.
///
/// # Errors
/// When the database refuses it.
pub async fn begin_try(
    transaction: &mut Transaction,
    id: &str,
    tries: u64,
    hold: Duration,
) -> Result<bool> {
    let tenant = transaction.tenant_id();
    let begun = transaction
        .execute(sql!(
            "UPDATE webhook SET tries = tries + 1, due = {now} + $4
              WHERE tenant = $1 AND id = $2 AND tries = $3 AND active",
            &tenant,
            id,
            i64::try_from(tries).unwrap_or(i64::MAX),
            micros(hold),
        ))
        .await?;
    Ok(begun == 1)
}

/// Notes that the subscriber was told.
///
/// # Errors
/// When the database refuses it.
pub async fn note_told(transaction: &mut Transaction, id: &str, version: u64) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE webhook SET told = CASE WHEN told < $3 THEN $3 ELSE told END, failures = 0,
                    failing_since = NULL, error = NULL, due = {now}
              WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
            codec::version_number(RowVersion { number: version })?,
        ))
        .await?;
    Ok(())
}

/// Notes why a try failed; the next one follows after `pause`.
///
/// # Errors
/// When the database refuses it.
pub async fn note_failed(
    transaction: &mut Transaction,
    id: &str,
    error: &str,
    pause: Duration,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE webhook SET failures = failures + 1, error = $3, due = {now} + $4,
                    failing_since = COALESCE(failing_since, {now})
              WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
            error,
            micros(pause),
        ))
        .await?;
    Ok(())
}

/// Ends the tries until somebody switches the subscription on again. What failed stays to be read.
///
/// # Errors
/// When the database refuses it.
pub async fn switch_off(transaction: &mut Transaction, id: &str) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE webhook SET active = $3, version = version + 1, changed = {now}
              WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
            false,
        ))
        .await?;
    Ok(())
}

/// The row at this version, or why a person's change is refused. The write makes others wait.
async fn at(transaction: &mut Transaction, id: &str, expected: RowVersion) -> Result<Webhook> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE webhook SET version = version WHERE tenant = $1 AND id = $2",
            &tenant,
            id
        ))
        .await?;
    let webhook = get(&mut *transaction, id).await?;
    match webhook.version == expected {
        true => Ok(webhook),
        false => Err(StoreError::Conflict {
            what: "webhook",
            id: id.to_owned(),
            expected: expected.number,
            found: webhook.version.number,
        }),
    }
}

fn current(id: &str) -> String {
    format!("webhook/{id}")
}

fn former(id: &str) -> String {
    format!("webhook/{id}/former")
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn read(row: &Row) -> Result<Webhook> {
    Ok(Webhook {
        id: row.get("id")?,
        tenant: TenantId {
            value: row.get("tenant")?,
        },
        version: RowVersion {
            number: row.unsigned("version")?,
        },
        url: row.get("url")?,
        active: row.get("active")?,
        told: row.unsigned("told")?,
        tries: row.unsigned("tries")?,
        failures: row.unsigned("failures")?,
        failing_since: row.maybe_instant("failing_since")?,
        error: row.get("error")?,
        due: row.instant("due")?,
        created: row.instant("created")?,
        changed: row.instant("changed")?,
    })
}
