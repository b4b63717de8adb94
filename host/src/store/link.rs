//! Links: pairs that belong together, with what both sides last agreed on.
//!
//! What is searched stands in columns, the base and the counts as JSON. A link belongs to one
//! mailbox; a service call has links in several, a mailbox has at most one for each PSA item.

use super::codec;
use super::error::{Result, StoreError};
use super::statement::{Row, Statement, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{
    ExchangeId, Instant, Link, LinkId, LinkState, MailboxId, PsaReference, Slot, Uid,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, mailbox, kind, origin, psa, exchange_id, uid, slot_master, slot_start, \
             state, generation, base, undoing, remaking FROM link WHERE tenant = $1 ",
            $rest
        )
    };
}

/// A key for a new link.
#[must_use]
pub fn new_id() -> LinkId {
    LinkId {
        value: codec::new_id(),
    }
}

/// Adds a link.
///
/// # Errors
/// [`StoreError::AlreadyLinked`] when the mailbox has a link for this PSA item.
pub async fn insert(transaction: &mut Transaction, mailbox: &MailboxId, link: &Link) -> Result<()> {
    let statement = written(
        "INSERT INTO link (tenant, id, mailbox, kind, origin, psa, exchange_id, uid, slot_master,
                           slot_start, state, generation, base, undoing, remaking, changed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, {now})",
        transaction,
        mailbox,
        link,
    )?;
    transaction
        .execute(statement)
        .await
        .map_err(|e| refused(e, link))?;
    Ok(())
}

/// Writes a link as it is now.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::AlreadyLinked`] as for [`insert`].
pub async fn update(transaction: &mut Transaction, mailbox: &MailboxId, link: &Link) -> Result<()> {
    let statement = written(
        "UPDATE link SET kind = $4, origin = $5, psa = $6, exchange_id = $7, uid = $8,
                slot_master = $9, slot_start = $10, state = $11, generation = $12, base = $13,
                undoing = $14, remaking = $15, changed = {now}
          WHERE tenant = $1 AND id = $2 AND mailbox = $3",
        transaction,
        mailbox,
        link,
    )?;
    match transaction
        .execute(statement)
        .await
        .map_err(|e| refused(e, link))?
    {
        0 => Err(StoreError::NotFound {
            what: "link",
            id: link.id.value.clone(),
        }),
        _ => Ok(()),
    }
}

/// Drops a link, whether it is there or not.
///
/// # Errors
/// When the database refuses it.
pub async fn remove(transaction: &mut Transaction, link: &LinkId) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM link WHERE tenant = $1 AND id = $2",
            &tenant,
            &link.value
        ))
        .await?;
    Ok(())
}

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
    rows.iter()
        .map(|row| {
            Ok((
                MailboxId {
                    value: row.get("mailbox")?,
                },
                read(row)?,
            ))
        })
        .collect()
}

/// The mailbox's links to items with these UIDs.
///
/// # Errors
/// When the database does not answer.
pub async fn by_uids(source: impl Source, mailbox: &MailboxId, uids: &[Uid]) -> Result<Vec<Link>> {
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

/// How many of the mailbox's links have an item on both sides and follow it.
///
/// # Errors
/// When the database does not answer.
pub async fn count_linked(mut source: impl Source, mailbox: &MailboxId) -> Result<u64> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT COUNT(*) AS linked FROM link
              WHERE tenant = $1 AND mailbox = $2 AND state = $3",
            &tenant,
            mailbox,
            codec::name("link.state", &LinkState::Linked)?,
        ))
        .await?;
    rows.first().map_or(Ok(0), |row| row.unsigned("linked"))
}

async fn all(mut source: impl Source, statement: Statement) -> Result<Vec<Link>> {
    source.fetch(statement).await?.iter().map(read).collect()
}

fn psa_list(references: &[PsaReference]) -> Result<String> {
    let texts: Result<Vec<String>> = references.iter().map(codec::psa_text).collect();
    codec::list(texts?)
}

fn refused(error: StoreError, link: &Link) -> StoreError {
    match &link.psa {
        Some(psa) if error.is_unique_violation() => StoreError::AlreadyLinked {
            psa: codec::psa_text(psa).unwrap_or_else(|_| psa.id.value.clone()),
        },
        _ => error,
    }
}

/// A statement with all columns of a link as its values, in the order of the table.
fn written(
    text: &'static str,
    transaction: &Transaction,
    mailbox: &MailboxId,
    link: &Link,
) -> Result<Statement> {
    let exchange = link.exchange.as_ref();
    let slot = exchange.and_then(|e| e.slot.as_ref());
    Ok(sql!(
        text,
        &transaction.tenant_id(),
        &link.id.value,
        mailbox,
        codec::name("link.kind", &link.kind)?,
        codec::name("link.origin", &link.origin)?,
        link.psa.as_ref().map(codec::psa_text).transpose()?,
        exchange.map(|e| e.id.value.as_str()),
        exchange
            .and_then(|e| e.uid.as_ref())
            .map(|uid| uid.value.as_str()),
        slot.map(|s| s.master_id.as_str()),
        slot.map(|s| s.original_start),
        codec::name("link.state", &link.state)?,
        link.generation,
        link.base
            .as_ref()
            .map(|base| codec::json("link.base", base))
            .transpose()?,
        codec::json("link.undoing", &link.undoing)?,
        codec::json("link.remaking", &link.remaking)?,
    ))
}

fn read(row: &Row) -> Result<Link> {
    let text = |column| row.get::<String>(column);
    Ok(Link {
        id: LinkId { value: text("id")? },
        kind: codec::from_name("link.kind", text("kind")?)?,
        origin: codec::from_name("link.origin", text("origin")?)?,
        psa: row
            .get::<Option<String>>("psa")?
            .map(|psa| codec::psa_reference(&psa))
            .transpose()?,
        exchange: codec::exchange_reference(
            row,
            ["exchange_id", "uid", "slot_master", "slot_start"],
        )?,
        state: codec::from_name("link.state", text("state")?)?,
        generation: row.unsigned("generation")?,
        base: row
            .get::<Option<String>>("base")?
            .map(|base| codec::from_json("link.base", &base))
            .transpose()?,
        undoing: codec::from_json("link.undoing", &text("undoing")?)?,
        remaking: codec::from_json("link.remaking", &text("remaking")?)?,
    })
}
