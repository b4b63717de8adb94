//! Parts of the memory are lost, or all of it is a day old: both sides stay as they are or become
//! what the law says of the records that there are, and nothing is there twice.

use chrono::TimeDelta;
use end_to_end::time::{days, timed};
use end_to_end::{Desk, On, World, titled, with_every_provider};
use exchange::{Effect, Fault, Operation};
use tandem::contract::{Appointment, PsaId, Rule};
use tandem::psa::appointment::Edit;
use tandem::store::link;

/// Items of both sides, synchronised.
async fn settled(anna: &Desk<'_>) -> PsaId {
    let visit = anna.plan("Visit", timed("2026-11-26T09:00Z", 60)).await;
    anna.plan("Fair", days("2026-11-27", 2)).await;
    let _ = anna.book("Lunch", "2026-11-24T12:00", 45);
    let _ = anna.book_days("Holiday", "2026-11-30", 3);
    anna.cycle_writes(2, 2).await;
    visit
}

const ALL: [&str; 4] = ["Fair", "Holiday", "Lunch", "Visit"];

/// Everything is as it was, and stays so for days.
async fn nothing_happened(world: &mut World) {
    for _ in 0..3 {
        world.anna().cycle_writes(0, 0).await;
        world.anna().both_sides_hold(&ALL).await;
        world.pass(TimeDelta::hours(26)).await;
    }
}

async fn a_lost_link_table_is_noticed_and_made_good_without_a_write(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world.on.execute("DELETE FROM link").await;
    nothing_happened(&mut world).await;
    let id = world.anna().mailbox().await.mailbox.id;
    let links = link::of_mailbox(&world.tenant, &id).await.unwrap();
    assert_eq!(links.len(), 4);
}

async fn items_that_change_while_their_links_are_lost_get_no_second_copy(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let visit = settled(&anna).await;
    world.exchange.reset_counters();
    world.on.execute("DELETE FROM link").await;
    let edit = Edit {
        title: Some("Visit 2".to_owned()),
        ..Edit::default()
    };
    anna.edit(&visit, edit).await;
    let records = anna.records().await;
    let lunch = titled(&records, "Lunch");
    let item = lunch.exchange.as_ref().unwrap().id.value.clone();
    anna.drag(&item, "2026-11-25T12:00", 30);
    anna.comes_to_rest().await;
    anna.both_sides_hold(&["Fair", "Holiday", "Lunch", "Visit 2"])
        .await;
    assert_eq!(world.exchange.counters().operations.creates, 0);
}

async fn a_part_of_the_links_is_lost(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world
        .on
        .execute("DELETE FROM link WHERE id IN (SELECT id FROM link ORDER BY id LIMIT 2)")
        .await;
    nothing_happened(&mut world).await;
}

async fn the_plugins_storage_is_wiped(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world.on.execute("DELETE FROM plugin_storage").await;
    nothing_happened(&mut world).await;
}

async fn links_and_storage_are_lost_and_every_cursor_is_void(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world.on.execute("DELETE FROM link").await;
    world.on.execute("DELETE FROM plugin_storage").await;
    world.exchange.expire_cursors();
    nothing_happened(&mut world).await;
}

/// A day's work on both sides after the backup; then yesterday's database is back.
async fn a_day_is_lost(world: &mut World) {
    let anna = world.anna();
    let moved = anna.plan("p moved", timed("2026-11-26T09:00Z", 60)).await;
    let struck = anna.plan("p struck", timed("2026-11-26T11:00Z", 60)).await;
    anna.plan("p stays", timed("2026-11-26T13:00Z", 60)).await;
    let e_moved = anna.book("e moved", "2026-11-27T12:00", 45);
    let e_struck = anna.book("e struck", "2026-11-27T14:00", 45);
    let _ = anna.book("e stays", "2026-11-27T16:00", 45);
    anna.cycle_writes(3, 3).await;
    world.back_up().await;

    world.pass(TimeDelta::hours(20)).await;
    let anna = world.anna();
    anna.reschedule(&moved, timed("2026-11-28T09:00Z", 30))
        .await;
    anna.strike(&[struck]).await;
    anna.plan("p new", timed("2026-11-26T15:00Z", 60)).await;
    anna.drag(&e_moved, "2026-11-28T12:00", 30);
    anna.outlook().delete(&e_struck).unwrap();
    let _ = anna.book("e new", "2026-11-27T18:00", 45);
    anna.cycle().await;
    anna.comes_to_rest().await;
    anna.both_sides_hold(&["e moved", "e new", "e stays", "p moved", "p new", "p stays"])
        .await;
    world.restore().await;
}

