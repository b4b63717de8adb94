//! The guard over whole plans.

use super::*;
use crate::contract::{
    Attempts, Evidence, ExchangeDeletion, ExchangeEvent, ExchangeId, ExchangeReference,
    ExchangeUpdate, ExchangeVersion, Instant, ItemKind, LinkChange, LinkId, Provenance,
    PsaDeletion, PsaId, PsaReference, Removal, RemovalProof, RowVersion, Side, Uid,
};
use crate::contract::{AttendeeProof, EventPatch, ExchangePatch, NewLink, Zone};
use crate::cycle::observe::Breadth;
use crate::cycle::series::in_play::InPlay;
use crate::cycle::series::sample;
use crate::store::observation::Staged;
use crate::store::stop::Reason;

mod contacts;
mod series;

/// What a test begins with: so many links, each with an item on both sides.
struct Desk {
    links: Links,
    /// How many of the links are contacts'.
    contacts: usize,
    observed: Observed,
    planned: Planned,
    approved: BTreeMap<String, String>,
    silent: Vec<Link>,
    failed: BTreeSet<String>,
    circumstances: Circumstances,
    asked: Option<Stop>,
}

fn link(number: usize) -> Link {
    let never = Attempts {
        count: 0,
        version: RowVersion { number: 0 },
    };
    Link {
        id: LinkId {
            value: format!("l{number}"),
        },
        kind: ItemKind::Appointment,
        origin: Side::Psa,
        psa: Some(psa(number)),
        exchange: Some(exchange(number)),
        provenance: Provenance::Own,
        state: LinkState::Linked,
        generation: 0,
        base: None,
        undoing: never,
        remaking: never,
        refused: None,
    }
}

fn psa(number: usize) -> PsaReference {
    PsaReference {
        kind: ItemKind::Appointment,
        id: PsaId {
            value: format!("p{number}"),
        },
    }
}

fn exchange(number: usize) -> ExchangeReference {
    ExchangeReference {
        id: ExchangeId {
            value: format!("e{number}"),
        },
        uid: None,
        slot: None,
    }
}

fn desk(linked: usize) -> Desk {
    let links: Links = (0..linked)
        .map(|number| (format!("l{number}"), link(number)))
        .collect();
    Desk {
        planned: Planned {
            operations: Vec::new(),
            psa_version: None,
            items: BTreeMap::new(),
            former: BTreeMap::new(),
            copies: BTreeMap::new(),
            links: links.keys().cloned().collect(),
            series: InPlay::default(),
        },
        links,
        contacts: 0,
        observed: Observed {
            staged: Staged::default(),
            unanswered: BTreeMap::new(),
            looked_at: Vec::new(),
            breadth: Breadth::Changes,
        },
        approved: BTreeMap::new(),
        silent: Vec::new(),
        failed: BTreeSet::new(),
        circumstances: Circumstances::default(),
        asked: None,
    }
}

impl Desk {
    fn weigh(&self) -> Guarded {
        let weighing = Weighing {
            approved: self.approved.clone(),
            approved_rows: &[],
            linked: once::links(self.links.values().chain(&self.silent)) - self.contacts,
            contacts: self.contacts,
            links: &self.links,
            silent: &self.silent,
            failed: &self.failed,
            circumstances: self.circumstances,
            asked: self.asked.clone(),
            cycle: "this",
        };
        weighing.weigh(&self.observed, &self.planned)
    }

    fn plans(&mut self, operation: Operation) {
        self.planned.operations.push(operation);
    }

    fn loses(&mut self, number: usize) {
        let removal = Removal {
            id: exchange(number).id,
            proof: RemovalProof::NotFound,
        };
        let staged = &mut self.observed.staged;
        staged.changes.push(Change::Removal(removal));
    }

    fn reason(&self) -> Option<Reason> {
        self.weigh().stop.map(|stop| stop.reason)
    }
}

fn operation(number: usize, action: Action) -> Operation {
    Operation {
        group: 0,
        link: LinkTarget::Existing(link(number).id),
        psa: Some(psa(number)),
        exchange: Some(exchange(number).id),
        action,
        after: LinkChange::Keep,
        rule: Rule::PsaItemDeleted,
        evidence: Evidence {
            base: None,
            psa: None,
            exchange: None,
            fields: Vec::new(),
        },
        remark: String::new(),
    }
}

