use proptest::prelude::*;

use super::*;
use crate::contract::{Date, Weekday, Zone};
use crate::series::{random::rules, rule::from_rrule};
use crate::zone;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The dates of an RRULE that Exchange can hold, as text.
fn dates(rrule: &str, first: &str, from: &str, to: &str) -> Vec<String> {
    let utc = Zone { name: "UTC".into() };
    let rule = from_rrule(rrule, zone::date(day(first)), utc).unwrap();
    let dates = between(&rule, day(from), day(to));
    dates.iter().map(ToString::to_string).collect()
}

#[test]
fn every_second_week_is_counted_from_the_first_day_of_the_week() {
    // 1 November 2026 is a Sunday: the end of its week where weeks begin on Monday.
    assert_eq!(
        dates(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
            "2026-11-01",
            "2026-11-01",
            "2026-11-30"
        ),
        [
            "2026-11-01",
            "2026-11-10",
            "2026-11-15",
            "2026-11-24",
            "2026-11-29"
        ]
    );
    assert_eq!(
        dates(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
            "2026-11-01",
            "2026-11-01",
            "2026-11-30"
        ),
        [
            "2026-11-01",
            "2026-11-03",
            "2026-11-15",
            "2026-11-17",
            "2026-11-29"
        ]
    );
}

#[test]
fn a_series_begins_with_the_first_date_of_its_pattern() {
    // 23 November 2026 is a Monday.
    let wednesdays = "FREQ=WEEKLY;BYDAY=WE;WKST=MO;COUNT=2";
    assert_eq!(
        dates(wednesdays, "2026-11-23", "2026-01-01", "2027-12-31"),
        ["2026-11-25", "2026-12-02"]
    );
    let tenths = "FREQ=MONTHLY;BYMONTHDAY=10;COUNT=2";
    assert_eq!(
        dates(tenths, "2026-11-23", "2026-01-01", "2027-12-31"),
        ["2026-12-10", "2027-01-10"]
    );
}

#[test]
fn the_last_friday_of_each_month() {
    assert_eq!(
        dates(
            "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
            "2026-01-01",
            "2026-01-01",
            "2026-05-31"
        ),
        [
            "2026-01-30",
            "2026-02-27",
            "2026-03-27",
            "2026-04-24",
            "2026-05-29"
        ]
    );
}

#[test]
fn the_first_working_day_of_each_quarter() {
    assert_eq!(
        dates(
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "2026-01-01",
            "2026-01-01",
            "2026-12-31"
        ),
        ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]
    );
    assert_eq!(
        dates(
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "2026-02-01",
            "2026-02-01",
            "2026-12-31"
        ),
        ["2026-02-02", "2026-05-01", "2026-08-03", "2026-11-02"]
    );
}

#[test]
fn the_thirty_first_is_the_last_day_of_a_shorter_month() {
    assert_eq!(
        dates(
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            "2027-12-31",
            "2027-12-31",
            "2028-04-30"
        ),
        [
            "2027-12-31",
            "2028-01-31",
            "2028-02-29",
            "2028-03-31",
            "2028-04-30"
        ]
    );
}

#[test]
fn the_twenty_ninth_of_february_is_the_twenty_eighth_in_common_years() {
    assert_eq!(
        dates(
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
            "2024-02-29",
            "2024-01-01",
            "2028-12-31"
        ),
        [
            "2024-02-29",
            "2025-02-28",
            "2026-02-28",
            "2027-02-28",
            "2028-02-29"
        ]
    );
}

#[test]
fn numbered_occurrences_are_counted_from_the_first_wherever_one_looks() {
    let ten = "FREQ=DAILY;COUNT=10";
    assert_eq!(
        dates(ten, "2026-11-23", "2026-12-01", "2026-12-31"),
        ["2026-12-01", "2026-12-02"]
    );
    assert!(dates(ten, "2026-11-23", "2026-12-03", "2027-12-31").is_empty());
}

#[test]
fn a_series_ends_with_its_last_day_included() {
    let until = "FREQ=DAILY;UNTIL=20261203";
    assert_eq!(
        dates(until, "2026-11-23", "2026-12-02", "2026-12-31"),
        ["2026-12-02", "2026-12-03"]
    );
    assert!(dates(until, "2026-12-04", "2026-12-01", "2026-12-31").is_empty());
}

#[test]
fn both_dates_of_the_stretch_are_included() {
    assert_eq!(
        dates("FREQ=DAILY", "2026-11-23", "2026-11-24", "2026-11-25"),
        ["2026-11-24", "2026-11-25"]
    );
    assert!(dates("FREQ=DAILY", "2026-11-23", "2026-11-25", "2026-11-24").is_empty());
}

/// Beyond the contract's bounds; a server may send anything.
#[test]
fn impossible_rules_have_no_dates() {
    use crate::contract::{AbsoluteYearly, Daily, RelativeMonthly, WeekIndex, Weekly};
    let yearly = |month, day| {
        Pattern::AbsoluteYearly(AbsoluteYearly {
            interval: 1,
            month,
            day,
        })
    };
    let impossible = [
        Pattern::Daily(Daily { interval: 0 }),
        Pattern::Daily(Daily { interval: u32::MAX }),
        Pattern::Weekly(Weekly {
            interval: 0,
            days: vec![Weekday::Monday],
            first_day: Weekday::Monday,
        }),
        Pattern::Weekly(Weekly {
            interval: 1,
            days: Vec::new(),
            first_day: Weekday::Monday,
        }),
        Pattern::RelativeMonthly(RelativeMonthly {
            interval: 1,
            days: Vec::new(),
            index: WeekIndex::First,
        }),
        yearly(13, 1),
        yearly(0, 1),
        yearly(1, 32),
    ];
    let first = Date {
        year: 2026,
        month: 1,
        day: 1,
    };
    let series = |pattern, first, end| Recurrence {
        pattern,
        first,
        end,
        zone: Zone { name: "UTC".into() },
    };
    for pattern in impossible {
        for end in [RangeEnd::Endless, RangeEnd::Numbered(5)] {
            let rule = series(pattern.clone(), first, end);
            let found = between(&rule, day("2026-01-01"), day("2050-01-01"));
            assert_eq!(found, [], "{rule:?}");
        }
    }
    let no_day = Date {
        day: 30,
        ..Date { month: 2, ..first }
    };
    let rule = series(
        Pattern::Daily(Daily { interval: 1 }),
        no_day,
        RangeEnd::Endless,
    );
    assert_eq!(between(&rule, day("2026-01-01"), day("2050-01-01")), []);
}

#[test]
fn a_date_that_no_year_has_is_sought_no_further_than_the_limit() {
    let never = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30";
    let (from, to) = (day("2026-01-01"), day("9999-12-31"));
    assert_eq!(of_rrule(never, from, from, to), []);
}

proptest! {
    /// The step ahead must not change what comes after it.
    #[test]
    fn looking_far_ahead_finds_what_walking_finds(mut rule in rules(), years in 0..300_i64) {
        rule.first.year = 1990;
        if let RangeEnd::Until(last) = &mut rule.end {
            last.year = 1990 + last.year % 300;
        }
        let first = naive_date(rule.first).unwrap();
        let from = first + Days::new(u64::try_from(years * 365 + 11).unwrap());
        let to = from + Days::new(800);
        prop_assert_eq!(between(&rule, from, to), of_rrule(&to_rrule(&rule), first, from, to));
    }
}
