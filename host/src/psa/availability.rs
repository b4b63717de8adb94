//! How much of a user's working time is left, and how much of it is service (behaviour, section 3).
//!
//! Availability is the working hours less all that blocks time. Utilisation is the hours of service
//! calls and to-dos by the working hours: what takes place at the same time counts once, and what is
//! done after hours counts too, so that it can pass 1. A whole day counts with its working hours.
//! Free appointments are in neither, nor are to-dos that no calendar shows.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::calendar;
use super::resource::WorkingHours;
use crate::contract::{Date, Instant, ItemKind, PsaId, Span, TimedSpan, Weekday};
use crate::store::Tenant;
use crate::store::error::Result;

/// What takes a user's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It blocks time.
    Blocks,
    /// It blocks time, and is a service call or a to-do.
    Serves,
}

/// A user's time over a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Availability {
    /// Working hours that nothing blocks, in order and apart.
    pub available: Vec<TimedSpan>,
    /// All working hours, in minutes.
    pub working_minutes: u64,
    /// Service calls and to-dos, in minutes.
    pub service_minutes: u64,
}

impl Availability {
    /// Working hours that nothing blocks, in minutes.
    #[must_use]
    pub fn available_minutes(&self) -> u64 {
        Times(self.available.clone()).minutes()
    }

    /// Service by working hours; none where there are no working hours.
    #[must_use]
    pub fn utilisation(&self) -> Option<f64> {
        let ratio = |minutes: u64| f64::from(u32::try_from(minutes).unwrap_or(u32::MAX));
        (self.working_minutes > 0)
            .then(|| ratio(self.service_minutes) / ratio(self.working_minutes))
    }
}

/// A user's time over a period, from what the PSA has.
///
/// # Errors
/// When the database does not answer.
pub async fn of_user(
    tenant: &Tenant,
    user: &PsaId,
    hours: &WorkingHours,
    period: TimedSpan,
) -> Result<Availability> {
    let entries = calendar::of_user(tenant, user, period).await?.into_iter();
    let blocking = entries.filter(|entry| !entry.free);
    let items: Vec<(Span, Use)> = blocking
        .map(|entry| match entry.item.kind {
            ItemKind::ServiceCall | ItemKind::ToDo => (entry.span, Use::Serves),
            ItemKind::Appointment | ItemKind::Contact => (entry.span, Use::Blocks),
        })
        .collect();
    Ok(availability(hours, period, &items))
}

/// A user's time over a period, from the working hours and what takes time.
#[must_use]
pub fn availability(
    hours: &WorkingHours,
    period: TimedSpan,
    items: &[(Span, Use)],
) -> Availability {
    let zone: Tz = hours.zone.parse().unwrap_or(Tz::UTC);
    let working = working(hours, zone, period);
    let times_of = |is_meant: fn(&Span, Use) -> bool| {
        let meant = items.iter().filter(move |(span, of)| is_meant(span, *of));
        Times::of(meant.filter_map(|(span, _)| in_time(span, zone)))
    };
    let taken = times_of(|_, _| true);
    let whole_days = times_of(|span, of| of == Use::Serves && matches!(span, Span::AllDay(_)));
    let at_times = times_of(|span, of| of == Use::Serves && matches!(span, Span::Timed(_)));
    let whole_days = whole_days.within(&working);
    let at_times = at_times.within(&Times(vec![period]));
    let service = Times::of(whole_days.0.into_iter().chain(at_times.0));
    Availability {
        available: working.less(&taken).0,
        working_minutes: working.minutes(),
        service_minutes: service.minutes(),
    }
}

/// The working hours inside a period.
fn working(hours: &WorkingHours, zone: Tz, period: TimedSpan) -> Times {
    let day_of = |instant: Instant| {
        let time = DateTime::from_timestamp_micros(instant.microseconds);
        time.map(|time| time.with_timezone(&zone).date_naive())
    };
    let (Some(first), Some(last)) = (day_of(period.start), day_of(period.end)) else {
        return Times::default();
    };
    let stretches = first.iter_days().take_while(|day| *day <= last);
    let stretches = stretches.flat_map(|day| {
        let of_day = hours.stretches.iter();
        let of_day = of_day.filter(move |it| number(it.day) == day.weekday().number_from_monday());
        of_day.filter_map(move |it| {
            Some(TimedSpan {
                start: instant(day, it.from, zone)?,
                end: instant(day, it.to, zone)?,
            })
        })
    });
    Times::of(stretches).within(&Times(vec![period]))
}

