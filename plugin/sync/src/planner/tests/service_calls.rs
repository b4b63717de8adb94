//! Service calls: their copies may not be changed, but nobody is fought (sections 2, 4 and 6). The
//! cycle's instant is noon of the 10th.

use super::vocabulary::*;
use super::world::*;
use super::world_kinds::*;
use crate::contract::*;

const BLOCK: &str = "Service call in the PSA\n\nReplace the switch\n\nStatus: Planned\n\n\
    Tickets and tasks:\n- T7 Slow network\n- A2 Cabling\n\nOrganisation: Acme\nPhone: +49 30 1\n\
    Address: Main Street 1, Berlin\n\nOpen in the PSA: https://psa.example.org/item/row001";

fn body(event: &ExchangeEvent) -> String {
    crate::base::normal_text(&event.body)
}

/// Undoes so often that the next change stays.
fn tired(world: &mut World, event: &str) {
    for day in 12..15 {
        world.edit_event(event, |it| it.span = on(day, 9));
        assert_eq!(rules(&world.cycle()), [Rule::ServiceCallUndone]);
        assert_eq!(world.event(event).span, on(11, 14));
        world.cycle();
    }
}

#[test]
fn a_service_calls_copy_says_where_to_go_and_what_to_do() {
    let (world, row, event) = with_call();
    let copy = world.event(&event);
    assert_eq!(copy.subject, "Acme: Replace the switch");
    assert_eq!(copy.location, "Main Street 1, Berlin");
    assert_eq!(body(copy), BLOCK);
    assert_eq!(copy.span, on(11, 14));
    assert_eq!(copy.show_as, ShowAs::Busy);
    assert_eq!(world.link_of_row(&row).kind, ItemKind::ServiceCall);
}

#[test]
fn a_service_call_without_description_is_named_by_its_first_ticket() {
    let mut world = World::new();
    let row = world.book_call("", on(11, 14));
    world.settle();
    let event = world.twin_of_row(&row).unwrap();
    assert_eq!(world.event(&event).subject, "Acme: Slow network");
}

#[test]
fn a_subject_is_one_line_of_at_most_255_characters_and_at_rest() {
    let mut world = World::new();
    let long = format!("{}\nsecond line", "ü".repeat(300));
    let row = world.book_call(&long, on(11, 14));
    world.settle();
    let event = world.twin_of_row(&row).unwrap();
    let subject = &world.event(&event).subject;
    assert_eq!(subject.chars().count(), 255);
    assert!(subject.starts_with("Acme: üü") && subject.ends_with("ü…"));
    world.lose_links();
    assert!(writes(&world.full()).is_empty());
}

#[test]
fn a_service_call_changed_in_the_psa_moves_and_rewrites_its_copy() {
    let (mut world, row, event) = with_call();
    world.edit_call(&row, |it| it.span = on(12, 9));
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemMoved]);
    assert_eq!(world.event(&event).span, on(12, 9));
    world.settle();
    world.edit_call(&row, |it| {
        it.status = "Done".into();
        it.address = "Side Street 2".into();
    });
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::PsaItemChanged]);
    assert_eq!(plan.operations[0].evidence.fields, ["location", "body"]);
    assert!(world.event(&event).body.contains("Status: Done"));
    assert_eq!(world.event(&event).location, "Side Street 2");
    world.settle();
}

#[test]
fn a_record_that_a_call_shows_changes_and_only_its_field_is_written() {
    let (mut world, row, event) = with_call();
    // The organisation moved: the call reads differently, and nobody changed the call itself.
    let version = world.next_version();
    let call = world.rows.get_mut(&row).unwrap();
    call.version = version;
    let PsaContent::ServiceCall(fields) = &mut call.content else {
        panic!("not a service call")
    };
    fields.address = "Side Street 2".into();
    world.changed_rows.insert(row.clone());
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::PsaItemChanged]);
    assert_eq!(plan.operations[0].evidence.fields, ["location", "body"]);
    assert_eq!(world.event(&event).location, "Side Street 2");
    world.settle();
}

#[test]
fn a_deleted_service_call_deletes_its_copy() {
    let (mut world, row, _) = with_call();
    world.delete_row(&row);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemDeleted]);
    assert!(world.events.is_empty());
    world.settle();
}

#[test]
fn a_resource_taken_off_loses_the_own_copy_and_gets_one_when_assigned_again() {
    let (mut world, row, _) = with_call();
    world.edit_call(&row, |it| it.assigned = false);
    assert_eq!(rules(&world.cycle()), [Rule::ResourceTakenOff]);
    assert!(world.events.is_empty() && world.links.is_empty());
    world.settle();
    world.edit_call(&row, |it| it.assigned = true);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemIsNew]);
    world.settle();
}

