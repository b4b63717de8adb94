//! A week of a calendar, day by day, in its user's time zone.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::api::time::calendar_day;
use crate::contract::{Instant, Span, TimedSpan};
use crate::cycle::window;

/// A week from Monday on, in a time zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Week {
    /// Its Monday.
    pub monday: NaiveDate,
    /// Where its days begin at midnight.
    pub zone: Tz,
}

impl Week {
    /// The week of a day.
    pub fn of(day: NaiveDate, zone: Tz) -> Self {
        let since_monday = u64::from(day.weekday().num_days_from_monday());
        Self {
            monday: day.checked_sub_days(Days::new(since_monday)).unwrap_or(day),
            zone,
        }
    }

    /// The week of an instant.
    pub fn at(instant: Instant, zone: Tz) -> Self {
        Self::of(Self::today(instant, zone).unwrap_or_default(), zone)
    }

    /// Which day it is at an instant.
    pub fn today(instant: Instant, zone: Tz) -> Option<NaiveDate> {
        local(instant, zone).map(|time| time.date_naive())
    }

    /// The week so many weeks away, as far as the calendar goes.
    pub fn away(self, weeks: i64) -> Self {
        let monday = self.monday.checked_add_signed(TimeDelta::weeks(weeks));
        Self {
            monday: monday
                .filter(|day| (1..=9998).contains(&day.year()))
                .unwrap_or(self.monday),
            ..self
        }
    }

    /// Its seven days.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.monday.iter_days().take(7)
    }

    /// From its first midnight to the one after it.
    pub fn period(self) -> TimedSpan {
        let next = self.monday.checked_add_days(Days::new(7));
        TimedSpan {
            start: midnight(self.monday, self.zone),
            end: midnight(next.unwrap_or(self.monday), self.zone),
        }
    }

    /// When something takes place on a day, in words; none where it does not take place on it.
    pub fn on(self, day: NaiveDate, span: &Span) -> Option<String> {
        match span {
            Span::AllDay(days) => {
                let (first, after) = (calendar_day(days.first)?, calendar_day(days.after)?);
                (first <= day && day < after).then(|| "all day".to_owned())
            }
            Span::Timed(span) => self.timed(day, span),
        }
    }

    fn timed(self, day: NaiveDate, span: &TimedSpan) -> Option<String> {
        let (from, to) = (
            midnight(day, self.zone),
            midnight(day.succ_opt()?, self.zone),
        );
        let (start, end) = (span.start.microseconds, span.end.microseconds);
        let is_moment = start == end && (from.microseconds..to.microseconds).contains(&start);
        if !is_moment && (end <= from.microseconds || to.microseconds <= start) {
            return None;
        }
        let clock =
            |instant| local(instant, self.zone).map(|time| time.format("%H:%M").to_string());
        let (start_text, end_text) = (clock(span.start)?, clock(span.end)?);
        Some(match (start < from.microseconds, end > to.microseconds) {
            (false, false) if end == to.microseconds => format!("{start_text}–24:00"),
            (false, false) => format!("{start_text}–{end_text}"),
            (false, true) => format!("from {start_text}"),
            (true, false) => format!("until {end_text}"),
            (true, true) => "the whole day".to_owned(),
        })
    }
}

fn midnight(day: NaiveDate, zone: Tz) -> Instant {
    window::midnight(day, zone).unwrap_or(Instant { microseconds: 0 })
}

fn local(instant: Instant, zone: Tz) -> Option<DateTime<Tz>> {
    Some(DateTime::from_timestamp_micros(instant.microseconds)?.with_timezone(&zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Date, DaySpan};

    fn instant(text: &str) -> Instant {
        let time: DateTime<chrono::Utc> = text.parse().unwrap();
        Instant {
            microseconds: time.timestamp_micros(),
        }
    }

    fn timed(start: &str, end: &str) -> Span {
        Span::Timed(TimedSpan {
            start: instant(start),
            end: instant(end),
        })
    }

    #[test]
    fn a_week_begins_on_monday_at_its_zones_midnight() {
        let berlin = Tz::Europe__Berlin;
        let sunday = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        let week = Week::of(sunday, berlin);
        assert_eq!(week.monday, NaiveDate::from_ymd_opt(2026, 3, 23).unwrap());
        let TimedSpan { start, end } = week.period();
        assert_eq!(start, instant("2026-03-22T23:00:00Z"));
        // Clocks went forward on its last day.
        assert_eq!(end, instant("2026-03-29T22:00:00Z"));
        assert_eq!(Week::at(end, berlin), week.away(1));
        assert_eq!(week.away(1).away(-1), week);
        assert_eq!(week.days().last(), Some(sunday));
    }

    #[test]
    fn an_item_stands_on_each_of_its_days() {
        let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let tuesday = monday.succ_opt().unwrap();
        let week = Week::of(monday, Tz::Europe__Berlin);
        let on = |day, span: &Span| week.on(day, span).unwrap_or_default();
        let usual = timed("2026-11-23T08:00:00Z", "2026-11-23T09:30:00Z");
        assert_eq!(on(monday, &usual), "09:00–10:30");
        assert_eq!(on(tuesday, &usual), "");
        let night = timed("2026-11-23T21:00:00Z", "2026-11-24T05:00:00Z");
        assert_eq!(on(monday, &night), "from 22:00");
        assert_eq!(on(tuesday, &night), "until 06:00");
        let evening = timed("2026-11-23T21:00:00Z", "2026-11-23T23:00:00Z");
        assert_eq!(on(monday, &evening), "22:00–24:00");
        assert_eq!(on(tuesday, &evening), "");
        let date = |day| Date {
            year: 2026,
            month: 11,
            day,
        };
        let days = Span::AllDay(DaySpan {
            first: date(24),
            after: date(25),
        });
        assert_eq!(
            (on(monday, &days), on(tuesday, &days)),
            (String::new(), "all day".into())
        );
    }
}
