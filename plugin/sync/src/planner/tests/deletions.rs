//! What a deletion means (section 2, column *deleted*).

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

#[test]
fn a_deleted_psa_item_deletes_its_copy() {
    let (mut world, row, event) = with_psa_item();
    world.delete_row(&row);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::PsaItemDeleted]);
    assert!(!world.events.contains_key(&event));
    assert!(world.links.is_empty());
    world.settle();
}

#[test]
fn a_copy_moved_while_its_psa_item_was_deleted_is_deleted() {
    let (mut world, row, event) = with_psa_item();
    world.delete_row(&row);
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.settle();
    assert!(world.events.is_empty());
}

#[test]
fn a_psa_copy_moved_while_its_original_was_deleted_is_deleted() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.delete_event(&event);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemDeleted]);
    assert!(world.row(&row).deleted);
    world.settle();
}

#[test]
fn a_deleted_exchange_item_deletes_its_psa_copy() {
    let (mut world, event, row) = with_exchange_item();
    world.delete_event(&event);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemDeleted]);
    assert!(world.row(&row).deleted);
    assert!(world.links.is_empty());
    world.settle();
}

#[test]
fn an_item_merely_not_listed_is_not_deleted() {
    let (mut world, event, row) = with_exchange_item();
    let hidden = world.events.remove(&event).unwrap();
    let mut batch = world.everything();
    batch.groups[0].changes.clear();
    let plan = world.run(&batch, &mut |_| false);
    assert!(plan.operations.is_empty());
    assert!(!world.row(&row).deleted);
    world.events.insert(event, hidden);
    world.settle();
}

#[test]
fn both_gone_drops_the_link() {
    let (mut world, row, event) = with_psa_item();
    world.delete_row(&row);
    world.delete_event(&event);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::BothGone]);
    assert!(world.links.is_empty());

    let (mut world, event, row) = with_exchange_item();
    world.delete_row(&row);
    world.delete_event(&event);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::BothGone]);
    assert!(world.links.is_empty());
}

#[test]
fn a_copy_deleted_by_its_user_is_noted_and_not_made_again_until_the_psa_item_changes() {
    let (mut world, row, event) = with_psa_item();
    world.delete_event(&event);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::CopyDeletedByUser]);
    let noted = world.row(&row);
    assert_eq!(noted.copy_deleted, Some(noted.person_version));
    assert_eq!(world.link_of_row(&row).state, LinkState::CopyDeleted);
    assert!(!noted.deleted);
    world.settle();
    assert!(world.events.is_empty());

    world.edit_row(&row, |it| it.title = "Long visit".into());
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::MadeAgainAfterChange]);
    world.settle();
    assert_eq!(world.events.len(), 1);
    assert_eq!(world.link_of_row(&row).state, LinkState::Linked);
}

#[test]
fn a_copy_deleted_by_its_user_is_not_made_again_after_the_links_are_lost() {
    let (mut world, row, event) = with_psa_item();
    world.delete_event(&event);
    world.settle();
    world.lose_links();
    let plan = world.full();
    assert_eq!(rules(&plan), [Rule::CopyDeletedByUser]);
    world.settle();
    assert!(world.events.is_empty());

    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert_eq!(world.events.len(), 1);
}

#[test]
fn a_copy_deleted_while_its_psa_item_changed_is_made_again() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.delete_event(&event);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::MadeAgainAfterChange]);
    world.settle();
    assert_eq!(world.events.len(), 1);
}

#[test]
fn a_second_deletion_of_a_copy_is_respected_like_the_first() {
    let (mut world, row, event) = with_psa_item();
    world.delete_event(&event);
    world.settle();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    let again = world.twin_of_row(&row).unwrap();
    world.delete_event(&again);
    world.settle();
    world.lose_links();
    world.full();
    world.settle();
    assert!(world.events.is_empty());
}

#[test]
fn a_deleted_copy_of_a_psa_item_that_then_ends_before_the_window_is_not_written_to() {
    let (mut world, row, event) = with_psa_item();
    world.delete_event(&event);
    world.edit_row(&row, |it| it.span = on(1, 9));
    world.settle();
    assert!(world.events.is_empty());
    assert_eq!(world.link_of_row(&row).state, LinkState::CopyDeleted);
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert!(world.events.is_empty());
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.settle();
    assert_eq!(world.events.len(), 1);
}

#[test]
fn a_copy_that_its_user_brings_back_is_linked_again() {
    let (mut world, row, event) = with_psa_item();
    let deleted = world.event(&event).clone();
    world.delete_event(&event);
    world.settle();
    world.wished_away.clear();
    world.put(deleted);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::RelinkedByMarker]);
    world.settle();
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(12, 9));
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
}

#[test]
fn a_psa_copy_deleted_by_its_user_is_not_made_again_until_the_original_changes() {
    let (mut world, event, row) = with_exchange_item();
    world.delete_row(&row);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::CopyDeletedByUser]);
    assert!(world.events.contains_key(&event));
    world.bump(&event);
    assert_eq!(rules(&world.cycle()), [Rule::OnlyVersionDiffers]);
    let known = world.link_of_row(&row).base.as_ref().unwrap();
    assert_eq!(known.exchange.version, world.event(&event).version);
    assert!(rules(&world.full()).is_empty());
    assert_eq!(world.living_rows(), 0);

    world.edit_event(&event, |it| it.span = on(12, 9));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::MadeAgainAfterChange]);
    world.settle();
    assert_eq!(world.living_rows(), 1);
}