async fn both_sides_are_what_the_restored_records_say(world: &mut World) {
    world.exchange.reset_counters();
    world.anna().comes_to_rest().await;
    world.pass(TimeDelta::hours(26)).await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    assert_eq!(world.exchange.counters().operations.writes(), 0);
    // What was in Exchange before the restore still is, and nothing besides.
    let mut there: Vec<_> = anna
        .calendar()
        .into_iter()
        .map(|found| found.content.subject)
        .collect();
    there.sort();
    let all = ["e moved", "e new", "e stays", "p moved", "p new", "p stays"];
    assert_eq!(there, all);
    // The copy of a record that is gone is neither imported nor deleted, but listed; the record of
    // a copy that is gone stays without one.
    let records = anna.records().await;
    let mut here: Vec<&str> = records
        .iter()
        .map(|one| one.fields.title.as_str())
        .collect();
    here.sort_unstable();
    assert_eq!(
        here,
        [
            "e moved", "e new", "e stays", "p moved", "p stays", "p struck"
        ]
    );
    for found in anna.calendar() {
        let subject = found.content.subject.as_str();
        if subject == "p new" {
            let rules = anna.rules_of_item(&found.id).await;
            assert_eq!(rules.last(), Some(&Rule::MarkedWithoutRecord));
            continue;
        }
        let Appointment { span, .. } = &titled(&records, subject).fields;
        assert_eq!(*span, anna.span_of(&found), "{subject}");
    }
}

async fn yesterdays_database_is_restored(on: On) {
    let mut world = World::start(on).await;
    a_day_is_lost(&mut world).await;
    both_sides_are_what_the_restored_records_say(&mut world).await;
}

async fn yesterdays_database_is_restored_and_its_cursor_is_void(on: On) {
    let mut world = World::start(on).await;
    a_day_is_lost(&mut world).await;
    world.exchange.expire_cursors();
    both_sides_are_what_the_restored_records_say(&mut world).await;
}

/// A copy that was made after the backup is found again, and the very write to it fails.
async fn the_newer_copy_stays_the_copy_although_a_write_to_it_fails(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let visit = anna.plan("Visit", timed("2026-11-26T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    world.back_up().await;
    let anna = world.anna();
    anna.outlook().delete(&anna.only_item().id).unwrap();
    let rename = |title: &str| Edit {
        title: Some(title.to_owned()),
        ..Edit::default()
    };
    anna.edit(&visit, rename("Visit 2")).await;
    anna.cycle_writes(0, 1).await;
    world.restore().await;

    let anna = world.anna();
    anna.edit(&visit, rename("Visit 3")).await;
    let busy = Effect::Status {
        status: 503,
        code: None,
        retry_after: None,
    };
    world
        .exchange
        .add_fault(Fault::next(busy).of(Operation::Update));
    let report = anna.cycle().await;
    assert_eq!(report.counts.failed, 1, "{report:#?}");
    anna.comes_to_rest().await;
    anna.both_sides_hold(&["Visit 3"]).await;
}

with_every_provider![
    the_newer_copy_stays_the_copy_although_a_write_to_it_fails,
    a_lost_link_table_is_noticed_and_made_good_without_a_write,
    items_that_change_while_their_links_are_lost_get_no_second_copy,
    a_part_of_the_links_is_lost,
    the_plugins_storage_is_wiped,
    links_and_storage_are_lost_and_every_cursor_is_void,
    yesterdays_database_is_restored,
    yesterdays_database_is_restored_and_its_cursor_is_void,
];
