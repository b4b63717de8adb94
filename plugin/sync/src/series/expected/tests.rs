use chrono::NaiveDate;
use chrono_tz::Tz;

use super::*;
use crate::contract::{
    Daily, Date, DaySpan, Pattern, RangeEnd, Series, TimedSpan, Weekday, Weekly, Zone,
};
use crate::planner::tests::vocabulary::event;
use crate::series::slot;

fn at(text: &str) -> Instant {
    zone::instant(text.parse().unwrap())
}

fn window(start: &str, end: &str) -> Window {
    Window {
        start: at(start),
        end: at(end),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn master(pattern: Pattern, span: Span, zone_name: &str) -> ExchangeEvent {
    let first = match span {
        Span::Timed(timed) => zone::utc(timed.start).unwrap().date_naive(),
        Span::AllDay(days) => zone::naive_date(days.first).unwrap(),
    };
    ExchangeEvent {
        shape: EventShape::Master(Series {
            rule: Some(Recurrence {
                pattern,
                first: zone::date(first),
                end: RangeEnd::Endless,
                zone: Zone {
                    name: zone_name.into(),
                },
            }),
            rule_text: String::new(),
            cancelled: None,
        }),
        ..event("m", "Stand-up", span)
    }
}

/// Mondays from 9 to 10 in Berlin, from the 5th of October 2026 on: summer time ends on the 25th.
fn mondays() -> ExchangeEvent {
    let weekly = Pattern::Weekly(Weekly {
        interval: 1,
        days: vec![Weekday::Monday],
        first_day: Weekday::Monday,
    });
    let span = Span::Timed(TimedSpan {
        start: at("2026-10-05T07:00:00Z"),
        end: at("2026-10-05T08:00:00Z"),
    });
    master(weekly, span, "W. Europe Standard Time")
}

fn days_of(master: &ExchangeEvent, within: &Window) -> Vec<NaiveDate> {
    Expectation::of(master).unwrap().days_inside(within)
}

#[test]
fn days_are_those_of_the_series_own_zone_and_its_clock_is_followed() {
    let master = mondays();
    let within = window("2026-10-12T00:00:00Z", "2026-11-01T00:00:00Z");
    let expected = ["2026-10-12", "2026-10-19", "2026-10-26"].map(day);
    assert_eq!(days_of(&master, &within), expected);
    let expectation = Expectation::of(&master).unwrap();
    let starts = expected.map(|day| expectation.slot(day).unwrap().original_start);
    let in_utc = [
        "2026-10-12T07:00:00Z",
        "2026-10-19T07:00:00Z",
        "2026-10-26T08:00:00Z",
    ];
    assert_eq!(starts, in_utc.map(at));
    for (start, day) in starts.into_iter().zip(expected) {
        let slot = Slot {
            master_id: "m".into(),
            original_start: start,
        };
        assert_eq!(slot::day(&master, &slot, None), Some(day));
    }
    assert!(expectation.has(day("2026-10-19")) && !expectation.has(day("2026-10-20")));
}

#[test]
fn what_touches_the_windows_edge_is_not_demanded() {
    let master = mondays();
    // Begins with the occurrence of the 12th; ends with that of the 19th, and the hour by which a
    // clock may be changed under it.
    let within = window("2026-10-12T07:00:00Z", "2026-10-19T09:00:00Z");
    assert_eq!(
        days_of(&master, &within),
        ["2026-10-12", "2026-10-19"].map(day)
    );
    let narrower = window("2026-10-12T07:00:01Z", "2026-10-19T08:59:59Z");
    assert!(days_of(&master, &narrower).is_empty());
}

#[test]
fn a_night_that_begins_the_day_before_is_demanded_where_it_begins_inside() {
    let daily = Pattern::Daily(Daily { interval: 1 });
    let span = Span::Timed(TimedSpan {
        start: at("2026-10-05T20:00:00Z"),
        end: at("2026-10-06T20:00:00Z"),
    });
    let master = master(daily, span, "Europe/Berlin");
    let within = window("2026-10-06T00:00:00Z", "2026-10-09T00:00:00Z");
    assert_eq!(
        days_of(&master, &within),
        ["2026-10-06", "2026-10-07"].map(day)
    );
}

#[test]
fn whole_days_are_demanded_only_where_no_zone_has_them_elsewhere() {
    let daily = Pattern::Daily(Daily { interval: 1 });
    let date = |day| Date {
        year: 2026,
        month: 10,
        day,
    };
    let span = Span::AllDay(DaySpan {
        first: date(5),
        after: date(6),
    });
    let master = master(daily, span, "New Zealand Standard Time");
    let within = window("2026-10-09T10:00:00Z", "2026-10-12T14:00:00Z");
    assert_eq!(
        days_of(&master, &within),
        ["2026-10-10", "2026-10-11"].map(day)
    );
    let narrower = window("2026-10-09T10:00:01Z", "2026-10-12T13:59:59Z");
    assert!(days_of(&master, &narrower).is_empty());
    let expectation = Expectation::of(&master).unwrap();
    let slot = expectation.slot(day("2026-10-10")).unwrap();
    assert_eq!(slot.original_start, at("2026-10-10T00:00:00Z"));
    let berlin = Some(Tz::Europe__Berlin);
    assert_eq!(slot::day(&master, &slot, berlin), Some(day("2026-10-10")));
}

#[test]
fn without_a_rule_or_its_zone_nothing_is_expected() {
    let mut unknown = mondays();
    let EventShape::Master(series) = &mut unknown.shape else {
        panic!("a master")
    };
    series.rule.as_mut().unwrap().zone.name = "Kitchen Clock Time".into();
    assert!(Expectation::of(&unknown).is_none());
    let EventShape::Master(series) = &mut unknown.shape else {
        panic!("a master")
    };
    series.rule = None;
    assert!(Expectation::of(&unknown).is_none());
    unknown.shape = EventShape::Single;
    assert!(Expectation::of(&unknown).is_none());
}
