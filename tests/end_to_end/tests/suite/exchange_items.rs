//! Appointments that Exchange originates: Exchange owns text and existence, the PSA may move its
//! copy where nobody would be mailed.

use chrono::TimeDelta;
use end_to_end::time::{days, timed};
use end_to_end::{On, World, only, titled, with_every_provider};
use exchange::{Body, Draft, Response, Sensitivity, ShowAs};
use tandem::contract::{ImportMode, Rule};
use tandem::psa::appointment::Edit;

async fn a_new_item_comes_over_with_all_its_details(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let draft = Draft {
        body: Some(Body {
            html: true,
            content: "<p>Bring <b>cables</b></p><p>Second floor</p>".to_owned(),
        }),
        location: Some("Hall 3".to_owned()),
        ..anna.draft("Lunch", "2026-11-23T12:00", 45)
    };
    let id = anna.outlook().create(&draft).unwrap();
    anna.cycle_writes(1, 0).await;
    let record = anna.only_record().await;
    assert_eq!(record.fields.title, "Lunch");
    assert_eq!(record.fields.span, timed("2026-11-23T11:00Z", 45));
    let description = &record.fields.description;
    assert!(description.starts_with("Bring cables"), "{description}");
    assert!(description.contains("Second floor"), "{description}");
    assert!(description.ends_with("Location: Hall 3"), "{description}");
    assert!(end_to_end::from_exchange(&record));
    assert_eq!(record.exchange.unwrap().id.value, anna.name_of(&id));
    assert_eq!(anna.rules_of_item(&id).await, [Rule::ExchangeItemIsNew]);
    assert_eq!(anna.rules_of(&record.id).await, [Rule::ExchangeItemIsNew]);
}

async fn moved_and_rewritten_in_outlook_the_copy_follows(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    anna.drag(&id, "2026-11-24T13:00", 30);
    anna.cycle_writes(1, 0).await;
    assert_eq!(
        anna.only_record().await.fields.span,
        timed("2026-11-24T12:00Z", 30)
    );
    let renamed = Draft {
        subject: Some("Long lunch".to_owned()),
        ..Draft::default()
    };
    anna.outlook().update(&id, &renamed).unwrap();
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Long lunch"]).await;
}

async fn moved_in_the_psa_moves_the_original(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let _ = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    let record = anna.only_record().await;
    anna.reschedule(&record.id, timed("2026-11-25T12:00Z", 60))
        .await;
    anna.cycle_writes(0, 1).await;
    assert_eq!(
        anna.span_of(&anna.only_item()),
        timed("2026-11-25T12:00Z", 60)
    );
    assert_eq!(anna.only_item().content.subject, "Lunch");
}

async fn moved_on_both_sides_the_psa_wins(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    let record = anna.only_record().await;
    anna.drag(&id, "2026-11-24T13:00", 30);
    anna.reschedule(&record.id, timed("2026-11-25T12:00Z", 60))
        .await;
    anna.cycle_writes(0, 1).await;
    assert_eq!(
        anna.span_of(&anna.only_item()),
        timed("2026-11-25T12:00Z", 60)
    );
    assert_eq!(
        anna.rules_of(&record.id).await.last(),
        Some(&Rule::BothMovedPsaWins)
    );
    anna.both_sides_hold(&["Lunch"]).await;
}

async fn text_written_on_the_psas_copy_is_ignored_until_the_original_changes(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    let record = anna.only_record().await;
    let edit = Edit {
        title: Some("Business lunch".to_owned()),
        ..Edit::default()
    };
    anna.edit(&record.id, edit).await;
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.only_item().content.subject, "Lunch");
    let renamed = Draft {
        subject: Some("Late lunch".to_owned()),
        ..Draft::default()
    };
    anna.outlook().update(&id, &renamed).unwrap();
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Late lunch"]).await;
}

