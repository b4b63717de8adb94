//! A daily series to test with.

use crate::contract::{
    Change, EventShape, ExchangeEvent, ExchangeId, ExchangeOccurrence, ExchangeVersion, Instant,
    MarkerReading, Meeting, Removal, RemovalProof, Response, Sensitivity, Series, ShowAs, Slot,
    Span, TimedSpan,
};

/// The day with this number, in microseconds.
pub fn day(number: i64) -> Instant {
    Instant {
        microseconds: number * 86_400_000_000,
    }
}

pub fn id(value: &str) -> ExchangeId {
    ExchangeId {
        value: value.to_owned(),
    }
}

fn an_hour_from(start: Instant) -> Span {
    Span::Timed(TimedSpan {
        start,
        end: Instant {
            microseconds: start.microseconds + 3_600_000_000,
        },
    })
}

pub fn master(of: &str) -> ExchangeEvent {
    ExchangeEvent {
        id: id(of),
        version: version(),
        uid: None,
        created: None,
        shape: EventShape::Master(Series {
            rule: None,
            rule_text: "daily".to_owned(),
            cancelled: None,
        }),
        subject: "Stand-up".to_owned(),
        body: String::new(),
        location: String::new(),
        span: an_hour_from(day(0)),
        zone: None,
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Busy,
        response: Response::Organizer,
        cancelled: false,
        meeting: Meeting {
            owner_organizes: true,
            organizer: None,
            attendees: Vec::new(),
            online: false,
        },
        marker: MarkerReading::Absent,
    }
}

fn version() -> ExchangeVersion {
    ExchangeVersion {
        tag: "1".to_owned(),
    }
}

pub fn slot(of: &str, number: i64) -> Slot {
    Slot {
        master_id: of.to_owned(),
        original_start: day(number),
    }
}

/// A day's occurrence, with an id of its series and day.
pub fn occurrence(of: &str, number: i64) -> ExchangeOccurrence {
    ExchangeOccurrence {
        id: id(&format!("{of}{number}")),
        version: version(),
        slot: slot(of, number),
        span: an_hour_from(day(number)),
    }
}

/// A day's occurrence that was moved to another day.
pub fn moved(of: &str, number: i64, to: i64) -> Change {
    Change::Event(ExchangeEvent {
        id: id(&format!("{of}{number}")),
        shape: EventShape::Exception(slot(of, number)),
        span: an_hour_from(day(to)),
        ..master(of)
    })
}

pub fn removal(of: &str) -> Change {
    Change::Removal(Removal {
        id: id(of),
        proof: RemovalProof::NotFound,
    })
}
