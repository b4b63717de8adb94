//! Both sides as they are, in the simulation's own words.

use chrono::{DateTime, Utc};
use exchange::{By, Content, Exchange, Outlook, Series, immutable_id};
use tandem::contract::{Appointment, PsaId, PsaReference, RowVersion, Side};
use tandem::psa::appointment::{self, Search};
use tandem::psa::record::{self, Changed, Record};
use tandem::psa::service_call::ServiceCall;
use tandem::psa::to_do::ToDo;
use tandem::store::Tenant;

use crate::Result;
use crate::book::Place;
use crate::record::Fields;
use crate::when::When;

/// What the marker's property is called, at its end.
pub const MARKER: &str = "TandemMarker";

/// The record of the PSA that a marker names.
#[must_use]
pub fn named_by(marker: &str) -> Option<String> {
    marker.split(':').nth(2).map(str::to_owned)
}

/// The immutable id of the item that an id names or named, in whichever interface: by it people's deeds
/// are written down.
#[must_use]
pub fn lasting(id: &str) -> String {
    immutable_id(id).unwrap_or_else(|| id.to_owned())
}

/// More than any run has.
const ALL: u32 = 100_000;

/// A row of the PSA.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its key.
    pub id: String,
    /// The PSA made it.
    pub of_psa: bool,
    /// It is a tombstone.
    pub deleted: bool,
    /// The item that it is a copy of.
    pub exchange: Option<String>,
    /// The series that it is an occurrence of, and where the series' pattern put it.
    pub slot: Option<(String, DateTime<Utc>)>,
    /// When.
    pub when: When,
    /// At which version.
    pub version: RowVersion,
    /// What it says; a tombstone says hardly anything.
    pub fields: Fields,
}

impl Row {
    /// Kind and key.
    #[must_use]
    pub fn reference(&self) -> PsaReference {
        PsaReference {
            kind: self.fields.kind(),
            id: PsaId {
                value: self.id.clone(),
            },
        }
    }

    /// What it says as an appointment, as which items of Exchange come over.
    #[must_use]
    pub fn appointment(&self) -> Option<&Appointment> {
        match &self.fields {
            Fields::Appointment(appointment) => Some(appointment),
            Fields::ToDo(_) | Fields::ServiceCall(_) => None,
        }
    }
}

/// An item of Exchange.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its key.
    pub id: String,
    /// Its id in EWS, as long as it stays where it is.
    pub ews_id: String,
    /// Where it lies.
    pub place: Place,
    /// A program made it, not a person.
    pub by_program: bool,
    /// The row that its marker names.
    pub marker: Option<String>,
    /// The same for all copies of a meeting.
    pub uid: String,
    /// When.
    pub when: When,
    /// Its body as text.
    pub body: String,
    /// What makes it repeat, if it does.
    pub series: Option<Series>,
    /// All that it says.
    pub content: Content,
}

impl Item {
    /// It lies in the calendar that is synchronised.
    #[must_use]
    pub fn lives(&self) -> bool {
        self.place == Place::Calendar
    }

    /// Whether a request names it, in whichever interface.
    #[must_use]
    pub fn is_named_in(&self, request: &str) -> bool {
        let mut ids = [&self.id, &self.ews_id].into_iter();
        ids.any(|id| request.contains(id.trim_end_matches('=')))
    }

    /// Its owner may move it without anybody being mailed.
    #[must_use]
    pub fn is_free_to_move(&self) -> bool {
        self.content.attendees.is_empty() && self.content.is_organizer()
    }
}

/// All rows of a user, tombstones included, kind by kind. Any user may see any service call.
///
/// # Errors
/// When the database does not answer.
pub async fn rows(tenant: &Tenant, user: &str) -> Result<Vec<Row>> {
    let mut rows = appointments(tenant, user).await?;
    let is_of_user = |to_do: &ToDo| to_do.resource.id.value == user;
    let to_dos = changed::<ToDo>(tenant).await?.into_iter();
    let to_dos = to_dos.filter(|it| is_of_user(&it.record.fields));
    rows.extend(to_dos.map(|it| of_psa(it, Fields::ToDo)));
    let calls = changed::<ServiceCall>(tenant).await?.into_iter();
    rows.extend(calls.map(|it| of_psa(it, Fields::ServiceCall)));
    Ok(rows)
}

async fn appointments(tenant: &Tenant, user: &str) -> Result<Vec<Row>> {
    let search = Search {
        resource: Some(PsaId {
            value: user.to_owned(),
        }),
        since: Some(RowVersion { number: 0 }),
        limit: ALL,
        ..Search::default()
    };
    let records = appointment::list(tenant, &search).await?;
    Ok(records
        .into_iter()
        .map(|record| Row {
            id: record.id.value,
            of_psa: record.origin == Side::Psa,
            deleted: record.deleted,
            slot: record.exchange.as_ref().and_then(|it| {
                let slot = it.slot.as_ref()?;
                let at = DateTime::from_timestamp_micros(slot.original_start.microseconds)?;
                Some((lasting(&slot.master_id), at))
            }),
            exchange: record.exchange.map(|it| lasting(&it.id.value)),
            when: When::of_row(&record.fields.span),
            version: record.version,
            fields: Fields::Appointment(record.fields),
        })
        .collect())
}

async fn changed<R: Record>(tenant: &Tenant) -> Result<Vec<Changed<R>>> {
    Ok(record::changes_since(tenant, RowVersion { number: 0 }, ALL).await?)
}

fn of_psa<R: Record>(changed: Changed<R>, fields: fn(R) -> Fields) -> Row {
    let fields = fields(changed.record.fields);
    Row {
        id: changed.record.id.value,
        of_psa: true,
        deleted: changed.deleted,
        exchange: None,
        slot: None,
        when: fields.when(),
        version: changed.record.version,
        fields,
    }
}

/// All items of a mailbox, wherever they lie, oldest first.
///
/// # Errors
/// When there is no such mailbox.
pub fn items(exchange: &Exchange, address: &str) -> Result<Vec<Item>> {
    let outlook: Outlook = exchange.person(address);
    Ok(outlook
        .events()?
        .into_iter()
        .map(|found| {
            let marker = found
                .content
                .properties
                .values()
                .find(|property| property.id.ends_with(MARKER))
                .and_then(|property| named_by(&property.value));
            let text = |path: &str| found.json.pointer(path).and_then(|it| it.as_str());
            Item {
                place: match &found.calendar {
                    Some(name) if name == "Calendar" => Place::Calendar,
                    elsewhere => Place::Elsewhere(elsewhere.clone()),
                },
                by_program: found.made_by == By::Api,
                marker,
                uid: found.uid.clone(),
                when: When::of_item(&found.content),
                body: text("/body/content").unwrap_or_default().to_owned(),
                id: found.id,
                ews_id: found.ews_id,
                content: found.content,
                series: found.series,
            }
        })
        .collect())
}
