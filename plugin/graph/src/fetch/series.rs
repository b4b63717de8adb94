//! Series, told to their end.
//!
//! A round tells a changed series with its occurrences, and never which of them is missing: a deleted
//! occurrence is not announced, a moved one may lie outside what was read, and a page may have lost
//! one. So what the rule expects is held against what was told, day by day. Only what is missing is
//! asked for, and only what the server confirms counts as gone.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use sync::contract::{
    Change, EventShape, ExchangeEvent, ExchangeId, ExchangeReference, Fault, MissingThing,
    NotFound, Removal, RemovalProof, Slot, ToldSeries, Window,
};
use sync::kit::harvest::Harvest;
use sync::kit::harvest::remark;
use sync::series::expected::Expectation;
use sync::series::slot;
use sync::zone;
use transport::Transport;

use super::look::Look;
use super::look::occurrence::{self, Question};
use crate::event::{self, Reading, wire};
use crate::item::Item;

/// Tells these series to their end.
///
/// # Errors
/// What concerns the mailbox or the moment; what concerns one series is a remark on its master.
pub fn complete(
    transport: &impl Transport,
    mailbox: &str,
    told: &[ToldSeries],
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let reading = reading.without_markers();
    let mut open: Vec<Open<'_>> = told
        .iter()
        .map(|told| Open::of(told, &reading))
        .filter(Open::lacks_something)
        .collect();
    let questions: Vec<Question> = open.iter().flat_map(Open::questions).collect();
    let mut said = occurrence::ask_all(transport, mailbox, &questions)?.into_iter();
    let mut harvest = Harvest::default();
    for series in &mut open {
        series.hear(&mut said, &mut harvest);
        if series.has_open_days() {
            match series.instances(transport, mailbox)? {
                Some(found) => series.take(found, &mut harvest),
                None => series.is_gone(&mut harvest),
            }
        }
        series.close(&mut harvest);
    }
    Ok(harvest)
}

