//! Whether the links are all there.
//!
//! A table that somebody emptied, or restored by itself, looks like one of a mailbox with fewer
//! pairs: each item would get a second copy with its next change. So the mailbox knows how many
//! links it has.

use crate::contract::MailboxId;
use crate::store::error::Result;
use crate::store::statement::sql;
use crate::store::transaction::{Source, Transaction};

/// Counts links that were made, or removed when `by` is negative.
pub(super) async fn more(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    by: i64,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET links = links + $3 WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        by,
    );
    transaction.execute(statement).await?;
    Ok(())
}

/// How many links are missing that nobody removed one by one; negative when there are more than were
/// made.
///
/// # Errors
/// When the database does not answer.
pub async fn lost(mut source: impl Source, mailbox: &MailboxId) -> Result<i64> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT links - (SELECT COUNT(*) FROM link WHERE tenant = $1 AND mailbox = $2) AS lost
               FROM mailbox WHERE tenant = $1 AND id = $2",
            &tenant,
            mailbox,
        ))
        .await?;
    rows.first().map_or(Ok(0), |row| row.get("lost"))
}

/// Takes the links that are there for all there are: they were made again.
///
/// # Errors
/// When the database refuses it.
pub async fn count_anew(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox
            SET links = (SELECT COUNT(*) FROM link WHERE tenant = $1 AND mailbox = $2)
          WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
    );
    transaction.execute(statement).await?;
    Ok(())
}
