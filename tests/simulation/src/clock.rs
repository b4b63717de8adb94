//! When a run begins, and how much time passes in it.
//!
//! Many runs begin shortly before clocks change somewhere, so that they live through it; in some, half
//! a year passes at once, and clocks change back.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::dice::Dice;

/// The days of 2026 on which clocks change: in North America, Europe, Australia and New Zealand.
const CHANGES: [(u32, u32); 7] = [(3, 8), (3, 29), (4, 5), (9, 27), (10, 4), (10, 25), (11, 1)];

const MINUTES_OF_A_YEAR: i64 = 525_000;

/// When a run begins.
pub fn beginning(dice: &mut Dice) -> DateTime<Utc> {
    let minute = if dice.percent(60) {
        let (month, day) = dice.one(CHANGES);
        let change = NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default();
        let days = change.signed_duration_since(first_day()).num_days();
        (days - dice.between(0, 12)) * 24 * 60 + dice.between(0, 24 * 60)
    } else {
        dice.between(0, MINUTES_OF_A_YEAR)
    };
    first_day().and_time(Default::default()).and_utc() + TimeDelta::minutes(minute)
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default()
}

/// How much time passes between what people do and the next cycles.
pub fn pause(dice: &mut Dice) -> TimeDelta {
    const DAY: i64 = 24 * 60;
    TimeDelta::minutes(match dice.weighed(&[57, 28, 10, 3, 2]) {
        0 => dice.between(10, 60),
        1 => dice.between(60, 20 * 60),
        2 => dice.between(DAY, 6 * DAY),
        3 => dice.between(7 * DAY, 40 * DAY),
        _ => dice.between(120 * DAY, 210 * DAY),
    })
}