const fn number(day: Weekday) -> u32 {
    match day {
        Weekday::Monday => 1,
        Weekday::Tuesday => 2,
        Weekday::Wednesday => 3,
        Weekday::Thursday => 4,
        Weekday::Friday => 5,
        Weekday::Saturday => 6,
        Weekday::Sunday => 7,
    }
}

/// So many minutes after midnight by the wall clock. A time that summer time skips comes an hour
/// later; of one that comes twice it is the first.
fn instant(day: NaiveDate, minutes: u16, zone: Tz) -> Option<Instant> {
    let (day, minutes) = match minutes {
        1_440.. => (day.checked_add_days(Days::new(1))?, 0),
        _ => (day, minutes),
    };
    let time = NaiveTime::from_hms_opt(u32::from(minutes / 60), u32::from(minutes % 60), 0)?;
    let local = day.and_time(time);
    let found = zone.from_local_datetime(&local).earliest();
    let found = found.or_else(|| {
        zone.from_local_datetime(&(local + TimeDelta::hours(1)))
            .earliest()
    })?;
    Some(Instant {
        microseconds: found.with_timezone(&Utc).timestamp_micros(),
    })
}

/// When an item takes place in the user's zone.
fn in_time(span: &Span, zone: Tz) -> Option<TimedSpan> {
    match span {
        Span::Timed(timed) => Some(*timed),
        Span::AllDay(days) => {
            let midnight = |date: Date| {
                let (month, day) = (date.month.into(), date.day.into());
                instant(NaiveDate::from_ymd_opt(date.year, month, day)?, 0, zone)
            };
            Some(TimedSpan {
                start: midnight(days.first)?,
                end: midnight(days.after)?,
            })
        }
    }
}

/// Stretches of time in order, none touching another.
#[derive(Clone, Debug, Default, PartialEq)]
struct Times(Vec<TimedSpan>);

impl Times {
    /// All of some stretches, which may overlap.
    fn of(stretches: impl IntoIterator<Item = TimedSpan>) -> Self {
        let mut sorted: Vec<TimedSpan> = stretches
            .into_iter()
            .filter(|it| it.start.microseconds < it.end.microseconds)
            .collect();
        sorted.sort_by_key(|it| it.start.microseconds);
        let mut apart: Vec<TimedSpan> = Vec::new();
        for stretch in sorted {
            match apart.last_mut() {
                Some(last) if stretch.start.microseconds <= last.end.microseconds => {
                    let end = last.end.microseconds.max(stretch.end.microseconds);
                    last.end.microseconds = end;
                }
                _ => apart.push(stretch),
            }
        }
        Self(apart)
    }

    /// What is left of these without those.
    fn less(&self, those: &Self) -> Self {
        let mut left = Vec::new();
        for stretch in &self.0 {
            let mut from = stretch.start;
            let end = stretch.end.microseconds;
            for taken in &those.0 {
                if taken.end.microseconds <= from.microseconds || taken.start.microseconds >= end {
                    continue;
                }
                left.push(TimedSpan {
                    start: from,
                    end: taken.start,
                });
                from = taken.end;
            }
            left.push(TimedSpan {
                start: from,
                end: stretch.end,
            });
        }
        Self::of(left)
    }

    /// What of these lies in those.
    fn within(&self, those: &Self) -> Self {
        self.less(&self.less(those))
    }

    fn minutes(&self) -> u64 {
        let microseconds: i64 = self
            .0
            .iter()
            .map(|it| it.end.microseconds - it.start.microseconds)
            .sum();
        u64::try_from(microseconds / 60_000_000).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::DaySpan;
    use crate::psa::resource::Stretch;

    fn at(text: &str) -> Instant {
        let time: DateTime<Utc> = text.parse().unwrap();
        Instant {
            microseconds: time.timestamp_micros(),
        }
    }

    fn timed(start: &str, end: &str) -> TimedSpan {
        TimedSpan {
            start: at(start),
            end: at(end),
        }
    }

    /// Monday to Friday, 8 to 12 and 13 to 17, in Berlin.
    fn hours() -> WorkingHours {
        let days = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
        ];
        let stretches = days
            .into_iter()
            .flat_map(|day| [(480, 720), (780, 1_020)].map(|(from, to)| Stretch { day, from, to }));
        WorkingHours {
            zone: "Europe/Berlin".to_owned(),
            stretches: stretches.collect(),
        }
    }

