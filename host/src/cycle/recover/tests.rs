//! Whether what is found of an interrupted write is what the write was planned on.

use super::*;
use crate::contract::{
    AttendeeProof, EventPatch, Evidence, ExchangeDeletion, ExchangePatch, ExchangeUpdate,
    ExchangeVersion, Instant, LinkTarget, Operation, Rule, Zone,
};
use crate::cycle::series::sample::{id, master, moved, occurrence, removal, slot};

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
        created: Instant { microseconds: 0 },
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
