//! The tenant changes its provider: every item has another id and another version, and reads
//! otherwise. As a host does it, what leads to an item under its new name has it already.

use std::collections::{BTreeMap, BTreeSet};

use super::vocabulary::*;
use super::world::World;
use crate::contract::*;

impl World {
    pub fn change_provider(&mut self) {
        let name = self.name("provider");
        let renamed = |id: &str| format!("{name} {id}");
        let reference = |known: &ExchangeReference| ExchangeReference {
            id: eid(&renamed(&known.id.value)),
            uid: known.uid.clone(),
            slot: known.slot.as_ref().map(|slot| Slot {
                master_id: renamed(&slot.master_id),
                ..slot.clone()
            }),
        };
        let reread = |event: ExchangeEvent| ExchangeEvent {
            id: eid(&renamed(&event.id.value)),
            version: ExchangeVersion {
                tag: renamed(&event.version.tag),
            },
            body: format!("{}\nas {name} reads it", event.body),
            shape: match event.shape {
                EventShape::Exception(slot) => EventShape::Exception(Slot {
                    master_id: renamed(&slot.master_id),
                    ..slot
                }),
                other => other,
            },
            ..event
        };
        let rows = &self.rows;
        let of_either_side = |id: &String| match rows.contains_key(id) {
            true => id.clone(),
            false => renamed(id),
        };
        self.unseen = self.unseen.iter().map(of_either_side).collect();
        self.wished_away = self.wished_away.iter().map(of_either_side).collect();
        let all = |ids: &BTreeSet<String>| ids.iter().map(|id| renamed(id)).collect();
        self.changed_events = all(&self.changed_events);
        self.removed_events = all(&self.removed_events);
        self.cancelled = all(&self.cancelled);
        self.events = map(std::mem::take(&mut self.events), renamed, reread);
        self.masters = map(std::mem::take(&mut self.masters), renamed, reread);
        self.contacts = map(std::mem::take(&mut self.contacts), renamed, |contact| {
            ExchangeContact {
                id: eid(&renamed(&contact.id.value)),
                version: ExchangeVersion {
                    tag: renamed(&contact.version.tag),
                },
                ..contact
            }
        });
        self.twins = map(std::mem::take(&mut self.twins), renamed, |row| row);
        for row in self.rows.values_mut() {
            row.exchange = row.exchange.as_ref().map(reference);
        }
        for link in self.links.values_mut() {
            if let Some(known) = &link.exchange {
                link.exchange = Some(reference(known));
                link.provenance = Provenance::Renamed;
            }
        }
    }

    /// What a new provider's first cycle plans: everything is read, and nothing linked again.
    pub fn handed_over(&self) -> Batch {
        Batch {
            relinking: false,
            ..self.everything()
        }
    }
}

fn map<T>(
    items: BTreeMap<String, T>,
    renamed: impl Fn(&str) -> String,
    change: impl Fn(T) -> T,
) -> BTreeMap<String, T> {
    let items = items.into_iter();
    items
        .map(|(id, item)| (renamed(&id), change(item)))
        .collect()
}
