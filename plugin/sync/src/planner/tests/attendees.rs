//! Nobody is mailed (section 4).

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

fn meeting(edit: impl FnOnce(&mut ExchangeEvent)) -> (World, String, String) {
    let mut world = World::new();
    let mut meeting = event("e", "Lunch", on(11, 12));
    edit(&mut meeting);
    let event = world.put(meeting);
    world.settle();
    let row = world.twin_of_event(&event).unwrap();
    (world, event, row)
}

fn meetings() -> [(World, String, String); 2] {
    [
        meeting(|it| it.meeting.attendees.push(attendee("Ann"))),
        meeting(|it| it.meeting.owner_organizes = false),
    ]
}

#[test]
fn a_psa_copy_of_a_meeting_goes_back_when_it_is_moved() {
    for (mut world, event, row) in meetings() {
        world.edit_row(&row, |it| it.span = on(12, 9));
        let plan = world.cycle();
        assert_eq!(rules(&plan), [Rule::MeetingNotMoved]);
        assert_eq!(world.in_psa(&row).span, on(11, 12));
        assert_eq!(world.event(&event).span, on(11, 12));
        world.settle();
    }
}

#[test]
fn both_moved_and_the_psa_copy_of_a_meeting_follows_its_original() {
    for (mut world, event, row) in meetings() {
        world.edit_row(&row, |it| it.span = on(12, 9));
        world.edit_event(&event, |it| it.span = on(13, 9));
        world.cycle();
        assert_eq!(world.in_psa(&row).span, on(13, 9));
        assert_eq!(world.event(&event).span, on(13, 9));
        world.settle();
    }
}

#[test]
fn a_meeting_that_somebody_moves_moves_its_psa_copy() {
    for (mut world, event, row) in meetings() {
        world.edit_event(&event, |it| it.span = on(13, 9));
        world.settle();
        assert_eq!(world.in_psa(&row).span, on(13, 9));
    }
}

#[test]
fn people_invited_while_the_psa_copy_was_moved_are_not_mailed() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(11, 12));
}

#[test]
fn our_copy_to_which_somebody_invited_others_is_released_and_never_written_again() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::CopyReleased]);
    let link = world.link_of_row(&row);
    assert_eq!(link.state, LinkState::Released);
    let known = &link.base.as_ref().unwrap().exchange;
    assert_eq!(known.version, world.event(&event).version);
    assert_eq!(known.proof.attendees, 1);
    assert_eq!(world.living_rows(), 1, "nor imported");

    world.edit_row(&row, |it| {
        it.title = "Long visit".into();
        it.span = on(12, 9);
    });
    let plan = world.cycle();
    assert!(writes(&plan).is_empty());
    world.edit_event(&event, |it| it.span = on(13, 9));
    assert!(world.cycle().operations.is_empty());
    world.settle();
}

#[test]
fn a_released_copy_is_neither_deleted_nor_made_again() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    world.delete_row(&row);
    world.settle();
    assert!(world.events.contains_key(&event));

    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    world.delete_event(&event);
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert!(world.events.is_empty());
}

#[test]
fn a_copy_stays_released_when_the_guests_are_taken_off_again() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    world.edit_event(&event, |it| it.meeting.attendees.clear());
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert_eq!(world.event(&event).subject, "Visit");
}

#[test]
fn a_released_copy_stays_released_when_links_are_made_again() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    for keep_links in [true, false] {
        if !keep_links {
            world.lose_links();
        }
        let plan = world.full();
        assert!(writes(&plan).is_empty(), "{plan:#?}");
        assert_eq!(world.link_of_row(&row).state, LinkState::Released);
    }
    world.settle();
    assert_eq!(world.event(&event).subject, "Visit");
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
}

