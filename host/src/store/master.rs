//! Series as they were last told: the master, and its occurrences with it. When the window moves,
//! those that come in are planned from here, without a request.

use super::codec;
use super::error::Result;
use super::statement::{Row, Statement, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{Change, ExchangeEvent, ExchangeId, MailboxId};

/// A series as it was last told.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownSeries {
    /// Its master.
    pub master: ExchangeEvent,
    /// Its occurrences within what was read: as the master says, or exceptions.
    pub instances: Vec<Change>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT event, instances FROM master WHERE tenant = $1 AND mailbox = $2 ",
            $rest
        )
    };
}

/// Keeps series as they are now.
///
/// # Errors
/// When the database refuses it.
pub async fn put(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    series: &[KnownSeries],
) -> Result<()> {
    let tenant = transaction.tenant_id();
    for known in series {
        transaction
            .execute(sql!(
                "INSERT INTO master (tenant, mailbox, id, event, instances, changed)
                 VALUES ($1, $2, $3, $4, $5, {now})
                 ON CONFLICT (tenant, mailbox, id) DO UPDATE
                   SET event = excluded.event, instances = excluded.instances,
                       changed = excluded.changed",
                &tenant,
                mailbox,
                &known.master.id.value,
                codec::json("master.event", &known.master)?,
                codec::json("master.instances", &known.instances)?,
            ))
            .await?;
    }
    Ok(())
}

/// All series of a mailbox, by their masters' ids.
///
/// # Errors
/// When the database does not answer.
pub async fn of_mailbox(source: impl Source, mailbox: &MailboxId) -> Result<Vec<KnownSeries>> {
    let tenant = source.tenant().clone();
    all(source, sql!(select!("ORDER BY id"), &tenant, mailbox)).await
}

/// The masters' ids of all series of a mailbox.
///
/// # Errors
/// When the database does not answer.
pub async fn ids(mut source: impl Source, mailbox: &MailboxId) -> Result<Vec<ExchangeId>> {
    let tenant = source.tenant().clone();
    let text = "SELECT id FROM master WHERE tenant = $1 AND mailbox = $2 ORDER BY id";
    let rows = source.fetch(sql!(text, &tenant, mailbox)).await?;
    rows.iter()
        .map(|row| row.get("id").map(|value| ExchangeId { value }))
        .collect()
}

/// The series with these masters, as far as they are known.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(
    source: impl Source,
    mailbox: &MailboxId,
    ids: &[ExchangeId],
) -> Result<Vec<KnownSeries>> {
    let tenant = source.tenant().clone();
    let ids = codec::list(ids.iter().map(|id| &id.value))?;
    let text = select!("AND id IN {list $3} ORDER BY id");
    all(source, sql!(text, &tenant, mailbox, ids)).await
}

/// Forgets series whose masters these are.
///
/// # Errors
/// When the database refuses it.
pub async fn remove(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    ids: &[ExchangeId],
) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM master WHERE tenant = $1 AND mailbox = $2 AND id IN {list $3}",
            &tenant,
            mailbox,
            codec::list(ids.iter().map(|id| &id.value))?,
        ))
        .await?;
    Ok(())
}

/// Forgets all series of a mailbox.
///
/// # Errors
/// When the database refuses it.
pub async fn remove_all(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<()> {
    let tenant = transaction.tenant_id();
    let all = "DELETE FROM master WHERE tenant = $1 AND mailbox = $2";
    transaction.execute(sql!(all, &tenant, mailbox)).await?;
    Ok(())
}

async fn all(mut source: impl Source, statement: Statement) -> Result<Vec<KnownSeries>> {
    source.fetch(statement).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<KnownSeries> {
    let text = |column| row.get::<String>(column);
    Ok(KnownSeries {
        master: codec::from_json("master.event", &text("event")?)?,
        instances: codec::from_json("master.instances", &text("instances")?)?,
    })
}
