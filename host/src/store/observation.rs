//! What a round has read so far, kept page by page, so that a cycle that is cut off goes on where
//! it was.
//!
//! An item that comes again on a later page counts as it came last, with one exception: a marker
//! that was read stays read. Listings that cannot carry markers must not wipe out what a look at
//! the single item found.

use std::collections::{BTreeMap, HashMap};

use super::codec;
use super::error::Result;
use super::statement::sql;
use super::transaction::{Source, Transaction};
use crate::contract::{Change, ExchangeId, MailboxId, Marker, MarkerReading, NextStep};

/// Everything that a round has read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Staged {
    /// What was found, each item once.
    pub changes: Vec<Change>,
    /// Items that are there, and of which nothing else was read.
    pub present: Vec<ExchangeId>,
}

impl Staged {
    /// Adds what was found since, by the same rule as pages.
    pub fn add(&mut self, changes: Vec<Change>) {
        let mut known: BTreeMap<String, Change> = std::mem::take(&mut self.changes)
            .into_iter()
            .map(|change| (item_of(&change).value.clone(), change))
            .collect();
        for change in changes {
            let id = item_of(&change).value.clone();
            let before = known.remove(&id);
            known.insert(id, merged(before, change));
        }
        self.present.retain(|id| !known.contains_key(&id.value));
        self.changes = known.into_values().collect();
    }
}

/// The id under which a change is staged.
#[must_use]
pub fn item_of(change: &Change) -> &ExchangeId {
    match change {
        Change::Event(event) => &event.id,
        Change::Occurrence(occurrence) => &occurrence.id,
        Change::Contact(contact) => &contact.id,
        Change::Removal(removal) => &removal.id,
    }
}

/// Our marker on an item.
#[must_use]
pub fn marker_of(change: &Change) -> Option<&Marker> {
    let reading = match change {
        Change::Event(event) => &event.marker,
        Change::Contact(contact) => &contact.marker,
        Change::Occurrence(_) | Change::Removal(_) => return None,
    };
    read_marker(reading)
}

/// Our marker, where one was read.
#[must_use]
pub const fn read_marker(reading: &MarkerReading) -> Option<&Marker> {
    match reading {
        MarkerReading::Present(marker) => Some(marker),
        MarkerReading::NotRead | MarkerReading::Absent | MarkerReading::Unreadable(_) => None,
    }
}

/// Adds a page to what was read.
///
/// # Errors
/// When the database refuses it.
pub async fn stage(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    changes: &[Change],
    present: &[ExchangeId],
) -> Result<()> {
    let ids = changes
        .iter()
        .map(item_of)
        .chain(present)
        .map(|id| id.value.as_str());
    let mut known = load_items(&mut *transaction, mailbox, codec::list(ids)?).await?;
    let mut touched: Vec<ExchangeId> = Vec::with_capacity(changes.len() + present.len());
    for change in changes {
        let id = item_of(change);
        let before = known.remove(&id.value).flatten();
        known.insert(id.value.clone(), Some(merged(before, change.clone())));
        touched.push(id.clone());
    }
    for id in present {
        // To be there is news for what is unknown or was gone; what was read of it stays.
        if !matches!(known.get(&id.value), Some(Some(change)) if !matches!(change, Change::Removal(_)))
        {
            known.insert(id.value.clone(), None);
            touched.push(id.clone());
        }
    }
    let tenant = transaction.tenant_id();
    for id in touched {
        let Some(change) = known.remove(&id.value) else {
            continue;
        };
        let text = change
            .map(|c| codec::json("observation.change", &c))
            .transpose()?;
        transaction
            .execute(sql!(
                "INSERT INTO observation (tenant, mailbox, item, change) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (tenant, mailbox, item) DO UPDATE SET change = excluded.change",
                &tenant,
                mailbox,
                &id.value,
                text,
            ))
            .await?;
    }
    Ok(())
}

/// Everything that was staged, in the order of the items' ids.
///
/// # Errors
/// When the database does not answer.
pub async fn staged(mut source: impl Source, mailbox: &MailboxId) -> Result<Staged> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT item, change FROM observation WHERE tenant = $1 AND mailbox = $2 ORDER BY item",
            &tenant,
            mailbox,
        ))
        .await?;
    let mut staged = Staged::default();
    for row in &rows {
        match row.get::<Option<String>>("change")? {
            Some(text) => staged
                .changes
                .push(codec::from_json("observation.change", &text)?),
            None => staged.present.push(ExchangeId {
                value: row.get("item")?,
            }),
        }
    }
    Ok(staged)
}

/// What comes after the last staged page; none when no round is under way.
///
/// # Errors
/// When the database does not answer.
pub async fn next_step(mut source: impl Source, mailbox: &MailboxId) -> Result<Option<NextStep>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT next FROM round WHERE tenant = $1 AND mailbox = $2",
            &tenant,
            mailbox,
        ))
        .await?;
    let text = rows
        .first()
        .map(|row| row.get::<String>("next"))
        .transpose()?;
    text.map(|text| codec::from_json("round.next", &text))
        .transpose()
}

/// Keeps what comes after the page that is staged in the same transaction.
///
/// # Errors
/// When the database refuses it.
pub async fn set_next_step(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    next: &NextStep,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "INSERT INTO round (tenant, mailbox, next, started) VALUES ($1, $2, $3, {now})
             ON CONFLICT (tenant, mailbox) DO UPDATE SET next = excluded.next",
            &tenant,
            mailbox,
            codec::json("round.next", next)?,
        ))
        .await?;
    Ok(())
}

/// Drops everything staged and the round's progress.
///
/// # Errors
/// When the database refuses it.
pub async fn clear(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM observation WHERE tenant = $1 AND mailbox = $2",
            &tenant,
            mailbox,
        ))
        .await?;
    transaction
        .execute(sql!(
            "DELETE FROM round WHERE tenant = $1 AND mailbox = $2",
            &tenant,
            mailbox
        ))
        .await?;
    Ok(())
}

async fn load_items(
    mut source: impl Source,
    mailbox: &MailboxId,
    items: String,
) -> Result<HashMap<String, Option<Change>>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT item, change FROM observation
              WHERE tenant = $1 AND mailbox = $2 AND item IN {list $3}",
            &tenant,
            mailbox,
            items,
        ))
        .await?;
    rows.iter()
        .map(|row| {
            let text: Option<String> = row.get("change")?;
            let change = text
                .map(|t| codec::from_json("observation.change", &t))
                .transpose()?;
            Ok((row.get("item")?, change))
        })
        .collect()
}

/// The later reading, with the earlier one's marker where the later could not carry markers.
fn merged(before: Option<Change>, mut after: Change) -> Change {
    let earlier = match before {
        Some(Change::Event(event)) => event.marker,
        Some(Change::Contact(contact)) => contact.marker,
        _ => MarkerReading::NotRead,
    };
    let marker = match &mut after {
        Change::Event(event) => Some(&mut event.marker),
        Change::Contact(contact) => Some(&mut contact.marker),
        Change::Occurrence(_) | Change::Removal(_) => None,
    };
    if let Some(marker) = marker
        && matches!(marker, MarkerReading::NotRead)
    {
        *marker = earlier;
    }
    after
}