async fn deleted_in_outlook_deletes_the_copy(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Lunch", "2026-11-23T12:00", 45);
    let _ = anna.book("Dinner", "2026-11-23T19:00", 45);
    anna.cycle_writes(2, 0).await;
    anna.outlook().delete(&id).unwrap();
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Dinner"]).await;
}

async fn moved_in_the_psa_and_deleted_in_outlook_is_deleted(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    let record = anna.only_record().await;
    anna.reschedule(&record.id, timed("2026-11-25T12:00Z", 60))
        .await;
    anna.outlook().delete(&id).unwrap();
    anna.cycle_writes(1, 0).await;
    assert!(anna.records().await.is_empty());
    assert!(anna.calendar().is_empty());
}

async fn deleted_in_the_psa_the_original_stays_and_comes_back_when_it_changes(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    anna.strike(&[anna.only_record().await.id]).await;
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.only_item().id, id);
    anna.outlook().bump(&id).unwrap();
    anna.cycle_writes(0, 0).await;
    // Nor does a re-synchronisation bring it back.
    world
        .change_settings(|settings| settings.server_address = Some("outlook.office.com".to_owned()))
        .await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    assert!(anna.records().await.is_empty());
    anna.drag(&id, "2026-11-24T13:00", 30);
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Lunch"]).await;
    let rules = anna.rules_of(&anna.only_record().await.id).await;
    assert_eq!(rules, [Rule::MadeAgainAfterChange]);
}

async fn a_meeting_of_several_technicians_is_one_appointment_in_each_calendar(on: On) {
    let world = World::on(on)
        .technician("anna", end_to_end::BERLIN)
        .technician("eve", end_to_end::AUCKLAND)
        .technician("joe", end_to_end::LOS_ANGELES)
        .start()
        .await;
    let anna = world.anna();
    let draft = anna
        .draft("Project", "2026-11-23T12:00", 45)
        .inviting(&["eve@example.com", "joe@example.com"]);
    let id = anna.outlook().create(&draft).unwrap();
    let desks = [world.anna(), world.desk("eve"), world.desk("joe")];
    for desk in &desks {
        desk.cycle_writes(1, 0).await;
        let record = desk.only_record().await;
        assert_eq!(record.fields.title, "Project");
        assert_eq!(record.fields.span, timed("2026-11-23T11:00Z", 45));
    }
    anna.drag(&id, "2026-11-25T12:00", 60);
    for desk in &desks {
        desk.cycle_writes(1, 0).await;
        let record = desk.only_record().await;
        assert_eq!(record.fields.span, timed("2026-11-25T11:00Z", 60));
        desk.is_at_rest().await;
    }
    anna.outlook().cancel(&id).unwrap();
    for desk in &desks {
        desk.cycle_writes(1, 0).await;
        assert!(desk.records().await.is_empty());
        desk.is_at_rest().await;
    }
}

async fn a_meeting_with_attendees_moved_in_the_psa_goes_back(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let draft = anna
        .draft("Project", "2026-11-23T12:00", 45)
        .inviting(&["bela@elsewhere.example"]);
    let id = anna.outlook().create(&draft).unwrap();
    anna.cycle_writes(1, 0).await;
    let record = anna.only_record().await;
    assert!(record.fields.description.contains("bela@elsewhere.example"));
    anna.reschedule(&record.id, timed("2026-11-25T12:00Z", 60))
        .await;
    anna.cycle_writes(1, 0).await;
    assert_eq!(
        anna.only_record().await.fields.span,
        timed("2026-11-23T11:00Z", 45)
    );
    assert_eq!(
        anna.span_of(&anna.item(&id)),
        timed("2026-11-23T11:00Z", 45)
    );
    assert_eq!(
        anna.rules_of(&record.id).await.last(),
        Some(&Rule::MeetingNotMoved)
    );
    // Moved by both: the PSA does not win where somebody would be mailed.
    anna.drag(&id, "2026-11-26T13:00", 30);
    anna.reschedule(&record.id, timed("2026-11-27T12:00Z", 60))
        .await;
    anna.cycle_writes(1, 0).await;
    assert_eq!(
        anna.only_record().await.fields.span,
        timed("2026-11-26T12:00Z", 30)
    );
    // Deleted there, the meeting stays.
    anna.strike(&[record.id]).await;
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.only_item().id, id);
}

