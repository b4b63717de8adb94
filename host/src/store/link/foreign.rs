//! Links whose names come from another provider than the mailbox's.

use super::read;
use super::search::select;
use crate::contract::{Link, MailboxId, Provenance, ProviderKind};
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::sql;
use crate::store::transaction::{Source, Transaction};

/// A link under another provider's names.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreign {
    /// The link.
    pub link: Link,
    /// Whose names it holds.
    pub names_of: ProviderKind,
}

/// The mailbox goes over from one provider to another: the names of all links are foreign, but for
/// those that have waited under the other one's since it was the mailbox's before.
///
/// # Errors
/// When the database refuses it.
pub async fn become_foreign(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    from: ProviderKind,
    to: ProviderKind,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE link SET names_of = $3, provenance = $4
              WHERE tenant = $1 AND mailbox = $2 AND names_of IS NULL AND exchange_id IS NOT NULL",
            &tenant,
            mailbox,
            codec::name("link.names_of", &from)?,
            codec::name("link.provenance", &Provenance::Foreign)?,
        ))
        .await?;
    transaction
        .execute(sql!(
            "UPDATE link SET names_of = NULL, provenance = $4
              WHERE tenant = $1 AND mailbox = $2 AND names_of = $3",
            &tenant,
            mailbox,
            codec::name("link.names_of", &to)?,
            codec::name("link.provenance", &Provenance::Renamed)?,
        ))
        .await?;
    Ok(())
}

/// The mailbox's links under foreign names, in the order they were made.
///
/// # Errors
/// When the database does not answer.
pub async fn foreign(mut source: impl Source, mailbox: &MailboxId) -> Result<Vec<Foreign>> {
    let tenant = source.tenant().clone();
    let text = select!("AND mailbox = $2 AND names_of IS NOT NULL ORDER BY id");
    let rows = source.fetch(sql!(text, &tenant, mailbox)).await?;
    rows.iter()
        .map(|row| {
            Ok(Foreign {
                link: read(row)?,
                names_of: codec::from_name("link.names_of", row.get("names_of")?)?,
            })
        })
        .collect()
}
