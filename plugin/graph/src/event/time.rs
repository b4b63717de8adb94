//! When an event takes place.
//!
//! Times come as a wall time and the name of a zone. UTC is asked for, but any zone may come. The
//! days of an all-day event come as midnights labelled with whatever zone: their dates are taken
//! and never converted, or the event would move by a day.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use sync::contract::{Date, DaySpan, Instant, Span, TimedSpan, Zone};
use sync::zone;

use super::wire;

/// An event's times.
#[derive(Debug)]
pub struct Times {
    /// When.
    pub span: Span,
    /// Where its rule put it: for all that does not belong to a series its own start.
    pub original_start: Instant,
    /// The name of a zone that nobody knows.
    pub unknown_zone: Option<String>,
}

impl Times {
    /// Reads an event's times.
    ///
    /// # Errors
    /// What is missing.
    pub fn read(event: &wire::Event, mailbox: Option<Tz>) -> Result<Self, &'static str> {
        let start = event.start.as_ref().ok_or("it has no start")?;
        let end = event.end.as_ref().unwrap_or(start);
        let mut unknown_zone = None;
        let (span, own_start) = if is_all_day(event, start, end) {
            let days = days(start, end)?;
            // The instant at which a day begins is that of the mailbox's zone.
            let midnight = zone::midnight(days.first, mailbox.unwrap_or(Tz::UTC))
                .ok_or("its start is no date")?;
            (Span::AllDay(days), midnight)
        } else {
            let start = instant(start, mailbox, &mut unknown_zone).ok_or("its start is no time")?;
            let end = instant(end, mailbox, &mut unknown_zone).ok_or("its end is no time")?;
            let end = Instant {
                microseconds: end.microseconds.max(start.microseconds),
            };
            (Span::Timed(TimedSpan { start, end }), start)
        };
        let original_start = event
            .original_start
            .as_deref()
            .and_then(true_instant)
            .unwrap_or(own_start);
        Ok(Self {
            span,
            original_start,
            unknown_zone,
        })
    }
}

/// Occurrences come without the field when their master has not been seen; two midnights then mean
/// days.
fn is_all_day(event: &wire::Event, start: &wire::DateTime, end: &wire::DateTime) -> bool {
    event.is_all_day.unwrap_or_else(|| {
        let midnight = |time: &wire::DateTime| {
            wall(time).is_some_and(|wall| wall.time() == chrono::NaiveTime::MIN)
        };
        event.kind.as_deref() == Some("occurrence")
            && midnight(start)
            && midnight(end)
            && wall(start) < wall(end)
    })
}

fn days(start: &wire::DateTime, end: &wire::DateTime) -> Result<DaySpan, &'static str> {
    let first = day(start).ok_or("its start is no date")?;
    let next = first.succ_opt().ok_or("its start is no date")?;
    let after = day(end).unwrap_or(next).max(next);
    Ok(DaySpan {
        first: zone::date(first),
        after: zone::date(after),
    })
}

fn day(time: &wire::DateTime) -> Option<NaiveDate> {
    let text = time.date_time.as_deref()?.trim();
    text.get(..10)?.parse().ok()
}

fn wall(time: &wire::DateTime) -> Option<NaiveDateTime> {
    let text = time.date_time.as_deref()?.trim();
    text.trim_end_matches(['Z', 'z']).parse().ok()
}

/// The instant of a wall time. A zone that nobody knows is replaced by the mailbox's, else by UTC,
/// and named.
fn instant(
    time: &wire::DateTime,
    mailbox: Option<Tz>,
    unknown: &mut Option<String>,
) -> Option<Instant> {
    let Some(wall) = wall(time) else {
        return true_instant(time.date_time.as_deref()?);
    };
    let is_utc = time
        .date_time
        .as_deref()
        .is_some_and(|text| text.trim().ends_with(['Z', 'z']));
    let name = time.time_zone.as_deref().unwrap_or_default().trim();
    if is_utc || name.is_empty() {
        return zone::from_wall_time(wall, Tz::UTC);
    }
    let known = zone::resolve(&Zone {
        name: name.to_owned(),
    });
    if known.is_none() {
        *unknown = Some(name.to_owned());
    }
    zone::from_wall_time(wall, known.or(mailbox).unwrap_or(Tz::UTC))
}

/// An instant that says itself where it stands: with `Z` or an offset.
#[must_use]
pub fn true_instant(text: &str) -> Option<Instant> {
    let text = text.trim();
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| zone::instant(time.to_utc()))
        .or_else(|| {
            text.parse::<NaiveDateTime>()
                .ok()
                .map(|time| zone::instant(time.and_utc()))
        })
}

/// A date as Graph writes it.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let day: NaiveDate = text.trim().get(..10)?.parse().ok()?;
    Some(zone::date(day))
}
