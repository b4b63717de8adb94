//! Contacts: one way, chosen by their data, and never read in a normal cycle (sections 2 and 4).

use super::vocabulary::*;
use super::world_kinds::*;
use crate::contract::*;

#[test]
fn a_contacts_copy_has_its_fields_and_the_link_behind_its_notes() {
    let (world, row, contact) = with_contact();
    let copy = world.contact(&contact);
    let notes = format!("Likes tea\n\nOpen in the PSA: https://psa.example.org/item/{row}");
    assert_eq!(
        copy.fields,
        Contact {
            notes,
            ..person("Smith")
        }
    );
    assert_eq!(world.link_of_row(&row).kind, ItemKind::Contact);
    assert!(world.events.is_empty());
}

#[test]
fn addresses_and_numbers_for_which_exchange_has_no_place_stay_at_home() {
    let (mut world, row, contact) = with_contact();
    let many = |of: &str| {
        (0..5)
            .map(|number| format!("{of}{number}"))
            .collect::<Vec<_>>()
    };
    world.edit_contact(&row, |it| {
        it.fields.emails = many("ann@example.org");
        it.fields.business_phones = many("+49 30 ");
    });
    world.settle();
    let fields = &world.contact(&contact).fields;
    assert_eq!((fields.emails.len(), fields.business_phones.len()), (3, 2));
}

#[test]
fn a_contact_changed_in_the_psa_overwrites_its_copy_without_having_read_it() {
    let (mut world, row, contact) = with_contact();
    world.edit_contact(&row, |it| it.fields.mobile_phone = "+49 170 2".into());
    let batch = world.changes();
    assert!(batch.groups.iter().all(|group| group.changes.is_empty()));
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemChanged]);
    assert_eq!(world.contact(&contact).fields.mobile_phone, "+49 170 2");
    world.settle();
}

#[test]
fn new_notes_alone_overwrite_the_copy_also_where_its_link_was_lost() {
    for lost in [false, true] {
        let (mut world, row, contact) = with_contact();
        world.edit_contact(&row, |it| it.fields.notes = "Likes coffee".into());
        let plan = if lost {
            world.lose_links();
            world.full()
        } else {
            world.cycle()
        };
        assert_eq!(rules(&plan), [Rule::PsaItemChanged]);
        assert!(
            world
                .contact(&contact)
                .fields
                .notes
                .starts_with("Likes coffee")
        );
        world.settle();
    }
}

#[test]
fn a_contact_saved_without_a_change_is_not_written() {
    let (mut world, row, _) = with_contact();
    world.edit_contact(&row, |_| {});
    assert!(writes(&world.cycle()).is_empty());
    world.settle();
}

#[test]
fn a_copy_changed_by_its_user_stays_until_the_contact_changes_and_is_then_overwritten() {
    let (mut world, row, contact) = with_contact();
    world.edit_contact_in_outlook(&contact, |it| it.job_title = "Boss".into());
    assert!(world.cycle().operations.is_empty());
    assert!(writes(&world.full()).is_empty());
    world.settle();
    assert_eq!(world.contact(&contact).fields.job_title, "Boss");
    world.edit_contact_in_outlook(&contact, |it| it.home_phone = "+49 30 9".into());
    world.edit_contact(&row, |it| it.fields.mobile_phone = "+49 170 2".into());
    // The version is no longer the one that Tandem knows: the write is refused, and tried anew.
    world.cycle();
    world.settle();
    let fields = &world.contact(&contact).fields;
    assert_eq!(fields.job_title, "Head of IT");
    assert_eq!(fields.home_phone, "");
    assert_eq!(fields.mobile_phone, "+49 170 2");
}

#[test]
fn a_restored_contact_overwrites_its_copy_with_its_restored_fields() {
    let (mut world, row, contact) = with_contact();
    let backup = world.row(&row).clone();
    world.edit_contact(&row, |it| it.fields.mobile_phone = "+49 170 2".into());
    world.settle();
    world.rows.insert(row.clone(), backup);
    world.changed_rows.insert(row);
    world.settle();
    assert_eq!(world.contact(&contact).fields.mobile_phone, "+49 170 1");
}

#[test]
fn a_deleted_or_inactive_contacts_copy_is_deleted() {
    let (mut world, row, _) = with_contact();
    world.delete_row(&row);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemDeleted]);
    assert!(world.contacts.is_empty() && world.links.is_empty());
    world.settle();

    let (mut world, row, _) = with_contact();
    world.edit_contact(&row, |it| it.active = false);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::PsaItemLeftSelection]);
    assert!(matches!(
        &plan.operations[0].action,
        Action::DeleteExchange(deletion) if deletion.kind == ItemKind::Contact
    ));
    assert!(world.contacts.is_empty());
    world.settle();
    world.edit_contact(&row, |it| it.active = true);
    world.settle();
    assert_eq!(world.contacts.len(), 1);
}

#[test]
fn a_contact_that_its_data_take_out_of_the_selection_loses_its_copy() {
    let (mut world, row, _) = with_contact();
    world.edit_chosen(&row, false, true);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemLeftSelection]);
    assert!(world.contacts.is_empty());
    world.settle();
}

#[test]
fn a_contact_that_a_setting_takes_out_of_the_selection_keeps_its_copy() {
    let (mut world, row, contact) = with_contact();
    world.select(ContactSelection::Territory);
    world.full();
    world.edit_chosen(&row, false, true);
    world.settle();
    world.select(ContactSelection::Own);
    assert!(writes(&world.full()).is_empty());
    world.settle();
    // Nor does a later change of its data take it away or reach it.
    world.edit_contact(&row, |it| it.fields.mobile_phone = "+49 170 2".into());
    assert!(writes(&world.cycle()).is_empty());
    world.settle();
    assert_eq!(world.contact(&contact).fields.mobile_phone, "+49 170 1");

    world.select(ContactSelection::All);
    assert_eq!(rules(&world.full()), [Rule::PsaItemChanged]);
    assert_eq!(world.contact(&contact).fields.mobile_phone, "+49 170 2");
    world.settle();
    assert_eq!(world.contacts.len(), 1);
}

