//! Appointments that the PSA originates: the PSA owns text and existence, Outlook may move the copy.

use chrono::TimeDelta;
use end_to_end::time::{days, timed};
use end_to_end::{On, World, only, plain, with_every_provider};
use exchange::{Body, Draft, Found, Sensitivity, ShowAs};
use tandem::contract::{Appointment, LinkState, Rule};
use tandem::psa::appointment::Edit;
use tandem::store::link;

/// The plain text of an item's body.
fn text(found: &Found) -> String {
    let body = found.json["body"]["content"].as_str();
    body.unwrap_or_default().to_owned()
}

async fn a_new_appointment_gets_one_copy_with_text_link_and_no_attendee(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let visit = Appointment {
        description: "Bring the labels.".to_owned(),
        ..plain("Visit", timed("2026-11-23T09:00Z", 60))
    };
    let id = anna.plan_all(&[visit]).await.remove(0);
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item();
    assert_eq!(copy.content.subject, "Visit");
    assert_eq!(anna.span_of(&copy), timed("2026-11-23T09:00Z", 60));
    let body = text(&copy);
    assert!(body.starts_with("Bring the labels."), "{body}");
    assert!(body.trim_end().ends_with(&id.value), "{body}");
    assert!(body.contains("https://psa.example.com"), "{body}");
    assert!(copy.content.attendees.is_empty());
    assert_eq!(copy.content.show_as, ShowAs::Busy);
    assert_eq!(copy.content.start.zone.name(), end_to_end::BERLIN);
    assert_eq!(anna.rules_of(&id).await, [Rule::PsaItemIsNew]);
}

async fn moved_in_the_psa_moves_the_copy(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.reschedule(&id, timed("2026-11-24T13:00Z", 90)).await;
    anna.cycle_writes(0, 1).await;
    assert_eq!(
        anna.span_of(&anna.only_item()),
        timed("2026-11-24T13:00Z", 90)
    );
    assert_eq!(anna.rules_of(&id).await.last(), Some(&Rule::PsaItemMoved));
}

async fn a_copy_moved_in_outlook_moves_the_appointment(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.drag(&anna.only_item().id, "2026-11-25T15:00", 30);
    anna.cycle_writes(1, 0).await;
    assert_eq!(
        anna.only_record().await.fields.span,
        timed("2026-11-25T14:00Z", 30)
    );
    assert_eq!(
        anna.rules_of(&id).await.last(),
        Some(&Rule::ExchangeItemMoved)
    );
    anna.both_sides_hold(&["Visit"]).await;
}

