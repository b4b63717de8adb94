//! Intents: writes to Exchange that may have been sent and have no outcome yet.
//!
//! An intent says what may have happened, never what to do. Those that were prepared and never
//! sent are dropped, since the plan makes them again; those that were sent are looked up in
//! Exchange by their key or marker, and then removed with the outcome, in one transaction with the
//! link and the history.

use super::codec;
use super::error::{Result, StoreError};
use super::statement::sql;
use super::transaction::{Source, Transaction};
use crate::contract::{Instant, LinkId, MailboxId, Marker, Operation};
use serde::{Deserialize, Serialize};

/// How far a write came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IntentState {
    /// Committed with the plan; nothing was sent.
    Prepared,
    /// Handed to the provider; it may have taken effect.
    Sent,
}

/// A write that may have been sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// The idempotency key, a UUID.
    pub key: String,
    /// Into which mailbox.
    pub mailbox: MailboxId,
    /// In which cycle it was planned.
    pub cycle: String,
    /// Which pair.
    pub link: Option<LinkId>,
    /// The link's generation when it was planned.
    pub generation: u32,
    /// What was planned.
    pub operation: Operation,
    /// What a new copy is marked with.
    pub marker: Option<Marker>,
    /// How far it came.
    pub state: IntentState,
    /// When it was prepared; set by the store.
    pub created: Instant,
}

/// Keeps intents before anything is sent, in their order. `state` and `created` are the store's.
///
/// # Errors
/// [`StoreError::IntentPending`] for a key that has no outcome yet.
pub async fn prepare(transaction: &mut Transaction, intents: &[Intent]) -> Result<()> {
    let tenant = transaction.tenant_id();
    for (position, intent) in (0i64..).zip(intents) {
        let statement =
            sql!(
            "INSERT INTO intent (tenant, key, mailbox, cycle, link, generation, operation, marker,
                                 state, created, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, {now}, $10) ON CONFLICT DO NOTHING",
            &tenant,
            &intent.key,
            &intent.mailbox,
            &intent.cycle,
            intent.link.as_ref().map(|l| l.value.as_str()),
            intent.generation,
            codec::json("intent.operation", &intent.operation)?,
            intent.marker.as_ref().map(|m| codec::json("intent.marker", m)).transpose()?,
            codec::name("intent.state", &IntentState::Prepared)?,
            position,
        );
        if transaction.execute(statement).await? == 0 {
            return Err(StoreError::IntentPending {
                key: intent.key.clone(),
            });
        }
    }
    Ok(())
}

/// Notes that these are being handed to the provider; committed before they are.
///
/// # Errors
/// When the database refuses it.
pub async fn mark_sent(transaction: &mut Transaction, keys: &[String]) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE intent SET state = $2 WHERE tenant = $1 AND key IN {list $3}",
            &tenant,
            codec::name("intent.state", &IntentState::Sent)?,
            codec::list(keys)?,
        ))
        .await?;
    Ok(())
}

/// All intents of a mailbox without an outcome, in the order they were prepared.
///
/// # Errors
/// When the database does not answer.
pub async fn pending(mut source: impl Source, mailbox: &MailboxId) -> Result<Vec<Intent>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT key, cycle, link, generation, operation, marker, state, created FROM intent
              WHERE tenant = $1 AND mailbox = $2 ORDER BY created, position",
            &tenant,
            mailbox,
        ))
        .await?;
    rows.iter()
        .map(|row| {
            let marker: Option<String> = row.get("marker")?;
            Ok(Intent {
                key: row.get("key")?,
                mailbox: mailbox.clone(),
                cycle: row.get("cycle")?,
                link: row
                    .get::<Option<String>>("link")?
                    .map(|value| LinkId { value }),
                generation: row.unsigned("generation")?,
                operation: codec::from_json("intent.operation", &row.get::<String>("operation")?)?,
                marker: marker
                    .map(|m| codec::from_json("intent.marker", &m))
                    .transpose()?,
                state: codec::from_name("intent.state", row.get("state")?)?,
                created: row.instant("created")?,
            })
        })
        .collect()
}

/// Removes intents whose outcome is recorded in the same transaction.
///
/// # Errors
/// When the database refuses it.
pub async fn remove(transaction: &mut Transaction, keys: &[String]) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM intent WHERE tenant = $1 AND key IN {list $2}",
            &tenant,
            codec::list(keys)?,
        ))
        .await?;
    Ok(())
}

/// Drops the mailbox's intents that were never sent, and gives how many there were.
///
/// # Errors
/// When the database refuses it.
pub async fn drop_prepared(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<u64> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM intent WHERE tenant = $1 AND mailbox = $2 AND state = $3",
            &tenant,
            mailbox,
            codec::name("intent.state", &IntentState::Prepared)?,
        ))
        .await
}
