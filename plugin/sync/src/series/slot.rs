//! Slots: how an occurrence is known, whatever became of it.
//!
//! A server tells an occurrence's original start as an instant. For whole days that instant is
//! midnight in one zone or another, so their slots stand at midnight UTC of the day: the *canonical*
//! form, in which links, PSA rows and plans keep them.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use crate::contract::{
    Change, EventShape, ExchangeEvent, ExchangeOccurrence, Instant, Slot, Span, TimedSpan,
};
use crate::zone;

/// Which occurrence of a series a change tells of; none for everything else. As the server gave it.
#[must_use]
pub const fn told(change: &Change) -> Option<&Slot> {
    match change {
        Change::Occurrence(occurrence) => Some(&occurrence.slot),
        Change::Event(event) => of_event(event),
        Change::Contact(_) | Change::Removal(_) => None,
    }
}

/// Which occurrence an event is.
#[must_use]
pub const fn of_event(event: &ExchangeEvent) -> Option<&Slot> {
    match &event.shape {
        EventShape::Exception(slot) => Some(slot),
        EventShape::Single | EventShape::Master(_) => None,
    }
}

/// The zone whose wall time a series keeps: its rule's, else the one that its master was made in,
/// else the mailbox's.
#[must_use]
pub fn zone_of(master: &ExchangeEvent, mailbox: Option<Tz>) -> Option<Tz> {
    let rule = match &master.shape {
        EventShape::Master(series) => series.rule.as_ref(),
        EventShape::Single | EventShape::Exception(_) => None,
    };
    let own = rule.map(|rule| &rule.zone);
    own.into_iter()
        .chain(&master.zone)
        .find_map(zone::resolve)
        .or(mailbox)
}

/// An occurrence's slot in its canonical form; none when the change tells of no occurrence.
#[must_use]
pub fn canonical(master: &ExchangeEvent, change: &Change, mailbox: Option<Tz>) -> Option<Slot> {
    let slot = told(change)?;
    let own = match change {
        // It is where the rule put it.
        Change::Occurrence(occurrence) => Some(span(master, occurrence)),
        Change::Event(_) | Change::Contact(_) | Change::Removal(_) => None,
    };
    let original_start = match (own, &master.span) {
        (Some(Span::Timed(timed)), Span::Timed(_)) => timed.start,
        (Some(Span::AllDay(days)), Span::AllDay(_)) => zone::midnight(days.first, Tz::UTC)?,
        (_, Span::AllDay(_)) => midnight(master, slot.original_start, mailbox)?,
        (_, Span::Timed(_)) => slot.original_start,
    };
    Some(Slot {
        master_id: slot.master_id.clone(),
        original_start,
    })
}

/// When an occurrence takes place that is as its master says. One of a day's length is told like whole
/// days where nothing but its times is told.
#[must_use]
pub fn span(master: &ExchangeEvent, occurrence: &ExchangeOccurrence) -> Span {
    let midnight = |date| zone::midnight(date, Tz::UTC);
    match (&master.span, occurrence.span) {
        (Span::Timed(_), Span::AllDay(days)) => midnight(days.first)
            .zip(midnight(days.after))
            .map_or(occurrence.span, |(start, end)| {
                Span::Timed(TimedSpan { start, end })
            }),
        (_, span) => span,
    }
}

/// Midnight UTC of the day that begins at an instant in the series' zone, in the mailbox's, or, where
/// neither has midnight then, in whichever zone has it nearest.
fn midnight(master: &ExchangeEvent, start: Instant, mailbox: Option<Tz>) -> Option<Instant> {
    let zones = [zone_of(master, mailbox), mailbox, Some(Tz::UTC)];
    let day = zones.into_iter().flatten().find_map(|zone| {
        let wall = zone::wall_time(start, zone)?;
        (wall.time() == NaiveTime::MIN).then(|| wall.date())
    });
    let day = match day {
        Some(day) => day,
        None => (zone::utc(start)? + TimeDelta::hours(12)).date_naive(),
    };
    zone::midnight(zone::date(day), Tz::UTC)
}

/// The day of the series' zone on which a canonical slot stands.
#[must_use]
pub fn day(master: &ExchangeEvent, slot: &Slot, mailbox: Option<Tz>) -> Option<NaiveDate> {
    let zone = match master.span {
        Span::Timed(_) => zone_of(master, mailbox).unwrap_or(Tz::UTC),
        Span::AllDay(_) => Tz::UTC,
    };
    Some(zone::wall_time(slot.original_start, zone)?.date())
}
