//! The pattern of Exchange that an RRULE means, where there is one.

use std::fmt;

use chrono::Datelike;
use rrule::{Frequency, NWeekday, RRule, Unvalidated};

use super::{SHORTEST_MONTH, shortest};
use crate::contract::{
    AbsoluteMonthly, AbsoluteYearly, Daily, Date, Pattern, RangeEnd, Recurrence, RelativeMonthly,
    RelativeYearly, WeekIndex, Weekday, Weekly, Zone,
};
use crate::zone::{date, naive_date};

/// Why a rule is none that Exchange can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPattern {
    /// It is no RRULE; the text says what is wrong.
    Unreadable(String),
    /// Exchange lacks something for a part of it.
    Inexpressible {
        /// The part, such as `BYHOUR`.
        part: &'static str,
        /// What Exchange has instead.
        reason: &'static str,
    },
}

impl fmt::Display for NoPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(what) => write!(formatter, "no RRULE: {what}"),
            Self::Inexpressible { part, reason } => write!(formatter, "{part}: {reason}"),
        }
    }
}

impl std::error::Error for NoPattern {}

fn inexpressible<T>(part: &'static str, reason: &'static str) -> Result<T, NoPattern> {
    Err(NoPattern::Inexpressible { part, reason })
}

/// Exchange's rule for the value of an RRULE whose `DTSTART` is the day `first`.
///
/// What the rule leaves open is taken from `first`. `UNTIL` counts with the date that it is written
/// with: one that means an instant must be turned into the series' last day beforehand.
///
/// # Errors
/// Exchange has no such pattern, or it is no RRULE.
pub fn from_rrule(text: &str, first: Date, zone: Zone) -> Result<Recurrence, NoPattern> {
    let rule: RRule<Unvalidated> = text
        .trim_end_matches(';')
        .parse()
        .map_err(|error: rrule::RRuleError| NoPattern::Unreadable(error.to_string()))?;
    let begin = naive_date(first)
        .ok_or_else(|| NoPattern::Unreadable("the first day is no date".to_owned()))?;
    only_whole_days(&rule)?;
    let interval = match rule.get_interval() {
        0 => return inexpressible("INTERVAL", "it is 1 or more"),
        interval => u32::from(interval),
    };
    let pattern = match rule.get_freq() {
        Frequency::Daily => daily(&rule, interval)?,
        Frequency::Weekly => weekly(&rule, interval, vec![weekday(begin.weekday())])?,
        Frequency::Monthly => monthly(&rule, interval, date(begin).day)?,
        Frequency::Yearly => yearly(&rule, interval, date(begin))?,
        _ => return inexpressible("FREQ", "Exchange repeats by day, week, month or year"),
    };
    Ok(Recurrence {
        pattern,
        first,
        end: end(&rule)?,
        zone,
    })
}

fn only_whole_days(rule: &RRule<Unvalidated>) -> Result<(), NoPattern> {
    let times = "all occurrences have one time of day";
    if !rule.get_by_hour().is_empty() {
        return inexpressible("BYHOUR", times);
    }
    if !rule.get_by_minute().is_empty() {
        return inexpressible("BYMINUTE", times);
    }
    if !rule.get_by_second().is_empty() {
        return inexpressible("BYSECOND", times);
    }
    if !rule.get_by_year_day().is_empty() {
        return inexpressible("BYYEARDAY", "Exchange counts days in months");
    }
    if !rule.get_by_week_no().is_empty() {
        return inexpressible("BYWEEKNO", "Exchange counts weeks in months");
    }
    Ok(())
}

fn end(rule: &RRule<Unvalidated>) -> Result<RangeEnd, NoPattern> {
    match (rule.get_count(), rule.get_until()) {
        (None, None) => Ok(RangeEnd::Endless),
        (Some(0), None) => inexpressible("COUNT", "it is 1 or more"),
        (Some(count), None) => Ok(RangeEnd::Numbered(count)),
        (None, Some(until)) => Ok(RangeEnd::Until(date(until.date_naive()))),
        (Some(_), Some(_)) => inexpressible("COUNT", "it excludes UNTIL"),
    }
}

fn daily(rule: &RRule<Unvalidated>, interval: u32) -> Result<Pattern, NoPattern> {
    if rule.get_by_weekday().is_empty() {
        not_in_months(rule)?;
        return Ok(Pattern::Daily(Daily { interval }));
    }
    if interval == 1 {
        return weekly(rule, interval, Vec::new());
    }
    inexpressible("BYDAY", "every n-th day is whichever day of the week it is")
}

fn weekly(
    rule: &RRule<Unvalidated>,
    interval: u32,
    otherwise: Vec<Weekday>,
) -> Result<Pattern, NoPattern> {
    not_in_months(rule)?;
    let days = weekdays(rule).ok_or(NoPattern::Inexpressible {
        part: "BYDAY",
        reason: "days are numbered within months only",
    })?;
    Ok(Pattern::Weekly(Weekly {
        interval,
        days: if days.is_empty() { otherwise } else { days },
        first_day: weekday(rule.get_week_start()),
    }))
}

fn not_in_months(rule: &RRule<Unvalidated>) -> Result<(), NoPattern> {
    let reason = "days and weeks repeat regardless of months";
    if !rule.get_by_month().is_empty() {
        return inexpressible("BYMONTH", reason);
    }
    if !rule.get_by_month_day().is_empty() {
        return inexpressible("BYMONTHDAY", reason);
    }
    if !rule.get_by_set_pos().is_empty() {
        return inexpressible("BYSETPOS", "positions are counted within months only");
    }
    Ok(())
}

