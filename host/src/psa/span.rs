//! When a record takes place, as columns: instants for timed ones, dates for whole days.
//!
//! Dates are never turned into instants. For searching alone, `begins` and `ends` hold the
//! outermost instants that a record can touch: a day begins 14 hours before it does in UTC where
//! the day begins first (UTC+14), and ends 12 hours after where it ends last (UTC-12). A search by
//! them may find too much, never too little.

use chrono::{Datelike, NaiveDate};

use crate::contract::{Date, DaySpan, Instant, Span, TimedSpan};
use crate::store::error::{Result, StoreError};
use crate::store::statement::{Row, Value};

const HOUR: i64 = 60 * 60 * 1_000_000;

/// A span's columns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    pub start_at: Option<i64>,
    pub end_at: Option<i64>,
    pub first_day: Option<String>,
    pub after_day: Option<String>,
    pub begins: i64,
    pub ends: i64,
}

impl Columns {
    /// The values, in the order of the columns above.
    pub(super) fn values(self) -> [Value; 6] {
        [
            Value::from(self.start_at),
            Value::from(self.end_at),
            Value::from(self.first_day),
            Value::from(self.after_day),
            Value::from(self.begins),
            Value::from(self.ends),
        ]
    }
}

/// A span as columns.
///
/// # Errors
/// [`StoreError::Invalid`] for a date that is not in the calendar.
pub(super) fn columns(span: &Span) -> Result<Columns> {
    match span {
        Span::Timed(TimedSpan { start, end }) => Ok(Columns {
            start_at: Some(start.microseconds),
            end_at: Some(end.microseconds),
            first_day: None,
            after_day: None,
            begins: start.microseconds,
            ends: end.microseconds,
        }),
        Span::AllDay(DaySpan { first, after }) => {
            let (first, after) = (day("first", first)?, day("after", after)?);
            Ok(Columns {
                start_at: None,
                end_at: None,
                first_day: Some(first.format("%Y-%m-%d").to_string()),
                after_day: Some(after.format("%Y-%m-%d").to_string()),
                begins: midnight(first) - 14 * HOUR,
                ends: midnight(after) + 12 * HOUR,
            })
        }
    }
}

/// A span from its columns.
pub(super) fn read(row: &Row) -> Result<Span> {
    let times = row
        .maybe_instant("start_at")?
        .zip(row.maybe_instant("end_at")?);
    if let Some((start, end)) = times {
        return Ok(Span::Timed(TimedSpan { start, end }));
    }
    Ok(Span::AllDay(DaySpan {
        first: parse("first_day", row)?,
        after: parse("after_day", row)?,
    }))
}

/// A date of the contract as one of the calendar.
pub(super) fn day(field: &'static str, date: &Date) -> Result<NaiveDate> {
    (1..=9999)
        .contains(&date.year)
        .then(|| NaiveDate::from_ymd_opt(date.year, date.month.into(), date.day.into()))
        .flatten()
        .ok_or_else(|| StoreError::Invalid {
            field,
            rule: "give a day of the calendar in the years 1 to 9999".into(),
        })
}

fn midnight(day: NaiveDate) -> i64 {
    day.and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp_micros()
}

fn parse(column: &'static str, row: &Row) -> Result<Date> {
    let text: Option<String> = row.get(column)?;
    let text = text.unwrap_or_default();
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").map_err(|e| StoreError::Unreadable {
        column,
        reason: e.to_string(),
    })?;
    let small = |n: u32| u8::try_from(n).unwrap_or_default();
    Ok(Date {
        year: day.year(),
        month: small(day.month()),
        day: small(day.day()),
    })
}

/// Whether a span ends at or after its start, and whole days are at least one.
pub(super) fn check(span: &Span) -> Result<()> {
    match span {
        Span::Timed(TimedSpan { start, end }) if in_order(start, end) => Ok(()),
        Span::Timed(_) => Err(StoreError::Invalid {
            field: "end",
            rule: "it lies before the start, or outside the years 1 to 9999; give an end at or after the start".into(),
        }),
        Span::AllDay(DaySpan { first, after }) => {
            match day("first", first)? < day("after", after)? {
                true => Ok(()),
                false => Err(StoreError::Invalid {
                    field: "after",
                    rule: "give the day after the last one; it lies at least one day after the first".into(),
                }),
            }
        }
    }
}

fn in_order(start: &Instant, end: &Instant) -> bool {
    // 0001-01-01 and 9999-12-31, so that every instant is also a date.
    let range = -62_135_596_800_000_000..=253_402_300_799_999_999;
    start.microseconds <= end.microseconds
        && range.contains(&start.microseconds)
        && range.contains(&end.microseconds)
}
