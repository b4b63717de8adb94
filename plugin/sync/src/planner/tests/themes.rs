//! How calendar synchronisation fails people: the themes that the planner decides, for single items.
//! The numbers are those of `docs/failures.md`.

use super::judge::SECRET;
use super::vocabulary::*;
use super::world::*;
use super::world_kinds::*;
use crate::contract::*;

/// An item of every kind, at rest.
fn at_rest() -> World {
    let mut world = World::new();
    world.book_in_psa("Visit", on(11, 14));
    world.book_to_do("Phone call", on(11, 16));
    world.book_call("Replace the switch", on(12, 9));
    let everywhere = Chosen {
        own: true,
        territory: true,
        left_one: false,
    };
    world.enter_contact("Smith", everywhere);
    world.book_in_outlook("Lunch", on(11, 12));
    world.settle();
    world
}

/// How many items there are on both sides.
fn count(world: &World) -> (usize, usize, usize) {
    (
        world.living_rows(),
        world.events.len(),
        world.contacts.len(),
    )
}

#[test]
fn theme_01_duplicates_each_cycle() {
    let mut world = at_rest();
    // One ends exactly at the window's start, one begins before it and ends in it.
    for span in [between(at(2, 22), at(2, 23)), between(at(2, 22), at(3, 1))] {
        world.book_in_psa("Edge", span);
        world.book_in_outlook("Edge of the day", span);
    }
    world.settle();
    let before = count(&world);
    for _ in 0..3 {
        assert!(writes(&world.full()).is_empty());
        world.lose_links();
        assert!(writes(&world.full()).is_empty());
    }
    assert_eq!(count(&world), before);
}

#[test]
fn theme_02_attendees_invited_again_or_cancelled_by_mail() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    let deeds: [fn(&mut World, &str); 3] = [
        |world, row| world.edit_row(row, |it| it.span = on(12, 9)),
        |world, row| world.edit_row(row, |it| it.title = "Other".into()),
        |world, row| world.delete_row(row),
    ];
    for deed in deeds {
        deed(&mut world, &row);
        let plan = world.cycle();
        let to_exchange = writes(&plan).into_iter().find(|it| {
            matches!(
                it.action,
                Action::UpdateExchange(_) | Action::DeleteExchange(_)
            )
        });
        assert!(to_exchange.is_none(), "{to_exchange:#?}");
        world.settle();
    }
}

#[test]
fn theme_03_never_at_rest() {
    // The server of this world echoes other line ends and other versions than it was sent.
    let mut world = at_rest();
    for row in world.rows.clone().into_keys() {
        world.edit_content(&row, |content| match content {
            PsaContent::Appointment(it) => it.description = "one\r\ntwo \n\n\n three".into(),
            PsaContent::ToDo(it) => it.description = "one\ttwo\u{a0}".into(),
            PsaContent::ServiceCall(it) => it.description = " padded ".into(),
            PsaContent::Contact(it) => it.fields.notes = "\n\nnotes\n\n".into(),
        });
    }
    world.settle();
}

#[test]
fn theme_04_mass_deletion_after_an_empty_read() {
    let mut world = at_rest();
    let before = count(&world);
    for relinking in [false, true] {
        let mut batch = world.nothing_new();
        batch.relinking = relinking;
        assert!(world.run(&batch, &mut |_| false).operations.is_empty());
    }
    assert_eq!(count(&world), before);
}

#[test]
fn theme_05_false_deletions_from_a_windowed_delta() {
    let mut world = at_rest();
    world.window.start = at(20, 23);
    let before = count(&world);
    assert!(world.full().operations.is_empty());
    assert!(
        world
            .run(&world.nothing_new(), &mut |_| false)
            .operations
            .is_empty()
    );
    assert_eq!(count(&world), before);
}

#[test]
fn theme_06_missed_deletions() {
    let (mut world, event, row) = with_exchange_item();
    world.delete_event(&event);
    // The announcement was lost, and the window has moved on when the inventory finds out.
    world.removed_events.clear();
    world.window.start = at(20, 23);
    assert_eq!(rules(&world.full()), [Rule::ExchangeItemDeleted]);
    assert!(world.row(&row).deleted);
}

