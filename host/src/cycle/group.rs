//! Closed groups: all that shares a link, a series, a UID, a marker or an Exchange reference.
//!
//! The planner decides each group by itself, so how groups are spread over its calls cannot change
//! a plan. While links are being made again, items without a link that take place at the same time
//! share a group too, because they may turn out to be equal.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{
    Change, EventShape, ExchangeEvent, ExchangeReference, Group, Link, Marker, PsaReference,
    PsaRow, Span,
};
use crate::store::observation::{marker_of, read_marker};

/// How many items a call of `transform` gets, unless a single group is larger.
pub const ITEMS_IN_A_CALL: usize = 1_000;

/// All that a cycle knows and has to decide about.
#[derive(Debug, Default)]
pub struct Known {
    /// What was observed.
    pub changes: Vec<Change>,
    /// The PSA's rows concerned.
    pub rows: Vec<PsaRow>,
    /// The links concerned.
    pub links: Vec<Link>,
    /// The masters of the series concerned.
    pub masters: Vec<ExchangeEvent>,
    /// Links are being made again.
    pub relinking: bool,
}

/// Something that two items can share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Exchange(String),
    Uid(String),
    Psa(String),
    Time(String),
}

/// Splits what is known into closed groups, and groups into calls.
#[must_use]
pub fn calls(known: Known) -> Vec<Vec<Group>> {
    let mut calls: Vec<Vec<Group>> = Vec::new();
    let mut room = 0;
    for group in groups(known) {
        let size = group.changes.len() + group.rows.len() + group.links.len() + group.masters.len();
        match calls.last_mut() {
            Some(call) if size <= room => {
                room -= size;
                call.push(group);
            }
            _ => {
                room = ITEMS_IN_A_CALL.saturating_sub(size);
                calls.push(vec![group]);
            }
        }
    }
    calls
}

fn groups(known: Known) -> Vec<Group> {
    let linked_events: BTreeSet<&str> = known
        .links
        .iter()
        .filter_map(|link| link.exchange.as_ref())
        .map(|exchange| exchange.id.value.as_str())
        .collect();
    let linked_rows: BTreeSet<String> = known
        .links
        .iter()
        .filter_map(|link| link.psa.as_ref())
        .map(psa_key)
        .collect();
    let mut sets = Sets::default();
    let change_sets: Vec<usize> = known
        .changes
        .iter()
        .map(|change| sets.join(keys_of_change(change, known.relinking, &linked_events)))
        .collect();
    let row_sets: Vec<usize> = known
        .rows
        .iter()
        .map(|row| sets.join(keys_of_row(row, known.relinking, &linked_rows)))
        .collect();
    let link_sets: Vec<usize> = known
        .links
        .iter()
        .map(|link| sets.join(keys_of_link(link)))
        .collect();
    let master_sets: Vec<usize> = known
        .masters
        .iter()
        .map(|master| {
            let mut keys = keys_of_event(master);
            keys.extend(marker_key(read_marker(&master.marker)));
            sets.join(keys)
        })
        .collect();

    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for (change, set) in known.changes.into_iter().zip(change_sets) {
        group_of(&mut groups, sets.root(set)).changes.push(change);
    }
    for (row, set) in known.rows.into_iter().zip(row_sets) {
        group_of(&mut groups, sets.root(set)).rows.push(row);
    }
    for (link, set) in known.links.into_iter().zip(link_sets) {
        group_of(&mut groups, sets.root(set)).links.push(link);
    }
    for (master, set) in known.masters.into_iter().zip(master_sets) {
        group_of(&mut groups, sets.root(set)).masters.push(master);
    }
    groups.into_values().collect()
}

fn group_of(groups: &mut BTreeMap<usize, Group>, set: usize) -> &mut Group {
    groups.entry(set).or_insert_with(|| Group {
        changes: Vec::new(),
        rows: Vec::new(),
        links: Vec::new(),
        masters: Vec::new(),
    })
}

