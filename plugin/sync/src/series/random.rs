//! Rules at random, for tests.

use proptest::prelude::*;

use crate::contract::*;

/// Days of the week, at least one, from Monday on.
fn weekdays() -> impl Strategy<Value = Vec<Weekday>> {
    let week = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    proptest::sample::subsequence(week.to_vec(), 1..=7)
}

fn indexes() -> impl Strategy<Value = WeekIndex> {
    prop_oneof![
        Just(WeekIndex::First),
        Just(WeekIndex::Second),
        Just(WeekIndex::Third),
        Just(WeekIndex::Fourth),
        Just(WeekIndex::Last),
    ]
}

fn patterns() -> impl Strategy<Value = Pattern> {
    let first_day = weekdays().prop_map(|days| days[0]);
    prop_oneof![
        (1..=999_u32).prop_map(|interval| Pattern::Daily(Daily { interval })),
        (1..=99_u32, weekdays(), first_day).prop_map(|(interval, days, first_day)| {
            Pattern::Weekly(Weekly {
                interval,
                days,
                first_day,
            })
        }),
        (1..=99_u32, 1..=31_u8).prop_map(|(interval, day)| {
            Pattern::AbsoluteMonthly(AbsoluteMonthly { interval, day })
        }),
        (1..=99_u32, weekdays(), indexes()).prop_map(|(interval, days, index)| {
            Pattern::RelativeMonthly(RelativeMonthly {
                interval,
                days,
                index,
            })
        }),
        (1..=99_u32, 1..=12_u8, 1..=31_u8).prop_map(|(interval, month, day)| {
            Pattern::AbsoluteYearly(AbsoluteYearly {
                interval,
                month,
                day,
            })
        }),
        (1..=99_u32, 1..=12_u8, weekdays(), indexes()).prop_map(
            |(interval, month, days, index)| {
                Pattern::RelativeYearly(RelativeYearly {
                    interval,
                    month,
                    days,
                    index,
                })
            }
        ),
    ]
}

fn dates() -> impl Strategy<Value = Date> {
    (1601..=9999_i32, 1..=12_u8, 1..=28_u8).prop_map(|(year, month, day)| Date { year, month, day })
}

/// Any rule that Exchange can hold.
pub fn rules() -> impl Strategy<Value = Recurrence> {
    let ends = prop_oneof![
        Just(RangeEnd::Endless),
        (1..=999_u32).prop_map(RangeEnd::Numbered),
        dates().prop_map(RangeEnd::Until),
    ];
    (patterns(), dates(), ends).prop_map(|(pattern, first, end)| Recurrence {
        pattern,
        first,
        end,
        zone: Zone {
            name: "W. Europe Standard Time".into(),
        },
    })
}