    /// Monday, 2 March 2026, in Berlin's winter.
    const MONDAY: (&str, &str) = ("2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z");

    fn monday(items: &[(Span, Use)]) -> Availability {
        availability(&hours(), timed(MONDAY.0, MONDAY.1), items)
    }

    #[test]
    fn without_items_all_working_hours_are_available() {
        let time = monday(&[]);
        assert_eq!((time.working_minutes, time.available_minutes()), (480, 480));
        let first = timed("2026-03-02T07:00:00Z", "2026-03-02T11:00:00Z");
        assert_eq!(time.available[0], first);
        assert_eq!(time.utilisation(), Some(0.0));
    }

    #[test]
    fn what_overlaps_blocks_once_and_serves_once() {
        let call = Span::Timed(timed("2026-03-02T08:00:00Z", "2026-03-02T10:00:00Z"));
        let to_do = Span::Timed(timed("2026-03-02T09:00:00Z", "2026-03-02T11:00:00Z"));
        let lunch = Span::Timed(timed("2026-03-02T11:00:00Z", "2026-03-02T12:30:00Z"));
        let time = monday(&[
            (call, Use::Serves),
            (to_do, Use::Serves),
            (lunch, Use::Blocks),
        ]);
        assert_eq!(
            time.available,
            [
                timed("2026-03-02T07:00:00Z", "2026-03-02T08:00:00Z"),
                timed("2026-03-02T12:30:00Z", "2026-03-02T16:00:00Z"),
            ]
        );
        assert_eq!((time.available_minutes(), time.service_minutes), (270, 180));
        assert_eq!(time.utilisation(), Some(180.0 / 480.0));
    }

    #[test]
    fn service_after_hours_counts_and_takes_no_working_time() {
        let late = Span::Timed(timed("2026-03-02T17:00:00Z", "2026-03-03T05:00:00Z"));
        let time = monday(&[(late, Use::Serves)]);
        // Until midnight: the rest is the next day's.
        assert_eq!((time.available_minutes(), time.service_minutes), (480, 360));
    }

    #[test]
    fn a_whole_day_counts_with_its_working_hours() {
        let date = |day| Date {
            year: 2026,
            month: 3,
            day,
        };
        let day = Span::AllDay(DaySpan {
            first: date(2),
            after: date(3),
        });
        let time = monday(&[(day, Use::Serves)]);
        assert_eq!((time.available_minutes(), time.service_minutes), (0, 480));
        let blocked = monday(&[(day, Use::Blocks)]);
        assert_eq!(blocked.service_minutes, 0);
        assert!(blocked.available.is_empty());
    }

    #[test]
    fn a_period_cuts_what_reaches_over_it() {
        let period = timed("2026-03-02T10:00:00Z", "2026-03-02T13:00:00Z");
        let call = Span::Timed(timed("2026-03-02T07:00:00Z", "2026-03-02T11:00:00Z"));
        let time = availability(&hours(), period, &[(call, Use::Serves)]);
        // Of 11 to 14 o'clock in Berlin one hour is the break.
        assert_eq!((time.working_minutes, time.service_minutes), (120, 60));
        assert_eq!(time.available_minutes(), 60);
    }

    #[test]
    fn the_night_of_summer_time_has_an_hour_less() {
        let night = WorkingHours {
            zone: "Europe/Berlin".to_owned(),
            stretches: vec![Stretch {
                day: Weekday::Sunday,
                from: 0,
                to: 1_440,
            }],
        };
        let spring = timed("2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z");
        assert_eq!(availability(&night, spring, &[]).working_minutes, 23 * 60);
        let autumn = timed("2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z");
        assert_eq!(availability(&night, autumn, &[]).working_minutes, 25 * 60);
    }

    #[test]
    fn who_never_works_has_no_utilisation() {
        let never = WorkingHours {
            zone: "Europe/Berlin".to_owned(),
            stretches: Vec::new(),
        };
        let time = availability(&never, timed(MONDAY.0, MONDAY.1), &[]);
        assert_eq!((time.working_minutes, time.utilisation()), (0, None));
    }
}