async fn a_meeting_of_another_organiser_moved_in_the_psa_goes_back(on: On) {
    let world = World::on(on)
        .technician("anna", end_to_end::BERLIN)
        .technician("eve", end_to_end::AUCKLAND)
        .start()
        .await;
    let anna = world.anna();
    let draft = anna
        .draft("Project", "2026-11-23T12:00", 45)
        .inviting(&["eve@example.com"]);
    anna.outlook().create(&draft).unwrap();
    let eve = world.desk("eve");
    eve.cycle_writes(1, 0).await;
    let record = eve.only_record().await;
    assert!(record.fields.not_answered);
    eve.reschedule(&record.id, timed("2026-11-25T12:00Z", 60))
        .await;
    eve.cycle_writes(1, 0).await;
    assert_eq!(
        eve.only_record().await.fields.span,
        timed("2026-11-23T11:00Z", 45)
    );
    // Each of the two has one appointment of it.
    anna.cycle_writes(1, 0).await;
    assert_eq!(anna.records().await.len(), 1);
}

async fn a_private_item_shows_nothing_but_its_time(on: On) {
    for sensitivity in [
        Sensitivity::Private,
        Sensitivity::Personal,
        Sensitivity::Confidential,
    ] {
        let world = World::start(on.clone()).await;
        let anna = world.anna();
        let draft = Draft {
            sensitivity: Some(sensitivity),
            location: Some("Clinic".to_owned()),
            ..anna.draft("Dentist", "2026-11-23T12:00", 45)
        };
        let id = anna.outlook().create(&draft).unwrap();
        anna.cycle_writes(1, 0).await;
        let record = anna.only_record().await;
        assert_eq!(record.fields.title, "Appointment");
        assert_eq!(record.fields.description, "");
        assert!(record.fields.private);
        // Moved by the PSA, the original keeps its text.
        anna.reschedule(&record.id, timed("2026-11-25T12:00Z", 60))
            .await;
        anna.cycle_writes(0, 1).await;
        assert_eq!(anna.item(&id).content.subject, "Dentist");
        anna.outlook().delete(&id).unwrap();
        anna.cycle_writes(1, 0).await;
        let dump = end_to_end::dump::everything(&world.on).await;
        assert!(!format!("{dump:?}").contains("Dentist"));
    }
}

async fn made_private_later_the_copy_loses_its_texts(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    let draft = Draft {
        sensitivity: Some(Sensitivity::Private),
        ..Draft::default()
    };
    anna.outlook().update(&id, &draft).unwrap();
    anna.cycle_writes(1, 0).await;
    let record = anna.only_record().await;
    assert_eq!(record.fields.title, "Appointment");
    assert!(record.fields.private);
}

async fn free_items_come_over_only_while_free_time_is_sent(on: On) {
    let mut world = World::on(on)
        .settings(|settings| settings.send_free_time = false)
        .start()
        .await;
    let anna = world.anna();
    let free = Draft {
        show_as: Some(ShowAs::Free),
        ..anna.draft("Focus", "2026-11-23T12:00", 45)
    };
    let focus = anna.outlook().create(&free).unwrap();
    let _ = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    assert_eq!(anna.only_record().await.fields.title, "Lunch");
    assert_eq!(anna.rules_of_item(&focus).await, [Rule::FreeNotSent]);
    world
        .change_settings(|settings| settings.send_free_time = true)
        .await;
    let anna = world.anna();
    anna.cycle_writes(1, 0).await;
    assert!(titled(&anna.records().await, "Focus").fields.free);
    // What left the filter is not deleted; what turns free while free time is not sent is removed.
    world
        .change_settings(|settings| settings.send_free_time = false)
        .await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.records().await.len(), 2);
    let lunch = titled(&anna.records().await, "Lunch")
        .exchange
        .clone()
        .unwrap();
    let turned = Draft {
        show_as: Some(ShowAs::Free),
        ..Draft::default()
    };
    anna.outlook().update(&lunch.id.value, &turned).unwrap();
    anna.cycle_writes(1, 0).await;
    assert_eq!(anna.only_record().await.fields.title, "Focus");
    // And comes back when it blocks time again.
    let busy = Draft {
        show_as: Some(ShowAs::Busy),
        ..Draft::default()
    };
    anna.outlook().update(&lunch.id.value, &busy).unwrap();
    anna.cycle_writes(1, 0).await;
    assert_eq!(anna.records().await.len(), 2);
}

