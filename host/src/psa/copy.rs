//! What a cycle writes to the PSA: copies of Exchange's items, and the moves of PSA items.
//!
//! The row's version rises, `person_version` stays: Tandem's own write never looks like a change
//! that somebody made. Each write names the version that was planned on; when the row has moved on,
//! nothing is written and the caller gets none, which is no error: the next cycle plans again.

use super::{appointment, rule, version};
use crate::contract::{
    CopyDeletionNote, ItemKind, PsaCreation, PsaDeletion, PsaId, PsaReference, PsaUpdate,
    RowVersion, Side,
};
use crate::store::Transaction;
use crate::store::codec;
use crate::store::error::{Result, StoreError};
use crate::store::statement::sql;

/// Makes a copy of an Exchange item in a user's calendar.
///
/// # Errors
/// [`StoreError::Invalid`] for fields that break a rule; [`StoreError::NotFound`] for an unknown
/// user.
pub async fn create(
    transaction: &mut Transaction,
    resource: &PsaId,
    creation: &PsaCreation,
) -> Result<(PsaReference, RowVersion)> {
    let (fields, exchange) = (&creation.appointment, Some(&creation.exchange));
    let id = PsaId {
        value: transaction.new_id(),
    };
    appointment::insert(transaction, &id, resource, fields, Side::Exchange, exchange).await?;
    let record = appointment::get(&mut *transaction, &id).await?;
    Ok((record.reference(), record.version))
}

/// Changes an item; none when it is no longer at the planned version, or gone.
///
/// # Errors
/// [`StoreError::Invalid`] for fields that break a rule.
pub async fn update(
    transaction: &mut Transaction,
    update: &PsaUpdate,
) -> Result<Option<RowVersion>> {
    let id = appointment_id(&update.reference)?;
    let version = version::next(transaction).await?;
    let before = match appointment::get(&mut *transaction, id).await {
        Ok(record) if !record.deleted && record.version == update.version => record,
        Ok(_) | Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(e) => return Err(e),
    };
    let patch = &update.patch;
    let mut fields = before.fields;
    if let Some(title) = &patch.title {
        fields.title.clone_from(title);
    }
    if let Some(description) = &patch.description {
        fields.description.clone_from(description);
    }
    if let Some(span) = &patch.span {
        fields.span = *span;
    }
    fields.private = patch.private.unwrap_or(fields.private);
    fields.free = patch.free.unwrap_or(fields.free);
    fields.recurring = patch.recurring.unwrap_or(fields.recurring);
    fields.not_answered = patch.not_answered.unwrap_or(fields.not_answered);
    rule::appointment(&fields)?;
    appointment::write(
        transaction,
        id,
        version,
        None,
        &fields,
        update.exchange.as_ref(),
    )
    .await?;
    Ok(Some(RowVersion {
        number: version.unsigned_abs(),
    }))
}

/// Deletes an item; none when it is no longer at the planned version, or gone already.
///
/// # Errors
/// When the database refuses it.
pub async fn delete(
    transaction: &mut Transaction,
    deletion: &PsaDeletion,
) -> Result<Option<RowVersion>> {
    let id = appointment_id(&deletion.reference)?;
    let version = version::next(transaction).await?;
    let buried = appointment::bury(transaction, id, version, None, deletion.version).await?;
    Ok(buried.then_some(RowVersion {
        number: version.unsigned_abs(),
    }))
}

/// Keeps on the row that its user deleted the copy in Exchange, or takes the note away. The row's
/// version stays: nobody's data changed. False when there is no such row.
///
/// # Errors
/// When the database refuses it.
pub async fn note_copy_deleted(
    transaction: &mut Transaction,
    note: &CopyDeletionNote,
) -> Result<bool> {
    let id = appointment_id(&note.reference)?;
    let tenant = transaction.tenant_id();
    let noted = transaction
        .execute(sql!(
            "UPDATE appointment SET copy_deleted = $3 WHERE tenant = $1 AND id = $2",
            &tenant,
            &id.value,
            note.at.map(codec::version_number).transpose()?,
        ))
        .await?;
    Ok(noted == 1)
}

/// The key of an appointment; this PSA holds no other synchronised kind yet.
fn appointment_id(reference: &PsaReference) -> Result<&PsaId> {
    match reference.kind {
        ItemKind::Appointment => Ok(&reference.id),
        ItemKind::ToDo | ItemKind::ServiceCall | ItemKind::Contact => Err(StoreError::NotFound {
            what: "record of this kind",
            id: reference.id.value.clone(),
        }),
    }
}