#[test]
fn a_call_to_which_the_resource_is_not_assigned_has_no_copy() {
    let mut world = World::new();
    let row = world.book_call("Replace the switch", on(11, 14));
    world.edit_call(&row, |it| it.assigned = false);
    assert_eq!(rules(&world.cycle()), [Rule::KeptAtHome]);
    assert!(world.events.is_empty());
}

#[test]
fn a_call_assigned_after_its_copy_had_been_deleted_and_the_resource_taken_off_gets_a_copy() {
    let (mut world, row, event) = with_call();
    world.delete_event(&event);
    world.cycle();
    let again = world.twin_of_row(&row).unwrap();
    world.delete_event(&again);
    world.settle();
    assert!(world.events.is_empty());
    world.edit_call(&row, |it| it.assigned = false);
    world.settle();
    assert!(world.links.is_empty());
    world.edit_call(&row, |it| it.assigned = true);
    world.settle();
    assert_eq!(world.events.len(), 1);
}

#[test]
fn a_moved_copy_of_a_service_call_goes_back_and_the_call_stays() {
    let (mut world, row, event) = with_call();
    for span in [on(12, 9), days(11, 12)] {
        world.edit_event(&event, |it| it.span = span);
        let plan = world.cycle();
        assert_eq!(rules(&plan), [Rule::ServiceCallUndone]);
        assert_eq!(plan.operations[0].evidence.fields, ["time"]);
        assert_eq!(world.event(&event).span, on(11, 14));
        assert_eq!(span_of(world.row(&row)), Some(on(11, 14)));
        world.settle();
    }
    assert_eq!(world.link_of_row(&row).undoing.count, 2);
}

#[test]
fn subject_location_and_block_of_a_service_calls_copy_are_put_back() {
    let (mut world, _, event) = with_call();
    world.edit_event(&event, |it| {
        it.subject = "Mine".into();
        it.location = "Pub".into();
        it.body = it.body.replace("switch", "router");
    });
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ServiceCallUndone]);
    assert_eq!(
        plan.operations[0].evidence.fields,
        ["subject", "location", "body"]
    );
    let copy = world.event(&event);
    assert_eq!(copy.subject, "Acme: Replace the switch");
    assert_eq!(copy.location, "Main Street 1, Berlin");
    assert_eq!(body(copy), BLOCK);
    world.settle();
}

#[test]
fn what_is_not_ours_on_a_service_calls_copy_is_not_touched() {
    let (mut world, row, event) = with_call();
    world.edit_event(&event, |it| {
        it.show_as = ShowAs::OutOfOffice;
        it.sensitivity = Sensitivity::Private;
        it.body = format!("bring a ladder\n{}\nparking behind the house", it.body);
    });
    assert!(writes(&world.cycle()).is_empty());
    world.settle();
    assert_eq!(world.link_of_row(&row).undoing.count, 0);

    world.edit_event(&event, |it| it.body = it.body.replace("switch", "router"));
    assert_eq!(rules(&world.cycle()), [Rule::ServiceCallUndone]);
    let copy = world.event(&event);
    assert_eq!(
        body(copy),
        format!("bring a ladder\n\n{BLOCK}\n\nparking behind the house")
    );
    assert_eq!(copy.show_as, ShowAs::OutOfOffice);
    assert_eq!(copy.sensitivity, Sensitivity::Private);
    world.settle();
    world.lose_links();
    assert!(
        writes(&world.full())
            .iter()
            .all(|it| it.evidence.fields == ["sensitivity", "show as"])
    );
}

#[test]
fn what_the_server_made_of_our_write_is_not_undone() {
    let mut world = World::new();
    let row = world.book_call("Replace the switch", on(11, 14));
    world.cycle();
    let event = world.twin_of_row(&row).unwrap();
    // The server knows the place, and says so in its own words.
    world.events.get_mut(&event).unwrap().location = "Acme, Main Street 1".into();
    world.bump(&event);
    let digest = crate::base::exchange_base(world.event(&event));
    world
        .links
        .values_mut()
        .for_each(|link| link.base.as_mut().unwrap().exchange = digest.clone());
    world.bump(&event);
    assert_eq!(rules(&world.cycle()), [Rule::OnlyVersionDiffers]);
    world.settle();
}

#[test]
fn undoing_ends_after_three_times_for_one_version_and_tells() {
    let (mut world, row, event) = with_call();
    tired(&mut world, &event);
    world.edit_event(&event, |it| it.span = on(15, 9));
    assert_eq!(rules(&world.cycle()), [Rule::UndoingStopped]);
    world.settle();
    assert_eq!(world.event(&event).span, on(15, 9));
    assert_eq!(span_of(world.row(&row)), Some(on(11, 14)));
    assert_eq!(world.link_of_row(&row).undoing.count, 3);
    world.edit_event(&event, |it| it.subject = "Mine".into());
    assert_eq!(rules(&world.cycle()), [Rule::UndoingStopped]);
    world.settle();
}

