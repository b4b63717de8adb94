//! To-dos: they follow like appointments of the PSA, and their copies say whom and what they are
//! about (sections 2 and 4).

use super::vocabulary::*;
use super::world::*;
use super::world_kinds::*;
use crate::contract::*;

#[test]
fn a_to_dos_copy_names_action_type_and_organisation_and_says_whom_and_what_it_is_about() {
    let (world, row, event) = with_to_do();
    let copy = world.event(&event);
    assert_eq!(copy.subject, "Phone call: Acme");
    assert_eq!(copy.location, "");
    assert_eq!(
        copy.body.replace("\r\n", "\n").trim_end(),
        format!(
            "Organisation: Acme\nContact: Ann\nOpportunity: Big deal\nTicket: T7 Slow network\n\
             Contract: Gold\n\nAbout Phone call\n\nOpen in the PSA: https://psa.example.org/item/{row}"
        )
    );
    assert_eq!(copy.show_as, ShowAs::Busy);
    assert_eq!(copy.sensitivity, Sensitivity::Normal);
    assert_eq!(
        copy.marker,
        MarkerReading::Present(Marker {
            tenant: tenant(),
            psa: psa_of(ItemKind::ToDo, &row),
            generation: 0,
        })
    );
}

#[test]
fn what_a_to_do_does_not_have_leaves_no_line_in_its_copy() {
    let mut world = World::new();
    let row = world.book_to_do("Letter", on(11, 14));
    world.edit_to_do(&row, |it| {
        *it = ToDo {
            action_type: "Letter".into(),
            ..empty_to_do(it.span)
        }
    });
    world.settle();
    let copy = world.event(&world.twin_of_row(&row).unwrap());
    assert_eq!(copy.subject, "Letter");
    assert!(copy.body.starts_with("Open in the PSA: "));
}

#[test]
fn a_completed_to_do_keeps_its_copy_with_completed_in_the_text() {
    let (mut world, row, event) = with_to_do();
    assert!(!world.event(&event).body.contains("completed"));
    world.edit_to_do(&row, |it| it.completed = true);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemChanged]);
    assert!(world.event(&event).body.contains("completed"));
    assert_eq!(world.event(&event).subject, "Phone call: Acme");
    world.settle();
}

#[test]
fn a_to_do_whose_action_type_is_not_shown_on_the_calendar_stays_at_home() {
    let mut world = World::new();
    let row = world.book_to_do("Letter", on(11, 14));
    world.edit_to_do(&row, |it| it.on_calendar = false);
    assert_eq!(rules(&world.cycle()), [Rule::KeptAtHome]);
    assert!(world.events.is_empty());
    world.settle();
    world.edit_to_do(&row, |it| it.on_calendar = true);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemIsNew]);
    world.settle();
}

#[test]
fn a_to_do_that_leaves_the_calendar_loses_its_copy_and_gets_one_when_it_comes_back() {
    let (mut world, row, _) = with_to_do();
    world.edit_to_do(&row, |it| it.on_calendar = false);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemLeftSelection]);
    assert!(world.events.is_empty() && world.links.is_empty());
    world.settle();
    world.edit_to_do(&row, |it| it.on_calendar = true);
    world.settle();
    assert_eq!(world.events.len(), 1);
}

#[test]
fn a_marked_item_whose_to_do_left_the_calendar_while_there_was_no_link_stays() {
    let (mut world, row, event) = with_to_do();
    world.lose_links();
    world.edit_to_do(&row, |it| it.on_calendar = false);
    assert_eq!(rules(&world.full()), [Rule::RelinkedByMarker]);
    world.edit_to_do(&row, |it| it.ticket = "T8".into());
    world.settle();
    assert!(!world.event(&event).body.contains("T8"));
    world.edit_to_do(&row, |it| it.on_calendar = true);
    world.settle();
    assert_eq!(world.twin_of_row(&row), Some(event.clone()));
    assert!(world.event(&event).body.contains("T8"));
}

#[test]
fn a_users_copy_of_a_to_dos_copy_stays_when_the_to_do_leaves_the_calendar() {
    let (mut world, row, event) = with_to_do();
    world.settings.import_mode = ImportMode::None;
    let pasted = world.paste(&event);
    world.settle();
    world.edit_to_do(&row, |it| it.on_calendar = false);
    world.full();
    world.settle();
    assert!(!world.events.contains_key(&event));
    assert!(world.events.contains_key(&pasted));
}

#[test]
fn an_item_like_a_to_do_that_stays_at_home_is_not_taken_for_its_copy() {
    let (mut world, row, event) = with_to_do();
    world.events.get_mut(&event).unwrap().marker = MarkerReading::Absent;
    world.lose_links();
    world.edit_to_do(&row, |it| it.on_calendar = false);
    world.twins.clear();
    world.full();
    world.settle();
    assert!(world.events.contains_key(&event));
}

#[test]
fn a_to_dos_copy_that_left_the_calendar_with_guests_is_released() {
    let (mut world, row, event) = with_to_do();
    world.edit_to_do(&row, |it| it.on_calendar = false);
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    assert_eq!(rules(&world.cycle()), [Rule::CopyReleased]);
    assert!(world.events.contains_key(&event));
    world.settle();
}

#[test]
fn a_moved_copy_moves_the_to_do_and_a_moved_to_do_its_copy() {
    let (mut world, row, event) = with_to_do();
    world.edit_event(&event, |it| it.span = on(12, 9));
    assert_eq!(rules(&world.cycle()), [Rule::ExchangeItemMoved]);
    assert_eq!(span_of(world.row(&row)), Some(on(12, 9)));
    world.settle();
    world.edit_to_do(&row, |it| it.span = on(13, 9));
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemMoved]);
    assert_eq!(world.event(&event).span, on(13, 9));
    world.settle();
}

