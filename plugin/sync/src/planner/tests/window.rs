//! The window (section 3): it begins at midnight of the 3rd in Berlin, 23:00 UTC of the 2nd.

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

/// Items that end at or before the window's start, and items that end after it.
fn spans() -> Vec<(Span, bool)> {
    vec![
        (on(1, 9), false),
        (between(at(2, 22), at(2, 23)), false),
        (between(at(2, 23), at(2, 23)), false),
        (between(at(2, 22), minute(2, 23, 1)), true),
        (between(minute(2, 23, 1), minute(2, 23, 1)), true),
        (between(at(1, 0), at(20, 0)), true),
        (days(2, 3), false),
        (days(3, 4), true),
        (days(1, 9), true),
        (on(400, 9), true),
    ]
}

#[test]
fn items_that_end_at_or_before_the_windows_start_are_not_imported() {
    for (span, inside) in spans() {
        let mut world = World::new();
        world.book_in_outlook("Lunch", span);
        let plan = world.cycle();
        let rule = if inside {
            Rule::ExchangeItemIsNew
        } else {
            Rule::BeforeWindow
        };
        assert_eq!(rules(&plan), [rule], "{span:?}");
        world.settle();
        assert_eq!(world.rows.len(), usize::from(inside), "{span:?}");
    }
}

#[test]
fn items_that_end_at_or_before_the_windows_start_are_not_exported() {
    for (span, inside) in spans() {
        let mut world = World::new();
        world.book_in_psa("Visit", span);
        let plan = world.cycle();
        let rule = if inside {
            Rule::PsaItemIsNew
        } else {
            Rule::BeforeWindow
        };
        assert_eq!(rules(&plan), [rule], "{span:?}");
        world.settle();
        assert_eq!(world.events.len(), usize::from(inside), "{span:?}");
    }
}

#[test]
fn an_old_item_moved_into_the_window_comes_over() {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(1, 9));
    let event = world.book_in_outlook("Lunch", on(1, 12));
    world.settle();
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.edit_event(&event, |it| it.span = on(12, 12));
    world.settle();
    assert_eq!((world.events.len(), world.rows.len()), (2, 2));
}

#[test]
fn a_linked_item_is_followed_past_the_window() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.span = on(1, 9));
    world.settle();
    assert_eq!(world.event(&event).span, on(1, 9));
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert_eq!(world.event(&event).subject, "Long visit");

    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.span = on(1, 9));
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(1, 9));
    world.delete_event(&event);
    world.settle();
    assert!(world.row(&row).deleted);
}

#[test]
fn linked_items_over_which_the_window_passed_stay_and_are_linked_again() {
    let mut world = World::new();
    world.book_in_psa("Visit", on(11, 14));
    world.book_in_outlook("Lunch", on(11, 12));
    world.settle();
    world.window.start = at(20, 23);
    assert!(world.full().operations.is_empty());
    world.lose_links();
    let plan = world.full();
    assert!(writes(&plan).is_empty());
    assert_eq!(world.links.len(), 2);
    world.settle();
}

#[test]
fn a_psa_copy_deleted_while_its_original_went_before_the_window_is_not_made_again() {
    let (mut world, event, row) = with_exchange_item();
    world.delete_row(&row);
    world.edit_event(&event, |it| it.span = on(1, 9));
    world.settle();
    assert_eq!(world.living_rows(), 0);
    assert_eq!(world.link_of_event(&event).state, LinkState::CopyDeleted);
}