async fn declined_and_cancelled_meetings_are_not_imported_and_leave(on: On) {
    let world = World::on(on)
        .technician("anna", end_to_end::BERLIN)
        .technician("eve", end_to_end::AUCKLAND)
        .start()
        .await;
    let (anna, eve) = (world.anna(), world.desk("eve"));
    let mut invitations = Vec::new();
    for subject in ["Declined first", "Declined later", "Cancelled", "Accepted"] {
        let draft = anna
            .draft(subject, "2026-11-23T12:00", 45)
            .inviting(&["eve@example.com"]);
        let own = anna.outlook().create(&draft).unwrap();
        let theirs = named_item(&eve, subject);
        invitations.push((own, theirs));
    }
    let outlook = eve.outlook();
    outlook
        .respond(&invitations[0].1, Response::Declined)
        .unwrap();
    eve.cycle_writes(3, 0).await;
    assert!(
        eve.records()
            .await
            .iter()
            .all(|record| record.fields.not_answered)
    );
    assert_eq!(
        eve.rules_of_item(&invitations[0].1).await,
        [Rule::MeetingDeclined]
    );
    outlook
        .respond(&invitations[1].1, Response::Declined)
        .unwrap();
    anna.outlook().cancel(&invitations[2].0).unwrap();
    outlook
        .respond(&invitations[3].1, Response::Accepted)
        .unwrap();
    eve.cycle_writes(3, 0).await;
    let record = eve.only_record().await;
    assert_eq!(record.fields.title, "Accepted");
    assert!(!record.fields.not_answered);
}

fn named_item(desk: &end_to_end::Desk<'_>, subject: &str) -> String {
    let all = desk.calendar();
    let found = all.iter().find(|found| found.content.subject == subject);
    found.expect("the invitation arrived").id.clone()
}

async fn no_details_brings_only_start_and_end_and_a_change_rewrites_exactly(on: On) {
    let mut world = World::on(on)
        .settings(|settings| settings.import = ImportMode::NoDetails)
        .start()
        .await;
    let anna = world.anna();
    let draft = Draft {
        location: Some("Hall 3".to_owned()),
        ..anna.draft("Lunch", "2026-11-23T12:00", 45)
    };
    anna.outlook().create(&draft).unwrap();
    let private = Draft {
        sensitivity: Some(Sensitivity::Private),
        ..anna.draft("Dentist", "2026-11-24T12:00", 45)
    };
    anna.outlook().create(&private).unwrap();
    anna.plan("Visit", timed("2026-11-25T09:00Z", 60)).await;
    anna.cycle_writes(2, 1).await;
    let imported =
        |record: &&tandem::psa::appointment::AppointmentRecord| end_to_end::from_exchange(record);
    for record in anna.records().await.iter().filter(imported) {
        assert_eq!(record.fields.title, "Appointment");
        assert_eq!(record.fields.description, "");
    }
    // The private one says the same in both modes: one row is rewritten, to and fro.
    world
        .change_settings(|settings| settings.import = ImportMode::AllDetails)
        .await;
    world.anna().cycle_writes(1, 0).await;
    let records = world.anna().records().await;
    let lunch = titled(&records, "Lunch");
    assert_eq!(lunch.fields.description, "Location: Hall 3");
    world
        .change_settings(|settings| settings.import = ImportMode::NoDetails)
        .await;
    world.anna().cycle_writes(1, 0).await;
    assert!(
        world
            .anna()
            .records()
            .await
            .iter()
            .all(|record| record.fields.title != "Lunch")
    );
    // "Do not import" leaves what is there, and neither follows nor takes anything more.
    world
        .change_settings(|settings| settings.import = ImportMode::None)
        .await;
    let anna = world.anna();
    let _ = anna.book("Tea", "2026-11-26T12:00", 45);
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.records().await.len(), 3);
}

