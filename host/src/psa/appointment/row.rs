//! An appointment's row: as it is read, and the writes that people and Tandem share.

use crate::contract::{
    Appointment, ExchangeReference, Instant, ItemKind, PsaContent, PsaId, PsaReference, PsaRow,
    RowVersion, Side,
};
use crate::psa::span::{self, Columns};
use crate::psa::{WebAddress, rule, version};
use crate::store::Transaction;
use crate::store::codec;
use crate::store::error::{Result, StoreError};
use crate::store::statement::{Row, sql};

/// An appointment as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct AppointmentRecord {
    /// The key.
    pub id: PsaId,
    /// Whose calendar it is in.
    pub resource: PsaId,
    /// The row's version.
    pub version: RowVersion,
    /// The version of the last write by a person.
    pub person_version: RowVersion,
    /// Which side owns text and existence.
    pub origin: Side,
    /// It is gone; its texts are empty.
    pub deleted: bool,
    /// The Exchange item that it is a copy of.
    pub exchange: Option<ExchangeReference>,
    /// The `person_version` at which its user deleted the copy in Exchange.
    pub copy_deleted: Option<RowVersion>,
    /// The fields.
    pub fields: Appointment,
    /// When it was made.
    pub created: Instant,
    /// When it was changed last, by whomever.
    pub changed: Instant,
}

impl AppointmentRecord {
    /// How others name it.
    #[must_use]
    pub fn reference(&self) -> PsaReference {
        PsaReference {
            kind: ItemKind::Appointment,
            id: self.id.clone(),
        }
    }

    /// The record as the law sees it.
    #[must_use]
    pub fn into_row(self, web: &WebAddress) -> PsaRow {
        let reference = self.reference();
        PsaRow {
            web_link: web.link(&reference),
            reference,
            version: self.version,
            person_version: self.person_version,
            owner: Some(self.resource),
            origin: self.origin,
            deleted: self.deleted,
            exchange: self.exchange,
            copy_deleted: self.copy_deleted,
            content: PsaContent::Appointment(self.fields),
        }
    }
}

/// Starts a query over all of a record's columns, for this room's files.
macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT id, resource, version, person_version, origin, deleted, title, description, \
             start_at, end_at, first_day, after_day, private, free, recurring, not_answered, \
             exchange_id, exchange_uid, slot_master, slot_start, copy_deleted, \
             created, changed FROM appointment WHERE tenant = $1 ",
            $($rest),+
        )
    };
}
pub(in crate::psa) use select;

/// Adds a row of either origin under a key that no row has. A person's has the same person version,
/// and so has a copy: both begin with the version that made them.
pub(in crate::psa) async fn insert(
    transaction: &mut Transaction,
    id: &PsaId,
    resource: &PsaId,
    fields: &Appointment,
    origin: Side,
    exchange: Option<&ExchangeReference>,
) -> Result<()> {
    rule::appointment(fields)?;
    let version = version::next(transaction).await?;
    let span = span::columns(&fields.span)?;
    let slot = exchange.and_then(|e| e.slot.as_ref());
    let tenant = transaction.tenant_id();
    let made = transaction
        .execute(sql!(
            "INSERT INTO appointment (tenant, id, resource, version, person_version, origin,
                deleted, title, description, start_at, end_at, first_day, after_day, begins, ends, private, free, recurring, not_answered, exchange_id, exchange_uid,
                slot_master, slot_start, created, changed)
             VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                $17, $18, $19, $20, $21, $22, {now}, {now})",
            &tenant,
            &id.value,
            &resource.value,
            version,
            codec::name("appointment.origin", &origin)?,
            false,
            &fields.title,
            &fields.description,
            span.start_at,
            span.end_at,
            span.first_day,
            span.after_day,
            span.begins,
            span.ends,
            fields.private,
            fields.free,
            fields.recurring,
            fields.not_answered,
            exchange.map(|e| e.id.value.as_str()),
            exchange.and_then(|e| e.uid.as_ref()).map(|u| u.value.as_str()),
            slot.map(|s| s.master_id.as_str()),
            slot.map(|s| s.original_start),
        ))
        .await;
    match made {
        Ok(_) => Ok(()),
        Err(e) if e.is_missing_parent() => Err(StoreError::NotFound {
            what: "user",
            id: resource.value.clone(),
        }),
        Err(e) => Err(e),
    }
}

