//! What comes over from Exchange, and how (section 3).

use super::judge::SECRET;
use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

fn imported(mode: ImportMode, edit: impl FnOnce(&mut ExchangeEvent)) -> (World, String, String) {
    let mut world = World::new();
    world.settings.import_mode = mode;
    let mut event = event("e", "Lunch", on(11, 12));
    edit(&mut event);
    let event = world.put(event);
    world.settle();
    let row = world.twin_of_event(&event).unwrap();
    (world, event, row)
}

#[test]
fn with_all_details_come_subject_body_then_location_and_participants() {
    let (world, _, row) = imported(ImportMode::AllDetails, |it| {
        it.body = "Bring\r\ncake\r\n".into();
        it.location = "Canteen".into();
        it.meeting.attendees = vec![attendee("Ann"), attendee("Bob")];
    });
    assert_eq!(world.in_psa(&row).title, "Lunch");
    assert_eq!(
        world.in_psa(&row).description,
        "Bring\ncake\n\nLocation: Canteen\nParticipants: Ann <ann@example.org>, Bob <bob@example.org>"
    );
}

#[test]
fn without_details_only_start_and_end_come_over() {
    let (mut world, event, row) = imported(ImportMode::NoDetails, |it| {
        it.location = "Canteen".into();
        it.meeting.attendees = vec![attendee("Ann")];
    });
    assert_eq!(world.in_psa(&row).title, "Appointment");
    assert_eq!(world.in_psa(&row).description, "");
    assert_eq!(world.in_psa(&row).span, on(11, 12));
    world.edit_event(&event, |it| it.subject = "Long lunch".into());
    assert!(writes(&world.cycle()).is_empty());
    world.edit_event(&event, |it| it.span = on(12, 12));
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(12, 12));
}

#[test]
fn a_change_of_mode_rewrites_what_is_there() {
    let (mut world, _, row) = imported(ImportMode::AllDetails, |_| {});
    world.settings.import_mode = ImportMode::NoDetails;
    assert_eq!(rules(&world.full()), [Rule::SettingsChanged]);
    assert_eq!(world.in_psa(&row).title, "Appointment");
    assert_eq!(world.in_psa(&row).description, "");
    world.settle();
    world.settings.import_mode = ImportMode::AllDetails;
    assert_eq!(rules(&world.full()), [Rule::SettingsChanged]);
    assert_eq!(world.in_psa(&row).title, "Lunch");
    assert_eq!(world.in_psa(&row).description, "About Lunch");
    world.settle();
}

#[test]
fn private_personal_and_confidential_items_come_without_texts_in_both_modes() {
    for mode in [ImportMode::AllDetails, ImportMode::NoDetails] {
        for sensitivity in [
            Sensitivity::Private,
            Sensitivity::Personal,
            Sensitivity::Confidential,
        ] {
            let (world, _, row) = imported(mode, |it| {
                it.subject = SECRET.into();
                it.body = SECRET.into();
                it.location = SECRET.into();
                it.meeting.attendees = vec![attendee(SECRET)];
                it.sensitivity = sensitivity;
            });
            assert_eq!(world.in_psa(&row).title, "Appointment");
            assert_eq!(world.in_psa(&row).description, "");
            assert!(world.in_psa(&row).private);
        }
    }
}

#[test]
fn an_item_turned_private_loses_its_texts_in_the_psa_and_gets_them_back() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.sensitivity = Sensitivity::Private);
    world.settle();
    assert_eq!(world.in_psa(&row).title, "Appointment");
    assert_eq!(world.in_psa(&row).description, "");
    world.edit_event(&event, |it| it.sensitivity = Sensitivity::Normal);
    world.settle();
    assert_eq!(world.in_psa(&row).title, "Lunch");
    assert!(!world.in_psa(&row).private);
}

#[test]
fn a_private_text_that_changes_writes_nothing() {
    let (mut world, event, _) = imported(ImportMode::AllDetails, |it| {
        it.sensitivity = Sensitivity::Private;
    });
    world.edit_event(&event, |it| it.subject = SECRET.into());
    let plan = world.cycle();
    assert!(writes(&plan).is_empty());
    assert!(!format!("{plan:?}").contains(SECRET));
}

#[test]
fn a_private_item_and_its_psa_copy_are_linked_again_without_a_write() {
    let (mut world, _, _) = imported(ImportMode::AllDetails, |it| {
        it.sensitivity = Sensitivity::Private;
    });
    world.lose_links();
    let plan = world.full();
    assert_eq!(rules(&plan), [Rule::RelinkedByReference]);
    assert!(writes(&plan).is_empty());
    world.settle();
}

#[test]
fn tentative_out_of_office_and_elsewhere_count_as_busy() {
    for show_as in [
        ShowAs::Busy,
        ShowAs::Tentative,
        ShowAs::OutOfOffice,
        ShowAs::WorkingElsewhere,
        ShowAs::Unknown,
    ] {
        let (world, _, row) = imported(ImportMode::AllDetails, |it| it.show_as = show_as);
        assert!(!world.in_psa(&row).free, "{show_as:?}");
    }
}

#[test]
fn free_items_come_over_as_free_when_free_time_is_sent() {
    let (mut world, event, row) = imported(ImportMode::AllDetails, |it| it.show_as = ShowAs::Free);
    assert!(world.in_psa(&row).free);
    world.edit_event(&event, |it| it.show_as = ShowAs::Busy);
    world.settle();
    assert!(!world.in_psa(&row).free);
}