#[test]
fn theme_07_deleted_items_that_come_back() {
    let mut world = at_rest();
    for event in world.events.clone().into_keys() {
        world.delete_event(&event);
    }
    world.settle();
    // Only the service call's copy is made again, once.
    assert_eq!(world.events.len(), 1);
    let again = world.events.keys().next().unwrap().clone();
    world.delete_event(&again);
    world.settle();
    world.lose_links();
    world.full();
    world.settle();
    assert!(world.events.is_empty());
}

#[test]
fn theme_08_no_longer_in_my_filter_taken_for_deleted() {
    let mut world = at_rest();
    let before = count(&world);
    world.settings.import_mode = ImportMode::None;
    world.settings.send_free_time = false;
    world.settings.export_appointments = false;
    world.profile.export_to_dos = false;
    world.settings.export_service_calls = false;
    world.select(ContactSelection::Territory);
    world.window.start = at(20, 23);
    assert!(writes(&world.full()).is_empty());
    world.settle();
    assert_eq!(count(&world), before);
}

#[test]
fn theme_11_all_day_items_a_day_early_or_late() {
    for zone in [
        "Pacific/Auckland",
        "W. Europe Standard Time",
        "Pacific/Honolulu",
    ] {
        let (mut world, row, event) = with_psa_item();
        for (first, after) in [(12, 13), (12, 15), (29, 31)] {
            world.edit_row(&row, |it| it.span = days(first, after));
            let mut batch = world.changes();
            batch.mailbox.zone = Some(Zone { name: zone.into() });
            world.run(&batch, &mut |_| false);
            assert_eq!(world.event(&event).span, days(first, after), "{zone}");
            world.settle();
        }
    }
}

#[test]
fn theme_16_a_retried_create_makes_a_second_item() {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(11, 14));
    // The server made it and did not say so: the next cycle sees a marked item without a link.
    world.cycle();
    world.links.clear();
    let event = world.twin_of_row(&row).unwrap();
    world.bump(&event);
    world.changed_rows.insert(row);
    world.cycle();
    world.settle();
    assert_eq!(world.events.len(), 1);
}

#[test]
fn theme_19_a_body_cut_in_a_character_or_wiped_by_an_empty_side() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.body = "👩‍🔧".repeat(4_000));
    world.settle();
    assert_eq!(world.in_psa(&row).description.chars().count(), 8_000);

    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.body = String::new());
    world.settle();
    assert_eq!(world.in_psa(&row).description, "About Visit");
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert!(world.event(&event).body.starts_with("About Visit"));
}

#[test]
fn theme_20_a_teams_link_lost_by_a_patch() {
    for (mut world, row, event) in [with_call(), with_to_do()] {
        world.edit_event(&event, |it| {
            it.meeting.online = true;
            it.body = "join: https://teams.example.org/1".into();
        });
        world.settle();
        world.edit_content(&row, |content| match content {
            PsaContent::ServiceCall(it) => it.status = "Done".into(),
            PsaContent::ToDo(it) => it.completed = true,
            _ => panic!("{content:?}"),
        });
        world.settle();
        assert!(world.event(&event).body.contains("teams.example.org"));
    }
}

#[test]
fn theme_21_private_items_leak_or_all_becomes_private() {
    let mut world = World::new();
    let mut secret = event("s", SECRET, on(11, 9));
    secret.sensitivity = Sensitivity::Confidential;
    world.put(secret);
    let open = world.book_in_outlook("Lunch", on(11, 12));
    let plan = world.cycle();
    assert!(!format!("{:?}", plan.operations).contains(SECRET));
    world.settle();
    assert!(!world.in_psa(&world.twin_of_event(&open).unwrap()).private);
}

#[test]
fn theme_22_cancelled_declined_or_tentative_wrong() {
    for (edit, comes_over, free) in [
        (
            (|it| it.cancelled = true) as fn(&mut ExchangeEvent),
            false,
            false,
        ),
        (|it| it.response = Response::Declined, false, false),
        (
            |it| it.response = Response::TentativelyAccepted,
            true,
            false,
        ),
        (|it| it.show_as = ShowAs::Tentative, true, false),
        (|it| it.show_as = ShowAs::Free, true, true),
    ] {
        let mut world = World::new();
        let mut item = event("e", "Lunch", on(11, 12));
        edit(&mut item);
        let item = world.put(item);
        world.settle();
        let row = world.twin_of_event(&item);
        assert_eq!(row.is_some(), comes_over);
        assert!(row.is_none_or(|row| world.in_psa(&row).free == free));
    }
}