async fn the_windows_edge_decides_what_comes_over(on: On) {
    // The window begins on 2026-11-15 at midnight in Berlin.
    let world = World::start(on).await;
    let anna = world.anna();
    let ends_there = anna.book("Ends at its start", "2026-11-14T23:00", 60);
    let _ = anna.book("Ends a minute later", "2026-11-14T23:00", 61);
    let _ = anna.book_days("Day before", "2026-11-14", 1);
    let _ = anna.book_days("First day", "2026-11-15", 1);
    let _ = anna.book_days("Reaches in", "2026-11-10", 6);
    let _ = anna.book("Of no length", "2026-11-23T12:00", 0);
    let _ = anna.book("Longer than a day", "2026-11-23T12:00", 3_000);
    anna.cycle_writes(5, 0).await;
    let mut here: Vec<String> = anna
        .records()
        .await
        .into_iter()
        .map(|record| record.fields.title)
        .collect();
    here.sort();
    assert_eq!(
        here,
        [
            "Ends a minute later",
            "First day",
            "Longer than a day",
            "Of no length",
            "Reaches in"
        ]
    );
    // Moved into it, it comes over.
    anna.drag(&ends_there, "2026-11-16T10:00", 60);
    anna.cycle_writes(1, 0).await;
}

async fn a_linked_item_is_followed_when_the_window_has_moved_on(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let lunch = anna.book("Lunch", "2026-11-23T12:00", 45);
    let dinner = anna.book("Dinner", "2026-11-23T19:00", 45);
    anna.cycle_writes(2, 0).await;
    world.pass(TimeDelta::days(25)).await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    anna.drag(&lunch, "2026-11-22T12:00", 30);
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Dinner", "Lunch"]).await;
    anna.outlook().delete(&dinner).unwrap();
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Lunch"]).await;
}

async fn far_in_the_future_made_moved_and_deleted_is_noticed(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Audit", "2028-05-10T09:00", 60);
    anna.cycle_writes(1, 0).await;
    anna.drag(&id, "2029-06-11T09:00", 60);
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Audit"]).await;
    // From the near to the far, and back.
    anna.drag(&id, "2026-11-25T09:00", 60);
    anna.cycle_writes(1, 0).await;
    anna.drag(&id, "2030-06-11T09:00", 60);
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Audit"]).await;
    anna.outlook().delete(&id).unwrap();
    anna.cycle_writes(1, 0).await;
    assert!(anna.records().await.is_empty());
}

async fn moved_to_another_calendar_it_leaves_and_moved_back_it_returns(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let id = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 0).await;
    // Out and back between two cycles is no change at all, but maybe of its name.
    let row = anna.only_record().await.id;
    anna.outlook().move_to(&id, "Private").unwrap();
    anna.outlook().move_to(&id, "Calendar").unwrap();
    anna.cycle_writes(anna.rows_that_name_anew(1), 0).await;
    assert_eq!(anna.only_record().await.id, row);
    anna.outlook().move_to(&id, "Private").unwrap();
    anna.cycle_writes(1, 0).await;
    assert!(anna.records().await.is_empty());
    // The server never announces its return; the day's list of everything shows it.
    anna.outlook().move_to(&id, "Calendar").unwrap();
    world.pass(TimeDelta::hours(26)).await;
    let anna = world.anna();
    anna.cycle_writes(1, 0).await;
    anna.both_sides_hold(&["Lunch"]).await;
}