fn delete_psa(number: usize) -> Operation {
    let deletion = PsaDeletion {
        reference: psa(number),
        version: RowVersion { number: 1 },
    };
    operation(number, Action::DeletePsa(deletion))
}

fn note(number: usize) -> Operation {
    let note = crate::contract::CopyDeletionNote {
        reference: psa(number),
        at: None,
    };
    operation(number, Action::NoteCopyDeleted(note))
}

fn proof() -> AttendeeProof {
    AttendeeProof {
        version: version(),
        attendees: 0,
        owner_organizes: true,
    }
}

fn version() -> ExchangeVersion {
    ExchangeVersion {
        tag: "1".to_owned(),
    }
}

/// A write that the host refuses: it knows nothing of the item.
fn unproved(number: usize) -> Operation {
    let update = ExchangeUpdate {
        target: exchange(number),
        version: version(),
        proof: proof(),
        patch: ExchangePatch::Event(EventPatch {
            subject: Some("x".to_owned()),
            location: None,
            body: None,
            span: None,
            zone: Zone {
                name: "UTC".to_owned(),
            },
            sensitivity: None,
            show_as: None,
        }),
    };
    operation(number, Action::UpdateExchange(update))
}

fn unproved_deletion(number: usize) -> Operation {
    let deletion = ExchangeDeletion {
        target: exchange(number),
        version: version(),
        proof: proof(),
        kind: ItemKind::Appointment,
    };
    operation(number, Action::DeleteExchange(deletion))
}

fn extent(gone: usize) -> Extent {
    Extent {
        linked: gone,
        gone,
        changed: 0,
        deletions: gone,
        writes: gone,
    }
}

#[test]
fn too_many_deletions_wait_all_of_them_and_nothing_else_does() {
    let mut desk = desk(100);
    for number in 0..20 {
        desk.plans(delete_psa(number));
    }
    assert!(desk.weigh().held.is_empty());
    desk.plans(delete_psa(20));
    desk.plans(note(30));
    let guarded = desk.weigh();
    assert_eq!(guarded.held.len(), 21);
    assert_eq!(guarded.allowed, [note(30)]);
    assert_eq!(guarded.verdicts[20], Verdict::Held);
    assert_eq!(guarded.verdicts[21], Verdict::Allowed);
    assert_eq!(guarded.stop, None, "what waits anyway asks once");
}

#[test]
fn what_would_mail_somebody_is_refused_and_counts_for_nothing() {
    let mut desk = desk(10);
    for number in 0..5 {
        desk.plans(unproved_deletion(number));
    }
    let guarded = desk.weigh();
    assert_eq!(guarded.refused.len(), 5);
    assert!(matches!(guarded.verdicts[0], Verdict::Refused(_)));
    assert!(guarded.allowed.is_empty() && guarded.held.is_empty());
    desk.plans(delete_psa(6));
    assert_eq!(desk.weigh().allowed.len(), 1);
}

#[test]
fn approved_deletions_go_ahead_and_do_not_count_beside_others() {
    let mut desk = desk(100);
    for number in 0..30 {
        desk.plans(delete_psa(number));
        desk.approved
            .insert(format!("l{number}"), format!("a{number}"));
    }
    for number in 40..60 {
        desk.plans(delete_psa(number));
    }
    let guarded = desk.weigh();
    assert_eq!(guarded.allowed.len(), 50);
    assert!(guarded.idle_approvals.is_empty());
    desk.plans(delete_psa(60));
    let guarded = desk.weigh();
    assert_eq!((guarded.allowed.len(), guarded.held.len()), (30, 21));
}

#[test]
fn what_an_admin_asked_for_does_not_wait() {
    let mut desk = desk(30);
    for number in 0..30 {
        desk.plans(Operation {
            rule: Rule::RemovedByAdmin,
            ..delete_psa(number)
        });
    }
    assert_eq!(desk.weigh().held.len(), 30, "only the plugin says so");
    desk.circumstances.removing = true;
    let guarded = desk.weigh();
    assert_eq!((guarded.allowed.len(), guarded.stop), (30, None));
}

