//! The dates that a rule gives.
//!
//! The crate `rrule` expands the rule as if each occurrence were at midnight UTC, where no wall time
//! is missing or repeated and `UNTIL` needs no conversion.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone};
use rrule::{RRule, Tz, Unvalidated};

use super::rule::to_rrule;
use crate::contract::{Pattern, RangeEnd, Recurrence};
use crate::zone::naive_date;

#[cfg(test)]
mod tests;

/// The dates, in the series' own zone, that a rule puts between two dates, both inclusive.
///
/// A series begins with the first date of its pattern on or after the rule's first day, and numbered
/// ones are counted from there. Looking far ahead costs no more than looking at the beginning, except
/// where occurrences are counted: those are walked through (Exchange counts to 999).
///
/// What is no RRULE has no dates: an interval of 0 or over 65,535, no day of the week, a 13th month.
#[must_use]
pub fn between(rule: &Recurrence, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let Some(first) = naive_date(rule.first) else {
        return Vec::new();
    };
    let begin = match rule.end {
        RangeEnd::Numbered(_) => first,
        RangeEnd::Endless | RangeEnd::Until(_) => {
            in_step(&rule.pattern, first, from).unwrap_or(first)
        }
    };
    of_rrule(&to_rrule(rule), begin, from, to)
}

/// The dates between two others, both inclusive, of an RRULE whose `DTSTART` is the day `first`; none
/// when it is no RRULE. `UNTIL` is a time in UTC, and the occurrences are at midnight UTC.
#[must_use]
pub fn of_rrule(rrule: &str, first: NaiveDate, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let begin = Tz::UTC.from_utc_datetime(&first.and_time(NaiveTime::MIN));
    let Ok(series) = rrule
        .parse()
        .and_then(|rule: RRule<Unvalidated>| rule.build(begin))
    else {
        return Vec::new();
    };
    // The limit ends the search for an occurrence that no year has.
    series
        .limit()
        .into_iter()
        .map(|time| time.date_naive())
        .skip_while(|date| *date < from)
        .take_while(|date| *date <= to)
        .collect()
}

/// The latest day up to `from` from which the pattern goes on as it does from `first`.
fn in_step(pattern: &Pattern, first: NaiveDate, from: NaiveDate) -> Option<NaiveDate> {
    let days = |interval: u32, length: u64| {
        let step = u64::from(interval) * length;
        let passed = u64::try_from((from - first).num_days()).unwrap_or(0);
        first.checked_add_days(Days::new(passed.checked_div(step)? * step))
    };
    let months = |interval: u32, length: u32| {
        let step = interval.checked_mul(length)?;
        let month = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
        let passed = u32::try_from(month(from) - month(first)).unwrap_or(0);
        match passed.checked_div(step)? * step {
            0 => Some(first),
            // A pattern within months says its day, so any day of the month will do.
            passed => first.with_day(1)?.checked_add_months(Months::new(passed)),
        }
    };
    match pattern {
        Pattern::Daily(daily) => days(daily.interval, 1),
        Pattern::Weekly(weekly) => days(weekly.interval, 7),
        Pattern::AbsoluteMonthly(monthly) => months(monthly.interval, 1),
        Pattern::RelativeMonthly(monthly) => months(monthly.interval, 1),
        Pattern::AbsoluteYearly(yearly) => months(yearly.interval, 12),
        Pattern::RelativeYearly(yearly) => months(yearly.interval, 12),
    }
}
