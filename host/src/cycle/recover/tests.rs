//! Whether what is found of an interrupted write is what the write was planned on.

use super::*;
use crate::contract::{
    Attempts, AttendeeProof, EventPatch, Evidence, ExchangeDeletion, ExchangeEvent, ExchangePatch,
    ExchangeUpdate, ExchangeVersion, LinkId, LinkTarget, MarkerReading, Operation, Provenance,
    PsaId, PsaReference, RowVersion, Rule, Side, TenantId, Zone,
};
use crate::cycle::series::sample::{day, id, master, moved, occurrence, removal, slot};

fn planned_on(tag: &str) -> ExchangeVersion {
    ExchangeVersion {
        tag: tag.to_owned(),
    }
}

fn proof() -> AttendeeProof {
    AttendeeProof {
        version: planned_on("1"),
        attendees: 0,
        owner_organizes: true,
    }
}

/// A change of the item, planned on this version.
fn change_of(target: ExchangeReference, tag: &str) -> Intent {
    let patch = EventPatch {
        subject: Some("Visit".to_owned()),
        location: None,
        body: None,
        span: None,
        zone: Zone {
            name: "UTC".to_owned(),
        },
        sensitivity: None,
        show_as: None,
    };
    intent(Action::UpdateExchange(ExchangeUpdate {
        target,
        version: planned_on(tag),
        proof: proof(),
        patch: ExchangePatch::Event(patch),
    }))
}

fn intent(action: Action) -> Intent {
    Intent {
        key: "key".to_owned(),
        mailbox: MailboxId {
            value: "m".to_owned(),
        },
        cycle: "gone".to_owned(),
        link: None,
        generation: 0,
        operation: Operation {
            group: 0,
            link: LinkTarget::None,
            psa: None,
            exchange: None,
            action,
            after: LinkChange::Keep,
            rule: Rule::PsaItemMoved,
            evidence: Evidence {
                base: None,
                psa: None,
                exchange: None,
                fields: Vec::new(),
            },
            remark: String::new(),
        },
        marker: None,
        state: IntentState::Sent,
        created: day(0),
    }
}

fn item(of: &str) -> ExchangeReference {
    ExchangeReference {
        id: id(of),
        uid: None,
        slot: None,
    }
}

/// The second day's occurrence of a series.
fn second_day(of: &str) -> ExchangeReference {
    ExchangeReference {
        slot: Some(slot(of, 2)),
        ..item(&format!("{of}2"))
    }
}

#[test]
fn an_item_is_as_planned_on_by_its_id_and_version() {
    let seen = Change::Event(master("a"));
    assert!(is_as_planned_on(&seen, &change_of(item("a"), "1")));
    assert!(!is_as_planned_on(&seen, &change_of(item("a"), "2")));
    assert!(!is_as_planned_on(&seen, &change_of(item("b"), "1")));
    assert!(!is_as_planned_on(&removal("a"), &change_of(item("a"), "1")));
    let deletion = |tag| {
        intent(Action::DeleteExchange(ExchangeDeletion {
            target: item("a"),
            version: planned_on(tag),
            proof: proof(),
            kind: ItemKind::Appointment,
        }))
    };
    assert!(is_as_planned_on(&seen, &deletion("1")));
    assert!(!is_as_planned_on(&seen, &deletion("2")));
    assert!(!is_as_planned_on(&seen, &intent(Action::Nothing)));
}

#[test]
fn an_occurrence_is_otherwise_when_it_has_another_version_or_is_gone_with_its_series_or_without() {
    let (target, planned) = (second_day("a"), change_of(second_day("a"), "1"));
    let is_otherwise = |seen: &[Change]| is_otherwise(seen, &target, &planned);
    assert!(!is_otherwise(&[]));
    assert!(!is_otherwise(&[Change::Occurrence(occurrence("a", 2))]));
    assert!(!is_otherwise(&[moved("a", 2, 3)]));
    let written = Change::Occurrence(crate::contract::ExchangeOccurrence {
        version: planned_on("2"),
        ..occurrence("a", 2)
    });
    assert!(is_otherwise(&[written]));
    assert!(is_otherwise(&[removal("a2")]));
    assert!(is_otherwise(&[removal("a")]));
    // What becomes of the others says nothing of this one.
    let others = [removal("a1"), removal("b"), Change::Event(master("a"))];
    assert!(!is_otherwise(&others));
}

/// The marker of a PSA item.
fn marker(of: &str) -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".to_owned(),
        },
        psa: PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId {
                value: of.to_owned(),
            },
        },
        generation: 0,
    }
}

/// An event that carries this marker and was made on that day.
fn marked(of: &str, marker: &Marker, made: i64) -> Change {
    Change::Event(ExchangeEvent {
        created: Some(day(made)),
        marker: MarkerReading::Present(marker.clone()),
        ..master(of)
    })
}

/// The link of a marker's PSA item with an item of Exchange.
fn link_of(marker: &Marker, exchange: &str) -> Link {
    let never = Attempts {
        count: 0,
        version: RowVersion { number: 0 },
    };
    Link {
        id: LinkId {
            value: "l".to_owned(),
        },
        kind: marker.psa.kind,
        origin: Side::Psa,
        psa: Some(marker.psa.clone()),
        exchange: Some(item(exchange)),
        state: LinkState::Linked,
        generation: 0,
        base: None,
        undoing: never,
        remaking: never,
        refused: None,
        provenance: Provenance::Own,
    }
}

#[test]
fn the_oldest_item_with_the_marker_is_the_copy_in_whichever_order_they_come() {
    let wanted = marker("visit");
    let marked = [
        marked("pasted", &wanted, 2),
        marked("other", &marker("other"), 0),
        marked("ours", &wanted, 1),
    ];
    let found = |known: &[Link]| {
        let found = carrier(&marked, &wanted, known)?;
        Some(observation::item_of(found).value.clone())
    };
    assert_eq!(found(&[]).as_deref(), Some("ours"));
    // A link of its own says that it is what somebody pasted; the copy's own link does not.
    let taken = link_of(&marker("other"), "ours");
    assert_eq!(found(&[taken]).as_deref(), Some("pasted"));
    let own = link_of(&wanted, "ours");
    assert_eq!(found(&[own]).as_deref(), Some("ours"));
    let elsewhere = link_of(&marker("other"), "elsewhere");
    assert_eq!(found(&[elsewhere]).as_deref(), Some("ours"));
}