fn monthly(rule: &RRule<Unvalidated>, interval: u32, otherwise: u8) -> Result<Pattern, NoPattern> {
    if !rule.get_by_month().is_empty() {
        return inexpressible("BYMONTH", "every n-th month is whichever month it is");
    }
    Ok(match in_month(rule, otherwise, SHORTEST_MONTH)? {
        InMonth::Day(day) => Pattern::AbsoluteMonthly(AbsoluteMonthly { interval, day }),
        InMonth::Weekdays(days, index) => Pattern::RelativeMonthly(RelativeMonthly {
            interval,
            days,
            index,
        }),
    })
}

fn yearly(rule: &RRule<Unvalidated>, interval: u32, otherwise: Date) -> Result<Pattern, NoPattern> {
    let says_day = !rule.get_by_weekday().is_empty() || !rule.get_by_month_day().is_empty();
    let month = match rule.get_by_month() {
        [] if !says_day => otherwise.month,
        [month] => *month,
        _ => return inexpressible("BYMONTH", "a day of each year is in one month"),
    };
    Ok(match in_month(rule, otherwise.day, shortest(month))? {
        InMonth::Day(day) => Pattern::AbsoluteYearly(AbsoluteYearly {
            interval,
            month,
            day,
        }),
        InMonth::Weekdays(days, index) => Pattern::RelativeYearly(RelativeYearly {
            interval,
            month,
            days,
            index,
        }),
    })
}

enum InMonth {
    Day(u8),
    Weekdays(Vec<Weekday>, WeekIndex),
}

/// `always` is the last day that the month has in each year.
fn in_month(rule: &RRule<Unvalidated>, otherwise: u8, always: u8) -> Result<InMonth, NoPattern> {
    let weekdays_given = !rule.get_by_weekday().is_empty();
    match rule.get_by_month_day() {
        [] if weekdays_given => weekdays_in_month(rule),
        [] => day_in_month(&[otherwise], rule.get_by_set_pos(), always),
        _ if weekdays_given => inexpressible("BYMONTHDAY", "it excludes BYDAY"),
        // The last day, in each month.
        [-1] if rule.get_by_set_pos().is_empty() => Ok(InMonth::Day(31)),
        days => {
            let counted: Option<Vec<u8>> = days.iter().map(|day| u8::try_from(*day).ok()).collect();
            match counted {
                Some(days) => day_in_month(&days, rule.get_by_set_pos(), always),
                None => inexpressible("BYMONTHDAY", "of days from the end there is the last only"),
            }
        }
    }
}

fn day_in_month(days: &[u8], positions: &[i32], always: u8) -> Result<InMonth, NoPattern> {
    match (days, positions) {
        ([day], []) if *day <= always => Ok(InMonth::Day(*day)),
        ([_], []) => inexpressible(
            "BYMONTHDAY",
            "Exchange leaves out no month that lacks the day",
        ),
        ([SHORTEST_MONTH, .., day], [-1]) if days.iter().copied().eq(SHORTEST_MONTH..=*day) => {
            Ok(InMonth::Day(*day))
        }
        (_, []) => inexpressible("BYMONTHDAY", "there is one day in a month"),
        _ => inexpressible("BYSETPOS", "positions are counted among weekdays only"),
    }
}

fn weekdays_in_month(rule: &RRule<Unvalidated>) -> Result<InMonth, NoPattern> {
    let (days, position) = match (rule.get_by_weekday(), rule.get_by_set_pos()) {
        ([NWeekday::Nth(position, day)], []) => (vec![weekday(*day)], i32::from(*position)),
        (_, [position]) => match weekdays(rule) {
            Some(days) => (days, *position),
            None => return inexpressible("BYDAY", "a day is numbered once"),
        },
        (_, []) => return inexpressible("BYDAY", "there is one day in a month"),
        _ => return inexpressible("BYSETPOS", "there is one day in a month"),
    };
    let index = match position {
        1 => WeekIndex::First,
        2 => WeekIndex::Second,
        3 => WeekIndex::Third,
        4 => WeekIndex::Fourth,
        -1 => WeekIndex::Last,
        _ => {
            return inexpressible(
                "BYSETPOS",
                "there are the first to the fourth, and the last",
            );
        }
    };
    Ok(InMonth::Weekdays(days, index))
}

/// The days of the week from Monday on, each once; none when one of them is numbered.
fn weekdays(rule: &RRule<Unvalidated>) -> Option<Vec<Weekday>> {
    let mut days = rule
        .get_by_weekday()
        .iter()
        .map(|day| match day {
            NWeekday::Every(day) => Some(*day),
            NWeekday::Nth(..) => None,
        })
        .collect::<Option<Vec<_>>>()?;
    days.sort_by_key(chrono::Weekday::num_days_from_monday);
    days.dedup();
    Some(days.into_iter().map(weekday).collect())
}

fn weekday(day: chrono::Weekday) -> Weekday {
    match day {
        chrono::Weekday::Mon => Weekday::Monday,
        chrono::Weekday::Tue => Weekday::Tuesday,
        chrono::Weekday::Wed => Weekday::Wednesday,
        chrono::Weekday::Thu => Weekday::Thursday,
        chrono::Weekday::Fri => Weekday::Friday,
        chrono::Weekday::Sat => Weekday::Saturday,
        chrono::Weekday::Sun => Weekday::Sunday,
    }
}
