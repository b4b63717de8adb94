//! Items that a later cycle has to look at again although nobody changes them: what failed, what
//! lost a race, what waits.
//!
//! A cursor moves past what was read; this list is why nothing is forgotten when a single item
//! could not be done.

use std::time::Duration;

use super::codec;
use super::error::{Result, StoreError};
use super::lease::micros;
use super::statement::{Row, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{ExchangeId, Instant, MailboxId, PsaReference};
use serde::{Deserialize, Serialize};

/// An item of either side.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Of Exchange.
    Exchange(ExchangeId),
    /// Of the PSA.
    Psa(PsaReference),
}

/// Why an item is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// It could not be written or read, and may be tried again.
    Failed,
    /// Either side changed between plan and write, or the write was cut off through no fault of
    /// the item.
    RaceLost,
    /// Its deletion waits for approval, or was just approved.
    Held,
    /// It failed too often and waits for somebody; never due by itself.
    SetAside,
    /// What a cycle wrote to it was undone.
    Undone,
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct LookAgain {
    /// Which item.
    pub item: Item,
    /// Why.
    pub reason: Reason,
    /// How often it failed in a row.
    pub failures: u32,
    /// From when on.
    pub due: Instant,
    /// What went wrong, for people; never text of an item.
    pub detail: String,
    /// How often it was put there again since it came on the list.
    pub times: u32,
}

impl Item {
    /// The item as one text, as it stands in its column.
    ///
    /// # Errors
    /// [`StoreError::Unstorable`] for a PSA's key with a colon.
    pub fn text(&self) -> Result<String> {
        match self {
            Self::Exchange(id) => Ok(format!("exchange:{}", id.value)),
            Self::Psa(reference) => Ok(format!("psa:{}", codec::psa_text(reference)?)),
        }
    }

    /// The reverse of [`Item::text`].
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] for other text.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some(("exchange", id)) => Ok(Self::Exchange(ExchangeId {
                value: id.to_owned(),
            })),
            Some(("psa", reference)) => codec::psa_reference(reference).map(Self::Psa),
            _ => Err(StoreError::Unreadable {
                column: "look_again.item",
                reason: "it names no side".into(),
            }),
        }
    }
}

/// Puts an item on the list, due after `pause`, and gives how often it has failed by now. Only
/// [`Reason::Failed`] counts as a failure.
///
/// # Errors
/// When the database refuses it.
pub async fn add(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    item: &Item,
    reason: Reason,
    pause: Duration,
    detail: &str,
) -> Result<u32> {
    let tenant = transaction.tenant_id();
    let row = transaction
        .one(sql!(
            "INSERT INTO look_again (tenant, mailbox, item, reason, failures, due, detail, times)
             VALUES ($1, $2, $3, $4, $5, {now} + $6, $7, 0)
             ON CONFLICT (tenant, mailbox, item) DO UPDATE
               SET reason = excluded.reason, due = excluded.due, detail = excluded.detail,
                   times = look_again.times + 1,
                   failures = look_again.failures + excluded.failures
             RETURNING failures",
            &tenant,
            mailbox,
            item.text()?,
            codec::name("look_again.reason", &reason)?,
            i64::from(reason == Reason::Failed),
            micros(pause),
            detail,
        ))
        .await?;
    row.unsigned("failures")
}

/// Lets an item of the list wait for `pause` from now on.
///
/// # Errors
/// When the database refuses it.
pub async fn postpone(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    item: &Item,
    pause: Duration,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE look_again SET due = {now} + $4
              WHERE tenant = $1 AND mailbox = $2 AND item = $3",
            &tenant,
            mailbox,
            item.text()?,
            micros(pause),
        ))
        .await?;
    Ok(())
}

/// What is due, the longest waiting first.
///
/// # Errors
/// When the database does not answer.
pub async fn due(source: impl Source, mailbox: &MailboxId) -> Result<Vec<LookAgain>> {
    let aside = codec::name("look_again.reason", &Reason::SetAside)?;
    read(
        source,
        "SELECT item, reason, failures, due, detail, times FROM look_again
          WHERE tenant = $1 AND mailbox = $2 AND reason <> $3 AND due <= {now} ORDER BY due, item",
        mailbox,
        aside,
    )
    .await
}

/// The whole list, for people.
///
/// # Errors
/// When the database does not answer.
pub async fn list(source: impl Source, mailbox: &MailboxId) -> Result<Vec<LookAgain>> {
    read(
        source,
        "SELECT item, reason, failures, due, detail, times FROM look_again
          WHERE tenant = $1 AND mailbox = $2 AND reason <> $3 ORDER BY due, item",
        mailbox,
        String::new(),
    )
    .await
}

/// What failed in any of the tenant's mailboxes, set aside or tried again: at most `limit`, those that
/// wait for somebody first.
///
/// # Errors
/// When the database does not answer.
pub async fn failed(mut source: impl Source, limit: u32) -> Result<Vec<(MailboxId, LookAgain)>> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        "SELECT mailbox, item, reason, failures, due, detail, times FROM look_again
          WHERE tenant = $1 AND reason IN ($2, $3)
          ORDER BY CASE WHEN reason = $2 THEN 0 ELSE 1 END, mailbox, due, item LIMIT $4",
        &tenant,
        codec::name("look_again.reason", &Reason::SetAside)?,
        codec::name("look_again.reason", &Reason::Failed)?,
        limit,
    );
    let mailbox = |row: &Row| row.get("mailbox").map(|value| MailboxId { value });
    let rows = source.fetch(statement).await?;
    rows.iter()
        .map(|row| Ok((mailbox(row)?, entry(row)?)))
        .collect()
}

/// Takes an item off the list, whether it is on it or not.
///
/// # Errors
/// When the database refuses it.
pub async fn remove(transaction: &mut Transaction, mailbox: &MailboxId, item: &Item) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM look_again WHERE tenant = $1 AND mailbox = $2 AND item = $3",
            &tenant,
            mailbox,
            item.text()?,
        ))
        .await?;
    Ok(())
}

/// Takes all items of Exchange off the list: they are known under other names now, and everything is
/// read.
///
/// # Errors
/// When the database refuses it.
pub async fn remove_exchange(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM look_again WHERE tenant = $1 AND mailbox = $2 AND item LIKE 'exchange:%'",
            &tenant,
            mailbox,
        ))
        .await?;
    Ok(())
}

async fn read(
    mut source: impl Source,
    text: &'static str,
    mailbox: &MailboxId,
    not: String,
) -> Result<Vec<LookAgain>> {
    let tenant = source.tenant().clone();
    let rows = source.fetch(sql!(text, &tenant, mailbox, not)).await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<LookAgain> {
    Ok(LookAgain {
        item: Item::parse(&row.get::<String>("item")?)?,
        reason: codec::from_name("look_again.reason", row.get("reason")?)?,
        failures: row.unsigned("failures")?,
        due: row.instant("due")?,
        detail: row.get("detail")?,
        times: row.unsigned("times")?,
    })
}

/// Takes an entry off the list that was looked at, unless it was put there again since, be it at
/// the same instant for something else.
///
/// # Errors
/// When the database refuses it.
pub async fn remove_as_seen(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    seen: &LookAgain,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM look_again WHERE tenant = $1 AND mailbox = $2 AND item = $3 AND times = $4",
            &tenant,
            mailbox,
            seen.item.text()?,
            seen.times,
        ))
        .await?;
    Ok(())
}
