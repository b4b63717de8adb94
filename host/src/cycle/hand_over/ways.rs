//! The ways from an item's foreign name to its new one: by its UID, and by our marker.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{
    Change, EventShape, ExchangeEvent, ExchangeId, ExchangeReference, Marker, PsaReference, Slot,
    Span, TenantId,
};
use crate::cycle::series::asked_by;
use crate::store::observation::{item_of, marker_of};

/// New ids by foreign ones; of an occurrence its master's.
pub type Names = BTreeMap<String, ExchangeId>;

/// An item under a foreign name.
pub struct Sought<'a> {
    pub reference: &'a ExchangeReference,
    /// When it was, as far as that is known.
    pub span: Option<Span>,
    /// The record with which our copy is marked.
    pub marked: Option<&'a PsaReference>,
}

/// The reference in new names; none where its item has none.
pub fn renamed(reference: &ExchangeReference, names: &Names) -> Option<ExchangeReference> {
    let id = names.get(asked_by(reference))?;
    Some(match &reference.slot {
        // An occurrence's own id is no key: it comes with what is told of it.
        Some(slot) => ExchangeReference {
            slot: Some(Slot {
                master_id: id.value.clone(),
                ..slot.clone()
            }),
            ..reference.clone()
        },
        None => ExchangeReference {
            id: id.clone(),
            ..reference.clone()
        },
    })
}

/// The names that can be given to what is sought, each item to one; `taken` are the ids of items that
/// are known already.
pub fn among(
    sought: &[Sought<'_>],
    told: &[Change],
    tenant: &TenantId,
    mut taken: BTreeSet<String>,
) -> Names {
    let mut names = Names::new();
    let by_uid = events_by_uid(told);
    for one in sought {
        give(
            one,
            of_same_uid(one, &by_uid, &taken),
            &mut names,
            &mut taken,
        );
    }
    let by_record = marked(told, tenant);
    for one in sought {
        give(
            one,
            of_same_record(one, &by_record, &taken),
            &mut names,
            &mut taken,
        );
    }
    names
}

fn give(
    one: &Sought<'_>,
    found: Option<&ExchangeId>,
    names: &mut Names,
    taken: &mut BTreeSet<String>,
) {
    let key = asked_by(one.reference);
    let Some(id) = found.filter(|_| !names.contains_key(key)) else {
        return;
    };
    names.insert(key.to_owned(), id.clone());
    // A series may have been known under several names.
    if one.reference.slot.is_none() {
        taken.insert(id.value.clone());
    }
}

fn events_by_uid(told: &[Change]) -> BTreeMap<&str, Vec<&ExchangeEvent>> {
    let mut events: BTreeMap<&str, Vec<&ExchangeEvent>> = BTreeMap::new();
    for change in told {
        if let Change::Event(event) = change
            && let Some(uid) = &event.uid
            && !matches!(event.shape, EventShape::Exception(_))
        {
            events.entry(&uid.value).or_default().push(event);
        }
    }
    events
}

/// Of several the one at the same time, then the oldest. An occurrence's way is its master.
fn of_same_uid<'a>(
    one: &Sought<'_>,
    events: &BTreeMap<&str, Vec<&'a ExchangeEvent>>,
    taken: &BTreeSet<String>,
) -> Option<&'a ExchangeId> {
    let uid = one.reference.uid.as_ref()?;
    let is_occurrence = one.reference.slot.is_some();
    let is_master = |event: &ExchangeEvent| matches!(event.shape, EventShape::Master(_));
    let found = events
        .get(uid.value.as_str())?
        .iter()
        .filter(|event| !taken.contains(&event.id.value))
        .filter(|event| !is_occurrence || is_master(event))
        .min_by_key(|event| {
            let is_elsewhere = one.span.is_none_or(|span| span != event.span);
            let made = event.created.map_or(i64::MAX, |made| made.microseconds);
            (is_master(event) != is_occurrence, is_elsewhere, made)
        })?;
    Some(&found.id)
}

type Marked<'a> = BTreeMap<(u8, &'a str), Vec<(&'a Marker, &'a Change)>>;

fn marked<'a>(told: &'a [Change], tenant: &TenantId) -> Marked<'a> {
    let mut marked = Marked::new();
    for change in told {
        if let Some(marker) = marker_of(change).filter(|marker| marker.tenant == *tenant) {
            let items = marked.entry(key(&marker.psa)).or_default();
            items.push((marker, change));
        }
    }
    marked
}

fn key(reference: &PsaReference) -> (u8, &str) {
    (reference.kind as u8, &reference.id.value)
}

/// Of several the latest copy that was made, and of those the oldest item: the others are users'.
fn of_same_record<'a>(
    one: &Sought<'_>,
    marked: &Marked<'a>,
    taken: &BTreeSet<String>,
) -> Option<&'a ExchangeId> {
    let items = marked.get(&key(one.marked?))?.iter();
    let free = items.filter(|(_, item)| !taken.contains(&item_of(item).value));
    let (_, item) = free.min_by_key(|(marker, item)| {
        let made = match item {
            Change::Event(event) => event.created.map_or(i64::MAX, |made| made.microseconds),
            _ => i64::MAX,
        };
        (std::cmp::Reverse(marker.generation), made)
    })?;
    Some(item_of(item))
}
