//! A series of which something is missing, until it is told to its end.
//!
//! A server tells a changed series with its occurrences, and never which of them is missing: a deleted
//! occurrence is not announced, a moved one may lie outside what was read, and a page may have lost
//! one. So what the rule expects is held against what was told, day by day. A provider asks only for
//! what is missing, and only what the server confirms counts as gone.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::expected::Expectation;
use super::slot;
use crate::contract::{
    Change, EventShape, ExchangeEvent, ExchangeReference, Instant, RemovalProof, Slot, ToldSeries,
    Window,
};
use crate::kit::harvest::removal;
use crate::zone;

/// A series that is being told to its end.
pub struct Open<'a> {
    told: &'a ToldSeries,
    /// The mailbox's zone.
    zone: Option<Tz>,
    /// None where nobody understands the rule: then only the server can expand it.
    expectation: Option<Expectation<'a>>,
    /// Days of the series' zone whose occurrence was told.
    days: BTreeSet<NaiveDate>,
    /// Those on which one is expected that was not told.
    missing: BTreeSet<NaiveDate>,
    /// Days whose occurrence is cancelled.
    cancelled: BTreeSet<NaiveDate>,
    /// Linked occurrences of which the server has nothing under their ids.
    not_found: Vec<&'a ExchangeReference>,
    /// Slots that were found after all.
    found: BTreeSet<i64>,
    /// The server said what was asked, as far as it was.
    is_answered: bool,
    /// The server was asked for its own expansion.
    is_expanded: bool,
}

impl<'a> Open<'a> {
    /// A series as it was told, in a mailbox of this zone.
    #[must_use]
    pub fn of(told: &'a ToldSeries, mailbox_zone: Option<Tz>) -> Self {
        let master = &told.master;
        let expectation = Expectation::of(master);
        let day = |slot: &Slot| slot::day(master, slot, mailbox_zone);
        let days: BTreeSet<NaiveDate> = told
            .instances
            .iter()
            .filter_map(|change| day(&slot::canonical(master, change, mailbox_zone)?))
            .collect();
        let mut open = Self {
            told,
            zone: mailbox_zone,
            expectation,
            days,
            missing: BTreeSet::new(),
            cancelled: BTreeSet::new(),
            not_found: Vec::new(),
            found: BTreeSet::new(),
            is_answered: true,
            is_expanded: false,
        };
        open.know_cancelled(open.cancelled_starts());
        let expected = open.expectation.as_ref();
        let mut missing = expected.map(|it| it.days_inside(&told.within));
        if let Some(missing) = &mut missing {
            missing.retain(|day| !open.days.contains(day) && !open.cancelled.contains(day));
        }
        open.missing = missing.unwrap_or_default().into_iter().collect();
        open
    }