#[test]
fn an_approval_ends_when_its_item_was_looked_at_and_is_not_to_be_deleted() {
    let mut desk = desk(10);
    for number in [1, 2, 3] {
        desk.approved
            .insert(format!("l{number}"), format!("a{number}"));
    }
    desk.plans(delete_psa(1));
    desk.plans(note(2));
    desk.planned.links.remove("l3");
    assert_eq!(desk.weigh().idle_approvals, ["a2"]);
}

#[test]
fn a_mailbox_without_any_linked_item_stops() {
    let mut desk = desk(6);
    for number in 0..5 {
        desk.loses(number);
    }
    assert_eq!(desk.reason(), None);
    desk.loses(5);
    assert_eq!(desk.reason(), Some(Reason::Emptied));
    assert!(holds_items(&Observed {
        staged: Staged {
            present: vec![exchange(9).id],
            ..Staged::default()
        },
        ..desk.observed
    }));
}

#[test]
fn what_came_back_under_another_id_is_not_gone() {
    let mut desk = desk(5);
    for number in 0..5 {
        desk.loses(number);
    }
    assert_eq!(desk.reason(), Some(Reason::Emptied));
    let uid = Uid {
        value: "u".to_owned(),
    };
    let link = desk.links.get_mut("l0").unwrap();
    link.exchange.as_mut().unwrap().uid = Some(uid.clone());
    let back = ExchangeEvent {
        uid: Some(uid),
        ..sample::master("elsewhere")
    };
    desk.observed.staged.changes.push(Change::Event(back));
    assert_eq!(desk.reason(), None);
}

#[test]
fn items_that_do_not_answer_count_as_gone() {
    let mut desk = desk(3);
    for number in 0..3 {
        desk.loses(number);
    }
    assert!(!holds_items(&desk.observed));
    desk.silent = vec![link(7), link(8)];
    assert_eq!(desk.reason(), Some(Reason::Emptied));
    desk.silent[0].state = LinkState::SetAside;
    assert_eq!(desk.reason(), None);
}

#[test]
fn items_that_do_not_answer_are_asked_about_once() {
    let mut desk = desk(0);
    desk.silent = (0..6).map(link).collect();
    assert_eq!(desk.reason(), Some(Reason::Emptied));
    desk.failed.insert(exchange(0).id.value);
    let extent = desk.weigh().stop.unwrap().extent;
    assert_eq!((extent.linked, extent.gone), (5, 5));
    desk.failed
        .extend((1..6).map(|number| exchange(number).id.value));
    assert_eq!(desk.reason(), None);
}

#[test]
fn only_what_is_not_listed_either_is_silent() {
    let mut desk = desk(0);
    for number in 0..2 {
        let unanswered = &mut desk.observed.unanswered;
        unanswered.insert(exchange(number).id.value, String::new());
    }
    desk.observed.staged.present.push(exchange(0).id);
    assert_eq!(silent(&desk.observed), [exchange(1).id]);
}

#[test]
fn an_approval_outlasts_that_its_item_does_not_answer() {
    let mut desk = desk(1);
    desk.approved.insert("l0".to_owned(), "a".to_owned());
    assert_eq!(desk.weigh().idle_approvals, ["a"]);
    desk.silent = vec![link(0)];
    assert!(desk.weigh().idle_approvals.is_empty());
}

#[test]
fn links_that_wait_or_were_approved_are_not_missed() {
    let mut desk = desk(6);
    for number in 0..6 {
        desk.loses(number);
    }
    desk.approved.insert("l0".to_owned(), "a".to_owned());
    let stop = desk.weigh().stop.unwrap();
    assert_eq!((stop.extent.linked, stop.extent.gone), (5, 5));
    for number in 0..6 {
        desk.approved.insert(format!("l{number}"), "a".to_owned());
    }
    assert_eq!(desk.reason(), None);
    desk.approved.clear();
    for link in desk.links.values_mut() {
        link.state = LinkState::Held;
    }
    assert_eq!(desk.reason(), None);
}

