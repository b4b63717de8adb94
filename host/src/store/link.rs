//! Links: pairs that belong together, with what both sides last agreed on.
//!
//! What is searched stands in columns, the base and the counts as JSON. A link belongs to one
//! mailbox; a service call has links in several, a mailbox has at most one for each PSA item.

use super::codec;
use super::error::{Result, StoreError};
use super::statement::{Row, Statement, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{Link, LinkId, MailboxId, RowVersion};

mod count;
mod foreign;
mod search;

pub use count::{count_anew, lost};
pub use foreign::{Foreign, become_foreign, foreign};
pub use search::{
    Linked, by_exchange_ids, by_masters, by_psa, by_slot, by_state, by_uids, count_linked,
    everywhere_by_exchange, everywhere_by_psa, get, of_mailbox,
};

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
                           slot_start, state, generation, base, undoing, remaking, refused,
                           provenance, changed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, {now})
         ON CONFLICT (tenant, psa, mailbox) WHERE psa IS NOT NULL DO NOTHING",
        transaction,
        mailbox,
        link,
    )?;
    match transaction.execute(statement).await? {
        0 => Err(already_linked(link)),
        _ => count::more(transaction, mailbox, 1).await,
    }
}

/// Writes a link as it is now.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::AlreadyLinked`] as for [`insert`].
pub async fn update(transaction: &mut Transaction, mailbox: &MailboxId, link: &Link) -> Result<()> {
    let statement = written(
        "UPDATE link SET kind = $4, origin = $5, psa = $6, exchange_id = $7, uid = $8,
                slot_master = $9, slot_start = $10, state = $11, generation = $12, base = $13,
                undoing = $14, remaking = $15, refused = $16, provenance = $17,
                names_of = CASE WHEN provenance = $17 THEN names_of END, changed = {now}
          WHERE tenant = $1 AND id = $2 AND mailbox = $3",
        transaction,
        mailbox,
        link,
    )?;
    match transaction
        .execute(statement)
        .await
        .map_err(|e| match e.is_unique_violation() {
            true => already_linked(link),
            false => e,
        })? {
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
    let removed = Source::fetch(
        &mut &mut *transaction,
        sql!(
            "DELETE FROM link WHERE tenant = $1 AND id = $2 RETURNING mailbox",
            &tenant,
            &link.value
        ),
    )
    .await?;
    for row in removed {
        let value = row.get("mailbox")?;
        count::more(transaction, &MailboxId { value }, -1).await?;
    }
    Ok(())
}

fn already_linked(link: &Link) -> StoreError {
    let psa = link.psa.as_ref().map(codec::psa_text);
    StoreError::AlreadyLinked {
        psa: psa.and_then(Result::ok).unwrap_or_default(),
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
        link.refused.map(codec::version_number).transpose()?,
        codec::name("link.provenance", &link.provenance)?,
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
        provenance: codec::from_name("link.provenance", text("provenance")?)?,
        state: codec::from_name("link.state", text("state")?)?,
        generation: row.unsigned("generation")?,
        base: row
            .get::<Option<String>>("base")?
            .map(|base| codec::from_json("link.base", &base))
            .transpose()?,
        undoing: codec::from_json("link.undoing", &text("undoing")?)?,
        remaking: codec::from_json("link.remaking", &text("remaking")?)?,
        refused: row.get::<Option<i64>>("refused")?.map(|number| RowVersion {
            number: number.unsigned_abs(),
        }),
    })
}