/// A series of which something is missing.
struct Open<'a> {
    told: &'a ToldSeries,
    reading: &'a Reading,
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
    fn of(told: &'a ToldSeries, reading: &'a Reading) -> Self {
        let master = &told.master;
        let expectation = Expectation::of(master);
        let known = match &master.shape {
            EventShape::Master(series) => series.cancelled.as_deref().unwrap_or_default(),
            EventShape::Single | EventShape::Exception(_) => &[],
        };
        let day = |slot: &Slot| slot::day(master, slot, reading.zone);
        let cancelled: BTreeSet<NaiveDate> = known
            .iter()
            .filter_map(|start| {
                day(&Slot {
                    master_id: master.id.value.clone(),
                    original_start: *start,
                })
            })
            .collect();
        let days: BTreeSet<NaiveDate> = told
            .instances
            .iter()
            .filter_map(|change| day(&slot::canonical(master, change, reading.zone)?))
            .collect();
        let missing = expectation.as_ref().map(|expectation| {
            let mut missing = expectation.days_inside(&told.within);
            missing.retain(|day| !days.contains(day) && !cancelled.contains(day));
            missing.into_iter().collect()
        });
        Self {
            told,
            reading,
            expectation,
            days,
            missing: missing.unwrap_or_default(),
            cancelled,
            not_found: Vec::new(),
            found: BTreeSet::new(),
            is_answered: true,
            is_expanded: false,
        }
    }

    fn master(&self) -> &'a ExchangeEvent {
        &self.told.master
    }

    fn lacks_something(&self) -> bool {
        self.expectation.is_none() || !self.missing.is_empty() || !self.told.untold.is_empty()
    }

    fn questions(&self) -> Vec<Question> {
        let cancelled = Question::Cancelled {
            master: self.master().id.value.clone(),
        };
        let occurrences = self
            .told
            .untold
            .iter()
            .map(|reference| Question::Occurrence {
                id: reference.id.value.clone(),
            });
        std::iter::once(cancelled).chain(occurrences).collect()
    }

    /// The answers to its questions.
    fn hear(&mut self, said: &mut impl Iterator<Item = Look<wire::Event>>, harvest: &mut Harvest) {
        match said.next() {
            Some(Look::There(event)) => {
                let names = event.cancelled_occurrences.unwrap_or_default();
                self.cancel(&occurrence::days(&names));
            }
            Some(Look::Gone | Look::Elsewhere) => self.is_gone(harvest),
            Some(Look::Unknown(code, text)) => self.unanswered(code, text, harvest),
            None => self.is_answered = false,
        }
        for reference in &self.told.untold {
            match said.next() {
                Some(Look::There(event)) => self.take(vec![*event], harvest),
                Some(Look::Gone | Look::Elsewhere) => self.not_found.push(reference),
                Some(Look::Unknown(code, text)) => self.unanswered(code, text, harvest),
                None => {}
            }
        }
        // What the rule still has must not be taken for gone because its id is.
        let open = self
            .not_found
            .iter()
            .filter_map(|reference| self.day(reference));
        let open: Vec<NaiveDate> = open
            .filter(|day| !self.cancelled.contains(day) && !self.days.contains(day))
            .filter(|day| self.expectation.as_ref().is_some_and(|it| it.has(*day)))
            .collect();
        self.missing.extend(open);
    }

    /// The whole series went meanwhile, and its occurrences with it.
    fn is_gone(&mut self, harvest: &mut Harvest) {
        self.is_answered = false;
        let removal = self.removal(&self.master().id, RemovalProof::NotFound);
        harvest.changes.push(removal);
    }

    fn unanswered(&mut self, code: &'static str, text: String, harvest: &mut Harvest) {
        self.is_answered = false;
        harvest
            .remarks
            .push(remark(&self.master().id.value, code, text));
    }

    /// Of the days that are missing, those are cancelled that the server names: by the series' own
    /// calendar or by UTC's, because which of the two it means is not documented.
    fn cancel(&mut self, named: &BTreeSet<NaiveDate>) {
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

    fn day(&self, reference: &ExchangeReference) -> Option<NaiveDate> {
        slot::day(self.master(), reference.slot.as_ref()?, self.reading.zone)
    }

    /// Whether something is left that only the server's own expansion can tell.
    fn has_open_days(&self) -> bool {
        self.is_answered && (self.expectation.is_none() || !self.missing.is_empty())
    }

    /// The server's own expansion, around all days that are open; none when the master is gone.
    fn instances(
        &mut self,
        transport: &impl Transport,
        mailbox: &str,
    ) -> Result<Option<Vec<wire::Event>>, Fault> {
        let Window { mut start, mut end } = self.told.within;
        let around = |day: &NaiveDate, by: i64| {
            let moved = match by {
                ..0 => day.checked_sub_days(Days::new(by.unsigned_abs())),
                _ => day.checked_add_days(Days::new(by.unsigned_abs())),
            };
            zone::midnight(zone::date(moved?), chrono_tz::Tz::UTC)
        };
        if let Some(first) = self.missing.first().and_then(|day| around(day, -2)) {
            start.microseconds = start.microseconds.min(first.microseconds);
        }
        if let Some(last) = self.missing.last().and_then(|day| around(day, 3)) {
            end.microseconds = end.microseconds.max(last.microseconds);
        }
        let master = &self.master().id.value;
        let within = Window { start, end };
        match occurrence::instances(transport, mailbox, master, &within) {
            Ok(found) => {
                self.is_expanded = true;
                Ok(Some(found))
            }
            Err(Fault::NotFound(NotFound {
                thing: MissingThing::Item,
                ..
            })) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Occurrences that are there after all.
    fn take(&mut self, events: Vec<wire::Event>, harvest: &mut Harvest) {
        for event in events {
            let Some(id) = event.id.clone() else { continue };
            match event::read(event, self.reading) {
                Ok(found) => {
                    let slot = slot::canonical(self.master(), &found.change, self.reading.zone)
                        .filter(|slot| slot.master_id == self.master().id.value);
                    // An id that means something else by now says nothing of this series.
                    let Some(slot) = slot else { continue };
                    self.found.insert(slot.original_start.microseconds);
                    if let Some(day) = slot::day(self.master(), &slot, self.reading.zone) {
                        self.missing.remove(&day);
                    }
                    harvest.add(found);
                }
                Err(why) => {
                    let code = wire::Event::UNREADABLE;
                    harvest.remarks.push(remark(&id, code, why.to_owned()));
                    self.is_answered = false;
                }
            }
        }
    }

    /// What is still missing once all was asked is gone.
    fn close(&mut self, harvest: &mut Harvest) {
        if !self.is_answered {
            return;
        }
        if self.is_expanded {
            self.cancelled.append(&mut self.missing);
        }
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
            harvest.changes.push(self.removal(&reference.id, proof));
        }
        harvest.changes.push(Change::Event(self.with_cancelled()));
    }

    fn removal(&self, id: &ExchangeId, proof: RemovalProof) -> Change {
        Change::Removal(Removal {
            id: id.clone(),
            proof,
        })
    }

    /// The master, with what is known to be cancelled, so that nobody asks for it again.
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
