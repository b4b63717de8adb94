//! Times as tests write them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use tandem::contract::{Date, DaySpan, Instant, Span, TimedSpan};

/// An instant, as in `2026-11-23T09:00Z`.
#[must_use]
pub fn utc(text: &str) -> DateTime<Utc> {
    let text = text.strip_suffix('Z').expect("the instant ends with Z");
    wall(text).and_utc()
}

/// A wall time, as in `2026-11-23T10:00`.
#[must_use]
pub fn wall(text: &str) -> NaiveDateTime {
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M");
    parsed
        .or_else(|_| text.parse())
        .unwrap_or_else(|_| panic!("`{text}` is no time"))
}

/// A day, as in `2026-11-23`.
#[must_use]
pub fn day(text: &str) -> NaiveDate {
    text.parse()
        .unwrap_or_else(|_| panic!("`{text}` is no day"))
}

/// An instant as the host writes it.
#[must_use]
pub fn instant(time: DateTime<Utc>) -> Instant {
    Instant {
        microseconds: time.timestamp_micros(),
    }
}

/// So many minutes from an instant on.
#[must_use]
pub fn timed(start: &str, minutes: i64) -> Span {
    between(utc(start), utc(start) + TimeDelta::minutes(minutes))
}

/// From one instant to another.
#[must_use]
pub fn between(start: DateTime<Utc>, end: DateTime<Utc>) -> Span {
    Span::Timed(TimedSpan {
        start: instant(start),
        end: instant(end),
    })
}

/// So many whole days from a day on.
#[must_use]
pub fn days(first: &str, count: i64) -> Span {
    all_day(day(first), day(first) + TimeDelta::days(count))
}

/// Whole days up to the one before `after`.
#[must_use]
pub fn all_day(first: NaiveDate, after: NaiveDate) -> Span {
    Span::AllDay(DaySpan {
        first: date(first),
        after: date(after),
    })
}

fn date(day: NaiveDate) -> Date {
    Date {
        year: day.year(),
        month: u8::try_from(day.month()).unwrap(),
        day: u8::try_from(day.day()).unwrap(),
    }
}
