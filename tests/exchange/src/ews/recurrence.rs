//! `Recurrence` in XML and back.
//!
//! `DaysOfWeek` has words for several days at once: `Day`, `Weekday`, `WeekendDay`. Yearly patterns have no interval.

use chrono::Weekday;

use super::refusal::Refusal;
use super::sequence::{Sequence, number};
use super::time;
use super::words::{INDEX, MONTH, WEEKDAY};
use super::xml::{Element, Space};
use crate::mailbox::recurrence::{End, Index, Pattern, Recurrence};

/// Words for several days.
const GROUPS: &[(&str, &[Weekday])] = &[
    (
        "Day",
        &[
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
            Weekday::Sat,
            Weekday::Sun,
        ],
    ),
    (
        "Weekday",
        &[
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ],
    ),
    ("WeekendDay", &[Weekday::Sat, Weekday::Sun]),
];

const PATTERNS: &[&str] = &[
    "RelativeYearlyRecurrence",
    "AbsoluteYearlyRecurrence",
    "RelativeMonthlyRecurrence",
    "AbsoluteMonthlyRecurrence",
    "WeeklyRecurrence",
    "DailyRecurrence",
];

const RANGES: &[&str] = &["NoEndRecurrence", "EndDateRecurrence", "NumberedRecurrence"];

/// As EWS shows it.
pub fn show(recurrence: &Recurrence) -> Element {
    let text = |name: &str, text: String| Element::text(name, text);
    let interval = || text("Interval", recurrence.interval.to_string());
    let pattern = match &recurrence.pattern {
        Pattern::Daily => Element::types("DailyRecurrence").with(interval()),
        Pattern::Weekly { days, first } => Element::types("WeeklyRecurrence")
            .with(interval())
            .with(text("DaysOfWeek", each_day(days)))
            .with(text("FirstDayOfWeek", WEEKDAY.word(*first).to_owned())),
        Pattern::AbsoluteMonthly { day } => Element::types("AbsoluteMonthlyRecurrence")
            .with(interval())
            .with(text("DayOfMonth", day.to_string())),
        Pattern::RelativeMonthly { days, index } => Element::types("RelativeMonthlyRecurrence")
            .with(interval())
            .with(text("DaysOfWeek", one_word(days)))
            .with(text("DayOfWeekIndex", INDEX.word(*index).to_owned())),
        Pattern::AbsoluteYearly { day, month } => Element::types("AbsoluteYearlyRecurrence")
            .with(text("DayOfMonth", day.to_string()))
            .with(text("Month", MONTH.word(*month).to_owned())),
        Pattern::RelativeYearly { days, index, month } => {
            Element::types("RelativeYearlyRecurrence")
                .with(text("DaysOfWeek", one_word(days)))
                .with(text("DayOfWeekIndex", INDEX.word(*index).to_owned()))
                .with(text("Month", MONTH.word(*month).to_owned()))
        }
    };
    let start = text("StartDate", recurrence.start.to_string());
    let range = match recurrence.end {
        End::Never => Element::types("NoEndRecurrence").with(start),
        End::On(date) => Element::types("EndDateRecurrence")
            .with(start)
            .with(text("EndDate", date.to_string())),
        End::After(count) => Element::types("NumberedRecurrence")
            .with(start)
            .with(text("NumberOfOccurrences", count.to_string())),
    };
    Element::types("Recurrence").with(pattern).with(range)
}

fn each_day(days: &[Weekday]) -> String {
    let words: Vec<&str> = days.iter().map(|day| WEEKDAY.word(*day)).collect();
    words.join(" ")
}

fn one_word(days: &[Weekday]) -> String {
    let group = GROUPS
        .iter()
        .find(|(_, group)| group.len() == days.len() && group.iter().all(|day| days.contains(day)));
    group.map_or_else(|| each_day(days), |(word, _)| (*word).to_owned())
}

/// What a client writes.
pub fn read(element: &Element) -> Result<Recurrence, Refusal> {
    let mut sequence = Sequence::of(element, Space::Types);
    let pattern = sequence.need_any(PATTERNS)?;
    let range = sequence.need_any(RANGES)?;
    sequence.done()?;
    let (pattern, interval) = read_pattern(pattern)?;
    let (start, end) = read_range(range)?;
    Ok(Recurrence {
        pattern,
        interval,
        start,
        end,
    })
}

