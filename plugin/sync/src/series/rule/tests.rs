use proptest::prelude::*;

use super::*;
use crate::contract::*;
use crate::series::random::rules;

fn day(year: i32, month: u8, day: u8) -> Date {
    Date { year, month, day }
}

fn berlin() -> Zone {
    Zone {
        name: "W. Europe Standard Time".into(),
    }
}

fn series(pattern: Pattern) -> Recurrence {
    Recurrence {
        pattern,
        first: day(2026, 11, 23),
        end: RangeEnd::Endless,
        zone: berlin(),
    }
}

/// The pattern of an RRULE that begins on Monday, 23 November 2026.
fn pattern(text: &str) -> Result<Pattern, NoPattern> {
    from_rrule(text, day(2026, 11, 23), berlin()).map(|rule| rule.pattern)
}

fn refused_part(text: &str) -> &'static str {
    match pattern(text) {
        Err(NoPattern::Inexpressible { part, .. }) => part,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn patterns_are_written_as_rules() {
    let cases = [
        (
            Pattern::Daily(Daily { interval: 3 }),
            "FREQ=DAILY;INTERVAL=3",
        ),
        (
            Pattern::Weekly(Weekly {
                interval: 2,
                days: vec![Weekday::Monday, Weekday::Wednesday],
                first_day: Weekday::Sunday,
            }),
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU",
        ),
        (
            Pattern::AbsoluteMonthly(AbsoluteMonthly {
                interval: 1,
                day: 15,
            }),
            "FREQ=MONTHLY;BYMONTHDAY=15",
        ),
        (
            Pattern::RelativeMonthly(RelativeMonthly {
                interval: 1,
                days: vec![Weekday::Friday],
                index: WeekIndex::Last,
            }),
            "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
        ),
        (
            Pattern::AbsoluteYearly(AbsoluteYearly {
                interval: 1,
                month: 12,
                day: 31,
            }),
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31",
        ),
        (
            Pattern::RelativeYearly(RelativeYearly {
                interval: 4,
                month: 11,
                days: vec![Weekday::Saturday, Weekday::Sunday],
                index: WeekIndex::Second,
            }),
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=SA,SU;BYSETPOS=2",
        ),
    ];
    for (pattern, text) in cases {
        assert_eq!(to_rrule(&series(pattern)), text);
    }
}

#[test]
fn a_day_that_a_month_lacks_is_written_as_the_last_of_those_it_has() {
    let monthly = |day| {
        to_rrule(&series(Pattern::AbsoluteMonthly(AbsoluteMonthly {
            interval: 1,
            day,
        })))
    };
    assert_eq!(monthly(28), "FREQ=MONTHLY;BYMONTHDAY=28");
    assert_eq!(monthly(29), "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1");
    assert_eq!(
        monthly(31),
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"
    );
    let leap_day = Pattern::AbsoluteYearly(AbsoluteYearly {
        interval: 1,
        month: 2,
        day: 29,
    });
    assert_eq!(
        to_rrule(&series(leap_day)),
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"
    );
}

#[test]
fn the_end_is_written_as_a_count_or_as_midnight_of_the_last_day() {
    let mut rule = series(Pattern::Daily(Daily { interval: 1 }));
    rule.end = RangeEnd::Numbered(10);
    assert_eq!(to_rrule(&rule), "FREQ=DAILY;COUNT=10");
    rule.end = RangeEnd::Until(day(2026, 12, 31));
    assert_eq!(to_rrule(&rule), "FREQ=DAILY;UNTIL=20261231T000000Z");
}

#[test]
fn what_a_rule_leaves_open_is_taken_from_its_first_day() {
    assert_eq!(
        pattern("FREQ=WEEKLY"),
        Ok(Pattern::Weekly(Weekly {
            interval: 1,
            days: vec![Weekday::Monday],
            first_day: Weekday::Monday,
        }))
    );
    assert_eq!(
        pattern("FREQ=MONTHLY;INTERVAL=2"),
        Ok(Pattern::AbsoluteMonthly(AbsoluteMonthly {
            interval: 2,
            day: 23
        }))
    );
    assert_eq!(
        pattern("FREQ=YEARLY"),
        Ok(Pattern::AbsoluteYearly(AbsoluteYearly {
            interval: 1,
            month: 11,
            day: 23
        }))
    );
}

#[test]
fn other_words_for_a_pattern_are_understood() {
    assert_eq!(
        pattern("FREQ=MONTHLY;BYDAY=-1FR"),
        pattern("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1")
    );
    assert_eq!(
        pattern("FREQ=DAILY;BYDAY=TH,TU,TU"),
        pattern("FREQ=WEEKLY;BYDAY=TU,TH")
    );
    assert_eq!(
        pattern("FREQ=MONTHLY;BYMONTHDAY=-1;"),
        pattern("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1")
    );
}

#[test]
fn a_rule_that_exchange_lacks_is_refused_by_its_part() {
    for (text, part) in [
        ("FREQ=HOURLY", "FREQ"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;BYHOUR=9,10", "BYHOUR"),
        ("FREQ=DAILY;BYMINUTE=0,30", "BYMINUTE"),
        ("FREQ=DAILY;BYSECOND=0,30", "BYSECOND"),
        ("FREQ=DAILY;BYMONTH=1", "BYMONTH"),
        ("FREQ=DAILY;BYMONTHDAY=1", "BYMONTHDAY"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", "BYDAY"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT"),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY"),
        ("FREQ=MONTHLY;BYMONTH=5", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,2,3;BYSETPOS=2", "BYSETPOS"),
        ("FREQ=MONTHLY;BYDAY=TU", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO;BYSETPOS=1", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=5MO", "BYSETPOS"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,2", "BYSETPOS"),
        ("FREQ=YEARLY;BYDAY=20MO", "BYMONTH"),
        ("FREQ=YEARLY;BYMONTH=6,7", "BYMONTH"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "BYMONTHDAY"),
        ("FREQ=YEARLY;BYYEARDAY=100", "BYYEARDAY"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
    ] {
        assert_eq!(refused_part(text), part, "{text}");
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    for text in ["", "FREQ=SOMETIMES", "BYDAY=MO", "FREQ=DAILY;BYPHASE=FULL"] {
        assert!(
            matches!(pattern(text), Err(NoPattern::Unreadable(_))),
            "{text}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_rule_comes_back_from_rrule_as_it_was(rule in rules()) {
        let text = to_rrule(&rule);
        prop_assert_eq!(from_rrule(&text, rule.first, rule.zone.clone()), Ok(rule), "{}", text);
    }
}