#[test]
fn theme_23_loops_between_the_two_directions() {
    let mut world = at_rest();
    for event in world.events.clone().into_keys() {
        world.edit_event(&event, |it| {
            it.span = on(13, 9);
            it.subject.push('!');
        });
    }
    let rows: Vec<String> = world.rows.clone().into_keys().collect();
    for row in rows {
        world.edit_content(&row, |content| {
            if !matches!(content, PsaContent::Contact(_)) {
                set_span(content, on(14, 9));
            }
        });
    }
    world.cycle();
    assert!(world.events.values().all(|it| it.span == on(14, 9)));
    world.settle();
}

#[test]
fn theme_24_markers_copied_with_an_item() {
    for (mut world, row, event) in [with_psa_item(), with_to_do(), with_call()] {
        let copy = world.paste(&event);
        world.settle();
        world.delete_row(&row);
        world.settle();
        assert!(!world.events.contains_key(&event) && world.events.contains_key(&copy));
    }
}

#[test]
fn theme_25_one_bad_item_stops_all_others() {
    let mut world = at_rest();
    let mut lost = event("lost", "Visit", on(15, 9));
    lost.marker = marker_of("no such row");
    world.put(lost);
    let row = world.book_in_psa("Another", on(15, 12));
    let batch = world.changes();
    world.run(&batch, &mut |operation| {
        operation.psa.as_ref().is_none_or(|it| it.id.value != row)
    });
    assert!(world.twin_of_row(&row).is_some());
}

#[test]
fn theme_26_an_item_moved_out_of_the_calendar_and_back() {
    let (mut world, _, event) = with_psa_item();
    let moved = world.event(&event).clone();
    world.delete_event(&event);
    world.put(moved);
    world.settle();
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
}

#[test]
fn theme_29_people_mailed_through_our_own_copy() {
    for (mut world, row, event) in [with_psa_item(), with_to_do(), with_call()] {
        world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
        world.edit_content(&row, |content| set_span(content, on(12, 9)));
        assert_eq!(rules(&world.cycle()), [Rule::CopyReleased]);
        world.delete_row(&row);
        world.settle();
        assert!(world.events.contains_key(&event));
    }
}

#[test]
fn theme_31_a_war_of_undoing_or_making_again() {
    let (mut world, row, event) = with_call();
    let mut written = 0;
    for day in 12..30 {
        world.edit_event(&event, |it| it.span = on(day, 9));
        written += writes(&world.cycle()).len();
    }
    assert_eq!(written, 3);
    world.settle();
    let mut made = 0;
    while let Some(copy) = world.twin_of_row(&row) {
        world.delete_event(&copy);
        made += 1;
        world.settle();
    }
    assert_eq!(made, 2);
}

#[test]
fn theme_32_a_storm_of_overdue_reminders_at_the_first_export() {
    let mut world = World::new();
    for day in 4..10 {
        world.book_in_psa("Visit", on(day, 9));
        world.book_to_do("Phone call", on(day, 11));
        world.book_call("Replace the switch", on(day, 14));
    }
    let plan = world.cycle();
    assert_eq!(plan.operations.len(), 18);
    for operation in &plan.operations {
        assert!(matches!(
            &operation.action,
            Action::CreateExchange(ExchangeContent::Event(content)) if content.without_reminder
        ));
    }
}

#[test]
fn theme_36_a_version_bumped_by_the_server_without_a_change() {
    let mut world = at_rest();
    for event in world.events.clone().into_keys() {
        world.bump(&event);
    }
    assert!(
        rules(&world.cycle())
            .iter()
            .all(|rule| *rule == Rule::OnlyVersionDiffers)
    );
    world.settle();
}

#[test]
fn theme_42_items_across_the_windows_edge_longer_than_a_day_or_of_zero_length() {
    for (span, inside) in [
        (between(at(2, 23), at(2, 23)), false),
        (between(at(5, 9), at(5, 9)), true),
        (between(at(1, 0), at(30, 0)), true),
        (days(1, 4), true),
    ] {
        let mut world = World::new();
        world.book_call("Replace the switch", span);
        world.book_in_outlook("Lunch", span);
        world.settle();
        assert_eq!(world.links.len(), if inside { 2 } else { 0 }, "{span:?}");
    }
}
