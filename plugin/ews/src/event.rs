//! EWS' calendar items and the contract's events.
//!
//! [`wire`] is the form in which EWS sends them, in which nothing is promised. [`read`] makes of it
//! what the contract can express; what it had to guess it says in a remark. [`write`](mod@write)
//! goes the other way.

pub mod people;
pub mod recurrence;
pub mod time;
pub mod wire;
pub mod write;

use chrono_tz::Tz;
use sync::contract::{
    Change, EventShape, ExchangeEvent, ExchangeId, ExchangeOccurrence, ExchangeVersion, ImportMode,
    Instant, MarkerReading, Remark, Sensitivity, Series, Settings, ShowAs, Slot, Uid, Zone,
};
use sync::kit::harvest::{Found, remark};
use sync::{marker, zone};
use time::Times;
use wire::{CalendarItem, ExtendedProperty};

use crate::operation::message::ItemId;

/// How items are to be read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Bodies are kept. Where only start and end may come over, they are dropped before anything
    /// else can see them; echoes alike, so that bases stay comparable.
    pub details: bool,
    /// The mailbox's zone, which stands in for zones that nobody knows.
    pub zone: Option<Tz>,
}

impl Reading {
    /// How a mailbox's items are to be read under these settings.
    #[must_use]
    pub fn new(settings: &Settings, zone: Option<&Zone>) -> Self {
        Self {
            details: settings.import_mode != ImportMode::NoDetails,
            zone: zone.and_then(zone::resolve),
        }
    }
}

/// What an item is in its calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On its own.
    Single,
    /// The master of a series.
    Master,
    /// As its master says.
    Occurrence,
    /// An occurrence that differs from its master.
    Exception,
}

/// What an item says that it is; one that does not say is a master when it has a rule.
#[must_use]
pub fn kind(item: &CalendarItem) -> Kind {
    match item.calendar_item_type.as_deref().map(str::trim) {
        Some("RecurringMaster") => Kind::Master,
        Some("Occurrence") => Kind::Occurrence,
        Some("Exception") => Kind::Exception,
        _ if item.recurrence.is_some() => Kind::Master,
        _ => Kind::Single,
    }
}

/// Reads an item. One of a series does not say of which: that is the master's id.
///
/// # Errors
/// What is missing without which it cannot be read.
pub fn read(
    item: CalendarItem,
    master: Option<&str>,
    reading: &Reading,
) -> Result<Found, &'static str> {
    let id = item.item_id.id.clone();
    if id.is_empty() {
        return Err("it has no id");
    }
    let kind = kind(&item);
    let (zone, known) = zone_of(&item);
    let zones: Vec<Tz> = known.into_iter().chain(reading.zone).collect();
    let times = Times::read(&item, &zones)?;
    let mut remarks = Vec::new();
    if let (Some(zone), None) = (&zone, known) {
        let text = format!(
            "nobody knows the zone {:?}; the item's own offset was taken",
            zone.name
        );
        remarks.push(remark(&id, "zone-unknown", text));
    }
    let slot = |master: Option<&str>| {
        Some(Slot {
            master_id: master?.to_owned(),
            original_start: times.original_start,
        })
    };
    let shape = match kind {
        Kind::Single => EventShape::Single,
        Kind::Master => {
            let cancelled = cancelled(&item, reading);
            EventShape::Master(series(&item, zone.as_ref(), cancelled, &mut remarks))
        }
        Kind::Exception => {
            EventShape::Exception(slot(master).ok_or("an exception without its series")?)
        }
        Kind::Occurrence => {
            let change = Change::Occurrence(ExchangeOccurrence {
                slot: slot(master).ok_or("an occurrence without its series")?,
                version: version(&item.item_id),
                id: ExchangeId { value: id },
                span: times.span,
            });
            return Ok(Found { change, remarks });
        }
    };
    let change = Change::Event(whole(item, shape, times, zone, reading));
    Ok(Found { change, remarks })
}

fn whole(
    mut item: CalendarItem,
    shape: EventShape,
    times: Times,
    zone: Option<Zone>,
    reading: &Reading,
) -> ExchangeEvent {
    let response = people::response(item.my_response_type.as_deref());
    let meeting = people::meeting(&mut item);
    let body = if reading.details {
        plain(item.body)
    } else {
        String::new()
    };
    ExchangeEvent {
        version: version(&item.item_id),
        id: ExchangeId {
            value: item.item_id.id,
        },
        uid: item
            .uid
            .filter(|uid| !uid.is_empty())
            .map(|value| Uid { value }),
        created: item.date_time_created.as_deref().and_then(time::instant),
        shape,
        subject: item.subject,
        body,
        location: item.location,
        span: times.span,
        zone,
        sensitivity: sensitivity(item.sensitivity.as_deref()),
        show_as: show_as(item.legacy_free_busy_status.as_deref()),
        response,
        cancelled: item
            .is_cancelled
            .as_deref()
            .and_then(boolean)
            .unwrap_or(false),
        meeting,
        marker: marker_of(&item.extended_property),
    }
}

/// An item's version.
#[must_use]
pub fn version(id: &ItemId) -> ExchangeVersion {
    ExchangeVersion {
        tag: id.change_key.clone(),
    }
}