    /// Its master.
    #[must_use]
    pub const fn master(&self) -> &'a ExchangeEvent {
        &self.told.master
    }

    /// Linked occurrences of which nothing was told.
    #[must_use]
    pub fn untold(&self) -> &'a [ExchangeReference] {
        &self.told.untold
    }

    /// Whether the server has to be asked for anything.
    #[must_use]
    pub fn lacks_something(&self) -> bool {
        self.expectation.is_none() || !self.missing.is_empty() || !self.told.untold.is_empty()
    }

    /// The whole series went meanwhile, and its occurrences with it.
    pub fn is_gone(&mut self) -> Change {
        self.is_answered = false;
        removal(&self.master().id.value, RemovalProof::NotFound)
    }

    /// The server could not say what was asked, so nothing is concluded.
    pub const fn unanswered(&mut self) {
        self.is_answered = false;
    }

    /// Occurrences that began here are cancelled.
    pub fn know_cancelled(&mut self, starts: Vec<Instant>) {
        let days = starts.into_iter().filter_map(|original_start| {
            let slot = Slot {
                master_id: self.master().id.value.clone(),
                original_start,
            };
            slot::day(self.master(), &slot, self.zone)
        });
        let days: Vec<NaiveDate> = days.collect();
        for day in days {
            self.missing.remove(&day);
            self.cancelled.insert(day);
        }
    }

    /// Where the master says that occurrences are cancelled, as canonical slots.
    fn cancelled_starts(&self) -> Vec<Instant> {
        match &self.master().shape {
            EventShape::Master(series) => series.cancelled.clone().unwrap_or_default(),
            EventShape::Single | EventShape::Exception(_) => Vec::new(),
        }
    }

    /// Of the days that are missing, those are cancelled that the server names: by the series' own
    /// calendar or by UTC's, where it is not documented which of the two is meant.
    pub fn cancel(&mut self, named: &BTreeSet<NaiveDate>) {
        let untold = self.told.untold.iter().filter_map(|it| self.day(it));
        let days: BTreeSet<NaiveDate> = self.missing.iter().copied().chain(untold).collect();
        let is_cancelled = |day: &NaiveDate| {
            let slot = self.expectation.as_ref().and_then(|it| it.slot(*day));
            let start = slot.and_then(|slot| zone::utc(slot.original_start));
            let in_utc = start.map(|start| start.date_naive());
            named.contains(day) || in_utc.is_some_and(|day| named.contains(&day))
        };
        let cancelled: Vec<NaiveDate> = days.into_iter().filter(is_cancelled).collect();
        for day in cancelled {
            self.missing.remove(&day);
            self.cancelled.insert(day);
        }
    }

    /// The server has nothing under a linked occurrence's id. That the rule still has it must not be
    /// taken for gone because its id is.
    pub fn not_found(&mut self, reference: &'a ExchangeReference) {
        self.not_found.push(reference);
        let is_open = |day: &NaiveDate| {
            let is_known = self.cancelled.contains(day) || self.days.contains(day);
            !is_known && self.expectation.as_ref().is_some_and(|it| it.has(*day))
        };
        let day = self.day(reference).filter(is_open);
        self.missing.extend(day);
    }

    fn day(&self, reference: &ExchangeReference) -> Option<NaiveDate> {
        slot::day(self.master(), reference.slot.as_ref()?, self.zone)
    }

    /// Whether something is left that only the server's own expansion can tell.
    #[must_use]
    pub fn has_open_days(&self) -> bool {
        self.is_answered && (self.expectation.is_none() || !self.missing.is_empty())
    }

    /// Whether the occurrence that the rule puts here is missing.
    #[must_use]
    pub fn misses(&self, original_start: Instant) -> bool {
        let slot = Slot {
            master_id: self.master().id.value.clone(),
            original_start,
        };
        let day = slot::day(self.master(), &slot, self.zone);
        day.is_some_and(|day| self.missing.contains(&day))
    }

    /// The stretch of the server's own expansion: around all days that are open.
    #[must_use]
    pub fn stretch(&self) -> Window {
        let Window { mut start, mut end } = self.told.within;
        let around = |day: &NaiveDate, by: i64| {
            let moved = match by {
                ..0 => day.checked_sub_days(Days::new(by.unsigned_abs())),
                _ => day.checked_add_days(Days::new(by.unsigned_abs())),
            };
            zone::midnight(zone::date(moved?), Tz::UTC)
        };
        if let Some(first) = self.missing.first().and_then(|day| around(day, -2)) {
            start.microseconds = start.microseconds.min(first.microseconds);
        }
        if let Some(last) = self.missing.last().and_then(|day| around(day, 3)) {
            end.microseconds = end.microseconds.max(last.microseconds);
        }
        Window { start, end }
    }

    /// The server's own expansion was read: what it does not have is gone.
    pub const fn is_expanded(&mut self) {
        self.is_expanded = true;
    }

    /// Takes note of an occurrence that is there after all; false when it is none of this series: an
    /// id may mean something else by now.
    pub fn take(&mut self, change: &Change) -> bool {
        let slot = slot::canonical(self.master(), change, self.zone)
            .filter(|slot| slot.master_id == self.master().id.value);
        let Some(slot) = slot else {
            return false;
        };
        self.found.insert(slot.original_start.microseconds);
        if let Some(day) = slot::day(self.master(), &slot, self.zone) {
            self.missing.remove(&day);
        }
        true
    }

    /// What is still missing once all was asked is gone; and the master, with what is known to be
    /// cancelled, so that nobody asks for it again.
    #[must_use]
    pub fn close(mut self) -> Vec<Change> {
        if !self.is_answered {
            return Vec::new();
        }
        if self.is_expanded {
            self.cancelled.append(&mut self.missing);
        }
        let mut changes = Vec::new();
        for reference in &self.not_found {
            let slot = reference.slot.as_ref().map(|slot| slot.original_start);
            if slot.is_some_and(|start| self.found.contains(&start.microseconds)) {
                continue;
            }
            let is_cancelled = self
                .day(reference)
                .is_some_and(|day| self.cancelled.contains(&day));
            let proof = match is_cancelled {
                true => RemovalProof::CancelledOccurrence,
                false => RemovalProof::NotFound,
            };
            changes.push(removal(&reference.id.value, proof));
        }
        changes.push(Change::Event(self.with_cancelled()));
        changes
    }

    fn with_cancelled(&self) -> ExchangeEvent {
        let mut master = self.master().clone();
        if let (EventShape::Master(series), Some(expectation)) =
            (&mut master.shape, &self.expectation)
        {
            let starts = self
                .cancelled
                .iter()
                .filter_map(|day| expectation.slot(*day));
            series.cancelled = Some(starts.map(|slot| slot.original_start).collect());
        }
        master
    }
}