#[test]
fn a_link_that_changes_counts_once_and_one_that_is_only_noted_not() {
    let mut desk = desk(20);
    for number in 0..10 {
        desk.plans(note(number));
        desk.plans(note(number));
    }
    desk.plans(operation(11, Action::LinkOnly));
    desk.plans(operation(12, Action::Nothing));
    desk.plans(unproved(13));
    desk.plans(Operation {
        link: LinkTarget::Fresh(NewLink {
            kind: ItemKind::Appointment,
            origin: Side::Psa,
        }),
        ..note(14)
    });
    assert_eq!(desk.reason(), None);
    desk.plans(note(15));
    let stop = desk.weigh().stop.unwrap();
    assert_eq!(stop.reason, Reason::MostChanged);
    assert_eq!((stop.extent.changed, stop.extent.writes), (11, 22));
    assert_eq!((stop.cycle.as_str(), stop.approved), ("this", false));
}

#[test]
fn approved_deletions_are_no_change_of_most_links() {
    let mut desk = desk(30);
    for number in 0..30 {
        desk.plans(delete_psa(number));
        desk.approved.insert(format!("l{number}"), "a".to_owned());
    }
    let guarded = desk.weigh();
    assert_eq!((guarded.allowed.len(), guarded.stop), (30, None));
}

#[test]
fn a_new_plugin_stops_also_where_its_deletions_would_wait() {
    let mut desk = desk(100);
    for number in 0..21 {
        desk.plans(delete_psa(number));
    }
    desk.circumstances.other_plugin = true;
    assert_eq!(desk.reason(), Some(Reason::NewPlugin));
}

#[test]
fn an_approved_stop_lets_the_same_plan_go_and_no_larger_one() {
    let mut desk = desk(6);
    for number in 0..6 {
        desk.loses(number);
        desk.plans(delete_psa(number));
    }
    let asked = Stop {
        cycle: "before".to_owned(),
        reason: Reason::Emptied,
        extent: extent(6),
        approved: true,
    };
    desk.asked = Some(asked.clone());
    let guarded = desk.weigh();
    assert_eq!(guarded.stop, None);
    assert_eq!((guarded.allowed.len(), guarded.held.len()), (6, 0));
    for smaller in [
        Extent {
            gone: 5,
            ..extent(6)
        },
        Extent {
            deletions: 5,
            ..extent(6)
        },
        Extent {
            writes: 5,
            ..extent(6)
        },
    ] {
        desk.asked = Some(Stop {
            extent: smaller,
            ..asked.clone()
        });
        let guarded = desk.weigh();
        assert_eq!(guarded.stop.unwrap().cycle, "this", "{smaller:?}");
        assert_eq!(guarded.held.len(), 6);
    }
}

#[test]
fn an_open_question_keeps_its_name_until_there_is_more_to_ask() {
    let mut desk = desk(6);
    for number in 0..6 {
        desk.loses(number);
    }
    let asked = Stop {
        cycle: "before".to_owned(),
        reason: Reason::Emptied,
        extent: extent(7),
        approved: false,
    };
    desk.asked = Some(asked.clone());
    assert_eq!(desk.weigh().stop, Some(asked.clone()));
    desk.asked = Some(Stop {
        extent: extent(5),
        ..asked
    });
    let stop = desk.weigh().stop.unwrap();
    assert_eq!((stop.cycle.as_str(), stop.extent.gone), ("this", 6));
}

#[test]
fn a_change_of_links_is_part_of_what_was_approved() {
    let changes = |changed| Extent {
        changed,
        ..extent(1)
    };
    assert!(changes(2).covers(&changes(2)));
    assert!(changes(2).covers(&changes(1)));
    assert!(!changes(2).covers(&changes(3)));
}

#[test]
fn an_item_of_exchange_that_failed_before_is_known_to_be_silent_and_one_that_lost_a_race_is_not() {
    let entry = |item: Item, failures: u32| LookAgain {
        item,
        reason: look_again::Reason::Failed,
        failures,
        due: Instant { microseconds: 0 },
        detail: String::new(),
        times: 0,
    };
    let id = |value: &str| ExchangeId {
        value: value.to_owned(),
    };
    let row = PsaReference {
        kind: ItemKind::Appointment,
        id: PsaId {
            value: "row".to_owned(),
        },
    };
    let listed = vec![
        entry(Item::Exchange(id("never")), 0),
        entry(Item::Exchange(id("once")), 1),
        entry(Item::Exchange(id("often")), 4),
        entry(Item::Psa(row), 2),
    ];
    let known = failed(listed);
    assert_eq!(known.iter().collect::<Vec<_>>(), ["often", "once"]);
}
