//! What a PSA item says in the fields that a cycle may write, so that a write can be undone and a
//! later change be seen.

use super::appointment::{self, AppointmentRecord};
use super::record;
use super::to_do::ToDo;
use crate::contract::{
    Appointment, AppointmentPatch, ItemKind, PsaContent, PsaCreation, PsaReference,
};
use crate::store::Source;
use crate::store::error::{Result, StoreError};

/// All fields of a live item that a cycle may write: those of an appointment, the time of a to-do.
/// None for an item that is gone, and for a kind that no cycle writes.
///
/// # Errors
/// When the database does not answer.
pub async fn fields(
    source: impl Source,
    reference: &PsaReference,
) -> Result<Option<AppointmentPatch>> {
    match reference.kind {
        ItemKind::Appointment => {
            let live = live(source, reference).await?;
            Ok(live.map(|record| of_appointment(&record.fields)))
        }
        ItemKind::ToDo => match record::get::<ToDo>(source, &reference.id).await {
            Ok(record) => Ok(Some(time_alone(record.fields.span))),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        },
        ItemKind::ServiceCall | ItemKind::Contact => Ok(None),
    }
}

/// The same of a row that was read already.
#[must_use]
pub fn of_content(content: &PsaContent) -> Option<AppointmentPatch> {
    match content {
        PsaContent::Appointment(appointment) => Some(of_appointment(appointment)),
        PsaContent::ToDo(to_do) => Some(time_alone(to_do.span)),
        PsaContent::ServiceCall(_) | PsaContent::Contact(_) => None,
    }
}

/// What makes a live copy of an Exchange item again; none for an item that is gone, or no copy.
///
/// # Errors
/// When the database does not answer.
pub async fn creation(
    source: impl Source,
    reference: &PsaReference,
) -> Result<Option<PsaCreation>> {
    if reference.kind != ItemKind::Appointment {
        return Ok(None);
    }
    let creation = |record: AppointmentRecord| {
        Some(PsaCreation {
            exchange: record.exchange?,
            appointment: record.fields,
        })
    };
    Ok(live(source, reference).await?.and_then(creation))
}

async fn live(source: impl Source, reference: &PsaReference) -> Result<Option<AppointmentRecord>> {
    match appointment::get(source, &reference.id).await {
        Ok(record) => Ok(Some(record).filter(|record| !record.deleted)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn of_appointment(appointment: &Appointment) -> AppointmentPatch {
    AppointmentPatch {
        title: Some(appointment.title.clone()),
        description: Some(appointment.description.clone()),
        span: Some(appointment.span),
        private: Some(appointment.private),
        free: Some(appointment.free),
        recurring: Some(appointment.recurring),
        not_answered: Some(appointment.not_answered),
    }
}

fn time_alone(span: crate::contract::Span) -> AppointmentPatch {
    AppointmentPatch {
        title: None,
        description: None,
        span: Some(span),
        private: None,
        free: None,
        recurring: None,
        not_answered: None,
    }
}
