//! How a host turns the world's state into batches: what changed and all that belongs to it, or
//! everything.

use std::collections::{BTreeMap, BTreeSet};

use super::vocabulary::*;
use super::world::World;
use super::world_kinds::span_of;
use crate::contract::*;
use crate::series::slot;

impl World {
    /// What changed since the last batch, with partners, each closed group by itself.
    pub fn changes(&self) -> Batch {
        let mut keys: BTreeSet<String> = BTreeSet::new();
        keys.extend(self.changed_rows.iter().map(|id| format!("row {id}")));
        keys.extend(self.changed_events.iter().map(|id| format!("event {id}")));
        keys.extend(self.removed_events.iter().map(|id| format!("event {id}")));
        let groups = self
            .closed_groups()
            .into_iter()
            .filter(|names| names.iter().any(|name| keys.contains(name)))
            .map(|names| self.group(&names, &self.changed_events, false))
            .collect();
        self.batch_of(groups, false)
    }

    /// Everything, as after a full read; groups as small as the contract lets them be.
    pub fn everything(&self) -> Batch {
        let all = self.events.keys().chain(self.contacts.keys());
        let all: BTreeSet<String> = all.cloned().collect();
        let groups = self
            .closed_groups()
            .into_iter()
            .map(|names| self.group(&names, &all, true))
            .collect();
        self.batch_of(groups, true)
    }

    /// All rows and links, and nothing new from Exchange.
    pub fn nothing_new(&self) -> Batch {
        let mut batch = self.everything();
        batch.relinking = false;
        for group in &mut batch.groups {
            group.changes.clear();
        }
        batch
    }

    fn batch_of(&self, groups: Vec<Group>, relinking: bool) -> Batch {
        Batch {
            now: self.now,
            settings: self.settings.clone(),
            profile: self.profile,
            window: self.window,
            relinking,
            groups,
            ..batch(Group {
                changes: Vec::new(),
                rows: Vec::new(),
                links: Vec::new(),
                masters: Vec::new(),
            })
        }
    }

    fn group(&self, names: &BTreeSet<String>, shown: &BTreeSet<String>, full: bool) -> Group {
        let has = |kind: &str, id: &str| names.contains(&format!("{kind} {id}"));
        let mut changes: Vec<Change> = self
            .events
            .values()
            .filter(|event| has("event", &event.id.value))
            .filter(|event| shown.contains(&event.id.value) || slot::of_event(event).is_some())
            .map(|event| self.told(event))
            .collect();
        // Contacts are read when everything is, and when one has to be looked at again.
        let contacts = self.contacts.values();
        let contacts = contacts
            .filter(|it| has("event", &it.id.value) && shown.contains(&it.id.value))
            .map(|contact| Change::Contact(contact.clone()));
        changes.extend(contacts);
        // A full read looks up by id what is linked and was not listed.
        let looked_up = self
            .links
            .values()
            .filter_map(|link| link.exchange.as_ref());
        let missing = looked_up
            .map(|exchange| exchange.id.value.clone())
            .filter(|id| full && !self.has_item(id));
        let gone: BTreeSet<String> = missing.chain(self.removed_events.iter().cloned()).collect();
        changes.extend(gone.iter().filter(|id| has("event", id)).map(|id| {
            let proof = match self.cancelled.contains(id) {
                true => RemovalProof::CancelledOccurrence,
                false => RemovalProof::NotFound,
            };
            Change::Removal(Removal { id: eid(id), proof })
        }));
        Group {
            changes,
            rows: self
                .rows
                .values()
                .filter(|row| has("row", &row.reference.id.value))
                .cloned()
                .collect(),
            links: self
                .links
                .values()
                .filter(|link| has("link", &link.id.value))
                .cloned()
                .collect(),
            masters: self
                .masters
                .values()
                .filter(|master| has("event", &master.id.value))
                .cloned()
                .collect(),
        }
    }

    /// Items that share a link, a UID, a marker or a reference; and, so that items can be linked
    /// again by content, a time.
    fn closed_groups(&self) -> Vec<BTreeSet<String>> {
        let mut sharing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut share = |what: String, item: String| {
            sharing.entry(what).or_default().insert(item);
        };
        for (id, event) in &self.events {
            let me = || format!("event {id}");
            share(format!("event {id}"), me());
            if let Some(slot) = slot::of_event(event) {
                share(format!("event {}", slot.master_id), me());
            } else {
                share(format!("{:?}", event.span), me());
            }
            if let Some(uid) = &event.uid {
                share(format!("uid {}", uid.value), me());
            }
            if let MarkerReading::Present(marker) = &event.marker {
                share(format!("row {}", marker.psa.id.value), me());
            }
        }
        for (id, contact) in &self.contacts {
            share(format!("event {id}"), format!("event {id}"));
            if let MarkerReading::Present(marker) = &contact.marker {
                share(
                    format!("row {}", marker.psa.id.value),
                    format!("event {id}"),
                );
            }
        }
        for id in self.masters.keys() {
            share(format!("event {id}"), format!("event {id}"));
        }
        for id in &self.removed_events {
            share(format!("event {id}"), format!("event {id}"));
        }
        for (id, row) in &self.rows {
            let me = || format!("row {id}");
            share(format!("row {id}"), me());
            if let Some(span) = span_of(row) {
                share(format!("{span:?}"), me());
            }
            if let Some(exchange) = &row.exchange {
                share(format!("event {}", exchange.id.value), me());
                if let Some(slot) = &exchange.slot {
                    share(format!("event {}", slot.master_id), me());
                }
                if let Some(uid) = &exchange.uid {
                    share(format!("uid {}", uid.value), me());
                }
            }
        }
        for (id, link) in &self.links {
            let me = || format!("link {id}");
            share(format!("link {id}"), me());
            if let Some(row) = &link.psa {
                share(format!("row {}", row.id.value), me());
            }
            if let Some(exchange) = &link.exchange {
                share(format!("event {}", exchange.id.value), me());
                if let Some(slot) = &exchange.slot {
                    share(format!("event {}", slot.master_id), me());
                }
                // A linked item that is gone has to be named in its group.
                share(
                    format!("event {}", exchange.id.value),
                    format!("event {}", exchange.id.value),
                );
                if let Some(uid) = &exchange.uid {
                    share(format!("uid {}", uid.value), me());
                }
            }
        }
        let mut groups: Vec<BTreeSet<String>> = Vec::new();
        for mut group in sharing.into_values() {
            let (touching, apart): (Vec<_>, Vec<_>) = groups
                .into_iter()
                .partition(|other| !other.is_disjoint(&group));
            for other in touching {
                group.extend(other);
            }
            groups = apart;
            groups.push(group);
        }
        groups
    }
}