#[test]
fn both_moved_and_the_psa_wins_for_to_dos() {
    let (mut world, row, event) = with_to_do();
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.edit_to_do(&row, |it| it.span = on(13, 9));
    assert_eq!(rules(&world.cycle()), [Rule::BothMovedPsaWins]);
    assert_eq!(world.event(&event).span, on(13, 9));
    world.settle();
}

#[test]
fn a_to_dos_edited_copy_stays_until_the_to_do_changes() {
    let (mut world, row, event) = with_to_do();
    let written = world.event(&event).body.clone();
    world.edit_event(&event, |it| {
        it.subject = "Mine".into();
        it.body.insert_str(0, "Bring the key");
    });
    assert_eq!(rules(&world.cycle()), [Rule::CopyTextIgnored]);
    world.settle();
    assert_eq!(world.event(&event).subject, "Mine");
    world.edit_to_do(&row, |it| it.contact = "Bob".into());
    world.settle();
    assert_eq!(world.event(&event).subject, "Phone call: Acme");
    let body = &world.event(&event).body;
    assert!(body.contains("Contact: Bob") && !body.contains("Bring the key"));
    assert!(written.contains("Contact: Ann"), "{written}");
}

#[test]
fn what_a_to_do_names_is_renamed_on_its_copy_although_bodies_are_not_read() {
    let (mut world, row, event) = with_to_do();
    let full_body = world.event(&event).body.clone();
    world.settings.import_mode = ImportMode::NoDetails;
    // The provider drops bodies without looking.
    world.edit_event(&event, |it| it.body = String::new());
    assert!(writes(&world.full()).is_empty());
    world.settle();
    world.rename_named(&row, |it| it.contact = "Bob".into());
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemChanged]);
    assert!(world.event(&event).body.contains("Contact: Bob"));
    world.settle();
    // Read again, it says what it is to say, and nothing is written.
    let renamed = full_body.replace("Contact: Ann", "Contact: Bob");
    world.settings.import_mode = ImportMode::AllDetails;
    world.edit_event(&event, |it| it.body = renamed);
    assert!(writes(&world.full()).is_empty());
    world.settle();
}

#[test]
fn what_a_user_wrote_while_bodies_were_not_read_stays_until_the_to_do_changes() {
    let (mut world, row, event) = with_to_do();
    let full_body = world.event(&event).body.clone();
    world.settings.import_mode = ImportMode::NoDetails;
    world.edit_event(&event, |it| it.body = String::new());
    world.full();
    world.settings.import_mode = ImportMode::AllDetails;
    world.edit_event(&event, |it| it.body = "Bring the key".into());
    assert!(writes(&world.full()).is_empty());
    world.settle();
    world.rename_named(&row, |it| it.ticket = "T7 Fast network".into());
    assert!(writes(&world.cycle()).is_empty());
    assert_eq!(world.event(&event).body, "Bring the key");
    world.edit_to_do(&row, |it| it.ticket = "T7 Slow network".into());
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemChanged]);
    assert_eq!(world.event(&event).body, full_body);
}

#[test]
fn a_to_dos_deleted_copy_is_not_made_again_until_the_to_do_changes() {
    let (mut world, row, event) = with_to_do();
    world.delete_event(&event);
    assert_eq!(rules(&world.cycle()), [Rule::CopyDeletedByUser]);
    world.settle();
    assert!(world.events.is_empty());
    world.edit_to_do(&row, |it| it.completed = true);
    assert_eq!(rules(&world.cycle()), [Rule::MadeAgainAfterChange]);
    world.settle();
}

#[test]
fn a_deleted_to_do_deletes_its_copy() {
    let (mut world, row, _) = with_to_do();
    world.delete_row(&row);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemDeleted]);
    assert!(world.events.is_empty());
    world.settle();
}

#[test]
fn a_to_do_and_an_appointment_of_one_key_are_two_items() {
    let mut group = Group {
        changes: Vec::new(),
        rows: Vec::new(),
        links: Vec::new(),
        masters: Vec::new(),
    };
    let call = to_do("Call", on(11, 14));
    group.rows.push(psa_row(
        psa_of(ItemKind::ToDo, "1"),
        Side::Psa,
        PsaContent::ToDo(call),
    ));
    group
        .rows
        .push(row("1", Side::Psa, appointment("Visit", on(12, 9))));
    let mut marked = event("e", "Visit", on(12, 9));
    marked.marker = marker_of("1");
    marked.body = "About Visit\n\nOpen in the PSA: https://psa.example.org/item/1".into();
    group.changes.push(Change::Event(marked));
    let plan = crate::planner::plan(&batch(group));
    let told: Vec<_> = plan
        .operations
        .iter()
        .map(|it| (it.psa.clone().unwrap().kind, it.rule))
        .collect();
    assert_eq!(
        told,
        [
            (ItemKind::Appointment, Rule::RelinkedByMarker),
            (ItemKind::ToDo, Rule::PsaItemIsNew),
        ]
    );
}

#[test]
fn a_to_do_that_somebody_else_does_now_loses_its_copy_here() {
    let (mut world, row, _) = with_to_do();
    world.hand_over(&row, "a colleague");
    assert_eq!(rules(&world.cycle()), [Rule::ResourceTakenOff]);
    world.settle();
    assert!(world.events.is_empty());
    world.hand_over(&row, &owner().value);
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemIsNew]);
    world.settle();
    assert_eq!(world.events.len(), 1);
}
