//! A rule of Exchange in the words of RRULE.

use super::{SHORTEST_MONTH, shortest};
use crate::contract::{Date, Pattern, RangeEnd, Recurrence, WeekIndex, Weekday};

/// The value of an RRULE for a rule of Exchange.
///
/// It is meant for dates at midnight UTC: `UNTIL` is midnight UTC of the last day. `DTSTART` is no
/// part of it; the rule's first day serves, whether or not the rule falls on it.
#[must_use]
pub fn to_rrule(rule: &Recurrence) -> String {
    let (frequency, interval, days) = match &rule.pattern {
        Pattern::Daily(daily) => ("DAILY", daily.interval, None),
        Pattern::Weekly(weekly) => {
            let days = by_day(&weekly.days);
            let days = format!("{days};WKST={}", code(weekly.first_day));
            ("WEEKLY", weekly.interval, Some(days))
        }
        Pattern::AbsoluteMonthly(monthly) => {
            let day = by_month_day(monthly.day, SHORTEST_MONTH);
            ("MONTHLY", monthly.interval, Some(day))
        }
        Pattern::RelativeMonthly(monthly) => {
            let days = by_position(&monthly.days, monthly.index);
            ("MONTHLY", monthly.interval, Some(days))
        }
        Pattern::AbsoluteYearly(yearly) => {
            let day = by_month_day(yearly.day, shortest(yearly.month));
            let day = format!("BYMONTH={};{day}", yearly.month);
            ("YEARLY", yearly.interval, Some(day))
        }
        Pattern::RelativeYearly(yearly) => {
            let days = by_position(&yearly.days, yearly.index);
            let days = format!("BYMONTH={};{days}", yearly.month);
            ("YEARLY", yearly.interval, Some(days))
        }
    };
    let interval = (interval != 1).then(|| format!("INTERVAL={interval}"));
    let end = match rule.end {
        RangeEnd::Endless => None,
        RangeEnd::Numbered(count) => Some(format!("COUNT={count}")),
        RangeEnd::Until(Date { year, month, day }) => {
            Some(format!("UNTIL={year:04}{month:02}{day:02}T000000Z"))
        }
    };
    let parts = [Some(format!("FREQ={frequency}")), interval, days, end];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(";")
}

fn by_day(days: &[Weekday]) -> String {
    let codes: Vec<&str> = days.iter().copied().map(code).collect();
    format!("BYDAY={}", codes.join(","))
}

fn by_position(days: &[Weekday], index: WeekIndex) -> String {
    let position = match index {
        WeekIndex::First => 1,
        WeekIndex::Second => 2,
        WeekIndex::Third => 3,
        WeekIndex::Fourth => 4,
        WeekIndex::Last => -1,
    };
    format!("{};BYSETPOS={position}", by_day(days))
}

/// `always` is the last day that the month has in each year.
fn by_month_day(day: u8, always: u8) -> String {
    if day <= always {
        return format!("BYMONTHDAY={day}");
    }
    let days: Vec<String> = (SHORTEST_MONTH..=day).map(|day| day.to_string()).collect();
    format!("BYMONTHDAY={};BYSETPOS=-1", days.join(","))
}

fn code(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}