#[test]
fn a_contact_that_a_setting_left_behind_and_that_becomes_inactive_loses_its_copy() {
    let (mut world, row, _) = with_contact();
    world.select(ContactSelection::Territory);
    world.edit_chosen(&row, true, false);
    world.full();
    world.settle();
    assert_eq!(world.contacts.len(), 1);
    world.edit_contact(&row, |it| it.active = false);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemLeftSelection]);
    assert!(world.contacts.is_empty());
    world.settle();
}

#[test]
fn a_wider_selection_writes_only_the_contacts_that_it_brings() {
    let (mut world, _, _) = with_contact();
    let elsewhere = Chosen {
        own: false,
        territory: false,
        left_one: false,
    };
    let other = world.enter_contact("Jones", elsewhere);
    assert_eq!(rules(&world.cycle()), [Rule::KeptAtHome]);
    world.settle();
    world.select(ContactSelection::All);
    let plan = world.full();
    let written = writes(&plan);
    assert_eq!(written.len(), 1);
    assert_eq!(written[0].psa.as_ref().unwrap().id.value, other);
    world.settle();
}

#[test]
fn a_contacts_copy_deleted_in_exchange_is_made_again_at_a_full_resynchronisation_only() {
    let (mut world, row, contact) = with_contact();
    world.delete_contact_in_outlook(&contact);
    assert!(world.cycle().operations.is_empty());
    // The write finds nobody, and the look at it that follows tells why.
    world.edit_contact(&row, |it| it.fields.mobile_phone = "+49 170 2".into());
    world.cycle();
    assert_eq!(rules(&world.cycle()), [Rule::CopyDeletedByUser]);
    assert_eq!(world.link_of_row(&row).state, LinkState::CopyDeleted);
    world.edit_contact(&row, |it| it.fields.mobile_phone = "+49 170 3".into());
    assert!(world.cycle().operations.is_empty());
    assert!(world.contacts.is_empty());

    assert_eq!(rules(&world.full()), [Rule::PsaItemIsNew]);
    assert_eq!(world.contacts.len(), 1);
    world.settle();
}

#[test]
fn a_full_read_that_is_no_resynchronisation_makes_no_contact_again() {
    let (mut world, _, contact) = with_contact();
    world.delete_contact_in_outlook(&contact);
    let mut batch = world.everything();
    batch.relinking = false;
    let plan = world.run(&batch, &mut |_| false);
    assert_eq!(rules(&plan), [Rule::CopyDeletedByUser]);
    assert!(world.contacts.is_empty());
}

#[test]
fn lost_links_of_contacts_are_made_again_by_marker_and_copies_of_users_are_left() {
    let (mut world, row, contact) = with_contact();
    let mut pasted = world.contact(&contact).clone();
    pasted.id = eid("z");
    world.contacts.insert("z".into(), pasted);
    let mut own = world.contact(&contact).clone();
    own.id = eid("own");
    own.marker = MarkerReading::Absent;
    world.contacts.insert("own".into(), own);
    world.lose_links();
    let plan = world.full();
    assert_eq!(rules(&plan), [Rule::RelinkedByMarker]);
    assert!(writes(&plan).is_empty());
    assert_eq!(
        world.link_of_row(&row).exchange.as_ref().unwrap().id,
        eid(&contact)
    );
    world.settle();
    assert_eq!((world.contacts.len(), world.rows.len()), (3, 1));
}

#[test]
fn a_contact_that_its_user_made_is_not_even_spoken_of_while_nothing_is_imported() {
    let (mut world, _, contact) = with_contact();
    let mut own = world.contact(&contact).clone();
    own.id = eid("own");
    own.marker = MarkerReading::Absent;
    world.contacts.insert("own".into(), own);
    world.profile.import_appointments = false;
    world.lose_links();
    assert_eq!(rules(&world.full()), [Rule::RelinkedByMarker]);
}

#[test]
fn a_marked_contact_without_its_psa_record_is_listed_and_stays() {
    let (mut world, row, _) = with_contact();
    world.lose_links();
    world.rows.remove(&row);
    world.chosen.clear();
    assert_eq!(rules(&world.full()), [Rule::MarkedWithoutRecord]);
    assert_eq!(world.contacts.len(), 1);
}

#[test]
fn a_contact_unselected_while_there_was_no_link_is_linked_and_keeps_its_copy() {
    let (mut world, row, _) = with_contact();
    world.lose_links();
    world.edit_chosen(&row, false, true);
    assert_eq!(rules(&world.full()), [Rule::RelinkedByMarker]);
    world.settle();
    assert_eq!(world.contacts.len(), 1);
    world.edit_chosen(&row, true, true);
    world.settle();
    assert_eq!(world.contacts.len(), 1);
}

#[test]
fn an_event_with_a_contacts_marker_is_no_copy_of_the_contact() {
    let (mut world, row, _) = with_contact();
    let mut strange = event("e", "Lunch", on(11, 12));
    strange.marker = MarkerReading::Present(Marker {
        tenant: tenant(),
        psa: psa_of(ItemKind::Contact, &row),
        generation: 0,
    });
    world.put(strange);
    assert_eq!(rules(&world.cycle()), [Rule::ExchangeItemIsNew]);
    world.settle();
}