#[test]
fn attendees_who_come_back_while_a_move_is_refused_are_told_again() {
    let (mut world, event, row) = meeting(|it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    let told = |world: &World| world.in_psa(&row).description.contains("Ann");
    assert!(told(&world));
    world.edit_event(&event, |it| it.meeting.attendees.clear());
    world.edit_row(&row, |it| it.span = on(13, 9));
    let batch = world.changes();
    let plan = world.run(&batch, &mut |_| true);
    assert_eq!(
        rules(&plan),
        [Rule::ExchangeItemChanged, Rule::PsaItemMoved]
    );
    assert!(!told(&world));
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    assert!(told(&world));
    assert_eq!(world.in_psa(&row).span, world.event(&event).span);
}

#[test]
fn a_psa_item_deleted_while_others_were_invited_leaves_its_copy() {
    let (mut world, row, event) = with_psa_item();
    world.delete_row(&row);
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::CopyReleased]);
    assert!(world.events.contains_key(&event));
    world.settle();
}

#[test]
fn a_write_on_an_item_that_was_not_seen_again_carries_the_proof_of_the_last_version_seen() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    let seen = world.event(&event).version.clone();
    let plan = world.cycle();
    let Action::UpdateExchange(update) = &plan.operations[0].action else {
        panic!("{plan:#?}")
    };
    assert_eq!(update.version, seen);
    assert_eq!(update.proof.version, seen);
}

#[test]
fn a_released_copy_that_its_user_deleted_is_not_made_again_after_the_links_are_lost() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    world.delete_event(&event);
    assert_eq!(rules(&world.cycle()), [Rule::CopyDeletedByUser]);
    assert_eq!(world.link_of_row(&row).state, LinkState::Released);
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    world.lose_links();
    world.full();
    world.settle();
    assert!(world.events.is_empty());
}

#[test]
fn a_released_copy_that_its_user_brings_back_is_still_released() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    let deleted = world.event(&event).clone();
    world.delete_event(&event);
    world.settle();
    world.put(deleted);
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert_eq!(world.link_of_row(&row).state, LinkState::Released);
    assert_eq!(world.event(&event).subject, "Visit");
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
}

#[test]
fn a_meeting_that_becomes_an_appointment_may_be_moved_in_the_psa_until_it_is_a_meeting_again() {
    let (mut world, event, row) = meeting(|it| it.meeting.attendees.push(attendee("Ann")));
    assert!(world.in_psa(&row).description.contains("Ann"));
    world.edit_event(&event, |it| it.meeting.attendees.clear());
    world.settle();
    assert!(!world.in_psa(&row).description.contains("Ann"));
    world.edit_row(&row, |it| it.span = on(12, 9));
    assert_eq!(rules(&world.cycle()), [Rule::PsaItemMoved]);
    assert_eq!(world.event(&event).span, on(12, 9));
    world.settle();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    world.edit_row(&row, |it| it.span = on(13, 9));
    assert_eq!(rules(&world.cycle()), [Rule::MeetingNotMoved]);
    assert_eq!(world.in_psa(&row).span, on(12, 9));
    world.settle();
}

#[test]
fn a_meeting_that_its_owner_deletes_takes_its_psa_copy_along_and_nobody_is_mailed() {
    for (mut world, event, row) in meetings() {
        world.delete_row(&row);
        assert!(writes(&world.cycle()).is_empty());
        world.settle();
        assert!(
            world.events.contains_key(&event),
            "the original is not touched"
        );
    }
    for (mut world, event, row) in meetings() {
        world.delete_event(&event);
        assert_eq!(rules(&world.cycle()), [Rule::ExchangeItemDeleted]);
        assert!(world.row(&row).deleted);
        world.settle();
    }
}

#[test]
fn no_setting_lets_a_meeting_or_a_released_copy_be_written() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.settle();
    for on in [false, true] {
        world.settings.export_appointments = on;
        world.edit_row(&row, |it| it.title.push('x'));
        assert!(writes(&world.full()).is_empty());
        world.settle();
    }
}
