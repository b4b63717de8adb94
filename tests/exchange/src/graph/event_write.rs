//! The JSON of an event that somebody writes, as a [`Draft`]. Unknown properties are refused, read-only ones are ignored.

use chrono::NaiveDateTime;
use serde_json::{Map, Value};

use super::call::unknown_zone;
use super::error::Refusal;
use super::names::Named;
use super::{event_read, recurrence};
use crate::mailbox::content::{Attendee, Body, Draft, Moment, Person, Property, Response, Role};
use crate::zone::Zone;

/// What a body of POST or PATCH asks for.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub draft: Draft,
    pub transaction: Option<String>,
}

/// Reads the JSON of an event.
pub fn read(value: &Value) -> Result<Written, Refusal> {
    let fields = value
        .as_object()
        .ok_or_else(|| Refusal::invalid("The body is no event."))?;
    let mut written = Written::default();
    for (name, value) in fields {
        field(&mut written, name, value)?;
    }
    if let Some(zone) = recurrence_zone(fields) {
        in_zone_of_series(&mut written.draft, &zone);
    }
    Ok(written)
}

fn field(written: &mut Written, name: &str, value: &Value) -> Result<(), Refusal> {
    let draft = &mut written.draft;
    let wrong = || {
        Refusal::new(
            400,
            "RequestBodyRead",
            format!("The value of the property '{name}' has the wrong type."),
        )
    };
    let text = || value.as_str().map(ToOwned::to_owned).ok_or_else(wrong);
    let flag = || value.as_bool().ok_or_else(wrong);
    match name {
        "subject" => draft.subject = Some(value.as_str().unwrap_or_default().to_owned()),
        "body" => {
            draft.body = Some(Body {
                html: value
                    .get("contentType")
                    .and_then(Value::as_str)
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("html")),
                content: value
                    .get("content")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
            });
        }
        "start" => draft.start = Some(moment(value).ok_or_else(wrong)??),
        "end" => draft.end = Some(moment(value).ok_or_else(wrong)??),
        "isAllDay" => draft.all_day = Some(flag()?),
        "location" => draft.location = Some(display_name(value)),
        "locations" => {
            let names: Vec<_> = value
                .as_array()
                .ok_or_else(wrong)?
                .iter()
                .map(display_name)
                .collect();
            draft.location = Some(names.join("; "));
        }
        "showAs" => draft.show_as = Some(Named::from_word(&text()?).ok_or_else(wrong)?),
        "sensitivity" => draft.sensitivity = Some(Named::from_word(&text()?).ok_or_else(wrong)?),
        "importance" => draft.importance = Some(Named::from_word(&text()?).ok_or_else(wrong)?),
        "categories" => {
            let list = value.as_array().ok_or_else(wrong)?;
            draft.categories = Some(
                list.iter()
                    .filter_map(Value::as_str)
                    .map(ToOwned::to_owned)
                    .collect(),
            );
        }
        "isReminderOn" => draft.reminder_on = Some(flag()?),
        "reminderMinutesBeforeStart" => {
            let minutes = value
                .as_i64()
                .and_then(|minutes| i32::try_from(minutes).ok());
            draft.reminder_minutes = Some(minutes.ok_or_else(wrong)?);
        }
        "responseRequested" => draft.response_requested = Some(flag()?),
        "allowNewTimeProposals" => draft.allow_new_time_proposals = Some(flag()?),
        "hideAttendees" => draft.hide_attendees = Some(flag()?),
        "attendees" => {
            draft.attendees = Some(
                value
                    .as_array()
                    .ok_or_else(wrong)?
                    .iter()
                    .map(attendee)
                    .collect(),
            )
        }
        "isOnlineMeeting" if flag()? => {
            draft.join_url = Some(Some(
                "https://teams.example.com/l/meetup-join/19%3ameeting".to_owned(),
            ));
        }
        "recurrence" if value.is_null() => draft.recurrence = Some(None),
        "recurrence" => draft.recurrence = Some(Some(recurrence::read(value)?)),
        "transactionId" => written.transaction = value.as_str().map(ToOwned::to_owned),
        "singleValueExtendedProperties" => {
            draft.properties = extended_properties(value)?;
        }
        _ if name.starts_with('@') || name.contains("@odata") => {}
        _ if event_read::PROPERTIES.contains(&name) => {}
        _ => {
            return Err(Refusal::new(
                400,
                "RequestBodyRead",
                format!(
                    "The property '{name}' does not exist on type 'microsoft.graph.event'. Make sure to only use property \
                     names that are defined by the type."
                ),
            ));
        }
    }
    Ok(())
}

