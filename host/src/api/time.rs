//! Instants and days as text: RFC 3339 in UTC, and ISO 8601 dates.
//!
//! An instant may come with any offset and always goes out with `Z`; fractions finer than a
//! microsecond are cut off. A day has no zone, and no offset is accepted at one.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat};

use super::problem::Problem;
use crate::contract::{Date, Instant};

/// An instant from text.
///
/// # Errors
/// 422 with the field.
pub fn instant(field: &'static str, text: &str) -> Result<Instant, Problem> {
    let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| {
        Problem::invalid(
            field,
            format!("\"{text}\" is no instant; give date, time and offset as in RFC 3339, such as 2026-03-01T09:00:00Z"),
        )
    })?;
    Ok(Instant {
        microseconds: parsed.timestamp_micros(),
    })
}

/// An instant from a parameter of the address.
///
/// # Errors
/// 400 with the parameter's name.
pub fn instant_parameter(
    field: &'static str,
    text: Option<&str>,
) -> Result<Option<Instant>, Problem> {
    let read = |text| {
        instant(field, text).map_err(|problem| {
            let refused = Problem::parameter(field, problem.detail());
            // A plus sign in an address stands for a space.
            match text.contains(' ') {
                true => refused.hint("write + as %2B, or give the instant with Z"),
                false => refused,
            }
        })
    };
    text.map(read).transpose()
}

/// An instant as text.
#[must_use]
pub fn instant_text(instant: Instant) -> String {
    DateTime::from_timestamp_micros(instant.microseconds)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A day from text.
///
/// # Errors
/// 422 with the field.
pub fn day(field: &'static str, text: &str) -> Result<NaiveDate, Problem> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|day| (1..=9999).contains(&day.year()) && text.len() == 10)
        .ok_or_else(|| {
            Problem::invalid(
                field,
                format!("\"{text}\" is no day; give year, month and day, such as 2026-03-01"),
            )
        })
}

/// A day of the calendar as one of the contract.
#[must_use]
pub fn date(day: NaiveDate) -> Date {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    Date {
        year: day.year(),
        month: small(day.month()),
        day: small(day.day()),
    }
}

/// A day of the contract as one of the calendar; none for one that is not there.
#[must_use]
pub fn calendar_day(date: Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year, date.month.into(), date.day.into())
}
