//! Series, spread: before anything is paired, each occurrence becomes an event of its own, with its
//! slot and its master's texts. The rest of the law then treats it like any other item.
//!
//! Two things only the series as a whole can tell, and are told here: an occurrence goes when its
//! master goes, and a series that was set to another time is one change, not a wave of deletions
//! (behaviour, section 3).

mod heirs;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::ends_before_window;
use super::exchange_item::imports;
use super::seen::same_slot;
use crate::contract::{
    Batch, Change, EventShape, ExchangeEvent, ExchangeId, ExchangeOccurrence, ExchangeReference,
    Group, Instant, Link, MarkerReading, Removal, RemovalProof, Side, Slot, Span, Uid, Zone,
};
use crate::series::slot;
use crate::zone;
pub use heirs::Heirs;

/// A group whose series are spread.
#[derive(Debug)]
pub struct Spread<'a> {
    /// Its occurrences stand among the changes as events.
    pub group: Cow<'a, Group>,
    /// What became of items that are gone under their old names: these follow them.
    pub heirs: Heirs,
}

/// Spreads the series of a group.
#[must_use]
pub fn spread<'a>(batch: &Batch, group: &'a Group) -> Spread<'a> {
    let is_of_series = |change: &Change| slot::told(change).is_some() || is_master(change);
    let has_series = !group.masters.is_empty()
        || group.changes.iter().any(is_of_series)
        || references(group).any(|reference| reference.slot.is_some());
    if !has_series {
        return Spread {
            group: Cow::Borrowed(group),
            heirs: Heirs::new(),
        };
    }
    let mut spreading = Spreading {
        batch,
        group,
        mailbox: zone::resolve(&zone::of_mailbox(&batch.mailbox)),
        changes: Vec::new(),
        heirs: Heirs::new(),
    };
    spreading.all();
    Spread {
        heirs: spreading.heirs,
        group: Cow::Owned(Group {
            changes: spreading.changes,
            ..group.clone()
        }),
    }
}

/// All names of Exchange items that the group's links and rows know.
fn references(group: &Group) -> impl Iterator<Item = &ExchangeReference> {
    let linked = group.links.iter().filter_map(|link| link.exchange.as_ref());
    linked.chain(group.rows.iter().filter_map(|row| row.exchange.as_ref()))
}

struct Spreading<'a> {
    batch: &'a Batch,
    group: &'a Group,
    mailbox: Option<Tz>,
    changes: Vec<Change>,
    heirs: Heirs,
}

impl<'a> Spreading<'a> {
    fn all(&mut self) {
        let masters = self.masters();
        let (ours, others): (Vec<_>, Vec<_>) = masters
            .into_values()
            .partition(|master| self.is_copy_of_ours(master));
        for change in &self.group.changes {
            let is_spread = slot::told(change).is_some()
                || is_master(change) && !ours.iter().any(|one| names(change, &one.id));
            if !is_spread {
                self.changes.push(change.clone());
            }
        }
        for master in others {
            self.series(master);
        }
        self.without_master();
    }

    /// The series that are there, by the ids of their masters; what was told in this cycle counts.
    fn masters(&self) -> BTreeMap<&'a str, &'a ExchangeEvent> {
        let remembered = self.group.masters.iter();
        let told = self.group.changes.iter().filter_map(event_of);
        let mut masters: BTreeMap<&str, &ExchangeEvent> = BTreeMap::new();
        for event in remembered.chain(told) {
            if matches!(event.shape, EventShape::Master(_)) {
                masters.insert(&event.id.value, event);
            } else if slot::of_event(event).is_none() {
                // Its user made it single again.
                masters.remove(event.id.value.as_str());
            }
        }
        for change in &self.group.changes {
            if let Change::Removal(removal) = change {
                masters.remove(removal.id.value.as_str());
            }
        }
        masters
    }