fn keys_of_change(change: &Change, relinking: bool, linked: &BTreeSet<&str>) -> Vec<Key> {
    let mut keys = match change {
        Change::Event(event) => {
            let mut keys = keys_of_event(event);
            if relinking && !linked.contains(event.id.value.as_str()) {
                keys.push(time_key(event.span));
            }
            keys
        }
        Change::Occurrence(occurrence) => {
            let ids = [&occurrence.id.value, &occurrence.slot.master_id];
            let mut keys: Vec<Key> = ids.map(|id| Key::Exchange(id.clone())).into();
            if relinking && !linked.contains(occurrence.id.value.as_str()) {
                keys.push(time_key(occurrence.span));
            }
            keys
        }
        Change::Contact(contact) => vec![Key::Exchange(contact.id.value.clone())],
        Change::Removal(removal) => vec![Key::Exchange(removal.id.value.clone())],
    };
    keys.extend(marker_key(marker_of(change)));
    keys
}

fn marker_key(marker: Option<&Marker>) -> Option<Key> {
    marker.map(|marker| Key::Psa(psa_key(&marker.psa)))
}

fn keys_of_event(event: &ExchangeEvent) -> Vec<Key> {
    let mut keys = vec![Key::Exchange(event.id.value.clone())];
    keys.extend(event.uid.as_ref().map(|uid| Key::Uid(uid.value.clone())));
    if let EventShape::Exception(slot) = &event.shape {
        keys.push(Key::Exchange(slot.master_id.clone()));
    }
    keys
}

fn keys_of_row(row: &PsaRow, relinking: bool, linked: &BTreeSet<String>) -> Vec<Key> {
    let reference = psa_key(&row.reference);
    let is_linked = linked.contains(&reference);
    let mut keys = vec![Key::Psa(reference)];
    keys.extend(row.exchange.iter().flat_map(exchange_keys));
    if relinking && !is_linked && !row.deleted {
        keys.extend(span_of(row).map(time_key));
    }
    keys
}

fn keys_of_link(link: &Link) -> Vec<Key> {
    let mut keys = vec![];
    keys.extend(
        link.psa
            .as_ref()
            .map(|reference| Key::Psa(psa_key(reference))),
    );
    keys.extend(link.exchange.iter().flat_map(exchange_keys));
    keys
}

fn exchange_keys(exchange: &ExchangeReference) -> Vec<Key> {
    let mut keys = vec![Key::Exchange(exchange.id.value.clone())];
    keys.extend(exchange.uid.as_ref().map(|uid| Key::Uid(uid.value.clone())));
    keys.extend(
        exchange
            .slot
            .as_ref()
            .map(|slot| Key::Exchange(slot.master_id.clone())),
    );
    keys
}

fn psa_key(reference: &PsaReference) -> String {
    format!("{:?}:{}", reference.kind, reference.id.value)
}

fn time_key(span: Span) -> Key {
    Key::Time(format!("{span:?}"))
}

fn span_of(row: &PsaRow) -> Option<Span> {
    use crate::contract::PsaContent;
    match &row.content {
        PsaContent::Appointment(appointment) => Some(appointment.span),
        PsaContent::ToDo(to_do) => Some(to_do.span),
        PsaContent::ServiceCall(call) => Some(call.span),
        PsaContent::Contact(_) => None,
    }
}

/// Disjoint sets over keys (union by the smaller root, so that the order of groups is the order in
/// which their first item came).
#[derive(Debug, Default)]
struct Sets {
    parents: Vec<usize>,
    by_key: BTreeMap<Key, usize>,
}

impl Sets {
    /// The set of an item with these keys, joined with every set that has one of them.
    fn join(&mut self, keys: Vec<Key>) -> usize {
        let own = self.parents.len();
        self.parents.push(own);
        for key in keys {
            match self.by_key.get(&key).copied() {
                Some(other) => self.unite(own, other),
                None => {
                    self.by_key.insert(key, own);
                }
            }
        }
        own
    }

