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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ItemKind, MarkerReading, PsaId, Uid};
    use crate::cycle::series::sample::{day, id, master, slot};

    fn tenant() -> TenantId {
        TenantId {
            value: "acme".to_owned(),
        }
    }

    fn record() -> PsaReference {
        PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId {
                value: "visit".to_owned(),
            },
        }
    }

    fn event(name: &str, uid: &str, made: i64) -> ExchangeEvent {
        ExchangeEvent {
            shape: EventShape::Single,
            uid: Some(Uid {
                value: uid.to_owned(),
            }),
            created: Some(day(made)),
            ..master(name)
        }
    }

    fn marked(name: &str, generation: u32, made: i64) -> Change {
        let marker = Marker {
            tenant: tenant(),
            psa: record(),
            generation,
        };
        Change::Event(ExchangeEvent {
            marker: MarkerReading::Present(marker),
            ..event(name, name, made)
        })
    }

    fn foreign(name: &str, uid: &str) -> ExchangeReference {
        ExchangeReference {
            id: id(name),
            uid: Some(Uid {
                value: uid.to_owned(),
            }),
            slot: None,
        }
    }

    fn sought(reference: &ExchangeReference) -> Sought<'_> {
        Sought {
            reference,
            span: None,
            marked: None,
        }
    }

    fn found(sought: &[Sought<'_>], told: &[Change], taken: &[&str]) -> Vec<(String, String)> {
        let taken = taken.iter().map(|id| (*id).to_owned()).collect();
        let names = among(sought, told, &tenant(), taken).into_iter();
        names.map(|(from, to)| (from, to.value)).collect()
    }

    fn name(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn of_several_with_one_uid_the_one_at_the_same_time_is_it_and_each_is_one_item() {
        let mut moved = event("elsewhere", "u", 1);
        moved.span = master("other day").span;
        let there = ExchangeEvent {
            span: crate::cycle::series::sample::occurrence("m", 4).span,
            ..event("there", "u", 2)
        };
        let told = [Change::Event(moved), Change::Event(there.clone())];
        let [one, other, third] = ["a", "b", "c"].map(|name| foreign(name, "u"));
        let first = Sought {
            span: Some(there.span),
            ..sought(&one)
        };
        let both = [first, sought(&other), sought(&third)];
        assert_eq!(
            found(&both, &told, &[]),
            [name("a", "there"), name("b", "elsewhere")]
        );
        assert_eq!(
            found(&[sought(&other)], &told, &["elsewhere"]),
            [name("b", "there")]
        );
        assert_eq!(found(&[sought(&foreign("d", "v"))], &told, &[]), []);
    }

    #[test]
    fn an_occurrence_is_found_by_its_series_and_keeps_its_slot() {
        let mut series = master("new");
        series.uid = Some(Uid {
            value: "u".to_owned(),
        });
        let single = event("single", "u", 0);
        let told = [Change::Event(single), Change::Event(series)];
        let occurrence = ExchangeReference {
            slot: Some(slot("old", 3)),
            ..foreign("old3", "u")
        };
        let another = ExchangeReference {
            slot: Some(slot("old", 4)),
            ..foreign("old4", "u")
        };
        let both = [sought(&occurrence), sought(&another)];
        let names = among(&both, &told, &tenant(), BTreeSet::new());
        assert_eq!(names, Names::from([("old".to_owned(), id("new"))]));
        let renamed = renamed(&occurrence, &names).unwrap();
        assert_eq!(renamed.slot, Some(slot("new", 3)));
        assert_eq!((renamed.id, renamed.uid), (id("old3"), occurrence.uid));
    }

    #[test]
    fn of_several_with_our_marker_the_latest_copys_oldest_item_is_ours() {
        let told = [
            marked("first", 0, 1),
            marked("pasted", 2, 9),
            marked("ours", 2, 5),
        ];
        let reference = foreign("a", "of nobody");
        let record = record();
        let copy = || Sought {
            marked: Some(&record),
            ..sought(&reference)
        };
        assert_eq!(found(&[copy()], &told, &[]), [name("a", "ours")]);
        assert_eq!(found(&[copy()], &told, &["ours"]), [name("a", "pasted")]);
        assert_eq!(found(&[sought(&reference)], &told, &[]), []);
        let of_others = TenantId {
            value: "others".to_owned(),
        };
        let names = among(&[copy()], &told, &of_others, BTreeSet::new());
        assert_eq!(names, Names::new());
        // The UID says more than a marker, which can be pasted.
        let own = foreign("a", "first");
        let both = Sought {
            marked: Some(&record),
            ..sought(&own)
        };
        assert_eq!(found(&[both], &told, &[]), [name("a", "first")]);
    }
}
