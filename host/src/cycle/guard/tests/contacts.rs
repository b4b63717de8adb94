//! Contacts, of which there may be many more than items of the calendar, are weighed by themselves.

use super::*;

/// So many links of the calendar, and contacts' links behind them.
fn beside_contacts(linked: usize, contacts: usize) -> Desk {
    let mut desk = desk(linked + contacts);
    for number in linked..linked + contacts {
        let id = link(number).id.value;
        desk.links.get_mut(&id).unwrap().kind = ItemKind::Contact;
    }
    desk.contacts = contacts;
    desk
}

#[test]
fn a_calendar_that_is_emptied_stops_although_many_contacts_are_linked() {
    let mut desk = beside_contacts(10, 300);
    for number in 0..9 {
        desk.loses(number);
    }
    assert_eq!(desk.reason(), None);
    desk.loses(9);
    assert_eq!(desk.reason(), Some(Reason::Emptied));
}

#[test]
fn a_fifth_of_the_calendar_waits_although_many_contacts_are_linked() {
    let mut desk = beside_contacts(10, 300);
    (0..5).for_each(|number| desk.plans(delete_psa(number)));
    (10..30).for_each(|number| desk.plans(delete_psa(number)));
    let guarded = desk.weigh();
    assert_eq!((guarded.held.len(), guarded.allowed.len()), (5, 20));
}

#[test]
fn many_contacts_wait_and_the_calendars_deletions_do_not() {
    let mut desk = beside_contacts(30, 300);
    (0..5).for_each(|number| desk.plans(delete_psa(number)));
    (30..51).for_each(|number| desk.plans(delete_psa(number)));
    let guarded = desk.weigh();
    assert_eq!((guarded.held.len(), guarded.allowed.len()), (21, 5));
}

#[test]
fn contacts_that_are_gone_or_change_are_no_sign_of_another_mailbox() {
    let mut desk = beside_contacts(0, 30);
    for number in 0..30 {
        desk.loses(number);
        desk.plans(note(number));
    }
    assert_eq!(desk.reason(), None);
}

#[test]
fn a_new_plugin_may_write_a_twentieth_of_all_links() {
    let mut desk = beside_contacts(20, 180);
    desk.circumstances.other_plugin = true;
    (20..30).for_each(|number| desk.plans(note(number)));
    assert_eq!(desk.reason(), None);
    desk.plans(note(30));
    assert_eq!(desk.reason(), Some(Reason::NewPlugin));
}
