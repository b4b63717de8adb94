//! Who owns the text (section 2, column *subject, details*).

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

#[test]
fn a_psa_items_new_text_rewrites_its_copy_and_only_what_differs() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::PsaItemChanged]);
    assert_eq!(plan.operations[0].evidence.fields, ["subject"]);
    assert_eq!(world.event(&event).subject, "Long visit");
    world.settle();
}

#[test]
fn a_copys_edited_text_is_ignored_until_the_psa_item_changes_and_then_overwritten() {
    let (mut world, row, event) = with_psa_item();
    let body = world.event(&event).body.clone();
    world.edit_event(&event, |it| {
        it.subject = "Mine".into();
        it.body = "my notes".into();
    });
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::CopyTextIgnored]);
    assert_eq!(world.in_psa(&row).title, "Visit");
    world.settle();
    assert_eq!(world.event(&event).subject, "Mine");

    world.edit_row(&row, |it| it.span = on(12, 9));
    world.settle();
    assert_eq!(world.event(&event).subject, "Visit");
    assert_eq!(world.event(&event).body, body);
    assert_eq!(world.event(&event).span, on(12, 9));
}

#[test]
fn a_copys_body_that_is_not_read_is_written_with_each_change_of_its_psa_item() {
    let (mut world, row, event) = with_psa_item();
    let body = world.event(&event).body.clone();
    world.settings.import_mode = ImportMode::NoDetails;
    // What its user wrote there never shows: the provider drops bodies without looking.
    world.edit_event(&event, |it| it.body = String::new());
    world.cycle();
    world.edit_row(&row, |it| it.span = on(12, 9));
    let plan = world.cycle();
    assert_eq!(plan.operations[0].evidence.fields, ["time", "body"]);
    assert_eq!(world.event(&event).body, body);
}

#[test]
fn a_copy_edited_again_and_again_stays_as_its_user_wants_it() {
    let (mut world, _, event) = with_psa_item();
    for text in ["one", "two", "Visit", "three"] {
        world.edit_event(&event, |it| it.subject = text.into());
        let plan = world.cycle();
        assert!(writes(&plan).is_empty());
        assert_eq!(world.event(&event).subject, text);
    }
    world.settle();
}

#[test]
fn an_edited_copy_that_is_moved_moves_the_psa_item_and_keeps_its_text() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| {
        it.subject = "Mine".into();
        it.span = on(12, 9);
    });
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(12, 9));
    assert_eq!(world.in_psa(&row).title, "Visit");
    assert_eq!(world.event(&event).subject, "Mine");
}

#[test]
fn both_changed_the_text_and_the_psas_is_written() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.subject = "Mine".into());
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert_eq!(world.event(&event).subject, "Long visit");
}

#[test]
fn a_location_noted_on_our_copy_survives() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.location = "Room 5".into());
    world.settle();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert_eq!(world.event(&event).location, "Room 5");
    world.lose_links();
    world.full();
    world.settle();
    assert_eq!(world.event(&event).location, "Room 5");
}

#[test]
fn an_online_meetings_body_is_not_rewritten() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| {
        it.meeting.online = true;
        it.body.push_str("join: https://teams.example.org/1");
    });
    world.settle();
    world.edit_row(&row, |it| {
        it.title = "Long visit".into();
        it.description = "New plans".into();
    });
    world.settle();
    assert_eq!(world.event(&event).subject, "Long visit");
    assert!(world.event(&event).body.contains("teams.example.org"));
    world.lose_links();
    world.full();
    world.settle();
    assert!(world.event(&event).body.contains("teams.example.org"));
}

#[test]
fn an_exchange_items_new_text_rewrites_the_psa_copy() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| {
        it.subject = "Long lunch".into();
        it.body = "Bring cake".into();
        it.location = "Canteen".into();
    });
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemChanged]);
    assert_eq!(world.in_psa(&row).title, "Long lunch");
    assert!(world.in_psa(&row).description.starts_with("Bring cake"));
    assert!(world.in_psa(&row).description.contains("Canteen"));
    world.settle();
}

#[test]
fn a_psa_copys_edited_text_stays_until_the_original_changes_and_is_then_overwritten() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_row(&row, |it| it.title = "Mine".into());
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::CopyTextIgnored]);
    assert_eq!(world.event(&event).subject, "Lunch");
    world.settle();
    assert_eq!(world.in_psa(&row).title, "Mine");

    world.edit_event(&event, |it| it.body = "Bring cake".into());
    world.settle();
    assert_eq!(world.in_psa(&row).title, "Lunch");
    assert_eq!(world.in_psa(&row).description, "Bring cake");
}

#[test]
fn an_original_changed_where_the_psa_does_not_look_leaves_the_psa_copy_alone() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_row(&row, |it| it.title = "Mine".into());
    world.settle();
    world.edit_event(&event, |it| it.show_as = ShowAs::Tentative);
    let plan = world.cycle();
    assert!(writes(&plan).is_empty());
    assert_eq!(world.in_psa(&row).title, "Mine");
}

#[test]
fn a_new_attendee_is_a_change_of_the_original_and_told_as_one() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemChanged]);
    assert!(world.in_psa(&row).description.contains("Ann"));
}

#[test]
fn a_psa_item_turned_private_makes_its_copy_private_and_back() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.private = true);
    world.settle();
    assert_eq!(world.event(&event).sensitivity, Sensitivity::Private);
    world.edit_row(&row, |it| it.private = false);
    world.settle();
    assert_eq!(world.event(&event).sensitivity, Sensitivity::Normal);
}

#[test]
fn a_restored_psa_record_gives_the_copy_its_restored_fields() {
    let (mut world, row, event) = with_psa_item();
    let backup = world.row(&row).clone();
    world.edit_row(&row, |it| {
        it.title = "Long visit".into();
        it.private = true;
        it.span = on(12, 9);
    });
    world.settle();
    // The backup brings back the old versions too.
    world.rows.insert(row.clone(), backup);
    world.changed_rows.insert(row);
    world.settle();
    let event = world.event(&event);
    assert_eq!(event.subject, "Visit");
    assert_eq!(event.span, on(11, 14));
    assert_eq!(event.sensitivity, Sensitivity::Normal);
}

#[test]
fn a_write_of_tandems_own_is_no_change_of_the_psa_item() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.subject = "Mine".into());
    world.settle();
    // As another mailbox's cycle does it.
    world.rows.get_mut(&row).unwrap().version = version(1_000);
    world.versions = 1_000;
    world.changed_rows.insert(row);
    assert!(writes(&world.cycle()).is_empty());
    world.settle();
    assert_eq!(world.event(&event).subject, "Mine");
}

#[test]
fn a_copy_deleted_after_a_write_of_tandems_own_is_not_made_again() {
    let (mut world, row, event) = with_psa_item();
    world.rows.get_mut(&row).unwrap().version = version(1_000);
    world.versions = 1_000;
    world.delete_event(&event);
    assert_eq!(rules(&world.cycle()), [Rule::CopyDeletedByUser]);
    world.settle();
}
