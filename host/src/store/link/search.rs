//! Finding links by everything that names them.

use super::read;
use crate::contract::{
    ExchangeId, Instant, ItemKind, Link, LinkId, LinkState, MailboxId, PsaReference, Slot, Uid,
};
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Row, Statement, sql};
use crate::store::transaction::Source;

/// Starts a query over all of a link's columns, for this room's files.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, mailbox, kind, origin, psa, exchange_id, uid, slot_master, slot_start, \
             state, generation, base, undoing, remaking, refused, provenance, names_of \
             FROM link WHERE tenant = $1 ",
            $rest
        )
    };
}
pub(super) use select;

/// A link.
///
/// # Errors
/// When the database does not answer.
pub async fn get(mut source: impl Source, link: &LinkId) -> Result<Option<Link>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(select!("AND id = $2"), &tenant, &link.value))
        .await?;
    rows.first().map(read).transpose()
}

/// All links of a mailbox, in the order they were made.
///
/// # Errors
/// When the database does not answer.
pub async fn of_mailbox(source: impl Source, mailbox: &MailboxId) -> Result<Vec<Link>> {
    let tenant = source.tenant().clone();
    all(
        source,
        sql!(select!("AND mailbox = $2 ORDER BY id"), &tenant, mailbox),
    )
    .await
}

/// The mailbox's links to these items of Exchange.
///
/// # Errors
/// When the database does not answer.
pub async fn by_exchange_ids(
    source: impl Source,
    mailbox: &MailboxId,
    ids: &[ExchangeId],
) -> Result<Vec<Link>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let tenant = source.tenant().clone();
    let ids = codec::list(ids.iter().map(|id| &id.value))?;
    let text = select!("AND mailbox = $2 AND exchange_id IN {list $3} ORDER BY id");
    all(source, sql!(text, &tenant, mailbox, ids)).await
}

/// The mailbox's links to these items of the PSA.
///
/// # Errors
/// When the database does not answer.
pub async fn by_psa(
    source: impl Source,
    mailbox: &MailboxId,
    references: &[PsaReference],
) -> Result<Vec<Link>> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let tenant = source.tenant().clone();
    let references = psa_list(references)?;
    let text = select!("AND mailbox = $2 AND psa IN {list $3} ORDER BY id");
    all(source, sql!(text, &tenant, mailbox, references)).await
}

/// The links of all the tenant's mailboxes to these items of the PSA, with their mailboxes.
///
/// # Errors
/// When the database does not answer.
pub async fn everywhere_by_psa(
    mut source: impl Source,
    references: &[PsaReference],
) -> Result<Vec<(MailboxId, Link)>> {
    let tenant = source.tenant().clone();
    let references = psa_list(references)?;
    let text = select!("AND psa IN {list $2} ORDER BY id");
    let rows = source.fetch(sql!(text, &tenant, references)).await?;
    rows.iter().map(with_mailbox).collect()
}

/// The links of all the tenant's mailboxes to these items of Exchange, with their mailboxes.
///
/// # Errors
/// When the database does not answer.
pub async fn everywhere_by_exchange(
    mut source: impl Source,
    ids: &[ExchangeId],
) -> Result<Vec<(MailboxId, Link)>> {
    let tenant = source.tenant().clone();
    let ids = codec::list(ids.iter().map(|id| &id.value))?;
    let text = select!("AND exchange_id IN {list $2} ORDER BY id");
    let rows = source.fetch(sql!(text, &tenant, ids)).await?;
    rows.iter().map(with_mailbox).collect()
}

/// The mailbox's links to items with these UIDs.
///
/// # Errors
/// When the database does not answer.
pub async fn by_uids(source: impl Source, mailbox: &MailboxId, uids: &[Uid]) -> Result<Vec<Link>> {
    if uids.is_empty() {
        return Ok(Vec::new());
    }
    let tenant = source.tenant().clone();
    let uids = codec::list(uids.iter().map(|uid| &uid.value))?;
    let text = select!("AND mailbox = $2 AND uid IN {list $3} ORDER BY id");
    all(source, sql!(text, &tenant, mailbox, uids)).await
}

/// The mailbox's links to occurrences of these masters.
///
/// # Errors
/// When the database does not answer.
pub async fn by_masters(
    source: impl Source,
    mailbox: &MailboxId,
    masters: &[String],
) -> Result<Vec<Link>> {
    let tenant = source.tenant().clone();
    let masters = codec::list(masters)?;
    let text = select!("AND mailbox = $2 AND slot_master IN {list $3} ORDER BY id");
    all(source, sql!(text, &tenant, mailbox, masters)).await
}

/// The mailbox's link to one occurrence.
///
/// # Errors
/// When the database does not answer.
pub async fn by_slot(
    source: impl Source,
    mailbox: &MailboxId,
    slot: &Slot,
) -> Result<Option<Link>> {
    let tenant = source.tenant().clone();
    let Instant { microseconds } = slot.original_start;
    let text = select!("AND mailbox = $2 AND slot_master = $3 AND slot_start = $4 ORDER BY id");
    let found = all(
        source,
        sql!(text, &tenant, mailbox, &slot.master_id, microseconds),
    )
    .await?;
    Ok(found.into_iter().next())
}

/// The mailbox's links in this state.
///
/// # Errors
/// When the database does not answer.
pub async fn by_state(
    source: impl Source,
    mailbox: &MailboxId,
    state: LinkState,
) -> Result<Vec<Link>> {
    let tenant = source.tenant().clone();
    let state = codec::name("link.state", &state)?;
    all(
        source,
        sql!(
            select!("AND mailbox = $2 AND state = $3 ORDER BY id"),
            &tenant,
            mailbox,
            state
        ),
    )
    .await
}

/// How many links have an item on both sides and follow it, a series counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Items of the calendar.
    pub calendar: u64,
    /// Contacts.
    pub contacts: u64,
}

/// How many of the mailbox's links have an item on both sides and follow it; all of a series are
/// one.
///
/// # Errors
/// When the database does not answer.
pub async fn count_linked(mut source: impl Source, mailbox: &MailboxId) -> Result<Linked> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT COUNT(DISTINCT COALESCE(slot_master, id)) AS linked,
                    COUNT(CASE WHEN kind = $4 THEN 1 END) AS contacts
               FROM link
              WHERE tenant = $1 AND mailbox = $2 AND state = $3 AND exchange_id IS NOT NULL",
            &tenant,
            mailbox,
            codec::name("link.state", &LinkState::Linked)?,
            codec::name("link.kind", &ItemKind::Contact)?,
        ))
        .await?;
    let Some(row) = rows.first() else {
        return Ok(Linked::default());
    };
    let (linked, contacts): (u64, u64) = (row.unsigned("linked")?, row.unsigned("contacts")?);
    Ok(Linked {
        calendar: linked.saturating_sub(contacts),
        contacts,
    })
}

async fn all(mut source: impl Source, statement: Statement) -> Result<Vec<Link>> {
    source.fetch(statement).await?.iter().map(read).collect()
}

fn with_mailbox(row: &Row) -> Result<(MailboxId, Link)> {
    let mailbox = MailboxId {
        value: row.get("mailbox")?,
    };
    Ok((mailbox, read(row)?))
}

fn psa_list(references: &[PsaReference]) -> Result<String> {
    let texts: Result<Vec<String>> = references.iter().map(codec::psa_text).collect();
    codec::list(texts?)
}
