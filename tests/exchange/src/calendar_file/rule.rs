//! `RRULE` as a pattern that Exchange has. Rules that it cannot hold are refused with the reason.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc, Weekday};

use crate::mailbox::recurrence::{End, Index, Pattern, Recurrence};
use crate::zone::Zone;

/// The weekday of a two-letter code.
pub fn weekday(code: &str) -> Option<Weekday> {
    match code.to_ascii_uppercase().as_str() {
        "MO" => Some(Weekday::Mon),
        "TU" => Some(Weekday::Tue),
        "WE" => Some(Weekday::Wed),
        "TH" => Some(Weekday::Thu),
        "FR" => Some(Weekday::Fri),
        "SA" => Some(Weekday::Sat),
        "SU" => Some(Weekday::Sun),
        _ => None,
    }
}

/// Reads a rule of a series that starts on `start` in `zone`. The error says what Exchange cannot hold.
pub fn read(rule: &str, start: NaiveDate, zone: &Zone) -> Result<Recurrence, String> {
    let mut parts = Parts::read(rule)?;
    let frequency = parts.take("FREQ").unwrap_or_default();
    let interval = parts.number("INTERVAL")?.unwrap_or(1).max(1);
    let first = parts
        .take("WKST")
        .and_then(|code| weekday(&code))
        .unwrap_or(Weekday::Mon);
    let end = end(&mut parts, zone)?;
    let days = parts.days()?;
    let month_day = parts.signed("BYMONTHDAY")?;
    let month = parts.number("BYMONTH")?;
    let position = parts.signed("BYSETPOS")?;
    if let Some(name) = parts.rest.first().map(|(name, _)| name) {
        return Err(format!("Exchange has no patterns with {name}"));
    }
    let refused = || format!("Exchange has no pattern for '{rule}'");
    let within_month = frequency == "MONTHLY" || frequency == "YEARLY";
    if (position.is_some() && !within_month) || (month.is_some() && frequency != "YEARLY") {
        return Err(refused());
    }
    let pattern = match frequency.as_str() {
        "DAILY" if days.is_empty() && month_day.is_none() => Pattern::Daily,
        "DAILY" if interval == 1 && month_day.is_none() => weekly(days, start, first),
        "WEEKLY" if month_day.is_none() => weekly(days, start, first),
        "MONTHLY" => monthly(days, month_day, position, None, start)?,
        // without a month such days are counted over the whole year
        "YEARLY" if month.is_none() && (!days.is_empty() || month_day.is_some()) => {
            return Err(refused());
        }
        "YEARLY" => monthly(
            days,
            month_day,
            position,
            Some(month.unwrap_or(start.month())),
            start,
        )?,
        _ => return Err(refused()),
    };
    Ok(Recurrence {
        pattern,
        interval,
        start,
        end,
    })
}

fn weekly(days: Vec<(Option<i32>, Weekday)>, start: NaiveDate, first: Weekday) -> Pattern {
    let days = if days.is_empty() {
        vec![start.weekday()]
    } else {
        days.into_iter().map(|(_, day)| day).collect()
    };
    Pattern::Weekly { days, first }
}

/// Monthly, or yearly where a month is given.
fn monthly(
    days: Vec<(Option<i32>, Weekday)>,
    month_day: Option<i32>,
    position: Option<i32>,
    month: Option<u32>,
    start: NaiveDate,
) -> Result<Pattern, String> {
    if days.is_empty() {
        let day = match month_day {
            None => start.day(),
            Some(-1) => 31,
            Some(day) => u32::try_from(day).map_err(|_| {
                "Exchange counts days from the end of a month only for the last one".to_owned()
            })?,
        };
        return Ok(match month {
            None => Pattern::AbsoluteMonthly { day },
            Some(month) => Pattern::AbsoluteYearly { day, month },
        });
    }
    let numbered = days.iter().find_map(|(nth, _)| *nth).or(position);
    let index = match numbered {
        Some(n @ 1..=4) => Index::Nth(u8::try_from(n).unwrap_or(1)),
        Some(-1) => Index::Last,
        _ => {
            return Err(
                "Exchange knows the first to the fourth and the last weekday of a month".to_owned(),
            );
        }
    };
    if month_day.is_some() || (days.len() > 1 && position.is_none()) {
        return Err("Exchange has no pattern for several numbered weekdays of a month".to_owned());
    }
    let days = days.into_iter().map(|(_, day)| day).collect();
    Ok(match month {
        None => Pattern::RelativeMonthly { days, index },
        Some(month) => Pattern::RelativeYearly { days, index, month },
    })
}

/// `UNTIL` in UTC is an instant; the last date is the one that it has in the series' own zone.
fn end(parts: &mut Parts, zone: &Zone) -> Result<End, String> {
    let count = parts.number("COUNT")?;
    let Some(until) = parts.take("UNTIL") else {
        return Ok(count.map_or(End::Never, End::After));
    };
    let wrong = |_| format!("UNTIL={until} is no date");
    if let Some(utc) = until.strip_suffix('Z') {
        let at = NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").map_err(wrong)?;
        let at: DateTime<Utc> = at.and_utc();
        return Ok(End::On(zone.wall(at).date()));
    }
    let date = until.split('T').next().unwrap_or_default();
    Ok(End::On(
        NaiveDate::parse_from_str(date, "%Y%m%d").map_err(wrong)?,
    ))
}

