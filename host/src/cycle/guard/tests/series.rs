//! A series counts once, whatever it does to its occurrences.

use super::*;
use crate::contract::{Appointment, PsaCreation};
use crate::cycle::series::as_event;
use crate::cycle::series::sample::{master, occurrence, removal, slot};

/// Makes the links with these numbers occurrences of one series.
fn join(desk: &mut Desk, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let link = desk.links.get_mut(&format!("l{number}")).unwrap();
        let exchange = link.exchange.as_mut().unwrap();
        exchange.slot = Some(slot("m", 0));
    }
}

/// The desk of a mailbox with so many single items and a daily series of 30 linked occurrences.
fn daily(singles: usize) -> Desk {
    let mut desk = desk(singles + 30);
    join(&mut desk, singles..singles + 30);
    desk
}

#[test]
fn a_deleted_daily_series_is_one_deletion_and_is_carried_out() {
    for singles in [0, 4, 40] {
        let mut desk = daily(singles);
        desk.observed.staged.changes.push(removal("m"));
        for number in singles..singles + 30 {
            desk.plans(delete_psa(number));
        }
        let guarded = desk.weigh();
        assert_eq!((guarded.allowed.len(), guarded.stop), (30, None));
    }
}

#[test]
fn copies_without_links_count_once_for_their_series_too() {
    let mut desk = desk(0);
    for number in 0..30 {
        let deletion = Operation {
            link: LinkTarget::None,
            exchange: None,
            ..delete_psa(number)
        };
        desk.plans(deletion);
    }
    assert_eq!(desk.weigh().held.len(), 30);
    for number in 0..30 {
        desk.planned
            .copies
            .insert(psa(number).id.value, "m".to_owned());
    }
    assert!(desk.weigh().held.is_empty());
}

#[test]
fn a_deleted_series_is_one_of_the_deletions_that_wait() {
    let mut desk = daily(100);
    for number in 0..20 {
        desk.plans(delete_psa(number));
    }
    assert!(desk.weigh().held.is_empty());
    for number in 100..130 {
        desk.plans(delete_psa(number));
    }
    assert_eq!(desk.weigh().held.len(), 50);
}

#[test]
fn a_re_timed_series_is_one_change() {
    let mut desk = daily(19);
    for number in 19..49 {
        desk.plans(note(number));
    }
    for number in 0..9 {
        desk.plans(note(number));
    }
    assert_eq!(desk.reason(), None);
    desk.plans(note(9));
    let extent = desk.weigh().stop.unwrap().extent;
    assert_eq!((extent.linked, extent.changed, extent.writes), (20, 11, 11));
}

#[test]
fn a_series_is_gone_with_its_master_and_with_nothing_less() {
    let mut desk = daily(4);
    for number in 0..33 {
        desk.loses(number);
    }
    assert_eq!(desk.reason(), None);
    desk.observed.staged.changes.push(removal("m"));
    let extent = desk.weigh().stop.unwrap().extent;
    assert_eq!((extent.linked, extent.gone), (5, 5));
}

#[test]
fn a_series_that_does_not_answer_is_asked_about_once() {
    let mut desk = desk(0);
    desk.silent = (0..34).map(link).collect();
    for link in desk.silent.iter_mut().skip(4) {
        let exchange = link.exchange.as_mut().unwrap();
        exchange.slot = Some(slot("m", 0));
    }
    let extent = desk.weigh().stop.unwrap().extent;
    assert_eq!((extent.linked, extent.gone), (5, 5));
    desk.failed.insert("m".to_owned());
    assert_eq!(desk.reason(), None);
}

#[test]
fn approved_deletions_of_a_series_are_one_link_less() {
    let mut desk = daily(6);
    for number in 6..36 {
        desk.approved.insert(format!("l{number}"), "a".to_owned());
    }
    for number in 0..6 {
        desk.loses(number);
    }
    assert_eq!(desk.weigh().stop.unwrap().extent.linked, 6);
}

#[test]
fn a_series_that_comes_over_is_one_write() {
    let mut desk = desk(0);
    desk.circumstances.other_plugin = true;
    for number in 0..30 {
        let occurrence = occurrence("m", 0);
        let event = as_event(&occurrence, &master("m"));
        let id = exchange(number).id.value;
        desk.planned.items.insert(id, Change::Event(event));
        let creation = PsaCreation {
            appointment: Appointment {
                title: String::new(),
                description: String::new(),
                span: occurrence.span,
                private: false,
                free: false,
                recurring: true,
                not_answered: false,
            },
            exchange: exchange(number),
        };
        desk.plans(Operation {
            link: LinkTarget::Fresh(NewLink {
                kind: ItemKind::Appointment,
                origin: Side::Exchange,
            }),
            psa: None,
            ..operation(number, Action::CreatePsa(creation))
        });
    }
    assert_eq!(desk.reason(), None);
    for number in 30..35 {
        desk.plans(note(number));
    }
    let stop = desk.weigh().stop.unwrap();
    assert_eq!((stop.reason, stop.extent.writes), (Reason::NewPlugin, 6));
}