/// Writes all fields of a row that the caller has read in this transaction, after it drew the
/// version. `person_version` none leaves it; `exchange` none leaves the reference.
pub(in crate::psa) async fn write(
    transaction: &mut Transaction,
    id: &PsaId,
    version: i64,
    person_version: Option<i64>,
    fields: &Appointment,
    exchange: Option<&ExchangeReference>,
) -> Result<()> {
    let Columns {
        start_at,
        end_at,
        first_day,
        after_day,
        begins,
        ends,
    } = span::columns(&fields.span)?;
    let slot = exchange.and_then(|e| e.slot.as_ref());
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE appointment SET version = $3, person_version = COALESCE($4, person_version),
                title = $5, description = $6, start_at = $7, end_at = $8, first_day = $9,
                after_day = $10, begins = $11, ends = $12, private = $13, free = $14,
                recurring = $15, not_answered = $16,
                exchange_id = CASE WHEN $17 THEN $18 ELSE exchange_id END,
                exchange_uid = CASE WHEN $17 THEN $19 ELSE exchange_uid END,
                slot_master = CASE WHEN $17 THEN $20 ELSE slot_master END,
                slot_start = CASE WHEN $17 THEN $21 ELSE slot_start END,
                names_of = CASE WHEN $17 THEN NULL ELSE names_of END,
                changed = {now}
              WHERE tenant = $1 AND id = $2",
            &tenant,
            &id.value,
            version,
            person_version,
            &fields.title,
            &fields.description,
            start_at,
            end_at,
            first_day,
            after_day,
            begins,
            ends,
            fields.private,
            fields.free,
            fields.recurring,
            fields.not_answered,
            exchange.is_some(),
            exchange.map(|e| e.id.value.as_str()),
            exchange
                .and_then(|e| e.uid.as_ref())
                .map(|u| u.value.as_str()),
            slot.map(|s| s.master_id.as_str()),
            slot.map(|s| s.original_start),
        ))
        .await?;
    Ok(())
}

/// Makes a live row at the `expected` version a tombstone; false when there is none.
pub(in crate::psa) async fn bury(
    transaction: &mut Transaction,
    id: &PsaId,
    version: i64,
    person_version: Option<i64>,
    expected: RowVersion,
) -> Result<bool> {
    let tenant = transaction.tenant_id();
    let buried = transaction
        .execute(sql!(
            "UPDATE appointment SET version = $3, person_version = COALESCE($4, person_version),
                deleted = $5, title = '', description = '', changed = {now}
              WHERE tenant = $1 AND id = $2 AND version = $6 AND NOT deleted",
            &tenant,
            &id.value,
            version,
            person_version,
            true,
            codec::version_number(expected)?,
        ))
        .await?;
    Ok(buried == 1)
}

pub(in crate::psa) fn read(row: &Row) -> Result<AppointmentRecord> {
    let copy_deleted: Option<i64> = row.get("copy_deleted")?;
    Ok(AppointmentRecord {
        id: PsaId {
            value: row.get("id")?,
        },
        resource: PsaId {
            value: row.get("resource")?,
        },
        version: RowVersion {
            number: row.unsigned("version")?,
        },
        person_version: RowVersion {
            number: row.unsigned("person_version")?,
        },
        origin: codec::from_name("appointment.origin", row.get("origin")?)?,
        deleted: row.get("deleted")?,
        exchange: codec::exchange_reference(
            row,
            ["exchange_id", "exchange_uid", "slot_master", "slot_start"],
        )?,
        copy_deleted: copy_deleted.map(|n| RowVersion {
            number: n.unsigned_abs(),
        }),
        fields: Appointment {
            title: row.get("title")?,
            description: row.get("description")?,
            span: span::read(row)?,
            private: row.get("private")?,
            free: row.get("free")?,
            recurring: row.get("recurring")?,
            not_answered: row.get("not_answered")?,
        },
        created: row.instant("created")?,
        changed: row.instant("changed")?,
    })
}