    fn root(&self, mut set: usize) -> usize {
        while let Some(parent) = self.parents.get(set).filter(|parent| **parent != set) {
            set = *parent;
        }
        set
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(parent) = self.parents.get_mut(one.max(other)) {
            *parent = one.min(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{
        Attempts, ExchangeId, ItemKind, LinkId, LinkState, MarkerReading, Provenance, PsaId,
        Removal, RemovalProof, RowVersion, Side, TenantId,
    };
    use crate::cycle::series::sample;

    fn removal(id: &str) -> Change {
        Change::Removal(Removal {
            id: ExchangeId {
                value: id.to_owned(),
            },
            proof: RemovalProof::NotFound,
        })
    }

    fn link(id: &str, psa: &str, exchange: &str) -> Link {
        let none = Attempts {
            count: 0,
            version: RowVersion { number: 0 },
        };
        Link {
            id: LinkId {
                value: id.to_owned(),
            },
            kind: ItemKind::Appointment,
            origin: Side::Psa,
            psa: Some(PsaReference {
                kind: ItemKind::Appointment,
                id: PsaId {
                    value: psa.to_owned(),
                },
            }),
            exchange: Some(ExchangeReference {
                id: ExchangeId {
                    value: exchange.to_owned(),
                },
                uid: None,
                slot: None,
            }),
            provenance: Provenance::Own,
            state: LinkState::Linked,
            generation: 0,
            base: None,
            undoing: none,
            remaking: none,
            refused: None,
        }
    }

    #[test]
    fn a_link_and_its_item_share_a_group_and_others_do_not() {
        let known = Known {
            changes: vec![removal("a"), removal("b")],
            links: vec![link("1", "p", "b")],
            ..Known::default()
        };
        let groups = groups(known);
        assert_eq!(groups.len(), 2);
        assert_eq!((groups[1].changes.len(), groups[1].links.len()), (1, 1));
    }

    #[test]
    fn all_of_a_series_shares_a_group_with_its_master() {
        let mut linked = link("1", "p", "an id from before");
        linked.exchange.as_mut().unwrap().slot = Some(sample::slot("m", 7));
        let known = Known {
            changes: vec![
                Change::Occurrence(sample::occurrence("m", 1)),
                sample::moved("m", 2, 5),
                removal("m3"),
                removal("x"),
            ],
            links: vec![linked, link("2", "q", "m3")],
            masters: vec![sample::master("m"), sample::master("n")],
            ..Known::default()
        };
        let shapes: Vec<[usize; 3]> = groups(known)
            .iter()
            .map(|group| [group.changes.len(), group.links.len(), group.masters.len()])
            .collect();
        assert_eq!(shapes, [[2, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 1]]);
    }

    #[test]
    fn a_master_with_a_marker_shares_a_group_with_its_record() {
        let record = link("1", "p", "x");
        let mut master = sample::master("m");
        master.marker = MarkerReading::Present(Marker {
            tenant: TenantId {
                value: "acme".to_owned(),
            },
            psa: record.psa.clone().unwrap(),
            generation: 0,
        });
        let known = Known {
            links: vec![record],
            masters: vec![master],
            ..Known::default()
        };
        assert_eq!(groups(known).len(), 1);
    }

    #[test]
    fn while_links_are_made_again_an_occurrence_shares_a_group_with_a_row_of_its_time() {
        let at_once = |relinking| {
            let occurrence = sample::occurrence("m", 1);
            let mut same_time = sample::master("x");
            same_time.shape = EventShape::Single;
            same_time.span = occurrence.span;
            let changes = vec![Change::Occurrence(occurrence), Change::Event(same_time)];
            groups(Known {
                changes,
                relinking,
                ..Known::default()
            })
            .len()
        };
        assert_eq!((at_once(true), at_once(false)), (1, 2));
    }

    #[test]
    fn a_call_gets_at_most_a_thousand_items() {
        let changes = (0..2_500)
            .map(|number| removal(&number.to_string()))
            .collect();
        let calls = calls(Known {
            changes,
            ..Known::default()
        });
        let sizes: Vec<usize> = calls.iter().map(Vec::len).collect();
        assert_eq!(sizes, [1_000, 1_000, 500]);
    }
}
