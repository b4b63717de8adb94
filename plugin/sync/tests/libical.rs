//! libical's recurrence vectors: rules with their instances, by other hands.
//!
//! A rule that Exchange can hold is expanded as a series is; any other rule of whole days as an RRULE
//! on plain dates, which is how a series is expanded. What neither can do stands in
//! `libical/left_out.json` with its reason and with what python-dateutil answers; the judge
//! `recurrence` of `tests/oracles/run` asks it.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod oracles;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use serde::Deserialize;
use sync::contract::Zone;
use sync::series::{dates, rule};
use sync::zone;

/// One of libical's vectors; times as they are written there.
struct Vector {
    /// Counted from 1 in the file.
    number: usize,
    rule: String,
    start: String,
    instances: Vec<String>,
}

/// Vectors that are left out for one reason, each number with its rule.
#[derive(Deserialize)]
struct LeftOut {
    reason: String,
    dateutil: String,
    vectors: BTreeMap<usize, String>,
}

#[test]
fn dates_are_those_of_libical_except_for_the_listed() {
    let Some(text) = oracles::text("recurrence/libical-icalrecur.txt") else {
        return;
    };
    let vectors = read(&text);
    let groups: Vec<LeftOut> = serde_json::from_str(include_str!("libical/left_out.json")).unwrap();
    assert!(
        groups
            .iter()
            .all(|group| !group.reason.is_empty() && !group.dateutil.is_empty())
    );
    let left_out: BTreeMap<usize, String> =
        groups.into_iter().flat_map(|group| group.vectors).collect();

    let (mut by_pattern, mut by_rule) = (0, 0);
    for vector in &vectors {
        let (of_exchange, answer) = vector.answer();
        let agrees = answer.as_ref() == Some(&vector.instances);
        match left_out.get(&vector.number) {
            Some(rule) => {
                assert!(!agrees, "vector {} need not be left out", vector.number);
                assert_eq!(*rule, vector.rule, "vector {}", vector.number);
            }
            None => assert!(
                agrees,
                "vector {}, {} from {}: ours are {answer:?}",
                vector.number, vector.rule, vector.start
            ),
        }
        by_pattern += usize::from(agrees && of_exchange);
        by_rule += usize::from(agrees && !of_exchange);
    }
    println!("{by_pattern} vectors agree as Exchange's patterns, {by_rule} as rules of whole days");
    assert_eq!(vectors.len(), 146);
    assert_eq!(by_pattern + by_rule + left_out.len(), vectors.len());
}

impl Vector {
    /// What we make of it, and whether Exchange could hold it; none for rules with times of day,
    /// which a series never has.
    fn answer(&self) -> (bool, Option<Vec<String>>) {
        const TIMES: [&str; 6] = [
            "HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND",
        ];
        let (first, time) = self.start.split_at(8);
        let first = date(first);
        let last = NaiveDate::from_ymd_opt(2200, 1, 1).unwrap();
        let rule = on_plain_dates(&self.rule, time);
        let utc = Zone { name: "UTC".into() };
        let (of_exchange, dates) = match rule::from_rrule(&rule, zone::date(first), utc) {
            Ok(series) => (true, dates::between(&series, first, last)),
            Err(_) if TIMES.iter().any(|part| rule.contains(part)) => return (false, None),
            Err(_) => (false, dates::of_rrule(&rule, first, first, last)),
        };
        let instances = dates
            .iter()
            .map(|date| format!("{}{time}", date.format("%Y%m%d")));
        (of_exchange, Some(instances.collect()))
    }
}

/// The rule for occurrences at midnight instead of `time`: an `UNTIL` before that time of its day
/// means the day before.
fn on_plain_dates(rule: &str, time: &str) -> String {
    let part = |part: &str| {
        let Some((day, until)) = part
            .strip_prefix("UNTIL=")
            .and_then(|until| until.split_at_checked(8))
        else {
            return part.to_owned();
        };
        let begun = until.is_empty() || of_day(until) >= of_day(time);
        let day = date(day) - Days::new(u64::from(!begun));
        format!("UNTIL={}T000000Z", day.format("%Y%m%d"))
    };
    rule.split(';').map(part).collect::<Vec<_>>().join(";")
}

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y%m%d").unwrap()
}

/// A time of day as it stands behind a date; of a date alone, its begin.
fn of_day(text: &str) -> NaiveTime {
    let digits = text.trim_start_matches('T').trim_end_matches('Z');
    NaiveTime::parse_from_str(digits, "%H%M%S").unwrap_or_default()
}

fn read(text: &str) -> Vec<Vector> {
    let blocks = text.split("\n\n").filter(|block| block.contains("RRULE:"));
    let vector = |(place, block): (usize, &str)| {
        let line = |name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap().trim().to_owned()
        };
        Vector {
            number: place + 1,
            rule: line("RRULE:"),
            start: line("DTSTART:"),
            instances: line("INSTANCES:").split(',').map(str::to_owned).collect(),
        }
    };
    blocks.enumerate().map(vector).collect()
}
