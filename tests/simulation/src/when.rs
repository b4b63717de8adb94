//! When something takes place, in the simulation's own words, and times worth trying.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use exchange::{Content, Draft, Moment, Zone};
use tandem::contract::{Date, DaySpan, Instant, Span, TimedSpan};

use crate::dice::Dice;

/// Instants, or days that no zone moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// From one instant to another.
    Timed(DateTime<Utc>, DateTime<Utc>),
    /// From a day to the day before another.
    Days(NaiveDate, NaiveDate),
}

impl When {
    /// When an item of Exchange takes place.
    #[must_use]
    pub fn of_item(content: &Content) -> Self {
        if content.all_day {
            Self::Days(content.start.wall.date(), content.end.wall.date())
        } else {
            Self::Timed(content.start.instant(), content.end.instant())
        }
    }

    /// When a row of the PSA takes place.
    #[must_use]
    pub fn of_row(span: &Span) -> Self {
        let day = |date: &Date| {
            NaiveDate::from_ymd_opt(date.year, date.month.into(), date.day.into())
                .unwrap_or_default()
        };
        let at = |instant: &Instant| {
            DateTime::from_timestamp_micros(instant.microseconds).unwrap_or_default()
        };
        match span {
            Span::Timed(timed) => Self::Timed(at(&timed.start), at(&timed.end)),
            Span::AllDay(days) => Self::Days(day(&days.first), day(&days.after)),
        }
    }

    /// As a row has it.
    #[must_use]
    pub fn span(&self) -> Span {
        let date = |day: &NaiveDate| Date {
            year: day.year(),
            month: u8::try_from(day.month()).unwrap_or(1),
            day: u8::try_from(day.day()).unwrap_or(1),
        };
        match self {
            Self::Timed(start, end) => Span::Timed(TimedSpan {
                start: instant(*start),
                end: instant(*end),
            }),
            Self::Days(first, after) => Span::AllDay(DaySpan {
                first: date(first),
                after: date(after),
            }),
        }
    }

    /// As somebody in Outlook writes it, in a zone.
    #[must_use]
    pub fn draft(&self, zone: &Zone) -> Draft {
        match self {
            Self::Timed(start, end) => Draft {
                all_day: Some(false),
                ..Draft::to(zone.wall(*start), zone.wall(*end), zone)
            },
            Self::Days(first, after) => Draft {
                subject: None,
                ..Draft::all_day("", *first, *after, zone)
            },
        }
    }

    /// When it begins, for a mailbox in a zone.
    #[must_use]
    pub fn start(&self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Timed(start, _) => *start,
            Self::Days(first, _) => zone.instant(first.and_time(NaiveTime::MIN)),
        }
    }

    /// When it is over, for a mailbox in a zone.
    #[must_use]
    pub fn end(&self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Timed(_, end) => *end,
            Self::Days(_, after) => zone.instant(after.and_time(NaiveTime::MIN)),
        }
    }
}

/// An instant as the host has it.
#[must_use]
pub fn instant(at: DateTime<Utc>) -> Instant {
    Instant {
        microseconds: at.timestamp_micros(),
    }
}

/// The first instant that a cycle looks at: midnight of the mailbox's zone, so many days ago.
#[must_use]
pub fn window_start(now: DateTime<Utc>, zone: &Zone, past_days: u32) -> DateTime<Utc> {
    let first = zone.wall(now).date() - Days::new(past_days.into());
    zone.instant(first.and_time(NaiveTime::MIN))
}

/// Where a cycle stops looking for occurrences: midnight of the mailbox's zone, after so many days.
#[must_use]
pub fn window_end(now: DateTime<Utc>, zone: &Zone, recurring_days: u32) -> DateTime<Utc> {
    let after = zone.wall(now).date() + Days::new(u64::from(recurring_days) + 1);
    zone.instant(after.and_time(NaiveTime::MIN))
}

/// A time, mostly near, at times on an edge.
pub fn draw(dice: &mut Dice, now: DateTime<Utc>, zone: &Zone, past_days: u32) -> When {
    let today = zone.wall(now).date();
    let edge = window_start(now, zone, past_days);
    let length = TimeDelta::minutes(dice.one([15, 30, 60, 60, 90, 26 * 60]));
    let quarter = TimeDelta::minutes(15);
    match dice.weighed(&[50, 15, 6, 6, 4, 5, 6, 4]) {
        0 => from_wall(
            zone,
            today,
            dice.between(-2, 14),
            dice.between(0, 95),
            length,
        ),
        1 => days(today, dice.between(-2, 20), dice.between(1, 3)),
        // Ends at the window's start, just before it, or just after.
        2 => {
            let end = edge + quarter * i32::try_from(dice.between(-1, 1)).unwrap_or_default();
            When::Timed(end - length, end)
        }
        3 => from_wall(
            zone,
            today,
            dice.between(-60, -31),
            dice.between(0, 95),
            length,
        ),
        4 => days(today, -i64::from(past_days) + dice.between(-2, 1), 1),
        // No length at all.
        5 => from_wall(
            zone,
            today,
            dice.between(0, 9),
            dice.between(0, 95),
            TimeDelta::zero(),
        ),
        // Beyond any window.
        6 => from_wall(
            zone,
            today,
            dice.between(60, 500),
            dice.between(0, 95),
            length,
        ),
        // The nights in which clocks change in Europe.
        _ => {
            let (month, last) = dice.one([(3, 31), (10, 31)]);
            let end = NaiveDate::from_ymd_opt(today.year(), month, last).unwrap_or(today);
            let sunday = end - Days::new(end.weekday().num_days_from_sunday().into());
            let wall = sunday.and_time(NaiveTime::MIN) + quarter * 10;
            timed(zone, wall, length)
        }
    }
}

fn from_wall(zone: &Zone, today: NaiveDate, day: i64, quarters: i64, length: TimeDelta) -> When {
    let wall = today.and_time(NaiveTime::MIN)
        + TimeDelta::days(day)
        + TimeDelta::minutes(quarters.saturating_mul(15));
    timed(zone, wall, length)
}

/// So long from a wall time on.
pub fn timed(zone: &Zone, wall: NaiveDateTime, length: TimeDelta) -> When {
    let start = Moment::new(wall, zone.clone()).instant();
    When::Timed(start, start + length)
}

fn days(today: NaiveDate, from: i64, many: i64) -> When {
    let first = today + TimeDelta::days(from);
    When::Days(first, first + TimeDelta::days(many))
}