fn read_pattern(element: &Element) -> Result<(Pattern, u32), Refusal> {
    let mut parts = Sequence::of(element, Space::Types);
    let interval = if element.name.contains("Yearly") {
        1
    } else {
        number("Interval", &parts.need("Interval")?.text)?
    };
    if interval == 0 {
        return Err(invalid("The interval of a recurrence is at least 1."));
    }
    let pattern = match element.name.as_str() {
        "DailyRecurrence" => Pattern::Daily,
        "WeeklyRecurrence" => Pattern::Weekly {
            days: days(&mut parts)?,
            first: match parts.take("FirstDayOfWeek") {
                Some(day) => WEEKDAY.read(&day.text)?,
                None => Weekday::Sun,
            },
        },
        "AbsoluteMonthlyRecurrence" => Pattern::AbsoluteMonthly {
            day: day_of_month(&mut parts)?,
        },
        "RelativeMonthlyRecurrence" => Pattern::RelativeMonthly {
            days: days(&mut parts)?,
            index: index(&mut parts)?,
        },
        "AbsoluteYearlyRecurrence" => Pattern::AbsoluteYearly {
            day: day_of_month(&mut parts)?,
            month: MONTH.read(&parts.need("Month")?.text)?,
        },
        _ => Pattern::RelativeYearly {
            days: days(&mut parts)?,
            index: index(&mut parts)?,
            month: MONTH.read(&parts.need("Month")?.text)?,
        },
    };
    parts.done()?;
    Ok((pattern, interval))
}

fn read_range(element: &Element) -> Result<(chrono::NaiveDate, End), Refusal> {
    let mut parts = Sequence::of(element, Space::Types);
    let start = time::date("StartDate", &parts.need("StartDate")?.text)?;
    let end = match element.name.as_str() {
        "NoEndRecurrence" => End::Never,
        "EndDateRecurrence" => {
            let end = time::date("EndDate", &parts.need("EndDate")?.text)?;
            if end < start {
                return Err(invalid("The recurrence ends before it begins."));
            }
            End::On(end)
        }
        _ => {
            let count = number(
                "NumberOfOccurrences",
                &parts.need("NumberOfOccurrences")?.text,
            )?;
            if count == 0 {
                return Err(invalid("A recurrence has at least one occurrence."));
            }
            End::After(count)
        }
    };
    parts.done()?;
    Ok((start, end))
}

fn days(parts: &mut Sequence<'_>) -> Result<Vec<Weekday>, Refusal> {
    let text = &parts.need("DaysOfWeek")?.text;
    let mut days = Vec::new();
    for word in text.split_whitespace() {
        match GROUPS.iter().find(|(group, _)| *group == word) {
            Some((_, group)) => days.extend_from_slice(group),
            None => days.push(WEEKDAY.read(word)?),
        }
    }
    if days.is_empty() {
        return Err(invalid("The recurrence has no day of the week."));
    }
    Ok(days)
}

fn index(parts: &mut Sequence<'_>) -> Result<Index, Refusal> {
    INDEX.read(&parts.need("DayOfWeekIndex")?.text)
}

fn day_of_month(parts: &mut Sequence<'_>) -> Result<u32, Refusal> {
    let day = number("DayOfMonth", &parts.need("DayOfMonth")?.text)?;
    if (1..=31).contains(&day) {
        Ok(day)
    } else {
        Err(invalid("There is no such day of the month."))
    }
}

fn invalid(text: &str) -> Refusal {
    Refusal::new("ErrorCalendarInvalidRecurrence", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weekly() -> Recurrence {
        Recurrence {
            pattern: Pattern::Weekly {
                days: vec![Weekday::Mon, Weekday::Wed],
                first: Weekday::Mon,
            },
            interval: 2,
            start: "2026-11-23".parse().unwrap(),
            end: End::After(5),
        }
    }

    #[test]
    fn patterns_are_read_as_they_are_shown() {
        let patterns = [
            Pattern::Daily,
            Pattern::AbsoluteMonthly { day: 31 },
            Pattern::RelativeMonthly {
                days: GROUPS[1].1.to_vec(),
                index: Index::Last,
            },
        ];
        let ends = [
            End::Never,
            End::On("2027-01-01".parse().unwrap()),
            End::After(3),
        ];
        for (pattern, end) in patterns.into_iter().zip(ends) {
            let recurrence = Recurrence {
                pattern,
                end,
                ..weekly()
            };
            assert_eq!(read(&show(&recurrence)), Ok(recurrence));
        }
        assert_eq!(read(&show(&weekly())), Ok(weekly()));
        let yearly = Recurrence {
            pattern: Pattern::RelativeYearly {
                days: vec![Weekday::Tue],
                index: Index::Nth(2),
                month: 3,
            },
            interval: 1,
            ..weekly()
        };
        assert_eq!(read(&show(&yearly)), Ok(yearly));
    }

    #[test]
    fn a_range_before_the_pattern_is_against_the_schema() {
        let mut shown = show(&weekly());
        shown.children.reverse();
        assert_eq!(read(&shown).unwrap_err().code, "ErrorSchemaValidation");
    }
}
