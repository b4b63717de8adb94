//! Who goes on with the copy of what is gone, where a series was set to another time or a single item
//! became one: the occurrence nearest to it. So that is a change, and no deletion.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{ExchangeEvent, ExchangeId, ExchangeReference, Instant, Zone};
use crate::series::slot;
use crate::zone;

/// By the id under which an item was linked, the id of what it is now.
pub type Heirs = BTreeMap<String, ExchangeId>;

/// Pairs what is gone with what nobody has, the nearest first.
pub fn nearest(
    gone: &[(&ExchangeReference, Instant)],
    free: &[&ExchangeEvent],
    mailbox: &Zone,
) -> Heirs {
    let mut distances: Vec<(u64, i64, &ExchangeId, &ExchangeId)> = Vec::new();
    for (reference, place) in gone {
        for event in free {
            let at = match slot::of_event(event) {
                Some(slot) => Some(slot.original_start),
                None => zone::begin(&event.span, mailbox),
            };
            let Some(at) = at else { continue };
            let distance = at.microseconds.abs_diff(place.microseconds);
            distances.push((distance, place.microseconds, &reference.id, &event.id));
        }
    }
    distances.sort_by_key(|(distance, place, gone, free)| {
        (*distance, *place, gone.value.clone(), free.value.clone())
    });
    let mut heirs = Heirs::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for (_, _, gone, free) in distances {
        if !heirs.contains_key(&gone.value) && taken.insert(&free.value) {
            heirs.insert(gone.value.clone(), free.clone());
        }
    }
    heirs
}