/// The zone in which an item was made, by its name, and if somebody knows it.
fn zone_of(item: &CalendarItem) -> (Option<Zone>, Option<Tz>) {
    let definition = item.start_time_zone.as_ref();
    let names = [
        item.start_time_zone_id.as_deref(),
        definition.map(|zone| zone.id.as_str()),
        definition.map(|zone| zone.name.as_str()),
    ];
    let named: Vec<Zone> = names
        .into_iter()
        .flatten()
        .filter(|name| !name.trim().is_empty())
        .map(|name| Zone {
            name: name.to_owned(),
        })
        .collect();
    let known = named
        .iter()
        .find_map(|zone| Some((zone.clone(), zone::resolve(zone)?)));
    match known {
        Some((zone, known)) => (Some(zone), Some(known)),
        None => (named.into_iter().next(), None),
    }
}

/// What a master knows of its series. The occurrences that it says are deleted are all that are.
fn series(
    item: &CalendarItem,
    zone: Option<&Zone>,
    cancelled: Vec<Instant>,
    remarks: &mut Vec<Remark>,
) -> Series {
    let utc = Zone {
        name: "UTC".to_owned(),
    };
    let rule = item
        .recurrence
        .as_ref()
        .and_then(|rule| recurrence::read(rule, zone.unwrap_or(&utc)));
    if rule.is_none() {
        let text = "the rule of the series could not be understood".to_owned();
        remarks.push(remark(&item.item_id.id, "rule-unknown", text));
    }
    Series {
        rule,
        rule_text: serde_json::to_string(&item.recurrence).unwrap_or_default(),
        cancelled: Some(cancelled),
    }
}

/// Where the rule of a master had put the occurrences that are deleted; whole days at midnight UTC.
#[must_use]
pub fn cancelled(master: &CalendarItem, reading: &Reading) -> Vec<Instant> {
    let deleted = master.deleted_occurrences.deleted_occurrence.iter();
    deleted
        .filter_map(|one| slot_start(master, one.start.as_deref()?, reading))
        .collect()
}

/// The ids of a master's exceptions, and where the rule had put them; whole days at midnight UTC.
#[must_use]
pub fn exceptions(master: &CalendarItem, reading: &Reading) -> Vec<(String, Instant)> {
    let modified = master.modified_occurrences.occurrence.iter();
    modified
        .filter_map(|one| {
            let start = slot_start(master, one.original_start.as_deref()?, reading)?;
            Some((one.item_id.id.clone(), start))
        })
        .collect()
}

fn slot_start(master: &CalendarItem, start: &str, reading: &Reading) -> Option<Instant> {
    let start = time::instant(start)?;
    let (_, own) = zone_of(master);
    let zones: Vec<Tz> = own.into_iter().chain(reading.zone).collect();
    match master.is_all_day_event.as_deref().and_then(boolean) {
        Some(true) => zone::midnight(zone::date(time::day(start, &zones)?), Tz::UTC),
        _ => Some(start),
    }
}

/// A body as plain text. Text is asked for; where HTML comes nevertheless, its tags are taken out.
#[must_use]
pub fn plain(body: wire::Body) -> String {
    if body.kind.eq_ignore_ascii_case("html") {
        nanohtml2text::html2text(&body.text)
    } else {
        body.text
    }
}

/// The value of an extended property that is known by its tag.
#[must_use]
pub fn tagged<'a>(properties: &'a [ExtendedProperty], tag: &str) -> Option<&'a str> {
    let number = |text: &str| u32::from_str_radix(text.trim_start_matches("0x"), 16).ok();
    let mut same = properties.iter().filter(|one| {
        number(&one.path.tag.to_ascii_lowercase()) == number(&tag.to_ascii_lowercase())
    });
    same.next().map(|property| property.value.as_str())
}

/// The marker among an item's extended properties, in an answer that was asked for it.
#[must_use]
pub fn marker_of(properties: &[ExtendedProperty]) -> MarkerReading {
    let mut ours = properties.iter().filter(|property| {
        property.path.set.eq_ignore_ascii_case(marker::PROPERTY_SET)
            && property
                .path
                .name
                .eq_ignore_ascii_case(marker::PROPERTY_NAME)
    });
    ours.next().map_or(MarkerReading::Absent, |property| {
        marker::reading(&property.value)
    })
}

/// A truth value as XML writes it.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "1" | "True" => Some(true),
        "false" | "0" | "False" => Some(false),
        _ => None,
    }
}

/// A name that nobody has documented yet still hides the item from others.
fn sensitivity(name: Option<&str>) -> Sensitivity {
    match name {
        None | Some("Normal") => Sensitivity::Normal,
        Some("Personal") => Sensitivity::Personal,
        Some("Confidential") => Sensitivity::Confidential,
        Some(_) => Sensitivity::Private,
    }
}

fn show_as(name: Option<&str>) -> ShowAs {
    match name {
        Some("Free") => ShowAs::Free,
        Some("Tentative") => ShowAs::Tentative,
        Some("Busy") => ShowAs::Busy,
        Some("OOF") => ShowAs::OutOfOffice,
        Some("WorkingElsewhere") => ShowAs::WorkingElsewhere,
        _ => ShowAs::Unknown,
    }
}

#[cfg(test)]
mod tests;
