//! `/appointments`: the PSA's calendar, as people and other programs keep it.
//!
//! What is changed here counts as changed by a person: the next cycle carries it to Exchange, as
//! far as the item's origin lets it (behaviour, section 2). The token is the PSA's own, so texts of
//! private appointments are given like all others.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::BASE;
use super::body::Body;
use super::caller::Caller;
use super::list::{Listing, cursor, limit};
use super::parameters::{Parameters, Segments, number};
use super::problem::Problem;
use super::span::{Given, When};
use super::text::{plain, present, side};
use super::time::{instant_parameter, instant_text};
use super::version::{IfMatch, etag};
use crate::contract::{Appointment, PsaId, RowVersion};
use crate::psa::appointment::{self, AppointmentRecord, Edit, Search};
use crate::store::{StoreError, Tenant};

/// An appointment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AppointmentView {
    /// The key.
    pub id: String,
    /// Whose calendar it is in.
    pub resource: String,
    /// Rises with each change; the `ETag`.
    pub version: u64,
    /// `psa` or `exchange`: which side owns text and existence.
    pub origin: &'static str,
    /// It is gone, and its texts with it; only in lists with `since`.
    pub deleted: bool,
    /// The title.
    pub title: String,
    /// The description, may be empty.
    pub description: String,
    /// Only its owner sees its texts.
    pub private: bool,
    /// It does not block time.
    pub free: bool,
    /// An occurrence of a series in Exchange.
    pub recurring: bool,
    /// An invitation that is not answered yet.
    pub not_answered: bool,
    /// `all_day`, with `start` and `end` or `first_day` and `last_day`.
    #[serde(flatten)]
    pub when: When,
    /// When it was made.
    pub created: String,
    /// When it was changed last, by whomever.
    pub changed: String,
}

impl From<AppointmentRecord> for AppointmentView {
    fn from(record: AppointmentRecord) -> Self {
        let fields = record.fields;
        Self {
            id: record.id.value,
            resource: record.resource.value,
            version: record.version.number,
            origin: side(record.origin),
            deleted: record.deleted,
            title: fields.title,
            description: fields.description,
            private: fields.private,
            free: fields.free,
            recurring: fields.recurring,
            not_answered: fields.not_answered,
            when: fields.span.into(),
            created: instant_text(record.created),
            changed: instant_text(record.changed),
        }
    }
}

/// Which appointments to list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only of this user.
    pub resource: Option<String>,
    /// Only what changed after this version, deleted ones too.
    pub since: Option<String>,
    /// Only what ends after this instant. Whole days count in the zone where they end last.
    pub from: Option<String>,
    /// Only what begins before this instant. Whole days count in the zone where they begin first.
    pub to: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A new appointment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
    /// Whose calendar it goes to.
    pub resource: String,
    /// The title, at most 256 characters.
    pub title: String,
    /// The description, at most 8,000 characters.
    #[serde(default)]
    pub description: String,
    /// Only its owner sees its texts.
    #[serde(default)]
    pub private: bool,
    /// It does not block time.
    #[serde(default)]
    pub free: bool,
    /// Whole days.
    pub all_day: Option<bool>,
    /// The first instant inside.
    pub start: Option<String>,
    /// The first instant after.
    pub end: Option<String>,
    /// The first day.
    pub first_day: Option<String>,
    /// The last day, inclusive.
    pub last_day: Option<String>,
}

/// A change of an appointment; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AppointmentChange {
    /// The title.
    #[serde(deserialize_with = "present")]
    pub title: Option<String>,
    /// The description.
    #[serde(deserialize_with = "present")]
    pub description: Option<String>,
    /// Only its owner sees its texts.
    #[serde(deserialize_with = "present")]
    pub private: Option<bool>,
    /// It does not block time.
    #[serde(deserialize_with = "present")]
    pub free: Option<bool>,
    /// Whole days.
    pub all_day: Option<bool>,
    /// The first instant inside.
    pub start: Option<String>,
    /// The first instant after.
    pub end: Option<String>,
    /// The first day.
    pub first_day: Option<String>,
    /// The last day, inclusive.
    pub last_day: Option<String>,
}

type Tagged = ([(HeaderName, HeaderValue); 1], Json<AppointmentView>);

fn tagged(record: AppointmentRecord) -> Tagged {
    ([etag(record.version)], Json(record.into()))
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
) -> Result<(StatusCode, [(HeaderName, String); 1], Tagged), Problem> {
    let given = Given {
        all_day: new.all_day,
        start: new.start,
        end: new.end,
        first_day: new.first_day,
        last_day: new.last_day,
    };
    let fields = Appointment {
        title: plain("title", new.title)?,
        description: plain("description", new.description)?,
        span: given.span()?,
        private: new.private,
        free: new.free,
        recurring: false,
        not_answered: false,
    };
    let resource = PsaId {
        value: plain("resource", new.resource)?,
    };
    let mut transaction = caller.tenant.begin().await?;
    let made = appointment::create(&mut transaction, &resource, &fields).await;
    let record = made.map_err(|error| match error {
        StoreError::NotFound { .. } => Problem::invalid("resource", error.to_string()),
        error => error.into(),
    })?;
    transaction.commit().await?;
    let location = format!("{BASE}/appointments/{}", record.id.value);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        tagged(record),
    ))
}

/// An appointment.
pub async fn get(caller: Caller, Segments(id): Segments<String>) -> Result<Tagged, Problem> {
    let record = living(&caller.tenant, PsaId { value: id }).await?;
    Ok(tagged(record))
}

/// Changes an appointment that is still at the version in `If-Match`.
pub async fn edit(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
    Body(change): Body<AppointmentChange>,
) -> Result<Tagged, Problem> {
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
    Ok(tagged(record))
}

/// Deletes an appointment that is still at the version in `If-Match`.
pub async fn delete(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    let id = PsaId { value: id };
    let mut transaction = caller.tenant.begin().await?;
    appointment::delete(&mut transaction, &id, expected).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
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
