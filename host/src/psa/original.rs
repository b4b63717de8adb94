//! Under which names the PSA's copies remember their originals in Exchange, when a mailbox goes over
//! to another provider. To exchange a name changes nobody's data: the row's version stays.

use crate::contract::{ExchangeReference, ProviderKind, PsaId};
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::sql;
use crate::store::{Source, Transaction};

/// A user's live copy that remembers its original under another provider's names.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignCopy {
    /// The appointment's key.
    pub id: PsaId,
    /// The names.
    pub exchange: ExchangeReference,
    /// Whose they are.
    pub names_of: ProviderKind,
}

/// The user's mailbox goes over from one provider to another: the names of all originals are foreign,
/// but for those that have waited under the other one's since it was the mailbox's before.
///
/// # Errors
/// When the database refuses it.
pub async fn become_foreign(
    transaction: &mut Transaction,
    resource: &PsaId,
    from: ProviderKind,
    to: ProviderKind,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let (from, to) = (
        codec::name("appointment.names_of", &from)?,
        codec::name("appointment.names_of", &to)?,
    );
    transaction
        .execute(sql!(
            "UPDATE appointment SET names_of = CASE WHEN names_of = $4 THEN NULL
                                                    ELSE COALESCE(names_of, $3) END
              WHERE tenant = $1 AND resource = $2 AND exchange_id IS NOT NULL",
            &tenant,
            &resource.value,
            from,
            to,
        ))
        .await?;
    Ok(())
}

/// The user's live copies whose originals' names are foreign, by their keys.
///
/// # Errors
/// When the database does not answer.
pub async fn foreign(mut source: impl Source, resource: &PsaId) -> Result<Vec<ForeignCopy>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT id, exchange_id, exchange_uid, slot_master, slot_start, names_of
               FROM appointment
              WHERE tenant = $1 AND resource = $2 AND NOT deleted AND names_of IS NOT NULL
              ORDER BY id",
            &tenant,
            &resource.value,
        ))
        .await?;
    let mut copies = Vec::new();
    for row in &rows {
        let names = ["exchange_id", "exchange_uid", "slot_master", "slot_start"];
        let Some(exchange) = codec::exchange_reference(row, names)? else {
            continue;
        };
        copies.push(ForeignCopy {
            id: PsaId {
                value: row.get("id")?,
            },
            exchange,
            names_of: codec::from_name("appointment.names_of", row.get("names_of")?)?,
        });
    }
    Ok(copies)
}

/// Gives a copy's original the names that the mailbox's provider knows it by.
///
/// # Errors
/// When the database refuses it.
pub async fn rename(
    transaction: &mut Transaction,
    id: &PsaId,
    exchange: &ExchangeReference,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let slot = exchange.slot.as_ref();
    transaction
        .execute(sql!(
            "UPDATE appointment SET exchange_id = $3, exchange_uid = $4, slot_master = $5,
                    slot_start = $6, names_of = NULL
              WHERE tenant = $1 AND id = $2",
            &tenant,
            &id.value,
            &exchange.id.value,
            exchange.uid.as_ref().map(|uid| uid.value.as_str()),
            slot.map(|slot| slot.master_id.as_str()),
            slot.map(|slot| slot.original_start),
        ))
        .await?;
    Ok(())
}