#[test]
fn free_items_stay_in_exchange_when_free_time_is_not_sent() {
    let mut world = World::new();
    world.settings.send_free_time = false;
    let mut free = event("e", "Lunch", on(11, 12));
    free.show_as = ShowAs::Free;
    world.put(free);
    assert_eq!(rules(&world.cycle()), [Rule::FreeNotSent]);
    assert!(world.rows.is_empty());
    world.edit_event("e", |it| it.show_as = ShowAs::Busy);
    world.settle();
    assert_eq!(world.rows.len(), 1);
}

#[test]
fn an_item_that_turns_free_while_free_time_is_not_sent_is_removed() {
    let (mut world, event, row) = with_exchange_item();
    world.settings.send_free_time = false;
    world.edit_event(&event, |it| it.show_as = ShowAs::Free);
    assert_eq!(rules(&world.cycle()), [Rule::BecameFree]);
    assert!(world.row(&row).deleted);
    world.settle();
    world.edit_event(&event, |it| it.show_as = ShowAs::Busy);
    world.settle();
    assert_eq!(world.living_rows(), 1);
}

#[test]
fn a_free_item_that_only_left_the_filter_stays_in_the_psa() {
    let (mut world, _, row) = imported(ImportMode::AllDetails, |it| it.show_as = ShowAs::Free);
    world.settings.send_free_time = false;
    world.full();
    world.settle();
    assert!(!world.row(&row).deleted);
    world.lose_links();
    world.full();
    world.settle();
    assert!(!world.row(&row).deleted, "nor when it is linked again");
}

#[test]
fn declined_meetings_are_not_imported() {
    let mut world = World::new();
    let mut declined = event("e", "Lunch", on(11, 12));
    declined.response = Response::Declined;
    world.put(declined);
    assert_eq!(rules(&world.cycle()), [Rule::MeetingDeclined]);
    assert!(world.rows.is_empty());
}

#[test]
fn an_imported_meeting_that_is_then_declined_is_removed_and_comes_back_when_accepted() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.response = Response::Declined);
    assert_eq!(rules(&world.cycle()), [Rule::MeetingDeclined]);
    assert!(world.row(&row).deleted);
    world.settle();
    world.edit_event(&event, |it| it.response = Response::Accepted);
    world.settle();
    assert_eq!(world.living_rows(), 1);
}

#[test]
fn an_invitation_not_yet_answered_comes_over_marked_so_until_it_is_answered() {
    let (mut world, event, row) = imported(ImportMode::NoDetails, |it| {
        it.response = Response::NotResponded;
        it.meeting.owner_organizes = false;
    });
    assert!(world.in_psa(&row).not_answered);
    world.edit_event(&event, |it| it.response = Response::TentativelyAccepted);
    world.settle();
    assert!(!world.in_psa(&row).not_answered);
}

#[test]
fn an_all_day_item_comes_over_with_its_dates() {
    let (world, _, row) = imported(ImportMode::AllDetails, |it| it.span = days(11, 13));
    assert_eq!(world.in_psa(&row).span, days(11, 13));
}

#[test]
fn a_title_over_256_characters_is_cut_at_a_character_with_a_mark() {
    for (length, cut) in [(256, false), (257, true)] {
        let (world, _, row) =
            imported(ImportMode::AllDetails, |it| it.subject = "ü".repeat(length));
        let title = &world.in_psa(&row).title;
        assert_eq!(title.chars().count(), 256);
        assert_eq!(title.ends_with('…'), cut);
    }
}

#[test]
fn a_description_over_8000_characters_is_cut_the_body_before_the_participants() {
    for (length, cut) in [(8_000, false), (8_001, true)] {
        let (world, _, row) = imported(ImportMode::AllDetails, |it| it.body = "€".repeat(length));
        let text = &world.in_psa(&row).description;
        assert_eq!(text.chars().count(), 8_000);
        assert_eq!(text.ends_with('…'), cut);
    }
    let (world, _, row) = imported(ImportMode::AllDetails, |it| {
        it.body = "🙂".repeat(9_000);
        it.meeting.attendees = vec![attendee("Ann")];
    });
    let text = &world.in_psa(&row).description;
    assert_eq!(text.chars().count(), 8_000);
    assert!(text.ends_with("🙂…\n\nParticipants: Ann <ann@example.org>"));
}

#[test]
fn participants_beyond_8000_characters_are_cut_when_the_body_is_gone() {
    let (world, _, row) = imported(ImportMode::AllDetails, |it| {
        it.meeting.attendees = (0..900).map(|n| attendee(&format!("Guest{n}"))).collect();
    });
    let text = &world.in_psa(&row).description;
    assert_eq!(text.chars().count(), 8_000);
    assert!(text.starts_with("Participants: Guest0") && text.ends_with('…'));
}

#[test]
fn a_cut_text_is_at_rest() {
    let (mut world, event, row) =
        imported(ImportMode::AllDetails, |it| it.body = "a ".repeat(9_000));
    world.lose_links();
    assert!(writes(&world.full()).is_empty());
    // A change behind the cut is none for the PSA.
    world.edit_event(&event, |it| it.body.push_str("tail"));
    assert!(writes(&world.cycle()).is_empty());
    assert!(!world.row(&row).deleted);
}
