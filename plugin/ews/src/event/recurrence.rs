//! Rules of series, as EWS writes them.

use sync::contract::{
    AbsoluteMonthly, AbsoluteYearly, Daily, Date, Pattern, RangeEnd, Recurrence, RelativeMonthly,
    RelativeYearly, WeekIndex, Weekday, Weekly, Zone,
};

use super::{time, wire};

/// A rule. One that cannot be understood is none: the series is then reported, and never guessed at.
/// `zone` is the one whose wall time the occurrences keep.
#[must_use]
pub fn read(rule: &wire::Recurrence, zone: &Zone) -> Option<Recurrence> {
    let (first, end) = range(rule)?;
    Some(Recurrence {
        pattern: pattern(rule)?,
        first,
        end,
        zone: zone.clone(),
    })
}

fn range(rule: &wire::Recurrence) -> Option<(Date, RangeEnd)> {
    let date = |text: &Option<String>| time::date(text.as_deref()?);
    if let Some(range) = &rule.no_end_recurrence {
        return Some((date(&range.start_date)?, RangeEnd::Endless));
    }
    if let Some(range) = &rule.end_date_recurrence {
        let until = RangeEnd::Until(date(&range.end_date)?);
        return Some((date(&range.start_date)?, until));
    }
    let range = rule.numbered_recurrence.as_ref()?;
    let count = positive(range.number_of_occurrences.as_ref())?;
    Some((date(&range.start_date)?, RangeEnd::Numbered(count)))
}

fn pattern(rule: &wire::Recurrence) -> Option<Pattern> {
    if let Some(pattern) = &rule.daily_recurrence {
        let interval = interval(pattern)?;
        return Some(Pattern::Daily(Daily { interval }));
    }
    if let Some(pattern) = &rule.weekly_recurrence {
        return Some(Pattern::Weekly(Weekly {
            interval: interval(pattern)?,
            days: days(pattern)?,
            // What Exchange takes where nothing is said.
            first_day: pattern
                .first_day_of_week
                .as_deref()
                .map_or(Some(Weekday::Sunday), weekday)?,
        }));
    }
    if let Some(pattern) = &rule.absolute_monthly_recurrence {
        return Some(Pattern::AbsoluteMonthly(AbsoluteMonthly {
            interval: interval(pattern)?,
            day: day(pattern)?,
        }));
    }
    if let Some(pattern) = &rule.relative_monthly_recurrence {
        return Some(Pattern::RelativeMonthly(RelativeMonthly {
            interval: interval(pattern)?,
            days: days(pattern)?,
            index: index(pattern)?,
        }));
    }
    // EWS knows no years to leave out.
    if let Some(pattern) = &rule.absolute_yearly_recurrence {
        return Some(Pattern::AbsoluteYearly(AbsoluteYearly {
            interval: 1,
            month: month(pattern)?,
            day: day(pattern)?,
        }));
    }
    let pattern = rule.relative_yearly_recurrence.as_ref()?;
    Some(Pattern::RelativeYearly(RelativeYearly {
        interval: 1,
        month: month(pattern)?,
        days: days(pattern)?,
        index: index(pattern)?,
    }))
}

fn positive(text: Option<&String>) -> Option<u32> {
    text?.trim().parse().ok().filter(|number| *number > 0)
}

fn interval(pattern: &wire::Pattern) -> Option<u32> {
    match &pattern.interval {
        None => Some(1),
        interval => positive(interval.as_ref()),
    }
}

fn day(pattern: &wire::Pattern) -> Option<u8> {
    let day = u8::try_from(positive(pattern.day_of_month.as_ref())?).ok()?;
    (day <= 31).then_some(day)
}

fn month(pattern: &wire::Pattern) -> Option<u8> {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = pattern.month.as_deref()?.trim();
    let place = NAMES.iter().position(|it| it.eq_ignore_ascii_case(name))?;
    u8::try_from(place + 1).ok()
}

/// Days stand side by side in one text; some names mean several.
fn days(pattern: &wire::Pattern) -> Option<Vec<Weekday>> {
    const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    let (working, weekend) = WEEK.split_at(5);
    let mut days = Vec::new();
    for name in pattern.days_of_week.as_deref()?.split_whitespace() {
        match name {
            "Day" => days.extend(WEEK),
            "Weekday" => days.extend(working),
            "WeekendDay" => days.extend(weekend),
            name => days.push(weekday(name)?),
        }
    }
    (!days.is_empty()).then_some(days)
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name.trim() {
        "Monday" => Weekday::Monday,
        "Tuesday" => Weekday::Tuesday,
        "Wednesday" => Weekday::Wednesday,
        "Thursday" => Weekday::Thursday,
        "Friday" => Weekday::Friday,
        "Saturday" => Weekday::Saturday,
        "Sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn index(pattern: &wire::Pattern) -> Option<WeekIndex> {
    Some(match pattern.day_of_week_index.as_deref()?.trim() {
        "First" => WeekIndex::First,
        "Second" => WeekIndex::Second,
        "Third" => WeekIndex::Third,
        "Fourth" => WeekIndex::Fourth,
        "Last" => WeekIndex::Last,
        _ => return None,
    })
}