async fn an_item_with_the_marker_of_nobodys_record_is_left_alone(on: On) {
    // As after a restore of the PSA's database from before the item was made.
    let world = World::start(on).await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let found = anna.only_item();
    let mut properties = found.content.properties.clone();
    for property in properties.values_mut() {
        property.value = property.value.replace(&id.value, "0190-gone");
    }
    anna.outlook().purge(&found.id).unwrap();
    anna.cycle_writes(0, 0).await;
    let draft = Draft {
        properties: properties.into_values().collect(),
        ..anna.draft("Marked", "2026-11-24T09:00", 60)
    };
    let marked = anna.outlook().create(&draft).unwrap();
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.only_item().id, marked);
    assert_eq!(anna.records().await.len(), 1);
    assert_eq!(
        anna.rules_of_item(&marked).await,
        [Rule::MarkedWithoutRecord]
    );
}

async fn long_and_empty_texts_are_cut_at_a_character(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let draft = Draft {
        body: Some(Body {
            html: false,
            content: "ü".repeat(9_000),
        }),
        location: Some("Hall 3".to_owned()),
        ..anna.draft(&"ß".repeat(255), "2026-11-23T12:00", 45)
    };
    anna.outlook().create(&draft).unwrap();
    let nameless = anna.draft("", "2026-11-24T12:00", 45);
    anna.outlook().create(&nameless).unwrap();
    anna.cycle_writes(2, 0).await;
    let records = anna.records().await;
    let long = only(&records, |record| record.fields.title.starts_with('ß'));
    assert_eq!(long.fields.title.chars().count(), 255);
    assert_eq!(long.fields.description.chars().count(), 8_000);
    assert!(long.fields.description.ends_with("…\n\nLocation: Hall 3"));
    let _ = titled(&records, "Appointment");
}

async fn a_switched_off_technician_is_left_as_is(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let _ = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.plan("Fair", days("2026-11-24", 2)).await;
    anna.cycle_writes(1, 2).await;
    world
        .change_settings(|settings| settings.export.appointments = false)
        .await;
    let anna = world.anna();
    let visit = titled(&anna.records().await, "Visit").id.clone();
    let fair = titled(&anna.records().await, "Fair").id.clone();
    anna.reschedule(&visit, timed("2026-11-24T09:00Z", 60))
        .await;
    anna.strike(&[fair]).await;
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.calendar().len(), 3, "copies stay");
    assert_eq!(anna.records().await.len(), 2);
}

with_every_provider![
    a_new_item_comes_over_with_all_its_details,
    moved_and_rewritten_in_outlook_the_copy_follows,
    moved_in_the_psa_moves_the_original,
    moved_on_both_sides_the_psa_wins,
    text_written_on_the_psas_copy_is_ignored_until_the_original_changes,
    deleted_in_outlook_deletes_the_copy,
    moved_in_the_psa_and_deleted_in_outlook_is_deleted,
    deleted_in_the_psa_the_original_stays_and_comes_back_when_it_changes,
    a_meeting_of_several_technicians_is_one_appointment_in_each_calendar,
    a_meeting_with_attendees_moved_in_the_psa_goes_back,
    a_meeting_of_another_organiser_moved_in_the_psa_goes_back,
    a_private_item_shows_nothing_but_its_time,
    made_private_later_the_copy_loses_its_texts,
    free_items_come_over_only_while_free_time_is_sent,
    declined_and_cancelled_meetings_are_not_imported_and_leave,
    no_details_brings_only_start_and_end_and_a_change_rewrites_exactly,
    the_windows_edge_decides_what_comes_over,
    a_linked_item_is_followed_when_the_window_has_moved_on,
    far_in_the_future_made_moved_and_deleted_is_noticed,
    moved_to_another_calendar_it_leaves_and_moved_back_it_returns,
    an_item_with_the_marker_of_nobodys_record_is_left_alone,
    long_and_empty_texts_are_cut_at_a_character,
    a_switched_off_technician_is_left_as_is,
];