#[test]
fn a_copy_that_its_user_puts_right_after_undoing_has_stopped_is_told_as_agreed() {
    let (mut world, _, event) = with_call();
    tired(&mut world, &event);
    world.edit_event(&event, |it| it.span = on(15, 9));
    world.cycle();
    world.edit_event(&event, |it| it.span = on(11, 14));
    assert_eq!(rules(&world.cycle()), [Rule::Agreed]);
    world.settle();
}

#[test]
fn a_change_of_the_call_is_written_over_what_was_no_longer_undone_and_undoing_begins_anew() {
    let (mut world, row, event) = with_call();
    let place = world.event(&event).location.clone();
    tired(&mut world, &event);
    world.edit_event(&event, |it| {
        it.span = on(15, 9);
        it.subject = "Mine".into();
        it.location = "My place".into();
    });
    world.settle();
    world.edit_call(&row, |it| it.status = "Confirmed".into());
    let plan = world.cycle();
    assert_eq!(
        plan.operations[0].evidence.fields,
        ["time", "subject", "location", "body"]
    );
    assert_eq!(world.event(&event).span, on(11, 14));
    assert_eq!(world.event(&event).subject, "Acme: Replace the switch");
    assert_eq!(world.event(&event).location, place);
    world.settle();
    world.edit_event(&event, |it| it.body.insert_str(0, "bring a ladder\n"));
    world.edit_call(&row, |it| it.status = "Done".into());
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemChanged]);
    assert!(!world.event(&event).body.contains("ladder"));
    world.settle();
    tired(&mut world, &event);
}

#[test]
fn an_undoing_that_fails_is_not_counted() {
    let (mut world, row, event) = with_call();
    world.edit_event(&event, |it| it.span = on(12, 9));
    let batch = world.changes();
    world.run(&batch, &mut |_| true);
    assert_eq!(world.link_of_row(&row).undoing.count, 0);
    world.settle();
    assert_eq!(world.link_of_row(&row).undoing.count, 1);
    assert_eq!(world.event(&event).span, on(11, 14));
}

#[test]
fn the_copy_of_a_call_that_is_over_is_left_as_its_user_wants_it() {
    let mut world = World::new();
    let row = world.book_call("Replace the switch", on(10, 9));
    world.settle();
    let event = world.twin_of_row(&row).unwrap();
    world.edit_event(&event, |it| {
        it.span = on(10, 10);
        it.subject = "Mine".into();
    });
    let plan = world.cycle();
    assert!(writes(&plan).is_empty());
    assert!(plan.operations[0].remark.contains("over"));
    world.settle();
    assert_eq!(world.event(&event).subject, "Mine");
}

#[test]
fn the_copy_of_a_call_under_way_is_put_right() {
    let mut world = World::new();
    let row = world.book_call("Replace the switch", between(at(10, 11), at(10, 13)));
    world.settle();
    let event = world.twin_of_row(&row).unwrap();
    world.edit_event(&event, |it| it.span = on(10, 15));
    assert_eq!(rules(&world.cycle()), [Rule::ServiceCallUndone]);
    world.settle();
}

#[test]
fn call_and_copy_both_moved_and_the_psa_wins_without_counting() {
    let (mut world, row, event) = with_call();
    world.edit_call(&row, |it| it.span = on(12, 9));
    world.edit_event(&event, |it| it.span = on(13, 9));
    assert_eq!(rules(&world.cycle()), [Rule::BothMovedPsaWins]);
    assert_eq!(world.event(&event).span, on(12, 9));
    assert_eq!(world.link_of_row(&row).undoing.count, 0);
    world.settle();
}

#[test]
fn bodies_that_are_not_read_are_not_undone_and_not_when_they_are_read_again() {
    let (mut world, row, event) = with_call();
    let full_body = world.event(&event).body.clone();
    world.settings.import_mode = ImportMode::NoDetails;
    // The provider drops bodies without looking.
    world.edit_event(&event, |it| it.body = String::new());
    assert!(writes(&world.full()).is_empty());
    world.settle();
    world.settings.import_mode = ImportMode::AllDetails;
    world.edit_event(&event, |it| it.body = full_body);
    assert!(writes(&world.full()).is_empty());
    world.settle();
    assert_eq!(world.link_of_row(&row).undoing.count, 0);
    world.edit_event(&event, |it| it.body = String::new());
    assert_eq!(rules(&world.cycle()), [Rule::ServiceCallUndone]);
    world.settle();
}

