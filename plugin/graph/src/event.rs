//! Graph's events and the contract's.
//!
//! [`wire`] is the form in which Graph sends them, in which nothing is promised: fields are
//! missing, `null`, or hold names that nobody has documented. [`read`] makes of it what the
//! contract can express; what it had to guess it says in a remark. [`write`](mod@write) goes the
//! other way.

pub mod people;
pub mod recurrence;
pub mod text;
pub mod time;
pub mod wire;
pub mod write;

use chrono_tz::Tz;
use sync::contract::{
    Change, EventShape, ExchangeEvent, ExchangeId, ExchangeOccurrence, ExchangeVersion, ImportMode,
    MarkerReading, Remark, Sensitivity, Series, Settings, ShowAs, Slot, Span, Uid, Zone,
};
use sync::kit::harvest::{Found, remark};
use time::Times;
use wire::Event;

use crate::extended_property::Property;
use crate::fault::permission;
use crate::item::{self, Item};

/// The fields that are asked for where a request can ask.
pub const SELECT: &str = "id,type,createdDateTime,subject,body,start,end,isAllDay,showAs,sensitivity,isCancelled,\
isOrganizer,attendees,organizer,responseStatus,location,recurrence,seriesMasterId,originalStart,\
originalStartTimeZone,iCalUId,isOnlineMeeting";

impl Item for Event {
    const PERMISSION: &'static str = permission::CALENDARS;
    const UNREADABLE: &'static str = "event-unreadable";

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn is_bare(&self) -> bool {
        self.removed.is_some() || self.start.is_none()
    }

    fn properties(&self) -> &[Property] {
        self.properties.as_deref().unwrap_or_default()
    }
}

/// How events are to be read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Bodies are kept. Where only start and end may come over, they are dropped before anything
    /// else can see them; echoes alike, so that bases stay comparable.
    pub details: bool,
    /// The mailbox's zone, which stands in for zones that nobody knows.
    pub zone: Option<Tz>,
    /// The answer would have carried a marker.
    pub markers: bool,
}

impl Reading {
    /// How a mailbox's events are to be read under these settings.
    #[must_use]
    pub fn new(settings: &Settings, zone: Option<&Zone>) -> Self {
        Self {
            details: settings.import_mode != ImportMode::NoDetails,
            zone: zone.and_then(sync::zone::resolve),
            markers: true,
        }
    }

    /// The same for answers that cannot carry markers.
    #[must_use]
    pub fn without_markers(&self) -> Self {
        Self {
            markers: false,
            ..self.clone()
        }
    }
}

/// Reads an event.
///
/// # Errors
/// What is missing without which it cannot be read.
pub fn read(event: Event, reading: &Reading) -> Result<Found, &'static str> {
    let id = event.id.clone().ok_or("it has no id")?;
    let version = item::version(event.etag.as_deref(), event.change_key.as_deref());
    let times = Times::read(&event, reading.zone)?;
    let mut remarks: Vec<Remark> = times
        .unknown_zone
        .iter()
        .map(|name| {
            remark(
                &id,
                "zone-unknown",
                format!("nobody knows the zone {name:?}; the mailbox's own was taken"),
            )
        })
        .collect();
    let kind = event.kind.as_deref().unwrap_or_default();
    let slot = slot(&event, &times, kind);
    let is_occurrence = kind == "occurrence";
    let change = match (slot, is_occurrence) {
        (Some(slot), true) => Change::Occurrence(ExchangeOccurrence {
            id: ExchangeId { value: id },
            version,
            slot,
            span: times.span,
        }),
        (None, true) => return Err("an occurrence without its series"),
        (slot, false) => {
            if kind == "exception" && slot.is_none() {
                return Err("an exception without its series");
            }
            let shape = shape(&event, slot, times.span, kind, &id, &mut remarks);
            Change::Event(whole(event, id, version, times.span, shape, reading))
        }
    };
    Ok(Found { change, remarks })
}

fn whole(
    event: Event,
    id: String,
    version: ExchangeVersion,
    span: Span,
    shape: EventShape,
    reading: &Reading,
) -> ExchangeEvent {
    let response = people::response(event.response_status.as_ref());
    let marker = marker_of(&event, reading);
    let zone = event
        .original_start_time_zone
        .filter(|name| !name.trim().is_empty())
        .map(|name| Zone { name });
    let body = if reading.details {
        event.body.map(text::plain).unwrap_or_default()
    } else {
        String::new()
    };
    ExchangeEvent {
        id: ExchangeId { value: id },
        version,
        uid: event
            .uid
            .filter(|uid| !uid.is_empty())
            .map(|value| Uid { value }),
        created: event
            .created_date_time
            .as_deref()
            .and_then(time::true_instant),
        shape,
        subject: event.subject.unwrap_or_default(),
        body,
        location: event
            .location
            .and_then(|location| location.display_name)
            .unwrap_or_default(),
        span,
        zone,
        sensitivity: sensitivity(event.sensitivity.as_deref()),
        show_as: show_as(event.show_as.as_deref()),
        response,
        cancelled: event.is_cancelled.unwrap_or(false),
        meeting: people::meeting(
            event.organizer,
            event.attendees.unwrap_or_default(),
            event.is_organizer,
            event.is_online_meeting,
        ),
        marker,
    }
}

fn slot(event: &Event, times: &Times, kind: &str) -> Option<Slot> {
    let in_series = matches!(kind, "occurrence" | "exception" | "");
    let master_id = event
        .series_master_id
        .clone()
        .filter(|id| in_series && !id.is_empty())?;
    Some(Slot {
        master_id,
        original_start: times.original_start,
    })
}

fn shape(
    event: &Event,
    slot: Option<Slot>,
    span: Span,
    kind: &str,
    id: &str,
    remarks: &mut Vec<Remark>,
) -> EventShape {
    if let Some(slot) = slot {
        return EventShape::Exception(slot);
    }
    let Some(rule) = &event.recurrence else {
        if kind == "seriesMaster" {
            remarks.push(remark(
                id,
                "rule-unknown",
                "a series without its rule".to_owned(),
            ));
            return EventShape::Master(Series {
                rule: None,
                rule_text: String::new(),
                cancelled: None,
            });
        }
        return EventShape::Single;
    };
    let own_zone = event.original_start_time_zone.as_deref();
    let series = recurrence::series(rule, span, own_zone);
    if series.rule.is_none() {
        remarks.push(remark(
            id,
            "rule-unknown",
            "the rule of the series could not be understood".to_owned(),
        ));
    }
    EventShape::Master(series)
}

fn marker_of(event: &Event, reading: &Reading) -> MarkerReading {
    match item::marker_of(event.properties()) {
        MarkerReading::Absent if !reading.markers => MarkerReading::NotRead,
        known => known,
    }
}

/// A name that Graph has not documented yet still hides the item from others.
fn sensitivity(name: Option<&str>) -> Sensitivity {
    match name {
        None | Some("normal") => Sensitivity::Normal,
        Some("personal") => Sensitivity::Personal,
        Some("confidential") => Sensitivity::Confidential,
        Some(_) => Sensitivity::Private,
    }
}

fn show_as(name: Option<&str>) -> ShowAs {
    match name {
        Some("free") => ShowAs::Free,
        Some("tentative") => ShowAs::Tentative,
        Some("busy") => ShowAs::Busy,
        Some("oof") => ShowAs::OutOfOffice,
        Some("workingElsewhere") => ShowAs::WorkingElsewhere,
        _ => ShowAs::Unknown,
    }
}

#[cfg(test)]
mod tests;