/// The parts of a rule that nobody has read yet.
struct Parts {
    rest: Vec<(String, String)>,
}

impl Parts {
    fn read(rule: &str) -> Result<Self, String> {
        let part = |part: &str| {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| format!("'{part}' is no part of a rule"))?;
            Ok((
                name.trim().to_ascii_uppercase(),
                value.trim().to_ascii_uppercase(),
            ))
        };
        let rest = rule.split(';').filter(|part| !part.is_empty()).map(part);
        Ok(Self {
            rest: rest.collect::<Result<_, String>>()?,
        })
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let place = self.rest.iter().position(|(known, _)| known == name)?;
        Some(self.rest.remove(place).1)
    }

    fn signed(&mut self, name: &str) -> Result<Option<i32>, String> {
        let Some(text) = self.take(name) else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|_| format!("Exchange has no pattern for {name}={text}"))
    }

    fn number(&mut self, name: &str) -> Result<Option<u32>, String> {
        let Some(number) = self.signed(name)? else {
            return Ok(None);
        };
        u32::try_from(number)
            .map(Some)
            .map_err(|_| format!("{name}={number} is negative"))
    }

    fn days(&mut self) -> Result<Vec<(Option<i32>, Weekday)>, String> {
        let Some(text) = self.take("BYDAY") else {
            return Ok(Vec::new());
        };
        let day = |code: &str| {
            let (number, letters) = code
                .trim()
                .split_at_checked(code.trim().len().checked_sub(2)?)?;
            let number = if number.is_empty() {
                None
            } else {
                Some(number.parse().ok()?)
            };
            Some((number, weekday(letters)?))
        };
        text.split(',')
            .map(|code| day(code).ok_or_else(|| format!("'{code}' is no weekday")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(rule: &str) -> Result<Pattern, String> {
        let start = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        read(rule, start, &Zone::utc()).map(|recurrence| recurrence.pattern)
    }

    #[test]
    fn rules_become_patterns() {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        let week = vec![Mon, Tue, Wed, Thu, Fri];
        assert_eq!(
            pattern("FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;WKST=MO"),
            Ok(Pattern::Weekly {
                days: week.clone(),
                first: Mon
            })
        );
        assert_eq!(
            pattern("FREQ=MONTHLY"),
            Ok(Pattern::AbsoluteMonthly { day: 24 })
        );
        assert_eq!(
            pattern("FREQ=MONTHLY;BYDAY=-1FR"),
            Ok(Pattern::RelativeMonthly {
                days: vec![Fri],
                index: Index::Last
            })
        );
        let first_working_day = pattern("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1");
        assert_eq!(
            first_working_day,
            Ok(Pattern::RelativeMonthly {
                days: week,
                index: Index::Nth(1)
            })
        );
        assert_eq!(
            pattern("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
            Ok(Pattern::AbsoluteYearly { day: 24, month: 12 })
        );
    }

    #[test]
    fn a_rule_that_exchange_cannot_hold_is_refused() {
        for rule in [
            "FREQ=HOURLY",
            "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "FREQ=MONTHLY;BYDAY=5MO",
            "FREQ=WEEKLY;BYHOUR=3",
            "FREQ",
        ] {
            assert!(pattern(rule).is_err(), "{rule}");
        }
    }

    /// Rules with their instances by other hands: those that Exchange can hold give the same dates.
    #[test]
    fn patterns_give_the_dates_that_libical_gives() {
        let folder = std::env::var_os("TANDEM_ORACLES").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles"),
            Into::into,
        );
        let Ok(text) = std::fs::read_to_string(folder.join("recurrence/libical-icalrecur.txt"))
        else {
            assert!(
                std::env::var_os("CI").is_none(),
                "{} is missing",
                folder.display()
            );
            eprintln!("skipped: {} is missing", folder.display());
            return;
        };
        let date = |text: &str| NaiveDate::parse_from_str(text.get(..8)?, "%Y%m%d").ok();
        let mut same = 0;
        for block in text.split("\n\n") {
            let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
            let (Some(rule), Some(start), Some(instances)) = (
                line("RRULE:"),
                line("DTSTART:").and_then(date),
                line("INSTANCES:"),
            ) else {
                continue;
            };
            let Ok(recurrence) = read(rule, start, &Zone::utc()) else {
                continue;
            };
            // in short months Exchange takes the last day, where iCalendar takes none
            if let Pattern::AbsoluteMonthly { day: 29.. }
            | Pattern::AbsoluteYearly { day: 29.., .. } = recurrence.pattern
            {
                continue;
            }
            let expected: Vec<NaiveDate> = instances.split(',').filter_map(date).collect();
            let Some(last) = expected.last() else {
                continue;
            };
            assert_eq!(
                recurrence.dates_until(*last),
                expected,
                "{rule} from {start}"
            );
            same += 1;
        }
        assert!(same >= 27, "only {same} rules were compared");
    }

    #[test]
    fn until_in_utc_is_the_date_in_the_series_zone() {
        let zone = Zone::parse("GMT Standard Time").unwrap();
        let start = NaiveDate::from_ymd_opt(2020, 4, 2).unwrap();
        let recurrence = read("FREQ=WEEKLY;UNTIL=20200916T230000Z", start, &zone).unwrap();
        assert_eq!(
            recurrence.end,
            End::On(NaiveDate::from_ymd_opt(2020, 9, 17).unwrap())
        );
    }
}
