//! Directions that are switched off (sections 1 and 6): an item that left the filter is not a
//! deletion.

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

type Switch = fn(&mut World);

fn imports_off() -> [Switch; 2] {
    [
        |world| world.settings.import_mode = ImportMode::None,
        |world| world.profile.import_appointments = false,
    ]
}

fn exports_off() -> [Switch; 2] {
    [
        |world| world.settings.export_appointments = false,
        |world| world.profile.export_appointments = false,
    ]
}

#[test]
fn nothing_new_comes_over_while_imports_are_off() {
    for switch in imports_off() {
        let mut world = World::new();
        switch(&mut world);
        world.book_in_outlook("Lunch", on(11, 12));
        assert_eq!(rules(&world.cycle()), [Rule::SwitchedOff]);
        assert!(world.rows.is_empty());
        world.settle();
    }
}

#[test]
fn nothing_new_goes_out_while_exports_are_off() {
    for switch in exports_off() {
        let mut world = World::new();
        switch(&mut world);
        world.book_in_psa("Visit", on(11, 12));
        assert_eq!(rules(&world.cycle()), [Rule::SwitchedOff]);
        assert!(world.events.is_empty());
        world.settle();
    }
}

#[test]
fn copies_stay_when_imports_are_switched_off() {
    for switch in imports_off() {
        let (mut world, _, row) = with_exchange_item();
        switch(&mut world);
        assert!(world.full().operations.is_empty());
        assert!(!world.row(&row).deleted);
        world.lose_links();
        assert!(writes(&world.full()).is_empty());
        assert!(!world.row(&row).deleted);
    }
}

#[test]
fn copies_stay_when_exports_are_switched_off() {
    for switch in exports_off() {
        let (mut world, row, event) = with_psa_item();
        switch(&mut world);
        assert!(world.full().operations.is_empty());
        world.edit_row(&row, |it| it.title = "Long visit".into());
        world.settle();
        assert_eq!(world.event(&event).subject, "Visit");
        world.delete_row(&row);
        world.settle();
        assert!(world.events.contains_key(&event));
    }
}

#[test]
fn what_changed_while_a_direction_was_off_follows_when_it_is_on_again() {
    let (mut world, row, event) = with_psa_item();
    world.settings.export_appointments = false;
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    world.settings.export_appointments = true;
    world.full();
    world.settle();
    assert_eq!(world.event(&event).subject, "Long visit");

    let (mut world, event, row) = with_exchange_item();
    world.profile.import_appointments = false;
    world.edit_event(&event, |it| it.subject = "Long lunch".into());
    world.settle();
    world.profile.import_appointments = true;
    world.full();
    world.settle();
    assert_eq!(world.in_psa(&row).title, "Long lunch");
}

#[test]
fn a_copy_marked_as_ours_is_not_imported_while_exports_are_off() {
    let (mut world, _, _) = with_psa_item();
    world.settings.export_appointments = false;
    world.lose_links();
    assert!(writes(&world.full()).is_empty());
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
}

#[test]
fn who_exports_nothing_finds_nothing_moved_in_exchange() {
    let (mut world, event, row) = with_exchange_item();
    world.settings.export_appointments = false;
    world.edit_row(&row, |it| it.span = on(12, 9));
    assert_eq!(rules(&world.cycle()), [Rule::SwitchedOff]);
    assert_eq!(world.event(&event).span, on(11, 12));
    assert_eq!(world.in_psa(&row).span, on(11, 12));
    world.settle();
}

#[test]
fn links_lost_while_exports_are_off_are_made_again_and_followed_when_they_are_on() {
    let (mut world, row, event) = with_psa_item();
    world.settings.export_appointments = false;
    world.lose_links();
    world.edit_row(&row, |it| {
        it.title = "Long visit".into();
        it.span = on(12, 9);
    });
    let plan = world.full();
    assert_eq!(rules(&plan), [Rule::RelinkedByMarker]);
    assert_eq!(world.event(&event).subject, "Visit");
    world.settle();
    let pasted = world.paste(&event);
    world.settle();
    world.settings.export_appointments = true;
    world.full();
    world.settle();
    assert_eq!(world.event(&event).subject, "Long visit");
    assert_eq!(world.event(&event).span, on(12, 9));
    assert_eq!(world.event(&pasted).subject, "Visit");
}

#[test]
fn a_copy_linked_again_and_deleted_while_exports_are_off_is_not_made_again() {
    let (mut world, row, event) = with_psa_item();
    world.settings.export_appointments = false;
    world.lose_links();
    world.full();
    world.delete_event(&event);
    world.cycle();
    world.settings.export_appointments = true;
    world.full();
    world.settle();
    assert!(world.events.is_empty());
    assert_eq!(world.link_of_row(&row).state, LinkState::CopyDeleted);
}
