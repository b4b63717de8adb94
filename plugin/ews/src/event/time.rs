//! When an item takes place.
//!
//! Times come as instants, with `Z` or an offset. A day of an all-day item is the one that begins at
//! its instant in the item's own zone; the zone's rules may have changed since, or nobody may know the
//! zone, so the mailbox's zone is tried next, and at last the nearest midnight.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta};
use chrono_tz::Tz;
use sync::contract::{Date, DaySpan, Instant, Span, TimedSpan};
use sync::zone;

use super::{boolean, wire};

/// An item's times.
#[derive(Debug)]
pub struct Times {
    /// When.
    pub span: Span,
    /// Where its rule put it: for all that does not belong to a series its own start.
    pub original_start: Instant,
}

impl Times {
    /// Reads an item's times; whole days by the first of these zones that has midnight then.
    ///
    /// # Errors
    /// What is missing.
    pub fn read(item: &wire::CalendarItem, zones: &[Tz]) -> Result<Self, &'static str> {
        let told = |text: &Option<String>| instant(text.as_deref()?);
        let start = told(&item.start).ok_or("its start is no time")?;
        let end = told(&item.end).ok_or("its end is no time")?;
        let all_day = item.is_all_day_event.as_deref().and_then(boolean);
        let span = if all_day == Some(true) {
            Span::AllDay(days(start, end, zones)?)
        } else {
            Span::Timed(TimedSpan {
                start,
                end: Instant {
                    microseconds: end.microseconds.max(start.microseconds),
                },
            })
        };
        Ok(Self {
            span,
            original_start: told(&item.original_start).unwrap_or(start),
        })
    }
}

fn days(start: Instant, end: Instant, zones: &[Tz]) -> Result<DaySpan, &'static str> {
    let first = day(start, zones).ok_or("its start is no date")?;
    let next = first.succ_opt().ok_or("its start is no date")?;
    let after = day(end, zones).unwrap_or(next).max(next);
    Ok(DaySpan {
        first: zone::date(first),
        after: zone::date(after),
    })
}

/// The day that begins at an instant in the first of these zones that has midnight then, or in whichever
/// zone has it nearest.
#[must_use]
pub fn day(at: Instant, zones: &[Tz]) -> Option<NaiveDate> {
    let begun = zones.iter().find_map(|zone| {
        let wall = zone::wall_time(at, *zone)?;
        (wall.time() == NaiveTime::MIN).then(|| wall.date())
    });
    match begun {
        Some(day) => Some(day),
        None => Some((zone::utc(at)? + TimeDelta::hours(12)).date_naive()),
    }
}

/// An instant as EWS writes it: with `Z` or an offset; UTC where neither stands.
#[must_use]
pub fn instant(text: &str) -> Option<Instant> {
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

/// A date as EWS writes it, at times with an offset behind it.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let day: NaiveDate = text.trim().get(..10)?.parse().ok()?;
    Some(zone::date(day))
}

/// An instant in a request, to the second; empty beyond the calendar.
#[must_use]
pub fn utc(instant: Instant) -> String {
    zone::utc(instant)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}
