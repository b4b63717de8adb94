//! Events as they are written.
//!
//! Only what the law asks for is ever written: never attendees, no reminder that the mailbox would
//! not give by itself, and on an update only the fields that differ.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use sync::contract::{
    Digest, EventContent, EventPatch, ExchangeEvent, Instant, Marker, Sensitivity, ShowAs, Span,
    Zone,
};
use sync::{base, zone};

use crate::marker;

/// The body of a `POST` that makes an event. The key makes a repeated request find the first one's
/// event.
#[must_use]
pub fn creation(content: &EventContent, marker: Option<&Marker>, key: &str) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "subject", json!(content.subject));
    put(&mut fields, "body", body(&content.body));
    put(&mut fields, "location", location(&content.location));
    put_span(&mut fields, content.span, &content.zone);
    put(
        &mut fields,
        "sensitivity",
        json!(sensitivity(content.sensitivity)),
    );
    put(&mut fields, "showAs", json!(show_as(content.show_as)));
    put(&mut fields, "transactionId", json!(key));
    if content.without_reminder {
        put(&mut fields, "isReminderOn", json!(false));
    }
    if let Some(marker) = marker {
        put(
            &mut fields,
            "singleValueExtendedProperties",
            json!([marker::property(marker)]),
        );
    }
    Value::Object(fields)
}

/// The body of a `PATCH`; none when nothing differs.
#[must_use]
pub fn change(patch: &EventPatch) -> Option<Value> {
    let mut fields = Map::new();
    if let Some(text) = &patch.subject {
        put(&mut fields, "subject", json!(text));
    }
    if let Some(text) = &patch.body {
        put(&mut fields, "body", body(text));
    }
    if let Some(text) = &patch.location {
        put(&mut fields, "location", location(text));
    }
    if let Some(span) = patch.span {
        put_span(&mut fields, span, &patch.zone);
    }
    if let Some(kind) = patch.sensitivity {
        put(&mut fields, "sensitivity", json!(sensitivity(kind)));
    }
    if let Some(kind) = patch.show_as {
        put(&mut fields, "showAs", json!(show_as(kind)));
    }
    (!fields.is_empty()).then_some(Value::Object(fields))
}

/// What makes an event that is there into the one that was to be made.
///
/// `bodies` says whether bodies may be compared and written; one that differs in nothing but blanks
/// is the server's own rendering, and writing it again would change nothing.
#[must_use]
pub fn difference(wanted: &EventContent, found: &ExchangeEvent, bodies: bool) -> EventPatch {
    let Digest {
        subject, location, ..
    } = base::digest_of_event(found);
    let differs = |wanted: &str, found| base::fingerprint_line(wanted) != found;
    EventPatch {
        subject: differs(&wanted.subject, subject).then(|| wanted.subject.clone()),
        location: differs(&wanted.location, location).then(|| wanted.location.clone()),
        body: (bodies && squeezed(&wanted.body) != squeezed(&found.body))
            .then(|| wanted.body.clone()),
        span: (wanted.span != found.span).then_some(wanted.span),
        zone: wanted.zone.clone(),
        sensitivity: (wanted.sensitivity != found.sensitivity).then_some(wanted.sensitivity),
        show_as: (show_as(wanted.show_as) != show_as(found.show_as)).then_some(wanted.show_as),
    }
}

fn squeezed(text: &str) -> String {
    base::normal_text(text).split_whitespace().collect()
}

fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    fields.insert(name.to_owned(), value);
}

fn body(text: &str) -> Value {
    json!({ "contentType": "text", "content": text })
}

fn location(text: &str) -> Value {
    json!({ "displayName": text })
}

/// Start, end and all-day always travel together: Graph refuses midnights that are none in the
/// zone of the other end.
fn put_span(fields: &mut Map<String, Value>, span: Span, zone: &Zone) {
    let known = zone::resolve(zone).unwrap_or(Tz::UTC);
    let (start, end) = match span {
        Span::AllDay(days) => {
            let name = zone::exchange_name(known);
            let midnight = |date: sync::contract::Date| {
                json!({
                    "dateTime": format!("{:04}-{:02}-{:02}T00:00:00", date.year, date.month, date.day),
                    "timeZone": name,
                })
            };
            (midnight(days.first), midnight(days.after))
        }
        Span::Timed(times) => {
            // A wall time that comes twice would be read as the first of the two.
            let plain = [times.start, times.end]
                .iter()
                .all(|instant| zone::is_unambiguous(*instant, known));
            let written = if plain { known } else { Tz::UTC };
            (wall(times.start, written), wall(times.end, written))
        }
    };
    put(fields, "start", start);
    put(fields, "end", end);
    put(fields, "isAllDay", json!(matches!(span, Span::AllDay(_))));
}

fn wall(instant: Instant, zone: Tz) -> Value {
    let text = zone::wall_time(instant, zone)
        .map(|wall| wall.format("%Y-%m-%dT%H:%M:%S%.6f").to_string())
        .unwrap_or_default();
    json!({ "dateTime": text, "timeZone": zone::exchange_name(zone) })
}

const fn sensitivity(kind: Sensitivity) -> &'static str {
    match kind {
        Sensitivity::Normal => "normal",
        Sensitivity::Personal => "personal",
        Sensitivity::Private => "private",
        Sensitivity::Confidential => "confidential",
    }
}

const fn show_as(kind: ShowAs) -> &'static str {
    match kind {
        ShowAs::Free => "free",
        ShowAs::Tentative => "tentative",
        // What nobody knows blocks time.
        ShowAs::Busy | ShowAs::Unknown => "busy",
        ShowAs::OutOfOffice => "oof",
        ShowAs::WorkingElsewhere => "workingElsewhere",
    }
}
