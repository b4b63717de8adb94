//! What a rule expects inside a window, to be held against what a server told.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::dates;
use crate::contract::{EventShape, ExchangeEvent, Instant, Recurrence, Slot, Span, Window};
use crate::zone;

/// By how much whole days may begin or end elsewhere.
const ELSEWHERE: TimeDelta = TimeDelta::hours(14);

/// A series whose rule is understood.
#[derive(Debug)]
pub struct Expectation<'a> {
    master: &'a ExchangeEvent,
    rule: &'a Recurrence,
    zone: Tz,
}

impl<'a> Expectation<'a> {
    /// None when the rule, or the zone whose wall time it keeps, is not understood.
    #[must_use]
    pub fn of(master: &'a ExchangeEvent) -> Option<Self> {
        let EventShape::Master(series) = &master.shape else {
            return None;
        };
        let rule = series.rule.as_ref()?;
        let zone = match master.span {
            Span::Timed(_) => zone::resolve(&rule.zone)?,
            Span::AllDay(_) => Tz::UTC,
        };
        Some(Self { master, rule, zone })
    }

    /// The days, in the series' zone, whose occurrences lie wholly inside a window. What only
    /// touches its edge is left out: whether a server lists that is its own affair.
    #[must_use]
    pub fn days_inside(&self, within: &Window) -> Vec<NaiveDate> {
        let (Some(from), Some(to)) = (self.day_of(within.start), self.day_of(within.end)) else {
            return Vec::new();
        };
        let before = from.checked_sub_days(Days::new(1)).unwrap_or(from);
        dates::between(self.rule, before, to)
            .into_iter()
            .filter(|day| self.lies_inside(*day, within))
            .collect()
    }

    /// Whether the rule puts an occurrence on this day of the series' zone.
    #[must_use]
    pub fn has(&self, day: NaiveDate) -> bool {
        !dates::between(self.rule, day, day).is_empty()
    }

    /// Where the rule puts the occurrence of a day, as a canonical slot.
    #[must_use]
    pub fn slot(&self, day: NaiveDate) -> Option<Slot> {
        Some(Slot {
            master_id: self.master.id.value.clone(),
            original_start: self.start(day)?,
        })
    }

    fn start(&self, day: NaiveDate) -> Option<Instant> {
        zone::from_wall_time(day.and_time(self.time_of_day()), self.zone)
    }

    fn day_of(&self, instant: Instant) -> Option<NaiveDate> {
        Some(zone::wall_time(instant, self.zone)?.date())
    }

    fn lies_inside(&self, day: NaiveDate, within: &Window) -> bool {
        let Some((start, end)) = self.reach(day) else {
            return false;
        };
        start.microseconds >= within.start.microseconds
            && end.microseconds <= within.end.microseconds
    }

    /// From when to when the occurrence of a day may take place.
    fn reach(&self, day: NaiveDate) -> Option<(Instant, Instant)> {
        match self.master.span {
            Span::Timed(timed) => {
                let start = self.start(day)?;
                let length = timed.end.microseconds - timed.start.microseconds;
                // The hour that comes twice, or not at all.
                let hour = TimeDelta::hours(1).num_microseconds()?;
                let end = start.microseconds.checked_add(length)?.checked_add(hour)?;
                Some((start, Instant { microseconds: end }))
            }
            Span::AllDay(days) => {
                let length = zone::naive_date(days.after)? - zone::naive_date(days.first)?;
                let first = day.and_time(NaiveTime::MIN);
                Some((utc(first - ELSEWHERE), utc(first + length + ELSEWHERE)))
            }
        }
    }

    fn time_of_day(&self) -> NaiveTime {
        match self.master.span {
            Span::Timed(timed) => {
                zone::wall_time(timed.start, self.zone).map_or(NaiveTime::MIN, |wall| wall.time())
            }
            Span::AllDay(_) => NaiveTime::MIN,
        }
    }
}

fn utc(wall: NaiveDateTime) -> Instant {
    zone::instant(wall.and_utc())
}

#[cfg(test)]
mod tests;