/// What a person in Outlook may set and an application may not: who called the meeting, and the owner's own answer.
pub fn as_person(value: &Value) -> Result<Draft, Refusal> {
    let mut draft = read(value)?.draft;
    if let Some(organizer) = value.get("organizer") {
        draft.organizer = Some(person(organizer));
        draft.response = Some(Response::NotResponded);
    }
    if let Some(word) = value
        .pointer("/responseStatus/response")
        .and_then(Value::as_str)
    {
        draft.response = Named::from_word(word);
    }
    Ok(draft)
}

/// `None` where the shape is wrong, an error where zone or time cannot be read.
fn moment(value: &Value) -> Option<Result<Moment, Refusal>> {
    let text = value.get("dateTime")?.as_str()?;
    let zone = value
        .get("timeZone")
        .and_then(Value::as_str)
        .unwrap_or("UTC");
    let Some(zone) = Zone::parse(zone) else {
        return Some(Err(unknown_zone(zone)));
    };
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
        let wall = zone.wall(instant.to_utc());
        return Some(Ok(Moment::new(wall, zone)));
    }
    let wall: NaiveDateTime = text.parse().ok()?;
    Some(Ok(Moment::new(wall, zone)))
}

fn display_name(value: &Value) -> String {
    value
        .get("displayName")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn person(value: &Value) -> Person {
    let part = |name| {
        value
            .get("emailAddress")
            .and_then(|address| address.get(name))
            .and_then(Value::as_str)
    };
    let address = part("address").unwrap_or_default();
    Person {
        name: part("name").unwrap_or(address).to_owned(),
        address: address.to_owned(),
    }
}

fn attendee(value: &Value) -> Attendee {
    let word = |path| value.pointer(path).and_then(Value::as_str);
    Attendee {
        person: person(value),
        role: word("/type")
            .and_then(Named::from_word)
            .unwrap_or(Role::Required),
        response: word("/status/response")
            .and_then(Named::from_word)
            .unwrap_or(Response::None),
    }
}

/// A list of named properties to be written.
pub fn extended_properties(value: &Value) -> Result<Vec<Property>, Refusal> {
    let one = |value: &Value| {
        Some(Property {
            id: value.get("id")?.as_str()?.to_owned(),
            value: value.get("value")?.as_str()?.to_owned(),
        })
    };
    let list = value
        .as_array()
        .map(|list| list.iter().map(one).collect::<Option<Vec<_>>>());
    list.flatten().ok_or_else(|| {
        Refusal::new(
            400,
            "ErrorPropertyValidationFailure",
            "An extended property needs an id and a value.",
        )
    })
}

fn recurrence_zone(fields: &Map<String, Value>) -> Option<Zone> {
    let name = fields
        .get("recurrence")?
        .pointer("/range/recurrenceTimeZone")?
        .as_str()?;
    Zone::parse(name)
}

/// A series repeats in its own zone, also when its start was given in another.
fn in_zone_of_series(draft: &mut Draft, zone: &Zone) {
    if draft.all_day == Some(true) {
        return;
    }
    for moment in [&mut draft.start, &mut draft.end].into_iter().flatten() {
        *moment = Moment::new(zone.wall(moment.instant()), zone.clone());
    }
}