#[test]
fn the_end_of_an_item_of_which_a_tombstone_alone_knows_is_no_work() {
    let (mut world, event, row) = with_exchange_item();
    world.delete_row(&row);
    world.settle();
    world.lose_links();
    world.delete_event(&event);
    assert!(world.cycle().operations.is_empty());
}

#[test]
fn a_tombstone_gets_no_link_while_imports_are_off() {
    let (mut world, _, row) = with_exchange_item();
    world.delete_row(&row);
    world.settle();
    world.profile.import_appointments = false;
    world.lose_links();
    assert!(world.full().operations.is_empty());
    assert!(world.links.is_empty());
}

#[test]
fn an_original_deleted_while_its_link_was_lost_takes_its_psa_copy_along() {
    let (mut world, event, row) = with_exchange_item();
    world.lose_links();
    world.delete_event(&event);
    assert_eq!(rules(&world.cycle()), [Rule::ExchangeItemDeleted]);
    assert!(world.row(&row).deleted);
    world.settle();
}

#[test]
fn a_psa_copy_deleted_by_its_user_is_not_made_again_after_the_links_are_lost() {
    let (mut world, event, row) = with_exchange_item();
    world.delete_row(&row);
    world.settle();
    world.lose_links();
    world.full();
    world.settle();
    assert_eq!(world.living_rows(), 0);

    world.edit_event(&event, |it| it.span = on(12, 9));
    world.settle();
    assert_eq!(world.living_rows(), 1);
}

#[test]
fn a_psa_copy_deleted_by_its_user_is_not_made_again_when_details_are_switched_off_and_on() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.body = "Agenda".into());
    world.settle();
    world.delete_row(&row);
    world.settle();
    // A provider drops bodies at once where details do not come over, and reads everything again.
    for (mode, body) in [
        (ImportMode::NoDetails, ""),
        (ImportMode::AllDetails, "Agenda"),
    ] {
        world.settings.import_mode = mode;
        world.edit_event(&event, |it| it.body = body.into());
        world.wished_away.insert(event.clone());
        world.settle();
        assert_eq!(world.living_rows(), 0, "{mode:?}");
    }
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.settle();
    assert_eq!(world.living_rows(), 1);
}

#[test]
fn a_psa_copy_deleted_while_its_original_changed_is_made_again() {
    let (mut world, event, row) = with_exchange_item();
    world.delete_row(&row);
    world.edit_event(&event, |it| it.subject = "Long lunch".into());
    world.settle();
    assert_eq!(world.living_rows(), 1);
}

#[test]
fn a_psa_copy_made_again_is_the_one_that_counts_after_the_links_are_lost() {
    let (mut world, event, row) = with_exchange_item();
    world.delete_row(&row);
    world.settle();
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.settle();
    let second = world.twin_of_event(&event).unwrap();
    world.lose_links();
    world.full();
    world.settle();
    assert_eq!(world.twin_of_event(&event), Some(second));
    assert_eq!(world.living_rows(), 1);
    world.edit_event(&event, |it| it.subject = "Long lunch".into());
    world.settle();
    assert_eq!(world.living_rows(), 1);
}

#[test]
fn the_latest_tombstone_tells_whose_wish_a_missing_psa_copy_is() {
    let (mut world, event, _) = with_exchange_item();
    world.settings.send_free_time = false;
    // First Tandem takes the copy away, later a person does.
    world.edit_event(&event, |it| it.show_as = ShowAs::Free);
    world.settle();
    world.edit_event(&event, |it| it.show_as = ShowAs::Busy);
    world.settle();
    let second = world.twin_of_event(&event).unwrap();
    world.delete_row(&second);
    world.settle();
    world.lose_links();
    world.full();
    world.settle();
    assert_eq!(world.living_rows(), 0);
}

#[test]
fn a_psa_copy_restored_from_a_backup_is_not_doubled() {
    let (mut world, event, row) = with_exchange_item();
    let backup = world.row(&row).clone();
    world.delete_row(&row);
    world.settle();
    world.wished_away.clear();
    world.rows.insert(row.clone(), backup);
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.cycle();
    world.settle();
    assert_eq!(world.living_rows(), 1);
    assert_eq!(world.in_psa(&row).span, on(12, 9));
}

#[test]
fn a_cancelled_meeting_takes_its_psa_copy_along() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.cancelled = true);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::MeetingCancelled]);
    assert!(world.row(&row).deleted);
    world.settle();
}

#[test]
fn a_cancelled_meeting_of_others_is_not_imported() {
    let mut world = World::new();
    let mut meeting = event("e", "Lunch", on(11, 12));
    meeting.cancelled = true;
    world.put(meeting);
    assert_eq!(rules(&world.cycle()), [Rule::MeetingCancelled]);
    assert!(world.rows.is_empty());
    world.settle();
}

#[test]
fn a_pasted_item_does_not_stand_in_for_a_copy_that_its_user_deleted() {
    let (mut world, row, event) = with_psa_item();
    world.settings.import_mode = ImportMode::None;
    let pasted = world.paste(&event);
    world.edit_event(&pasted, |it| it.span = on(12, 9));
    world.settle();
    world.delete_event(&event);
    world.settle();
    world.full();
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(11, 14));
    assert_eq!(world.link_of_row(&row).state, LinkState::CopyDeleted);
}
