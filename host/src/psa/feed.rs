//! The PSA's rows as a cycle reads them: what changed, what is known by a reference, what lies
//! ahead.
//!
//! One file for each kind but appointments, which are rows as they are. The texts of the others are
//! joined from the records that they name.

use super::WebAddress;
use super::appointment::{read, select};
use crate::contract::{
    ContactSelection, ExchangeId, Instant, ItemKind, PsaId, PsaReference, PsaRow, RowVersion, Uid,
};
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Row, Statement, sql};
use crate::store::{Source, Tenant};

mod contact;
mod service_call;
mod to_do;

/// For whom rows are read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The mailbox's owner.
    pub resource: &'a PsaId,
    /// The kinds that travel.
    pub kinds: &'a [ItemKind],
    /// Which contacts go to a mailbox.
    pub contacts: ContactSelection,
    /// Where people open a record.
    pub web: &'a WebAddress,
}

/// A user's rows that changed after a version, tombstones included, by version; none reads all:
/// appointments and to-dos of the user, service calls that the user is or was assigned to, and
/// contacts that are selected or have a link in the mailbox. Fewer than `limit` rows mean that there
/// are no more; else go on after the last one's version.
///
/// # Errors
/// When the database does not answer.
pub async fn changes_since(
    tenant: &Tenant,
    reader: &Reader<'_>,
    since: Option<RowVersion>,
    limit: u32,
) -> Result<Vec<PsaRow>> {
    let since = since.map_or(Ok(0), codec::version_number)?;
    let mut rows = Vec::new();
    for kind in reader.kinds {
        rows.extend(match kind {
            ItemKind::Appointment => {
                let text = select!("AND resource = $2 AND version > $3 ORDER BY version LIMIT $4");
                let whose = &reader.resource.value;
                let statement = sql!(text, tenant.id(), whose, since, limit);
                appointments(tenant, statement, reader.web).await?
            }
            ItemKind::ToDo => to_do::changes(tenant, reader, since, limit).await?,
            ItemKind::ServiceCall => service_call::changes(tenant, reader, since, limit).await?,
            ItemKind::Contact => contact::changes(tenant, reader, since, limit).await?,
        });
    }
    rows.sort_by_key(|row| row.version.number);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

/// The rows with these keys, tombstones included, as they stand in the reader's mailbox.
///
/// # Errors
/// When the database does not answer.
pub async fn by_references(
    tenant: &Tenant,
    references: &[PsaReference],
    reader: &Reader<'_>,
) -> Result<Vec<PsaRow>> {
    let whose = Some((reader.resource, reader.contacts));
    rows(tenant, references, whose, reader.web).await
}

/// The rows with these keys as nobody's: their texts, with no call assigned and no contact
/// selected.
///
/// # Errors
/// When the database does not answer.
pub async fn texts(
    tenant: &Tenant,
    references: &[PsaReference],
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    rows(tenant, references, None, web).await
}

async fn rows(
    tenant: &Tenant,
    references: &[PsaReference],
    whose: Option<(&PsaId, ContactSelection)>,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let keys = |kind: ItemKind| {
        let of_kind = references.iter().filter(move |one| one.kind == kind);
        codec::list(of_kind.map(|one| &one.id.value))
    };
    let owner = whose.map(|(owner, _)| owner.value.as_str());
    let mut rows = Vec::new();
    let asked = |kind: ItemKind| references.iter().any(|one| one.kind == kind);
    if asked(ItemKind::Appointment) {
        let text = select!("AND id IN {list $2} ORDER BY id");
        let statement = sql!(text, tenant.id(), keys(ItemKind::Appointment)?);
        rows.extend(appointments(tenant, statement, web).await?);
    }
    if asked(ItemKind::ToDo) {
        rows.extend(to_do::by_keys(tenant, keys(ItemKind::ToDo)?, web).await?);
    }
    if asked(ItemKind::ServiceCall) {
        let keys = keys(ItemKind::ServiceCall)?;
        rows.extend(service_call::by_keys(tenant, keys, owner, web).await?);
    }
    if asked(ItemKind::Contact) {
        let selection = whose.map(|(_, selection)| selection);
        let keys = keys(ItemKind::Contact)?;
        rows.extend(contact::by_keys(tenant, keys, owner, selection, web).await?);
    }
    Ok(rows)
}

/// The user's live copies of items with these ids or UIDs.
///
/// # Errors
/// When the database does not answer.
pub async fn by_exchange(
    tenant: &Tenant,
    resource: &PsaId,
    ids: &[ExchangeId],
    uids: &[Uid],
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let ids = codec::list(ids.iter().map(|id| &id.value))?;
    let uids = codec::list(uids.iter().map(|uid| &uid.value))?;
    let text = select!(
        "AND resource = $2 AND NOT deleted
         AND (exchange_id IN {list $3} OR exchange_uid IN {list $4}) ORDER BY id"
    );
    let statement = sql!(text, tenant.id(), &resource.value, ids, uids);
    appointments(tenant, statement, web).await
}

/// The items that the user's live copies are copies of, as far as the mailbox's provider knows their
/// names; of an occurrence its series' master.
///
/// # Errors
/// When the database does not answer.
pub async fn originals(mut source: impl Source, resource: &PsaId) -> Result<Vec<ExchangeId>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT DISTINCT COALESCE(slot_master, exchange_id) AS original FROM appointment
              WHERE tenant = $1 AND resource = $2 AND NOT deleted AND exchange_id IS NOT NULL
                AND names_of IS NULL
              ORDER BY original",
            &tenant,
            &resource.value,
        ))
        .await?;
    rows.iter()
        .map(|row| row.get("original").map(|value| ExchangeId { value }))
        .collect()
}

/// The user's live copies of occurrences of these masters.
///
/// # Errors
/// When the database does not answer.
pub async fn by_masters(
    tenant: &Tenant,
    resource: &PsaId,
    masters: &[String],
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let masters = codec::list(masters)?;
    let text =
        select!("AND resource = $2 AND NOT deleted AND slot_master IN {list $3} ORDER BY id");
    let statement = sql!(text, tenant.id(), &resource.value, masters);
    appointments(tenant, statement, web).await
}

/// All live rows of a user that may end after an instant. Whole days count by the outermost zone,
/// so a day more than asked for can be among them, never one less.
///
/// # Errors
/// When the database does not answer.
pub async fn ending_after(
    tenant: &Tenant,
    resource: &PsaId,
    instant: Instant,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let text = select!("AND resource = $2 AND NOT deleted AND ends > $3 ORDER BY begins, id");
    let statement = sql!(text, tenant.id(), &resource.value, instant);
    appointments(tenant, statement, web).await
}

async fn appointments(
    mut source: &Tenant,
    statement: Statement,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let rows = source.fetch(statement).await?;
    rows.iter()
        .map(|row| read(row).map(|record| record.into_row(web)))
        .collect()
}

/// A version that may be missing.
fn maybe_version(row: &Row, column: &'static str) -> Result<Option<RowVersion>> {
    let number: Option<i64> = row.get(column)?;
    Ok(number.map(|number| RowVersion {
        number: number.unsigned_abs(),
    }))
}
