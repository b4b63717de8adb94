//! Stops: what a cycle asked instead of doing something that hardly anybody can have meant.
//!
//! A mailbox has at most one question open. A later cycle that finds no more than what was asked
//! leaves the question as it is, so that the name under which it can be approved stays. It is closed
//! by the cycle that comes to its end, whether somebody approved or the reason went away.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::Result;
use super::statement::{Row, sql};
use super::transaction::{Source, Transaction};
use crate::contract::MailboxId;

/// Why a cycle stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Everything that is linked is gone, and nothing else is there.
    Emptied,
    /// Everything that is linked is gone, but the mailbox holds other items.
    Replaced,
    /// More than half of the links would change at once under unchanged settings.
    MostChanged,
    /// Another plugin than last time would write more than a few items.
    NewPlugin,
    /// The last cycle was undone, and the next one would make its writes again.
    Undone,
}

/// How much a plan would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Links with an item on both sides, to hold the rest against.
    pub linked: usize,
    /// Linked items that are gone from Exchange, or answer to their ids no more.
    pub gone: usize,
    /// Links whose items would be written.
    pub changed: usize,
    /// Deletions on both sides.
    pub deletions: usize,
    /// Writes on both sides, new items among them.
    pub writes: usize,
}

impl Extent {
    /// Whether another plan does no more than this one, by any measure.
    #[must_use]
    pub const fn covers(&self, other: &Self) -> bool {
        other.gone <= self.gone
            && other.changed <= self.changed
            && other.deletions <= self.deletions
            && other.writes <= self.writes
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The cycle that asked first.
    pub cycle: String,
    /// Why.
    pub reason: Reason,
    /// How much its plan would have done.
    pub extent: Extent,
    /// Somebody approved it.
    pub approved: bool,
}

/// Keeps a question; one that the mailbox had is replaced.
///
/// # Errors
/// When the database refuses it.
pub async fn ask(transaction: &mut Transaction, mailbox: &MailboxId, stop: &Stop) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "INSERT INTO stop (tenant, mailbox, cycle, reason, extent, created)
             VALUES ($1, $2, $3, $4, $5, {now})
             ON CONFLICT (tenant, mailbox) DO UPDATE
               SET cycle = excluded.cycle, reason = excluded.reason, extent = excluded.extent,
                   created = excluded.created, approved = NULL",
            &tenant,
            mailbox,
            &stop.cycle,
            codec::name("stop.reason", &stop.reason)?,
            codec::json("stop.extent", &stop.extent)?,
        ))
        .await?;
    Ok(())
}

/// The mailbox's question; none when nothing is asked.
///
/// # Errors
/// When the database does not answer.
pub async fn of_mailbox(mut source: impl Source, mailbox: &MailboxId) -> Result<Option<Stop>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT cycle, reason, extent, approved FROM stop WHERE tenant = $1 AND mailbox = $2",
            &tenant,
            mailbox,
        ))
        .await?;
    rows.first().map(read).transpose()
}

/// The questions of all the tenant's mailboxes that nobody approved yet.
///
/// # Errors
/// When the database does not answer.
pub async fn open(mut source: impl Source) -> Result<Vec<(MailboxId, Stop)>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT mailbox, cycle, reason, extent, approved FROM stop
              WHERE tenant = $1 AND approved IS NULL ORDER BY created, mailbox",
            &tenant,
        ))
        .await?;
    let mailbox = |row: &Row| row.get("mailbox").map(|value| MailboxId { value });
    rows.iter()
        .map(|row| Ok((mailbox(row)?, read(row)?)))
        .collect()
}

fn read(row: &Row) -> Result<Stop> {
    Ok(Stop {
        cycle: row.get("cycle")?,
        reason: codec::from_name("stop.reason", row.get("reason")?)?,
        extent: codec::from_json("stop.extent", &row.get::<String>("extent")?)?,
        approved: row.get::<Option<i64>>("approved")?.is_some(),
    })
}

/// Approves what a cycle asked, and gives whose mailbox it is; none when it asks nothing.
///
/// # Errors
/// When the database refuses it.
pub async fn approve(transaction: &mut Transaction, cycle: &str) -> Result<Option<MailboxId>> {
    let tenant = transaction.tenant_id();
    let mut source = transaction;
    let rows = source
        .fetch(sql!(
            "UPDATE stop SET approved = {now}
              WHERE tenant = $1 AND cycle = $2 AND approved IS NULL RETURNING mailbox",
            &tenant,
            cycle,
        ))
        .await?;
    let mailbox = |value| MailboxId { value };
    rows.first()
        .map(|row| row.get("mailbox").map(mailbox))
        .transpose()
}

/// Closes the mailbox's question, whether there is one or not.
///
/// # Errors
/// When the database refuses it.
pub async fn close(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM stop WHERE tenant = $1 AND mailbox = $2",
            &tenant,
            mailbox,
        ))
        .await?;
    Ok(())
}
