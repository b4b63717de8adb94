//! `patternedRecurrence` in JSON and back. Real answers fill the fields that a pattern does not use with zeros; so do these.

use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::{Value, json};

use super::names::Named;
use crate::mailbox::content::WriteError;
use crate::mailbox::recurrence::{End, Index, Pattern, Recurrence};

const INDEXES: [(&str, Index); 5] = [
    ("first", Index::Nth(1)),
    ("second", Index::Nth(2)),
    ("third", Index::Nth(3)),
    ("fourth", Index::Nth(4)),
    ("last", Index::Last),
];

/// As Graph shows it; `zone` is the series' own.
pub fn show(recurrence: &Recurrence, zone: &str) -> Value {
    let words = |days: &[Weekday]| days.iter().map(|day| day.word()).collect::<Vec<_>>();
    let index_word = |index: &Index| {
        INDEXES
            .iter()
            .find(|(_, known)| known == index)
            .map_or("first", |(word, _)| *word)
    };
    let mut first_day = Weekday::Sun;
    let (kind, month, day, days, index) = match &recurrence.pattern {
        Pattern::Daily => ("daily", 0, 0, Vec::new(), "first"),
        Pattern::Weekly { days, first } => {
            first_day = *first;
            ("weekly", 0, 0, words(days), "first")
        }
        Pattern::AbsoluteMonthly { day } => ("absoluteMonthly", 0, *day, Vec::new(), "first"),
        Pattern::RelativeMonthly { days, index } => {
            ("relativeMonthly", 0, 0, words(days), index_word(index))
        }
        Pattern::AbsoluteYearly { day, month } => {
            ("absoluteYearly", *month, *day, Vec::new(), "first")
        }
        Pattern::RelativeYearly { days, index, month } => {
            ("relativeYearly", *month, 0, words(days), index_word(index))
        }
    };
    let mut pattern = json!({
        "type": kind,
        "interval": recurrence.interval,
        "month": month,
        "dayOfMonth": day,
        "firstDayOfWeek": first_day.word(),
        "index": index,
    });
    if let (false, Some(fields)) = (days.is_empty(), pattern.as_object_mut()) {
        fields.insert("daysOfWeek".to_owned(), json!(days));
    }
    let (range, end, count) = match recurrence.end {
        End::Never => ("noEnd", "0001-01-01".to_owned(), 0),
        End::On(date) => ("endDate", date.to_string(), 0),
        End::After(count) => ("numbered", "0001-01-01".to_owned(), count),
    };
    json!({
        "pattern": pattern,
        "range": {
            "type": range,
            "startDate": recurrence.start.to_string(),
            "endDate": end,
            "recurrenceTimeZone": zone,
            "numberOfOccurrences": count,
        },
    })
}

/// What a client writes.
pub fn read(value: &Value) -> Result<Recurrence, WriteError> {
    let pattern = value
        .get("pattern")
        .ok_or_else(|| malformed("the recurrence has no pattern"))?;
    let range = value
        .get("range")
        .ok_or_else(|| malformed("the recurrence has no range"))?;
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let number = |of: &Value, name: &str| {
        of.get(name)
            .and_then(Value::as_u64)
            .and_then(|n| u32::try_from(n).ok())
    };
    let date = |name: &str| text(range, name).and_then(|date| date.parse::<NaiveDate>().ok());

    let start = date("startDate").ok_or_else(|| malformed("the range has no startDate"))?;
    let end = match text(range, "type").unwrap_or_default().as_str() {
        "noEnd" => End::Never,
        "endDate" => End::On(date("endDate").ok_or_else(|| malformed("the range has no endDate"))?),
        "numbered" => End::After(
            number(range, "numberOfOccurrences")
                .filter(|count| *count > 0)
                .ok_or_else(|| malformed("the range has no numberOfOccurrences"))?,
        ),
        other => return Err(malformed(&format!("'{other}' is no type of range"))),
    };
    let days = || -> Result<Vec<Weekday>, WriteError> {
        let words = pattern
            .get("daysOfWeek")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let days: Option<Vec<_>> = words
            .iter()
            .map(|word| word.as_str().and_then(Weekday::from_word))
            .collect();
        days.filter(|days| !days.is_empty())
            .ok_or_else(|| malformed("the pattern has no daysOfWeek"))
    };
    let index = || {
        let word = text(pattern, "index").unwrap_or_else(|| "first".to_owned());
        INDEXES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(&word))
            .map(|(_, index)| *index)
            .ok_or_else(|| malformed("the pattern's index is unknown"))
    };
    let day = number(pattern, "dayOfMonth")
        .filter(|day| *day > 0)
        .unwrap_or(start.day());
    let month = number(pattern, "month")
        .filter(|month| *month > 0)
        .unwrap_or(start.month());
    let kind = text(pattern, "type").unwrap_or_default();
    let pattern_read = match kind.as_str() {
        "daily" => Pattern::Daily,
        "weekly" => Pattern::Weekly {
            days: days()?,
            first: text(pattern, "firstDayOfWeek")
                .and_then(|word| Weekday::from_word(&word))
                .unwrap_or(Weekday::Sun),
        },
        "absoluteMonthly" => Pattern::AbsoluteMonthly { day },
        "relativeMonthly" => Pattern::RelativeMonthly {
            days: days()?,
            index: index()?,
        },
        "absoluteYearly" => Pattern::AbsoluteYearly { day, month },
        "relativeYearly" => Pattern::RelativeYearly {
            days: days()?,
            index: index()?,
            month,
        },
        other => return Err(malformed(&format!("'{other}' is no type of pattern"))),
    };
    Ok(Recurrence {
        pattern: pattern_read,
        interval: number(pattern, "interval")
            .filter(|n| *n > 0)
            .ok_or_else(|| malformed("the pattern has no interval"))?,
        start,
        end,
    })
}

fn malformed(text: &str) -> WriteError {
    WriteError::Malformed(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recurrence_reads_as_it_was_shown() {
        let recurrence = Recurrence {
            pattern: Pattern::RelativeMonthly {
                days: vec![Weekday::Fri],
                index: Index::Last,
            },
            interval: 2,
            start: NaiveDate::from_ymd_opt(2026, 11, 27).unwrap(),
            end: End::After(7),
        };
        assert_eq!(read(&show(&recurrence, "UTC")), Ok(recurrence));
    }
}
