//! What a cycle writes to the PSA: copies of Exchange's items, and the moves of PSA items.
//!
//! The row's version rises, `person_version` stays: Tandem's own write never looks like a change
//! that somebody made. Each write names the version that was planned on; when the row has moved on,
//! nothing is written and the caller gets none, which is no error: the next cycle plans again.

use super::to_do::ToDo;
use super::{appointment, record, rule, span, version};
use crate::contract::{
    CopyDeletionNote, ItemKind, PsaCreation, PsaDeletion, PsaId, PsaReference, PsaUpdate,
    RowVersion, Side,
};
use crate::store::Transaction;
use crate::store::codec;
use crate::store::error::{Result, StoreError};
use crate::store::statement::{Statement, Value, sql};

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

/// Changes an item; none when it is no longer at the planned version, or gone. A to-do can only be
/// moved: its other fields stay what they are, whatever the patch says.
///
/// # Errors
/// [`StoreError::Invalid`] for fields that break a rule; [`StoreError::NotFound`] for a kind that
/// only the PSA changes.
pub async fn update(
    transaction: &mut Transaction,
    update: &PsaUpdate,
) -> Result<Option<RowVersion>> {
    let id = &update.reference.id;
    match update.reference.kind {
        ItemKind::Appointment => update_appointment(transaction, id, update).await,
        ItemKind::ToDo => move_to_do(transaction, id, update).await,
        ItemKind::ServiceCall | ItemKind::Contact => Err(not_from_exchange(&update.reference)),
    }
}

async fn update_appointment(
    transaction: &mut Transaction,
    id: &PsaId,
    update: &PsaUpdate,
) -> Result<Option<RowVersion>> {
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

async fn move_to_do(
    transaction: &mut Transaction,
    id: &PsaId,
    update: &PsaUpdate,
) -> Result<Option<RowVersion>> {
    let version = version::next(transaction).await?;
    let before = match record::get::<ToDo>(&mut *transaction, id).await {
        Ok(record) if record.version == update.version => record.fields,
        Ok(_) | Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(e) => return Err(e),
    };
    let span = update.patch.span.unwrap_or(before.span);
    span::check(&span)?;
    let mut values = vec![
        Value::from(&transaction.tenant_id()),
        Value::from(&id.value),
        Value::from(version),
    ];
    values.extend(span::columns(&span)?.values());
    let text = "UPDATE to_do SET version = $3, tandem_version = $3, start_at = $4, end_at = $5, first_day = $6,
                    after_day = $7, begins = $8, ends = $9, changed = {now}
                 WHERE tenant = $1 AND id = $2";
    transaction.execute(Statement::new(text, values)).await?;
    Ok(Some(RowVersion {
        number: version.unsigned_abs(),
    }))
}

/// Deletes a copy of an Exchange item; none when it is no longer at the planned version, or gone already.
///
/// # Errors
/// When the database refuses it.
pub async fn delete(
    transaction: &mut Transaction,
    deletion: &PsaDeletion,
) -> Result<Option<RowVersion>> {
    let id = match deletion.reference.kind {
        ItemKind::Appointment => &deletion.reference.id,
        ItemKind::ToDo | ItemKind::ServiceCall | ItemKind::Contact => {
            return Err(not_from_exchange(&deletion.reference));
        }
    };
    let version = version::next(transaction).await?;
    let buried = appointment::bury(transaction, id, version, None, deletion.version).await?;
    Ok(buried.then_some(RowVersion {
        number: version.unsigned_abs(),
    }))
}

/// Keeps on the row that the mailbox's owner deleted the copy in Exchange, or takes the note away.
/// The row's version stays: nobody's data changed. False when there is no such row.
///
/// # Errors
/// When the database refuses it.
pub async fn note_copy_deleted(
    transaction: &mut Transaction,
    owner: &PsaId,
    note: &CopyDeletionNote,
) -> Result<bool> {
    let at = note.at.map(codec::version_number).transpose()?;
    let id = &note.reference.id.value;
    let (tenant, owner) = (transaction.tenant_id(), &owner.value);
    let statement = match (note.reference.kind, at) {
        (ItemKind::Appointment, at) => sql!(
            "UPDATE appointment SET copy_deleted = $3 WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
            at,
        ),
        (ItemKind::ToDo, at) => sql!(
            "UPDATE to_do SET copy_deleted = $3 WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
            at,
        ),
        (ItemKind::ServiceCall, at) => sql!(
            "UPDATE assignment SET copy_deleted = $4
              WHERE tenant = $1 AND call = $2 AND resource = $3",
            &tenant,
            id,
            owner,
            at,
        ),
        (ItemKind::Contact, Some(at)) => sql!(
            "INSERT INTO contact_copy_deleted (tenant, contact, resource, at)
             SELECT tenant, id, $3, $4 FROM contact WHERE tenant = $1 AND id = $2
             ON CONFLICT (tenant, contact, resource) DO UPDATE SET at = excluded.at",
            &tenant,
            id,
            owner,
            at,
        ),
        (ItemKind::Contact, None) => sql!(
            "DELETE FROM contact_copy_deleted
              WHERE tenant = $1 AND contact = $2 AND resource = $3",
            &tenant,
            id,
            owner,
        ),
    };
    Ok(transaction.execute(statement).await? == 1)
}

/// A kind that only the PSA changes and deletes.
fn not_from_exchange(reference: &PsaReference) -> StoreError {
    StoreError::NotFound {
        what: "record that Exchange may change",
        id: reference.id.value.clone(),
    }
}
