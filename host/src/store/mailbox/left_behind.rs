//! Mailboxes that no cycle synchronises, because their user or the integration is switched off, and that
//! have copies still: an admin may have these removed (behaviour, section 6).

use crate::contract::{LinkState, MailboxId, PsaId};
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Row, sql};
use crate::store::transaction::Source;

/// Such a mailbox.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftBehind {
    /// The mailbox.
    pub id: MailboxId,
    /// Whose it is.
    pub owner: PsaId,
    /// The owner's name.
    pub name: String,
    /// The mailbox's address.
    pub address: String,
    /// How many copies either side has of the other's items, as far as links know them.
    pub copies: u64,
    /// A cycle or a removal runs.
    pub running: bool,
}

/// All of them, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn left_behind(mut source: impl Source) -> Result<Vec<LeftBehind>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT m.id, m.resource, r.name, m.address, m.lease_until >= {now} AS running, COUNT(*) AS copies
               FROM mailbox m
               JOIN settings s ON s.tenant = m.tenant
               JOIN resource r ON r.tenant = m.tenant AND r.id = m.resource
               JOIN link l ON l.tenant = m.tenant AND l.mailbox = m.id
              WHERE m.tenant = $1 AND NOT (m.enabled AND s.enabled) AND m.profile IS NOT NULL
                AND l.state = $2 AND l.psa IS NOT NULL AND l.exchange_id IS NOT NULL
              GROUP BY m.id, m.resource, r.name, m.address, m.lease_until
              ORDER BY r.name, m.id",
            &tenant,
            codec::name("link.state", &LinkState::Linked)?,
        ))
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<LeftBehind> {
    Ok(LeftBehind {
        id: MailboxId {
            value: row.get("id")?,
        },
        owner: PsaId {
            value: row.get("resource")?,
        },
        name: row.get("name")?,
        address: row.get("address")?,
        copies: row.unsigned("copies")?,
        running: row.get("running")?,
    })
}
