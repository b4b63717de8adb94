//! The PSA's rows as a cycle reads them: what changed, what is known by a reference, what lies
//! ahead.

use super::WebAddress;
use super::appointment::{read, select};
use crate::contract::{
    ExchangeId, Instant, ItemKind, PsaId, PsaReference, PsaRow, RowVersion, Uid,
};
use crate::store::Source;
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Statement, sql};

/// A user's rows that changed after a version, tombstones included, by version; none reads all.
/// Fewer than `limit` rows mean that there are no more; else go on after the last one's version.
///
/// # Errors
/// When the database does not answer.
pub async fn changes_since(
    source: impl Source,
    resource: &PsaId,
    since: Option<RowVersion>,
    limit: u32,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let tenant = source.tenant().clone();
    let since = since.map_or(Ok(0), codec::version_number)?;
    let text = select!("AND resource = $2 AND version > $3 ORDER BY version LIMIT $4");
    rows(
        source,
        sql!(text, &tenant, &resource.value, since, limit),
        web,
    )
    .await
}

/// The rows with these keys, tombstones included.
///
/// # Errors
/// When the database does not answer.
pub async fn by_references(
    source: impl Source,
    references: &[PsaReference],
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let tenant = source.tenant().clone();
    let appointments = references
        .iter()
        .filter(|r| r.kind == ItemKind::Appointment);
    let ids = codec::list(appointments.map(|r| &r.id.value))?;
    rows(
        source,
        sql!(select!("AND id IN {list $2} ORDER BY id"), &tenant, ids),
        web,
    )
    .await
}

/// The user's live copies of items with these ids or UIDs.
///
/// # Errors
/// When the database does not answer.
pub async fn by_exchange(
    source: impl Source,
    resource: &PsaId,
    ids: &[ExchangeId],
    uids: &[Uid],
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let tenant = source.tenant().clone();
    let ids = codec::list(ids.iter().map(|id| &id.value))?;
    let uids = codec::list(uids.iter().map(|uid| &uid.value))?;
    let text = select!(
        "AND resource = $2 AND NOT deleted
         AND (exchange_id IN {list $3} OR exchange_uid IN {list $4}) ORDER BY id"
    );
    rows(source, sql!(text, &tenant, &resource.value, ids, uids), web).await
}

/// The items that the user's live copies are copies of.
///
/// # Errors
/// When the database does not answer.
pub async fn originals(mut source: impl Source, resource: &PsaId) -> Result<Vec<ExchangeId>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT exchange_id FROM appointment
              WHERE tenant = $1 AND resource = $2 AND NOT deleted AND exchange_id IS NOT NULL
              ORDER BY exchange_id",
            &tenant,
            &resource.value,
        ))
        .await?;
    rows.iter()
        .map(|row| row.get("exchange_id").map(|value| ExchangeId { value }))
        .collect()
}

/// The user's live copies of occurrences of these masters.
///
/// # Errors
/// When the database does not answer.
pub async fn by_masters(
    source: impl Source,
    resource: &PsaId,
    masters: &[String],
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let tenant = source.tenant().clone();
    let masters = codec::list(masters)?;
    let text =
        select!("AND resource = $2 AND NOT deleted AND slot_master IN {list $3} ORDER BY id");
    rows(source, sql!(text, &tenant, &resource.value, masters), web).await
}

/// All live rows of a user that may end after an instant. Whole days count by the outermost zone,
/// so a day more than asked for can be among them, never one less.
///
/// # Errors
/// When the database does not answer.
pub async fn ending_after(
    source: impl Source,
    resource: &PsaId,
    instant: Instant,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let tenant = source.tenant().clone();
    let text = select!("AND resource = $2 AND NOT deleted AND ends > $3 ORDER BY begins, id");
    rows(source, sql!(text, &tenant, &resource.value, instant), web).await
}

async fn rows(
    mut source: impl Source,
    statement: Statement,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let rows = source.fetch(statement).await?;
    rows.iter()
        .map(|row| read(row).map(|record| record.into_row(web)))
        .collect()
}
