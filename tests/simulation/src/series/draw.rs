//! How series repeat, drawn: every pattern, every range, at hours that some days lack.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Weekday};
use exchange::{End, Index, Pattern, Recurrence, Zone};

use crate::dice::Dice;
use crate::when::{When, timed};

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

const WORKDAYS: usize = 5;

/// When the first occurrence takes place, for somebody in a zone.
pub fn first(dice: &mut Dice, today: NaiveDate, zone: &Zone) -> When {
    let days = match dice.weighed(&[60, 20, 20]) {
        0 => dice.between(-20, 10),
        // It began long before any window.
        1 => dice.between(-400, -40),
        _ => dice.between(0, 40),
    };
    let day = today + TimeDelta::days(days);
    if dice.percent(30) {
        return When::Days(day, day + TimeDelta::days(dice.one([1, 1, 1, 2, 3])));
    }
    let midnight = day.and_time(NaiveTime::MIN);
    let quarter = TimeDelta::minutes(15);
    // At night clocks change. An end within the missing hour would lie before its start.
    if dice.percent(12) {
        let wall = midnight + quarter * dice.one([4, 6, 8, 9, 10, 11]);
        return timed(
            zone,
            wall,
            TimeDelta::minutes(dice.one([120, 180, 26 * 60])),
        );
    }
    let wall = midnight + quarter * dice.one([0, 24, 32, 36, 41, 50, 64, 80, 92]);
    let length = dice.one([0, 15, 30, 60, 60, 90, 26 * 60]);
    timed(zone, wall, TimeDelta::minutes(length))
}

/// A pattern with its range, from a day on; what comes once a year comes near today.
pub fn recurrence(dice: &mut Dice, start: NaiveDate, today: NaiveDate) -> Recurrence {
    let near = today + TimeDelta::days(dice.between(-12, 28));
    let (pattern, interval) = match dice.weighed(&[22, 34, 12, 14, 8, 10]) {
        0 => (Pattern::Daily, dice.one([1, 1, 2, 3, 7])),
        1 => {
            let days = some_days(dice);
            let first = dice.one([Weekday::Mon, Weekday::Sun, Weekday::Sat]);
            (Pattern::Weekly { days, first }, dice.one([1, 1, 2, 3]))
        }
        2 => {
            let day = dice.one([1, 15, 28, 29, 30, 31, near.day(), near.day()]);
            (Pattern::AbsoluteMonthly { day }, dice.one([1, 1, 2]))
        }
        3 => {
            let (days, index) = (matching_days(dice), any_index(dice));
            let pattern = Pattern::RelativeMonthly { days, index };
            (pattern, dice.one([1, 1, 2]))
        }
        4 => {
            let (day, month) = (near.day(), near.month());
            (Pattern::AbsoluteYearly { day, month }, 1)
        }
        _ => {
            let pattern = Pattern::RelativeYearly {
                days: matching_days(dice),
                index: any_index(dice),
                month: near.month(),
            };
            (pattern, 1)
        }
    };
    let count = u32::try_from(dice.between(1, 14)).unwrap_or(1);
    let last = today + TimeDelta::days(dice.between(1, 60));
    let end = dice.weighed(&[40, 30, 30]);
    Recurrence {
        pattern,
        interval,
        start,
        end: match end {
            0 => End::Never,
            1 => End::After(count),
            _ => End::On(last),
        },
    }
}

fn some_days(dice: &mut Dice) -> Vec<Weekday> {
    let first = dice.below(WEEK.len());
    let days = WEEK.into_iter().enumerate();
    days.filter(|(place, _)| *place == first || dice.percent(20))
        .map(|(_, day)| day)
        .collect()
}

/// One day of the week, the working days, or any day.
fn matching_days(dice: &mut Dice) -> Vec<Weekday> {
    match dice.weighed(&[70, 15, 15]) {
        0 => vec![dice.one(WEEK)],
        1 => WEEK.into_iter().take(WORKDAYS).collect(),
        _ => WEEK.to_vec(),
    }
}

fn any_index(dice: &mut Dice) -> Index {
    dice.one([
        Index::Nth(1),
        Index::Nth(2),
        Index::Nth(3),
        Index::Nth(4),
        Index::Last,
    ])
}

/// Another time for an occurrence: later that day, a day or some days away, or for so many whole days.
pub fn elsewhere(dice: &mut Dice, when: When, zone: &Zone) -> When {
    let days = TimeDelta::days(match dice.weighed(&[45, 25, 30]) {
        0 => 0,
        1 => dice.one([-2, -1, 1, 2]),
        _ => dice.between(-25, 25),
    });
    let minutes = TimeDelta::minutes(dice.one([-240, -60, -15, 0, 15, 45, 180]));
    let turns = dice.percent(10);
    match when {
        When::Timed(start, end) if !turns => {
            When::Timed(start + days + minutes, end + days + minutes)
        }
        When::Timed(start, _) => {
            let day = zone.wall(start).date() + days;
            When::Days(day, day + Days::new(1))
        }
        When::Days(first, after) if !turns => When::Days(first + days, after + days),
        When::Days(first, _) => {
            let wall = (first + days).and_time(NaiveTime::MIN) + TimeDelta::hours(10);
            timed(zone, wall, TimeDelta::hours(1))
        }
    }
}