    /// Our copy of a PSA item, which its user made a series.
    fn is_copy_of_ours(&self, master: &ExchangeEvent) -> bool {
        let mut links = self
            .group
            .links
            .iter()
            .filter(|link| link.origin == Side::Psa);
        let is_linked = links.any(|link| {
            let exchange = link.exchange.as_ref();
            exchange.is_some_and(|exchange| exchange.id == master.id)
        });
        is_linked
            || match &master.marker {
                // One that was pasted carries the marker too, but not the link.
                MarkerReading::Present(marker) => {
                    let of_item = |link: &Link| link.psa.as_ref() == Some(&marker.psa);
                    marker.tenant == self.batch.mailbox.tenant
                        && !self.group.links.iter().any(of_item)
                }
                _ => false,
            }
    }

    fn series(&mut self, master: &ExchangeEvent) {
        let instances = self.instances(master);
        let known: Vec<&ExchangeReference> = references(self.group)
            .filter(|reference| is_of(reference, master))
            .collect();
        let is_known = |event: &ExchangeEvent| {
            let mut known = known.iter();
            known.any(|reference| same_slot(event, reference))
        };
        let gone: Vec<(&ExchangeReference, Instant)> = known
            .iter()
            .filter(|reference| !instances.iter().any(|event| same_slot(event, reference)))
            .filter_map(|reference| Some((*reference, self.place_of_gone(master, reference)?)))
            .collect();
        let free: Vec<&ExchangeEvent> = instances
            .iter()
            .filter(|event| self.is_inside(event) && !is_known(event))
            .collect();
        let heirs = heirs::nearest(&gone, &free, &self.zone());
        let was_single = known.iter().any(|reference| reference.id == master.id);
        if was_single && imports(self.batch) && !heirs.contains_key(&master.id.value) {
            // The single item that it was is no more, and no occurrence goes on with its copy. While
            // nothing comes over none does, and the copy stays until one may.
            self.changes.push(Change::Removal(Removal {
                id: master.id.clone(),
                proof: RemovalProof::NotFound,
            }));
        }
        let inherits: BTreeSet<&str> = heirs.values().map(|id| id.value.as_str()).collect();
        for event in &instances {
            let comes_over = imports(self.batch) && self.is_inside(event);
            if comes_over || is_known(event) || inherits.contains(event.id.value.as_str()) {
                self.changes.push(Change::Event(event.clone()));
            }
        }
        self.heirs.extend(heirs);
    }

    /// Where an occurrence stood that is gone because the series was set to another time, or one
    /// that was single before it became a series. One that somebody deleted is just gone.
    fn place_of_gone(
        &self,
        master: &ExchangeEvent,
        reference: &ExchangeReference,
    ) -> Option<Instant> {
        if let Some(slot) = &reference.slot {
            let mut removals = self.group.changes.iter().filter_map(removal_of);
            return removals
                .any(|removal| {
                    removal.id == reference.id && removal.proof != RemovalProof::CancelledOccurrence
                })
                .then_some(slot.original_start);
        }
        zone::begin(&master.span, &self.zone()).filter(|_| reference.id == master.id)
    }

    /// The occurrences of a series as events, each slot once.
    fn instances(&self, master: &ExchangeEvent) -> Vec<ExchangeEvent> {
        let mut by_slot: BTreeMap<i64, ExchangeEvent> = BTreeMap::new();
        for change in &self.group.changes {
            let is_its = slot::told(change).is_some_and(|slot| slot.master_id == master.id.value);
            let Some(slot) = slot::canonical(master, change, self.mailbox).filter(|_| is_its)
            else {
                continue;
            };
            let place = slot.original_start.microseconds;
            match change {
                Change::Event(exception) => {
                    by_slot.insert(place, exceptional(master, exception, slot));
                }
                Change::Occurrence(occurrence) => {
                    by_slot
                        .entry(place)
                        .or_insert_with(|| ordinary(master, occurrence, slot));
                }
                Change::Contact(_) | Change::Removal(_) => {}
            }
        }
        by_slot.into_values().collect()
    }

