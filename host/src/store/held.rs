//! Operations that wait for an admin's approval: deletions beyond the safety rails.
//!
//! The server announces a deletion once, so they are stored before the cursor moves. Approved ones
//! are planned and confirmed again by the next cycle before anything is done. An approval lasts
//! until its deletion is done or no longer wanted, through failures and crashes.

use super::codec;
use super::error::Result;
use super::statement::sql;
use super::transaction::{Source, Transaction};
use crate::contract::{Instant, LinkId, MailboxId, Operation};

/// An operation that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Its key.
    pub id: String,
    /// Of which mailbox.
    pub mailbox: MailboxId,
    /// Which cycle planned it.
    pub cycle: String,
    /// Which pair.
    pub link: Option<LinkId>,
    /// What was planned.
    pub operation: Operation,
    /// Since when it waits.
    pub created: Instant,
    /// When it was approved.
    pub approved: Option<Instant>,
}

/// Holds operations of a cycle.
///
/// # Errors
/// When the database refuses it.
pub async fn hold(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    cycle: &str,
    operations: &[(Option<LinkId>, Operation)],
) -> Result<()> {
    let tenant = transaction.tenant_id();
    for (link, operation) in operations {
        transaction
            .execute(sql!(
                "INSERT INTO held (tenant, id, mailbox, cycle, link, operation, created)
                 VALUES ($1, $2, $3, $4, $5, $6, {now})",
                &tenant,
                transaction.new_id(),
                mailbox,
                cycle,
                link.as_ref().map(|l| l.value.as_str()),
                codec::json("held.operation", operation)?,
            ))
            .await?;
    }
    Ok(())
}

/// Approves everything that a cycle holds, and gives how many operations that were.
///
/// # Errors
/// When the database refuses it.
pub async fn approve(transaction: &mut Transaction, cycle: &str) -> Result<u64> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE held SET approved = {now}
              WHERE tenant = $1 AND cycle = $2 AND approved IS NULL",
            &tenant,
            cycle,
        ))
        .await
}

/// What is held: of one mailbox, or of all.
///
/// # Errors
/// When the database does not answer.
pub async fn list(mut source: impl Source, mailbox: Option<&MailboxId>) -> Result<Vec<Held>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT id, mailbox, cycle, link, operation, created, approved FROM held
              WHERE tenant = $1 AND ($2 IS NULL OR mailbox = $2) ORDER BY id",
            &tenant,
            mailbox.map(|m| m.value.as_str()),
        ))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Held {
                id: row.get("id")?,
                mailbox: MailboxId {
                    value: row.get("mailbox")?,
                },
                cycle: row.get("cycle")?,
                link: row
                    .get::<Option<String>>("link")?
                    .map(|value| LinkId { value }),
                operation: codec::from_json("held.operation", &row.get::<String>("operation")?)?,
                created: row.instant("created")?,
                approved: row.maybe_instant("approved")?,
            })
        })
        .collect()
}

/// Lets operations go that are no longer wanted.
///
/// # Errors
/// When the database refuses it.
pub async fn remove(transaction: &mut Transaction, ids: &[String]) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM held WHERE tenant = $1 AND id IN {list $2}",
            &tenant,
            codec::list(ids)?,
        ))
        .await?;
    Ok(())
}

/// Lets a mailbox's approved operations go that were done: their pairs are no more.
///
/// # Errors
/// When the database refuses it.
pub async fn remove_done(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM held WHERE tenant = $1 AND mailbox = $2 AND approved IS NOT NULL
                AND (link IS NULL OR link NOT IN (SELECT id FROM link WHERE tenant = $1))",
            &tenant,
            mailbox,
        ))
        .await?;
    Ok(())
}
