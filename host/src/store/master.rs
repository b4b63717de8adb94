//! Masters of series as they were last seen. When the window moves, their occurrences are planned
//! from here, without a request.

use super::codec;
use super::error::Result;
use super::statement::sql;
use super::transaction::{Source, Transaction};
use crate::contract::{ExchangeEvent, ExchangeId, MailboxId};

/// Keeps masters as they are now.
///
/// # Errors
/// When the database refuses it.
pub async fn put(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    masters: &[ExchangeEvent],
) -> Result<()> {
    let tenant = transaction.tenant_id();
    for master in masters {
        transaction
            .execute(sql!(
                "INSERT INTO master (tenant, mailbox, id, event, changed)
                 VALUES ($1, $2, $3, $4, {now})
                 ON CONFLICT (tenant, mailbox, id) DO UPDATE
                   SET event = excluded.event, changed = excluded.changed",
                &tenant,
                mailbox,
                &master.id.value,
                codec::json("master.event", master)?,
            ))
            .await?;
    }
    Ok(())
}

/// All masters of a mailbox, by id.
///
/// # Errors
/// When the database does not answer.
pub async fn of_mailbox(
    mut source: impl Source,
    mailbox: &MailboxId,
) -> Result<Vec<ExchangeEvent>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT event FROM master WHERE tenant = $1 AND mailbox = $2 ORDER BY id",
            &tenant,
            mailbox,
        ))
        .await?;
    rows.iter()
        .map(|row| codec::from_json("master.event", &row.get::<String>("event")?))
        .collect()
}

/// The masters with these ids, as far as they are known.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(
    mut source: impl Source,
    mailbox: &MailboxId,
    ids: &[ExchangeId],
) -> Result<Vec<ExchangeEvent>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT event FROM master
              WHERE tenant = $1 AND mailbox = $2 AND id IN {list $3} ORDER BY id",
            &tenant,
            mailbox,
            codec::list(ids.iter().map(|id| &id.value))?,
        ))
        .await?;
    rows.iter()
        .map(|row| codec::from_json("master.event", &row.get::<String>("event")?))
        .collect()
}

/// Forgets masters that are gone.
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
