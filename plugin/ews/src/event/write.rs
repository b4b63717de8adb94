//! Events as they are written.
//!
//! Only what the law asks for is ever written: never attendees, no reminder that the mailbox would
//! not give by itself, and on an update only the fields that differ. Fields stand in the order of
//! the schema.

use chrono_tz::Tz;
use sync::contract::{
    Date, EventContent, EventPatch, Instant, Marker, Sensitivity, ShowAs, Span, Zone,
};
use sync::{marker, zone};

use crate::operation::shape;
use crate::operation::update_item::set;
use crate::xml::Element;

/// The item that makes an event.
#[must_use]
pub fn creation(content: &EventContent, marker: Option<&Marker>) -> Element {
    let mut fields = vec![
        Element::text("t:Subject", &content.subject),
        Element::text("t:Sensitivity", sensitivity(content.sensitivity)),
        body(&content.body),
    ];
    if content.without_reminder {
        fields.push(Element::text("t:ReminderIsSet", "false"));
    }
    fields.extend(marker.map(marked));
    let times = Times::of(content.span, &content.zone);
    fields.push(Element::text("t:Start", &times.start));
    fields.push(Element::text("t:End", &times.end));
    fields.push(Element::text("t:IsAllDayEvent", times.all_day));
    fields.push(Element::text(
        "t:LegacyFreeBusyStatus",
        show_as(content.show_as),
    ));
    fields.push(Element::text("t:Location", &content.location));
    fields.push(Element::empty("t:StartTimeZone").with("Id", times.zone.as_str()));
    fields.push(Element::empty("t:EndTimeZone").with("Id", times.zone));
    Element::holding("t:CalendarItem", fields)
}

/// The changes of fields; none where nothing differs.
#[must_use]
pub fn change(patch: &EventPatch) -> Vec<Element> {
    let mut fields: Vec<(&str, Element)> = Vec::new();
    if let Some(text) = &patch.subject {
        fields.push(("item:Subject", Element::text("t:Subject", text)));
    }
    if let Some(kind) = patch.sensitivity {
        let kind = Element::text("t:Sensitivity", sensitivity(kind));
        fields.push(("item:Sensitivity", kind));
    }
    if let Some(text) = &patch.body {
        fields.push(("item:Body", body(text)));
    }
    if let Some(span) = patch.span {
        let times = Times::of(span, &patch.zone);
        let zone = |name| Element::empty(name).with("Id", times.zone.as_str());
        // The zone comes first and always along: a time without one is read by the item's old zone,
        // and a zone without its time moves the item.
        fields.push(("calendar:StartTimeZone", zone("t:StartTimeZone")));
        fields.push(("calendar:EndTimeZone", zone("t:EndTimeZone")));
        let start = Element::text("t:Start", &times.start);
        fields.push(("calendar:Start", start));
        fields.push(("calendar:End", Element::text("t:End", &times.end)));
        let all_day = Element::text("t:IsAllDayEvent", times.all_day);
        fields.push(("calendar:IsAllDayEvent", all_day));
    }
    if let Some(kind) = patch.show_as {
        let kind = Element::text("t:LegacyFreeBusyStatus", show_as(kind));
        fields.push(("calendar:LegacyFreeBusyStatus", kind));
    }
    if let Some(text) = &patch.location {
        fields.push(("calendar:Location", Element::text("t:Location", text)));
    }
    let fields = fields.into_iter();
    fields
        .map(|(path, value)| set(path, "t:CalendarItem", value))
        .collect()
}

/// The marker as it is written.
#[must_use]
pub fn marked(marker: &Marker) -> Element {
    extended(shape::MARKER, &marker::print(marker))
}

/// An extended property with its value.
#[must_use]
pub fn extended(property: &str, value: &str) -> Element {
    Element::holding(
        "t:ExtendedProperty",
        [shape::path(property), Element::text("t:Value", value)],
    )
}

/// A body as plain text.
#[must_use]
pub fn body(text: &str) -> Element {
    Element::text("t:Body", text).with("BodyType", "Text")
}

/// A span as it is written: by the wall clock of a zone that Windows knows.
struct Times {
    start: String,
    end: String,
    all_day: &'static str,
    zone: String,
}

impl Times {
    fn of(span: Span, zone: &Zone) -> Self {
        let known = zone::resolve(zone).unwrap_or(Tz::UTC);
        match span {
            Span::AllDay(days) => Self {
                start: midnight(days.first),
                end: midnight(days.after),
                all_day: "true",
                zone: zone::exchange_name(known),
            },
            Span::Timed(times) => {
                // A wall time that comes twice would be read as one of the two.
                let plain = [times.start, times.end]
                    .iter()
                    .all(|instant| zone::is_unambiguous(*instant, known));
                let written = if plain { known } else { Tz::UTC };
                Self {
                    start: wall(times.start, written),
                    end: wall(times.end, written),
                    all_day: "false",
                    zone: zone::exchange_name(written),
                }
            }
        }
    }
}

fn midnight(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}T00:00:00",
        date.year, date.month, date.day
    )
}

/// To the second, as finely as Exchange keeps times.
fn wall(instant: Instant, zone: Tz) -> String {
    zone::wall_time(instant, zone)
        .map(|wall| wall.format("%Y-%m-%dT%H:%M:%S").to_string())
        .unwrap_or_default()
}

const fn sensitivity(kind: Sensitivity) -> &'static str {
    match kind {
        Sensitivity::Normal => "Normal",
        Sensitivity::Personal => "Personal",
        Sensitivity::Private => "Private",
        Sensitivity::Confidential => "Confidential",
    }
}

const fn show_as(kind: ShowAs) -> &'static str {
    match kind {
        ShowAs::Free => "Free",
        ShowAs::Tentative => "Tentative",
        // What nobody knows blocks time.
        ShowAs::Busy | ShowAs::Unknown => "Busy",
        ShowAs::OutOfOffice => "OOF",
        ShowAs::WorkingElsewhere => "WorkingElsewhere",
    }
}
