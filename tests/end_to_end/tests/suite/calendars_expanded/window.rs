//! Windows of the product, drawn over the days of a calendar.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use end_to_end::time::day;
use end_to_end::{AUCKLAND, BERLIN, LOS_ANGELES};
use exchange::Zone;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// How many days a window has.
pub const DAYS: u32 = 30;

/// A mailbox's zone, by both its names.
#[derive(Clone, Copy, Debug)]
pub struct MailboxZone {
    pub windows: &'static str,
    pub iana: &'static str,
}

const fn zone(windows: &'static str, iana: &'static str) -> MailboxZone {
    MailboxZone { windows, iana }
}

/// From the far west to the far east; each calendar comes into a mailbox of each.
pub const ZONES: [MailboxZone; 10] = [
    zone("Dateline Standard Time", "Etc/GMT+12"),
    zone("Hawaiian Standard Time", "Pacific/Honolulu"),
    zone(LOS_ANGELES, "America/Los_Angeles"),
    zone("Newfoundland Standard Time", "America/St_Johns"),
    zone("GMT Standard Time", "Europe/London"),
    zone(BERLIN, "Europe/Berlin"),
    zone("Nepal Standard Time", "Asia/Kathmandu"),
    zone("AUS Eastern Standard Time", "Australia/Sydney"),
    zone(AUCKLAND, "Pacific/Auckland"),
    zone("Line Islands Standard Time", "Pacific/Kiritimati"),
];

/// The days between which a calendar has something; of a series without end its first three years.
pub fn days_of(file: &str) -> RangeInclusive<NaiveDate> {
    let (first, last) = match file {
        "holidays-germany.ics" => ("2008-01-01", "2020-12-26"),
        "outlook-2007-folds.ics" => ("2009-06-21", "2009-06-21"),
        "outlook-own-zone.ics" => ("2017-02-24", "2017-02-24"),
        "outlook-quoted-zone.ics" => ("2024-10-28", "2024-10-28"),
        "outlook-series-until-utc.ics" => ("2020-04-02", "2020-09-24"),
        "outlook-standup-series.ics" => ("2009-03-10", "2012-03-10"),
        _ => panic!("write down between which days {file} has something"),
    };
    day(first)..=day(last)
}

/// The window of a mailbox at some time of some day.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub zone: MailboxZone,
    pub first: NaiveDate,
    pub past_days: u32,
    time: NaiveTime,
}

impl Window {
    /// Draws one that touches the days of a calendar. About half of them lie over a change of the
    /// mailbox's clock, where there is any.
    pub fn draw(dice: &mut StdRng, zone: MailboxZone, days: &RangeInclusive<NaiveDate>) -> Self {
        let drawn = Self {
            zone,
            first: *days.start(),
            past_days: dice.random_range(1..=DAYS - 2),
            time: time_of_day(dice),
        };
        let earliest = *days.start() - Days::new(u64::from(DAYS) - 1);
        let all: Vec<Self> = earliest
            .iter_days()
            .take_while(|first| first <= days.end())
            .map(|first| Self { first, ..drawn })
            .collect();
        let over_a_change = all.iter().filter(|window| window.is_over_a_change());
        let over_a_change: Vec<Self> = over_a_change.copied().collect();
        let among = if over_a_change.is_empty() || dice.random_bool(0.5) {
            all
        } else {
            over_a_change
        };
        *among.choose(dice).unwrap()
    }

    /// The same mailbox's window some days later.
    pub fn later(&self, dice: &mut StdRng) -> Self {
        Self {
            first: self.first + Days::new(dice.random_range(1..=u64::from(DAYS))),
            time: time_of_day(dice),
            ..*self
        }
    }

    /// How many days it looks ahead, today not counted.
    pub fn days_ahead(&self) -> u32 {
        DAYS - 1 - self.past_days
    }

    /// The instant at which the product has this window.
    pub fn now(&self) -> DateTime<Utc> {
        let today = self.first + Days::new(self.past_days.into());
        self.clock().instant(today.and_time(self.time))
    }

    /// Whether the mailbox's clock is changed in it.
    pub fn is_over_a_change(&self) -> bool {
        let clock = self.clock();
        let offset = |day: NaiveDate| clock.offset(day.and_time(NaiveTime::MIN).and_utc());
        offset(self.first) != offset(self.first + Days::new(DAYS.into()))
    }

    fn clock(&self) -> Zone {
        Zone::parse(self.zone.windows).unwrap()
    }
}

fn time_of_day(dice: &mut StdRng) -> NaiveTime {
    NaiveTime::MIN + TimeDelta::minutes(dice.random_range(0..24 * 60))
}
