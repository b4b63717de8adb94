//! Rules of series, as Graph writes them.

use sync::contract::{
    AbsoluteMonthly, AbsoluteYearly, Daily, Pattern, RangeEnd, Recurrence, RelativeMonthly,
    RelativeYearly, Series, Span, WeekIndex, Weekday, Weekly, Zone,
};

use super::{time, wire};

/// What a master knows. A rule that cannot be understood is kept as text only: the series is then
/// reported, and never guessed at.
#[must_use]
pub fn series(rule: &wire::Recurrence, span: Span, own_zone: Option<&str>) -> Series {
    Series {
        rule: read(rule, span, own_zone),
        rule_text: serde_json::to_string(rule).unwrap_or_default(),
        cancelled: None,
    }
}

fn read(rule: &wire::Recurrence, span: Span, own_zone: Option<&str>) -> Option<Recurrence> {
    let range = rule.range.as_ref()?;
    let first = match range.start_date.as_deref().and_then(time::date) {
        Some(date) => date,
        None => match span {
            Span::AllDay(days) => days.first,
            Span::Timed(_) => return None,
        },
    };
    // The range names a zone at times only; the series keeps the one it was made in.
    let zone = [range.recurrence_time_zone.as_deref(), own_zone]
        .into_iter()
        .flatten()
        .find(|name| !name.trim().is_empty())
        .unwrap_or("UTC");
    Some(Recurrence {
        pattern: pattern(rule.pattern.as_ref()?)?,
        first,
        end: end(range)?,
        zone: Zone {
            name: zone.to_owned(),
        },
    })
}

fn end(range: &wire::Range) -> Option<RangeEnd> {
    Some(match range.kind.as_deref()? {
        "noEnd" => RangeEnd::Endless,
        "numbered" => RangeEnd::Numbered(positive(range.number_of_occurrences)?),
        "endDate" => RangeEnd::Until(time::date(range.end_date.as_deref()?)?),
        _ => return None,
    })
}

fn pattern(pattern: &wire::Pattern) -> Option<Pattern> {
    let interval = positive(pattern.interval.or(Some(1)))?;
    Some(match pattern.kind.as_deref()? {
        "daily" => Pattern::Daily(Daily { interval }),
        "weekly" => Pattern::Weekly(Weekly {
            interval,
            days: days(pattern)?,
            // Graph's own default.
            first_day: pattern
                .first_day_of_week
                .as_deref()
                .map_or(Some(Weekday::Sunday), weekday)?,
        }),
        "absoluteMonthly" => Pattern::AbsoluteMonthly(AbsoluteMonthly {
            interval,
            day: within(pattern.day_of_month, 31)?,
        }),
        "relativeMonthly" => Pattern::RelativeMonthly(RelativeMonthly {
            interval,
            days: days(pattern)?,
            index: index(pattern)?,
        }),
        "absoluteYearly" => Pattern::AbsoluteYearly(AbsoluteYearly {
            interval,
            month: within(pattern.month, 12)?,
            day: within(pattern.day_of_month, 31)?,
        }),
        "relativeYearly" => Pattern::RelativeYearly(RelativeYearly {
            interval,
            month: within(pattern.month, 12)?,
            days: days(pattern)?,
            index: index(pattern)?,
        }),
        _ => return None,
    })
}

fn positive(number: Option<i64>) -> Option<u32> {
    u32::try_from(number?).ok().filter(|number| *number > 0)
}

fn within(number: Option<i64>, most: u8) -> Option<u8> {
    let number = u8::try_from(number?).ok()?;
    (1..=most).contains(&number).then_some(number)
}

fn days(pattern: &wire::Pattern) -> Option<Vec<Weekday>> {
    let days: Vec<Weekday> = pattern
        .days_of_week
        .as_ref()?
        .iter()
        .map(|name| weekday(name))
        .collect::<Option<_>>()?;
    (!days.is_empty()).then_some(days)
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name.to_ascii_lowercase().as_str() {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn index(pattern: &wire::Pattern) -> Option<WeekIndex> {
    // Graph's own default is the first.
    Some(match pattern.index.as_deref().unwrap_or("first") {
        "first" => WeekIndex::First,
        "second" => WeekIndex::Second,
        "third" => WeekIndex::Third,
        "fourth" => WeekIndex::Fourth,
        "last" => WeekIndex::Last,
        _ => return None,
    })
}