async fn moved_on_both_sides_the_psa_wins_and_the_history_says_so(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.drag(&anna.only_item().id, "2026-11-25T15:00", 30);
    anna.reschedule(&id, timed("2026-11-26T08:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    assert_eq!(
        anna.span_of(&anna.only_item()),
        timed("2026-11-26T08:00Z", 60)
    );
    assert_eq!(
        anna.rules_of(&id).await.last(),
        Some(&Rule::BothMovedPsaWins)
    );
    anna.both_sides_hold(&["Visit"]).await;
}

async fn moved_to_the_same_time_on_both_sides_needs_no_write(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.drag(&anna.only_item().id, "2026-11-25T15:00", 30);
    anna.reschedule(&id, timed("2026-11-25T14:00Z", 30)).await;
    anna.cycle_writes(0, 0).await;
    // What they agreed on counts from now on: a later move travels.
    anna.drag(&anna.only_item().id, "2026-11-26T15:00", 30);
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Visit"]).await;
}

async fn rewritten_in_the_psa_rewrites_the_copy(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let edit = Edit {
        title: Some("Visit, postponed".to_owned()),
        description: Some("Second floor".to_owned()),
        private: Some(true),
        ..Edit::default()
    };
    anna.edit(&id, edit).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item();
    assert_eq!(copy.content.subject, "Visit, postponed");
    assert!(text(&copy).starts_with("Second floor"));
    assert_eq!(copy.content.sensitivity, Sensitivity::Private);
}

async fn deleted_in_the_psa_deletes_the_copy(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.strike(&[id]).await;
    anna.cycle_writes(0, 1).await;
    assert!(anna.calendar().is_empty());
}

async fn made_and_deleted_between_two_cycles_leaves_no_trace_in_exchange(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.strike(&[id]).await;
    anna.cycle_writes(0, 0).await;
    assert!(anna.outlook().events().unwrap().is_empty());
}

async fn moved_in_outlook_and_deleted_in_the_psa_is_deleted(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.drag(&anna.only_item().id, "2026-11-25T15:00", 30);
    anna.strike(&[id]).await;
    anna.cycle_writes(0, 1).await;
    assert!(anna.calendar().is_empty());
    assert!(anna.records().await.is_empty());
}

async fn text_written_on_a_copy_is_ignored_and_replaced_with_the_next_change(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let note = Draft {
        subject: Some("My visit".to_owned()),
        body: Some(Body {
            html: false,
            content: "Own notes".to_owned(),
        }),
        ..Draft::default()
    };
    anna.outlook().update(&anna.only_item().id, &note).unwrap();
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.only_item().content.subject, "My visit");
    assert_eq!(anna.only_record().await.fields.title, "Visit");
    assert_eq!(
        anna.rules_of(&id).await.last(),
        Some(&Rule::CopyTextIgnored)
    );
    // The next change in the PSA, whatever it is, writes the truth again.
    anna.reschedule(&id, timed("2026-11-23T10:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item();
    assert_eq!(copy.content.subject, "Visit");
    assert!(
        text(&copy).contains("https://psa.example.com"),
        "{}",
        text(&copy)
    );
    anna.both_sides_hold(&["Visit"]).await;
}

async fn a_copy_deleted_by_its_user_is_not_made_again_until_the_psa_changes(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.outlook().delete(&anna.only_item().id).unwrap();
    anna.cycle_writes(0, 0).await;
    assert!(anna.calendar().is_empty());
    assert_eq!(anna.only_record().await.fields.title, "Visit");
    assert_eq!(
        anna.rules_of(&id).await.last(),
        Some(&Rule::CopyDeletedByUser)
    );
    // A re-synchronisation does not make it again either.
    world
        .change_settings(|settings| settings.server_address = Some("outlook.office.com".to_owned()))
        .await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    assert!(anna.calendar().is_empty());
    anna.reschedule(&id, timed("2026-11-23T10:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.both_sides_hold(&["Visit"]).await;
    assert_eq!(
        anna.rules_of(&id).await.last(),
        Some(&Rule::MadeAgainAfterChange)
    );
}

async fn a_copy_to_which_somebody_invited_others_is_released_for_good(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item().id;
    let guests = Draft::default().inviting(&["guest@elsewhere.example"]);
    anna.outlook().update(&copy, &guests).unwrap();
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.rules_of(&id).await.last(), Some(&Rule::CopyReleased));
    // Neither a change nor a deletion reaches it any more, nor does a re-synchronisation.
    anna.reschedule(&id, timed("2026-11-24T09:00Z", 60)).await;
    anna.cycle_writes(0, 0).await;
    assert_eq!(
        anna.span_of(&anna.item(&copy)),
        timed("2026-11-23T09:00Z", 60)
    );
    world
        .change_settings(|settings| settings.server_address = Some("outlook.office.com".to_owned()))
        .await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    anna.strike(std::slice::from_ref(&id)).await;
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.only_item().id, copy);
    assert!(anna.records().await.is_empty(), "it is not imported either");
}

async fn a_copied_copy_is_a_new_item_of_exchange(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let ours = anna.only_item().id;
    world.pass(TimeDelta::minutes(30)).await;
    let anna = world.anna();
    let copied = anna.outlook().copy(&ours).unwrap();
    anna.drag(&copied, "2026-11-27T10:00", 60);
    anna.cycle_writes(1, 0).await;
    let records = anna.records().await;
    assert_eq!(records.len(), 2);
    let imported = only(&records, |record| record.id != id);
    assert_eq!(imported.fields.span, timed("2026-11-27T09:00Z", 60));
    assert!(end_to_end::from_exchange(imported));
    // Ours stays ours: the PSA item still moves it, and it alone.
    anna.reschedule(&id, timed("2026-11-28T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    assert_eq!(
        anna.span_of(&anna.item(&ours)),
        timed("2026-11-28T09:00Z", 60)
    );
    assert_eq!(
        anna.span_of(&anna.item(&copied)),
        timed("2026-11-27T09:00Z", 60)
    );
}

async fn far_in_the_future_everything_is_noticed(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Audit", timed("2028-05-10T09:00Z", 120)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item().id;
    anna.drag(&copy, "2029-06-11T09:00", 60);
    anna.cycle_writes(1, 0).await;
    assert_eq!(
        anna.only_record().await.fields.span,
        timed("2029-06-11T07:00Z", 60)
    );
    anna.reschedule(&id, timed("2027-09-01T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.both_sides_hold(&["Audit"]).await;
    anna.outlook().delete(&copy).unwrap();
    anna.cycle_writes(0, 0).await;
    assert_eq!(
        anna.rules_of(&id).await.last(),
        Some(&Rule::CopyDeletedByUser)
    );
}

async fn a_copy_moved_to_another_calendar_and_back_stays_the_same_pair(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item().id;
    anna.outlook().move_to(&copy, "Private").unwrap();
    anna.cycle_writes(0, 0).await;
    assert_eq!(
        anna.rules_of(&id).await.last(),
        Some(&Rule::CopyDeletedByUser)
    );
    // The server never announces it again; the day's list of everything shows it.
    anna.outlook().move_to(&copy, "Calendar").unwrap();
    world.pass(TimeDelta::hours(26)).await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    anna.reschedule(&id, timed("2026-11-24T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.both_sides_hold(&["Visit"]).await;
    assert_eq!(anna.only_item().id, copy);
}

async fn a_copy_that_came_back_unnoticed_is_not_doubled_when_the_psa_changes(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item().id;
    anna.outlook().move_to(&copy, "Private").unwrap();
    anna.cycle_writes(0, 0).await;
    anna.outlook().move_to(&copy, "Calendar").unwrap();
    anna.reschedule(&id, timed("2026-11-24T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.both_sides_hold(&["Visit"]).await;
    assert_eq!(anna.only_item().id, copy);
}

async fn a_copy_that_stays_elsewhere_is_made_again_when_the_psa_changes(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item().id;
    anna.outlook().move_to(&copy, "Private").unwrap();
    anna.cycle_writes(0, 0).await;
    anna.reschedule(&id, timed("2026-11-24T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.both_sides_hold(&["Visit"]).await;
    assert_ne!(anna.only_item().id, copy);
}

async fn what_ended_before_the_window_is_not_exported(on: On) {
    // The window begins on 2026-11-15 at midnight in Berlin, 23:00 UTC of the day before.
    let world = World::start(on).await;
    let anna = world.anna();
    anna.plan("Ends at its start", timed("2026-11-14T22:00Z", 60))
        .await;
    anna.plan("Ends a minute later", timed("2026-11-14T22:00Z", 61))
        .await;
    anna.plan("Day before", days("2026-11-14", 1)).await;
    anna.plan("First day", days("2026-11-15", 1)).await;
    anna.plan("Reaches in", days("2026-11-10", 6)).await;
    anna.cycle_writes(0, 3).await;
    let mut there: Vec<String> = anna
        .calendar()
        .into_iter()
        .map(|found| found.content.subject)
        .collect();
    there.sort();
    assert_eq!(there, ["Ends a minute later", "First day", "Reaches in"]);
}

async fn a_linked_item_is_followed_out_of_the_window(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item().id;
    world.pass(TimeDelta::days(20)).await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    // Long before the window now; both sides still move each other.
    anna.reschedule(&id, timed("2026-11-20T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    assert_eq!(
        anna.span_of(&anna.item(&copy)),
        timed("2026-11-20T09:00Z", 60)
    );
    anna.drag(&copy, "2026-11-19T12:00", 30);
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Visit"]).await;
    anna.strike(&[id]).await;
    anna.cycle_writes(0, 1).await;
    assert!(anna.calendar().is_empty());
}

async fn a_version_raised_by_the_server_is_no_change(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item().id;
    anna.outlook().bump(&copy).unwrap();
    anna.cycle_writes(0, 0).await;
    // Nobody announces it, so the next write loses the race once, and is made anew after a look.
    anna.reschedule(&id, timed("2026-11-24T09:00Z", 60)).await;
    anna.cycle_writes(0, 2).await;
    anna.both_sides_hold(&["Visit"]).await;
}

async fn each_technician_has_an_own_copy_and_an_own_zone(on: On) {
    let world = World::on(on)
        .technician("anna", end_to_end::BERLIN)
        .technician("eve", end_to_end::AUCKLAND)
        .start()
        .await;
    for desk in [world.anna(), world.desk("eve")] {
        desk.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    }
    world.anna().cycle_writes(0, 1).await;
    assert!(world.desk("eve").calendar().is_empty());
    world.desk("eve").cycle_writes(0, 1).await;
    let copy = world.desk("eve").only_item();
    assert_eq!(copy.content.start.zone.name(), end_to_end::AUCKLAND);
    world.anna().both_sides_hold(&["Visit"]).await;
    world.desk("eve").both_sides_hold(&["Visit"]).await;
}

async fn a_link_keeps_its_state_and_its_generation_rises_with_each_write(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.reschedule(&id, timed("2026-11-24T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let links = link::of_mailbox(&world.tenant, &anna.mailbox().await.mailbox.id)
        .await
        .unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].state, LinkState::Linked);
    assert_eq!(links[0].generation, 2);
}

with_every_provider![
    a_new_appointment_gets_one_copy_with_text_link_and_no_attendee,
    moved_in_the_psa_moves_the_copy,
    a_copy_moved_in_outlook_moves_the_appointment,
    moved_on_both_sides_the_psa_wins_and_the_history_says_so,
    moved_to_the_same_time_on_both_sides_needs_no_write,
    rewritten_in_the_psa_rewrites_the_copy,
    deleted_in_the_psa_deletes_the_copy,
    made_and_deleted_between_two_cycles_leaves_no_trace_in_exchange,
    moved_in_outlook_and_deleted_in_the_psa_is_deleted,
    text_written_on_a_copy_is_ignored_and_replaced_with_the_next_change,
    a_copy_deleted_by_its_user_is_not_made_again_until_the_psa_changes,
    a_copy_to_which_somebody_invited_others_is_released_for_good,
    a_copied_copy_is_a_new_item_of_exchange,
    far_in_the_future_everything_is_noticed,
    a_copy_moved_to_another_calendar_and_back_stays_the_same_pair,
    a_copy_that_came_back_unnoticed_is_not_doubled_when_the_psa_changes,
    a_copy_that_stays_elsewhere_is_made_again_when_the_psa_changes,
    what_ended_before_the_window_is_not_exported,
    a_linked_item_is_followed_out_of_the_window,
    a_version_raised_by_the_server_is_no_change,
    each_technician_has_an_own_copy_and_an_own_zone,
    a_link_keeps_its_state_and_its_generation_rises_with_each_write,
];
