//! `/appointments`: the PSA's calendar, as people and other programs keep it.
//!
//! What is changed here counts as changed by a person: the next cycle carries it to Exchange, as
//! far as the item's origin lets it (behaviour, section 2). The token is the PSA's own, so texts of
//! private appointments are given like all others.

pub mod shape;

use axum::Json;

use self::shape::{AppointmentChange, AppointmentView, Filter, NewAppointment};
use super::answer::{Created, NoContent, Versioned};
use super::body::Body;
use super::bulk::InBulk;
use super::caller::Caller;
use super::list::{Listing, cursor, limit};
use super::parameters::{Parameters, Segments, number};
use super::problem::Problem;
use super::span::Given;
use super::text::plain;
use super::time::instant_parameter;
use super::version::IfMatch;
use crate::contract::{PsaId, RowVersion};
use crate::psa::appointment::{self, AppointmentRecord, Edit, Search};
use crate::psa::written::Written;
use crate::store::{StoreError, Tenant, Transaction};

fn versioned(record: AppointmentRecord) -> Versioned<AppointmentView> {
    Versioned {
        version: record.version,
        view: record.into(),
    }
}

/// Appointments by version. One that changes meanwhile moves to the end; none is missed.
pub async fn list(
    caller: Caller,
    Parameters(filter): Parameters<Filter>,
) -> Result<Json<Listing<AppointmentView>>, Problem> {
    let limit = limit(filter.limit.as_deref())?;
    let version = |number| RowVersion { number };
    let search = Search {
        resource: filter.resource.map(|value| PsaId { value }),
        since: number("since", filter.since.as_deref())?.map(version),
        from: instant_parameter("from", filter.from.as_deref())?,
        to: instant_parameter("to", filter.to.as_deref())?,
        after: cursor(filter.cursor.as_deref())?.map(version),
        limit: limit.saturating_add(1),
    };
    let records = appointment::list(&caller.tenant, &search).await?;
    let key = |last: &AppointmentRecord| last.version.number.to_string();
    Listing::page(records, limit, key, |record| Ok(record.into())).map(Json)
}

/// Makes an appointment.
pub async fn create(
    caller: Caller,
    Body(new): Body<NewAppointment>,
) -> Result<Created<AppointmentView>, Problem> {
    let (resource, fields) = new.parse()?;
    let mut transaction = caller.tenant.begin().await?;
    let made = appointment::create(&mut transaction, &resource, &fields).await;
    let record = made.map_err(of_resource)?;
    transaction.commit().await?;
    Ok(Created {
        path: format!("/appointments/{}", record.id.value),
        version: record.version,
        view: record.into(),
    })
}

/// What is not found for a new appointment is its user.
fn of_resource(error: StoreError) -> Problem {
    match error {
        StoreError::NotFound { .. } => Problem::invalid("resource", error.to_string()),
        error => error.into(),
    }
}

impl InBulk for NewAppointment {
    async fn put(
        self,
        transaction: &mut Transaction,
        id: &PsaId,
        expected: Option<RowVersion>,
    ) -> Result<Written, Problem> {
        let (resource, fields) = self.parse()?;
        let written = appointment::put(transaction, id, expected, &resource, &fields).await;
        written.map_err(of_resource)
    }

    async fn remove(
        transaction: &mut Transaction,
        id: &PsaId,
        expected: Option<RowVersion>,
    ) -> Result<Written, Problem> {
        plain("id", id.value.clone())?;
        Ok(appointment::remove(transaction, id, expected).await?)
    }
}

/// An appointment.
pub async fn get(
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Versioned<AppointmentView>, Problem> {
    let record = living(&caller.tenant, PsaId { value: id }).await?;
    Ok(versioned(record))
}

/// Changes an appointment that is still at the version in `If-Match`.
pub async fn edit(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
    Body(change): Body<AppointmentChange>,
) -> Result<Versioned<AppointmentView>, Problem> {
    let id = PsaId { value: id };
    let given = Given {
        all_day: change.all_day,
        start: change.start,
        end: change.end,
        first_day: change.first_day,
        last_day: change.last_day,
    };
    let text = |field, text: Option<String>| text.map(|text| plain(field, text)).transpose();
    let mut edit = Edit {
        title: text("title", change.title)?,
        description: text("description", change.description)?,
        span: None,
        private: change.private,
        free: change.free,
    };
    let mut transaction = caller.tenant.begin().await?;
    let before = appointment::get(&mut transaction, &id).await?;
    // On another version the change is refused below; it is not to be judged by these times.
    if before.version == expected && !before.deleted {
        edit.span = given.change(before.fields.span)?;
    }
    let record = appointment::edit(&mut transaction, &id, expected, &edit).await?;
    transaction.commit().await?;
    Ok(versioned(record))
}

/// Deletes an appointment that is still at the version in `If-Match`.
pub async fn delete(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
) -> Result<NoContent, Problem> {
    let id = PsaId { value: id };
    let mut transaction = caller.tenant.begin().await?;
    appointment::delete(&mut transaction, &id, expected).await?;
    transaction.commit().await?;
    Ok(NoContent)
}

/// A deleted appointment is not there for who asks for it by its key.
async fn living(tenant: &Tenant, id: PsaId) -> Result<AppointmentRecord, StoreError> {
    let record = appointment::get(tenant, &id).await?;
    match record.deleted {
        true => Err(StoreError::NotFound {
            what: "appointment",
            id: id.value,
        }),
        false => Ok(record),
    }
}
