//! A tenant's settings document, and the switch that holds its cycles.
//!
//! The document is the contract's [`Settings`] as JSON. A save names the version that it was made
//! on, so that two admins never overwrite each other unseen. To save what shapes a cycle: keep the
//! tenant quiet for a while, wait until [`running`](super::lease::running) gives 0, save, and end it.

use std::time::Duration;

use super::codec;
use super::error::{Result, StoreError};
use super::statement::sql;
use super::transaction::{Source, Transaction};
use crate::contract::Settings;

/// A tenant's settings as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSettings {
    /// None before the first save.
    pub settings: Option<Settings>,
    /// 0 before the first save; rises by 1 with each.
    pub version: u64,
    /// No mailbox of the tenant is leased while this is set.
    pub paused: bool,
    /// While this is set, only mailboxes of the pilot group are leased for cycles.
    pub pilot_only: bool,
}

/// The tenant's settings.
///
/// # Errors
/// [`StoreError::NoSuchTenant`].
pub async fn get(mut source: impl Source) -> Result<StoredSettings> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT document, version, paused, pilot_only FROM settings WHERE tenant = $1",
            &tenant
        ))
        .await?;
    let row = rows.first().ok_or(StoreError::NoSuchTenant { tenant })?;
    let document: Option<String> = row.get("document")?;
    Ok(StoredSettings {
        settings: document
            .map(|text| codec::from_json("settings.document", &text))
            .transpose()?,
        version: row.unsigned("version")?,
        paused: row.get("paused")?,
        pilot_only: row.get("pilot_only")?,
    })
}

/// Saves the settings if they are still at the `expected` version, and gives the new version.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody saved meanwhile; [`StoreError::NoSuchTenant`].
pub async fn save(
    transaction: &mut Transaction,
    settings: &Settings,
    expected: u64,
) -> Result<u64> {
    let tenant = transaction.tenant_id();
    let document = codec::json("settings.document", settings)?;
    let before = i64::try_from(expected).unwrap_or(i64::MAX);
    let saved = transaction
        .execute(sql!(
            "UPDATE settings SET document = $2, version = version + 1, enabled = $4
              WHERE tenant = $1 AND version = $3",
            &tenant,
            document,
            before,
            settings.enabled,
        ))
        .await?;
    if saved == 1 {
        return Ok(expected.saturating_add(1));
    }
    let found = get(&mut *transaction).await?.version;
    Err(StoreError::Conflict {
        what: "settings",
        id: tenant.value,
        expected,
        found,
    })
}

/// Holds the tenant's cycles, or lets them go on. Running ones are not touched. Once this is
/// committed, no new lease is given.
///
/// # Errors
/// [`StoreError::NoSuchTenant`].
pub async fn set_paused(transaction: &mut Transaction, paused: bool) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE settings SET paused = $2 WHERE tenant = $1",
        &tenant,
        paused
    );
    match transaction.execute(statement).await? {
        0 => Err(StoreError::NoSuchTenant { tenant }),
        _ => Ok(()),
    }
}

/// Lets cycles run for the pilot group only, or for everybody. Running ones are not touched.
///
/// # Errors
/// [`StoreError::NoSuchTenant`].
pub async fn set_pilot_only(transaction: &mut Transaction, pilot_only: bool) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE settings SET pilot_only = $2 WHERE tenant = $1",
        &tenant,
        pilot_only
    );
    match transaction.execute(statement).await? {
        0 => Err(StoreError::NoSuchTenant { tenant }),
        _ => Ok(()),
    }
}

/// Gives no new lease of the tenant for so long; running cycles are not touched. Zero ends it.
///
/// # Errors
/// [`StoreError::NoSuchTenant`].
pub async fn keep_quiet(transaction: &mut Transaction, during: Duration) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE settings SET quiet_until = CASE WHEN $2 > 0 THEN {now} + $2 ELSE 0 END
          WHERE tenant = $1",
        &tenant,
        i64::try_from(during.as_micros()).unwrap_or(i64::MAX),
    );
    match transaction.execute(statement).await? {
        0 => Err(StoreError::NoSuchTenant { tenant }),
        _ => Ok(()),
    }
}
