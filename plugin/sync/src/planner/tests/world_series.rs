//! Series in a world: a master, and its occurrences among the events. As a provider does it, all
//! occurrences of a series are told together.

use std::collections::BTreeMap;

use super::vocabulary::*;
use super::world::World;
use crate::base::digest_of_event;
use crate::contract::*;
use crate::series::slot;

impl World {
    /// A series of an hour on these days.
    pub fn book_series(&mut self, subject: &str, on_days: &[i64], hour: i64) -> String {
        let id = self.name("series");
        let mut master = event(&id, subject, on(on_days[0], hour));
        master.shape = EventShape::Master(Series {
            rule: None,
            rule_text: "now and then".into(),
            cancelled: None,
        });
        self.masters.insert(id.clone(), master);
        for day in on_days {
            self.add_occurrence(&id, on(*day, hour), at(*day, hour));
        }
        id
    }

    pub fn add_occurrence(&mut self, master: &str, span: Span, original_start: Instant) -> String {
        let of = self.masters[master].clone();
        let id = format!("{master}-{}", original_start.microseconds / 60_000_000);
        let slot = Slot {
            master_id: master.into(),
            original_start,
        };
        self.forget_former_copy(&id);
        self.put(ExchangeEvent {
            id: eid(&id),
            version: ExchangeVersion {
                tag: format!("{id}-first"),
            },
            shape: EventShape::Exception(slot),
            span,
            ..of
        })
    }

    /// A series that comes back to an earlier time has its occurrences under the ids of then, but the
    /// copies of then have gone on with others.
    fn forget_former_copy(&mut self, id: &str) {
        let copy = self.twins.get(id).map(|row| self.row(row));
        let names_another =
            |row: &PsaRow| row.exchange.as_ref().is_some_and(|it| it.id.value != id);
        if copy.is_some_and(|row| !row.deleted && names_another(row)) {
            self.twins.remove(id);
        }
    }

    /// The ids of a series' occurrences, in their order.
    pub fn occurrences(&self, master: &str) -> Vec<String> {
        let its = self.events.values().filter_map(|event| {
            let slot = slot::of_event(event).filter(|slot| slot.master_id == master)?;
            Some((slot.original_start.microseconds, event.id.value.clone()))
        });
        let its: BTreeMap<i64, String> = its.collect();
        its.into_values().collect()
    }

    /// Somebody deletes an occurrence.
    pub fn cancel_occurrence(&mut self, id: &str) {
        self.cancelled.insert(id.into());
        self.delete_event(id);
    }

    /// Somebody sets the whole series to another time: all occurrences have other ids now, but for
    /// those whose slot is one of the new ones. Of these, one that had been moved is back in its
    /// slot, which is a change.
    pub fn retime(&mut self, master: &str, on_days: &[i64], hour: i64) {
        let its = self.occurrences(master).into_iter();
        let before: Vec<ExchangeEvent> = its.map(|id| self.event(&id).clone()).collect();
        self.drop_occurrences(master);
        let first = on(on_days[0], hour);
        self.masters.get_mut(master).unwrap().span = first;
        for day in on_days {
            self.add_occurrence(master, on(*day, hour), at(*day, hour));
        }
        for was in before {
            let is = self.events.get(&was.id.value);
            if is.is_some_and(|is| digest_of_event(is) != digest_of_event(&was)) {
                self.wished_away.remove(&was.id.value);
            }
        }
    }

    pub fn retitle(&mut self, master: &str, subject: &str) {
        self.masters.get_mut(master).unwrap().subject = subject.into();
        for id in self.occurrences(master) {
            self.edit_event(&id, |event| event.subject = subject.into());
        }
    }

    pub fn delete_series(&mut self, master: &str) {
        self.drop_occurrences(master);
        // Only the master is said to be gone.
        for id in self.removed_events.clone() {
            if id.starts_with(master) {
                self.removed_events.remove(&id);
            }
        }
        self.masters.remove(master);
        self.removed_events.insert(master.into());
    }

    /// The series becomes a single item, at the time of its first occurrence.
    pub fn make_single(&mut self, master: &str) {
        self.drop_occurrences(master);
        self.removed_events.clear();
        let mut single = self.masters.remove(master).unwrap();
        single.shape = EventShape::Single;
        self.put(single);
        self.bump(master);
    }

    fn drop_occurrences(&mut self, master: &str) {
        for id in self.occurrences(master) {
            self.delete_event(&id);
        }
    }

    /// An event as a provider tells it: an occurrence that is as its master says comes without texts.
    pub fn told(&self, event: &ExchangeEvent) -> Change {
        let Some(slot) = slot::of_event(event) else {
            return Change::Event(event.clone());
        };
        let as_master = &self.masters[&slot.master_id];
        let is_ordinary = event.subject == as_master.subject
            && event.sensitivity == as_master.sensitivity
            && event.show_as == as_master.show_as
            && event.meeting == as_master.meeting
            && begins(event.span) == slot.original_start;
        if is_ordinary {
            Change::Occurrence(ExchangeOccurrence {
                id: event.id.clone(),
                version: event.version.clone(),
                slot: slot.clone(),
                span: event.span,
            })
        } else {
            Change::Event(event.clone())
        }
    }
}

/// When an item begins; whole days at midnight UTC.
pub fn begins(span: Span) -> Instant {
    match span {
        Span::Timed(timed) => timed.start,
        Span::AllDay(days) => at(days.first.day.into(), 0),
    }
}