#[test]
fn a_deleted_copy_of_a_service_call_is_made_again_once_and_a_second_deletion_is_respected() {
    let (mut world, row, event) = with_call();
    world.delete_event(&event);
    assert_eq!(rules(&world.cycle()), [Rule::ServiceCallMadeAgain]);
    world.settle();
    let again = world.twin_of_row(&row).unwrap();
    assert_eq!(world.link_of_row(&row).remaking.count, 1);

    world.delete_event(&again);
    assert_eq!(rules(&world.cycle()), [Rule::CopyDeletedByUser]);
    world.settle();
    assert!(world.events.is_empty());
    world.lose_links();
    world.full();
    world.settle();
    assert!(world.events.is_empty());

    world.edit_call(&row, |it| it.status = "Confirmed".into());
    assert_eq!(rules(&world.cycle()), [Rule::MadeAgainAfterChange]);
    world.settle();
    let third = world.twin_of_row(&row).unwrap();
    world.delete_event(&third);
    assert_eq!(rules(&world.cycle()), [Rule::ServiceCallMadeAgain]);
    world.settle();
}

#[test]
fn a_deleted_copy_of_a_call_that_has_begun_is_not_made_again() {
    for span in [on(10, 9), between(at(10, 12), at(10, 14))] {
        let mut world = World::new();
        let row = world.book_call("Replace the switch", span);
        world.settle();
        let event = world.twin_of_row(&row).unwrap();
        world.delete_event(&event);
        assert_eq!(rules(&world.cycle()), [Rule::CopyDeletedByUser]);
        world.settle();
        assert!(world.events.is_empty());
    }
}

#[test]
fn making_again_that_fails_is_tried_again_and_counts_once() {
    let (mut world, row, event) = with_call();
    world.delete_event(&event);
    let batch = world.changes();
    world.run(&batch, &mut |_| true);
    // As a host does when it notes the creation.
    world
        .links
        .values_mut()
        .for_each(|link| link.exchange = None);
    world.removed_events.clear();
    assert_eq!(rules(&world.cycle()), [Rule::ServiceCallMadeAgain]);
    world.settle();
    assert_eq!(world.link_of_row(&row).remaking.count, 1);
    let again = world.twin_of_row(&row).unwrap();
    world.delete_event(&again);
    assert_eq!(rules(&world.cycle()), [Rule::CopyDeletedByUser]);
    world.settle();
}

#[test]
fn a_service_calls_copy_with_guests_is_released_and_neither_undone_nor_made_again() {
    let (mut world, row, event) = with_call();
    world.edit_event(&event, |it| {
        it.meeting.attendees.push(attendee("Ann"));
        it.span = on(12, 9);
    });
    assert_eq!(rules(&world.cycle()), [Rule::CopyReleased]);
    world.settle();
    assert_eq!(world.event(&event).span, on(12, 9));
    world.delete_event(&event);
    world.settle();
    assert!(world.events.is_empty());
    assert_eq!(world.link_of_row(&row).state, LinkState::Released);
}

#[test]
fn a_pasted_copy_of_a_service_call_is_a_new_item_of_exchange_and_may_be_moved() {
    let (mut world, _, event) = with_call();
    let pasted = world.paste(&event);
    assert_eq!(rules(&world.cycle()), [Rule::CopiedItemIsNew]);
    world.settle();
    world.edit_event(&pasted, |it| it.span = on(12, 9));
    world.settle();
    assert_eq!(world.event(&pasted).span, on(12, 9));
}

#[test]
fn a_restored_call_gives_its_copy_its_restored_fields() {
    let (mut world, row, event) = with_call();
    let backup = world.row(&row).clone();
    world.edit_call(&row, |it| {
        it.description = "Replace the router".into();
        it.span = on(12, 9);
    });
    world.settle();
    // The backup brings back the old versions too.
    world.rows.insert(row.clone(), backup);
    world.changed_rows.insert(row.clone());
    world.settle();
    assert_eq!(world.event(&event).subject, "Acme: Replace the switch");
    assert_eq!(world.event(&event).span, on(11, 14));
    assert_eq!(world.link_of_row(&row).undoing.count, 0);
}

#[test]
fn lost_links_of_service_calls_and_to_dos_are_made_again_by_marker_and_by_content() {
    for marked in [true, false] {
        let mut world = World::new();
        world.book_call("Replace the switch", on(11, 14));
        world.book_to_do("Phone call", on(11, 16));
        world.settle();
        if !marked {
            world
                .events
                .values_mut()
                .for_each(|it| it.marker = MarkerReading::Absent);
        }
        world.lose_links();
        let plan = world.full();
        let rule = if marked {
            Rule::RelinkedByMarker
        } else {
            Rule::RelinkedByContent
        };
        assert_eq!(rules(&plan), [rule, rule]);
        assert!(writes(&plan).is_empty());
        world.settle();
    }
}