    /// Occurrences whose series is gone, or is none any more: the one that the single item stands
    /// for goes on with it.
    fn without_master(&mut self) {
        let mut removals = Vec::new();
        let group = self.group;
        for change in &group.changes {
            let (id, single) = match change {
                Change::Removal(removal) => (&removal.id, None),
                Change::Event(event) if matches!(event.shape, EventShape::Single) => {
                    (&event.id, Some(event))
                }
                _ => continue,
            };
            let its: Vec<(&ExchangeReference, Instant)> = references(group)
                .filter_map(|reference| Some((reference, reference.slot.as_ref()?)))
                .filter(|(_, slot)| slot.master_id == id.value)
                .map(|(reference, slot)| (reference, slot.original_start))
                .collect();
            removals.extend(its.iter().map(|(reference, _)| reference.id.clone()));
            let free: Vec<&ExchangeEvent> = single.into_iter().collect();
            self.heirs.extend(heirs::nearest(&its, &free, &self.zone()));
        }
        self.changes.extend(removals.into_iter().map(|id| {
            Change::Removal(Removal {
                id,
                proof: RemovalProof::NotFound,
            })
        }));
    }

    /// Inside the window in which occurrences come over.
    fn is_inside(&self, event: &ExchangeEvent) -> bool {
        is_inside(self.batch, &event.span)
    }

    fn zone(&self) -> Zone {
        zone::of_mailbox(&self.batch.mailbox)
    }
}

/// Whether an occurrence lies in the window: it ends after its start, and begins before its end.
pub fn is_inside(batch: &Batch, span: &Span) -> bool {
    let begin = zone::begin(span, &zone::of_mailbox(&batch.mailbox));
    begin.is_some_and(|begin| begin.microseconds < batch.window.end.microseconds)
        && !ends_before_window(batch, span)
}

/// Whether a name is that of an occurrence of this series, or of the single item that it was.
fn is_of(reference: &ExchangeReference, master: &ExchangeEvent) -> bool {
    let shares = |uid: &Uid| master.uid.as_ref() == Some(uid);
    match &reference.slot {
        Some(slot) => {
            slot.master_id == master.id.value || reference.uid.as_ref().is_some_and(shares)
        }
        None => reference.id == master.id,
    }
}

/// An occurrence that is as its master says.
fn ordinary(master: &ExchangeEvent, occurrence: &ExchangeOccurrence, slot: Slot) -> ExchangeEvent {
    ExchangeEvent {
        id: occurrence.id.clone(),
        version: occurrence.version.clone(),
        shape: EventShape::Exception(slot),
        span: slot::span(master, occurrence),
        marker: MarkerReading::Absent,
        ..master.clone()
    }
}

/// An occurrence that differs. Servers write its date into its UID; all of a series share one.
fn exceptional(master: &ExchangeEvent, exception: &ExchangeEvent, slot: Slot) -> ExchangeEvent {
    ExchangeEvent {
        shape: EventShape::Exception(slot),
        uid: master.uid.clone(),
        marker: MarkerReading::Absent,
        ..exception.clone()
    }
}

fn event_of(change: &Change) -> Option<&ExchangeEvent> {
    match change {
        Change::Event(event) => Some(event),
        Change::Occurrence(_) | Change::Contact(_) | Change::Removal(_) => None,
    }
}

fn removal_of(change: &Change) -> Option<&Removal> {
    match change {
        Change::Removal(removal) => Some(removal),
        Change::Event(_) | Change::Occurrence(_) | Change::Contact(_) => None,
    }
}

fn is_master(change: &Change) -> bool {
    event_of(change).is_some_and(|event| matches!(event.shape, EventShape::Master(_)))
}

fn names(change: &Change, id: &ExchangeId) -> bool {
    event_of(change).is_some_and(|event| event.id == *id)
}
