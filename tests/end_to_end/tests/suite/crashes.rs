//! A host that is killed at any moment: the next one finds out what happened, and nothing is twice.

use std::time::Duration;

use chrono::TimeDelta;
use end_to_end::time::{days, timed};
use end_to_end::{On, World, with_every_provider};
use exchange::{Draft, Effect, Fault, Operation};
use tandem::cycle::{self, Options};
use tandem::host::LEASE;
use tandem::store::intent::{self, IntentState};
use tokio::task::JoinHandle;

/// Begins a cycle that can be killed.
async fn begin(world: &World) -> JoinHandle<()> {
    let id = world.anna().mailbox().await.mailbox;
    let host = world.host.clone();
    let leases = host.store.leases();
    let lease = leases
        .one(&id.tenant, &id.id, &host.owner, LEASE)
        .await
        .unwrap()
        .expect("the mailbox is free");
    tokio::spawn(async move {
        let _ = cycle::run(&host, lease, Options::default()).await;
    })
}

async fn kill(world: &mut World, cycle: JoinHandle<()>) {
    cycle.abort();
    let _ = cycle.await;
    world.restart().await;
}

/// Waits until Exchange has made something. What else is to be written has gone with it in one batch
/// through Graph, and before it or never through EWS.
async fn creations_arrive(world: &World) {
    for _ in 0..2_000 {
        if world.exchange.counters().operations.creates > 0 {
            // The answer is on its way, and held back.
            return tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the creations never came");
}

/// The answer to such an operation is held back.
fn late(operation: Operation) -> Fault {
    Fault::next(Effect::Delay {
        milliseconds: 600_000,
    })
    .of(operation)
}

/// Every kind of change on both sides, to be sent by the next cycle.
async fn prepare(world: &World) {
    let anna = world.anna();
    let moved = anna.plan("p moved", timed("2026-11-23T09:00Z", 60)).await;
    let struck = anna.plan("p struck", timed("2026-11-23T11:00Z", 60)).await;
    let e_moved = anna.book("e moved", "2026-11-24T10:00", 60);
    let _ = anna.book("e stays", "2026-11-24T12:00", 60);
    anna.cycle_writes(2, 2).await;
    let records = anna.records().await;
    let stays = records
        .iter()
        .find(|one| one.fields.title == "e stays")
        .unwrap();
    anna.reschedule(&moved, timed("2026-11-25T09:00Z", 30))
        .await;
    anna.reschedule(&stays.id, timed("2026-11-25T15:00Z", 30))
        .await;
    anna.strike(&[struck]).await;
    anna.plan("p new", timed("2026-11-26T09:00Z", 60)).await;
    anna.plan("p day", days("2026-11-27", 1)).await;
    anna.drag(&e_moved, "2026-11-24T15:00", 15);
    let _ = anna.book("e new", "2026-11-28T09:00", 60);
    world.exchange.reset_counters();
}

const AFTER: [&str; 6] = ["e moved", "e new", "e stays", "p day", "p moved", "p new"];

async fn recovers(world: &mut World) {
    world.exchange.clear_faults();
    world.anna().comes_to_rest().await;
    world.anna().both_sides_hold(&AFTER).await;
    let id = world.anna().mailbox().await.mailbox.id;
    assert!(
        intent::pending(&world.tenant, &id)
            .await
            .unwrap()
            .is_empty()
    );
    world.pass(TimeDelta::hours(26)).await;
    world.anna().cycle_writes(0, 0).await;
    world.anna().both_sides_hold(&AFTER).await;
}

async fn killed_while_reading(on: On) {
    let mut world = World::start(on).await;
    prepare(&world).await;
    world.exchange.add_fault(late(Operation::Round));
    let cycle = begin(&world).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    kill(&mut world, cycle).await;
    recovers(&mut world).await;
}

async fn killed_after_the_writes_took_effect_and_before_their_answers(on: On) {
    let mut world = World::start(on).await;
    prepare(&world).await;
    world.exchange.add_fault(late(Operation::Create));
    let cycle = begin(&world).await;
    creations_arrive(&world).await;
    let id = world.anna().mailbox().await.mailbox.id;
    let pending = intent::pending(&world.tenant, &id).await.unwrap();
    assert_eq!(pending.len(), 5);
    assert!(pending.iter().all(|one| one.state == IntentState::Sent));
    kill(&mut world, cycle).await;
    recovers(&mut world).await;
    // Of the creations none was sent again: each was found by its marker.
    assert_eq!(world.exchange.counters().operations.creates, 2);
    let anna = world.anna();
    for item in anna.calendar() {
        let rules = anna.rules_of_item(&item.id).await;
        assert!(!rules.is_empty(), "the history does not know {item:?}");
    }
}

async fn killed_with_the_writes_on_their_way_that_never_arrive(on: On) {
    let mut world = World::start(on).await;
    prepare(&world).await;
    // The writes wait before anything of them is done, as far as the host can tell.
    let held_back = Fault::next(Effect::Status {
        status: 503,
        code: None,
        retry_after: None,
    });
    for operation in [Operation::Create, Operation::Update, Operation::Delete] {
        world
            .exchange
            .add_fault(held_back.clone().of(operation).times(0));
    }
    let cycle = begin(&world).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    kill(&mut world, cycle).await;
    // What was refused before the end waits for its pause.
    world.pass(TimeDelta::hours(1)).await;
    recovers(&mut world).await;
}

async fn killed_and_the_copies_user_moved_them_meanwhile(on: On) {
    let mut world = World::start(on).await;
    prepare(&world).await;
    world.exchange.add_fault(late(Operation::Create));
    let cycle = begin(&world).await;
    creations_arrive(&world).await;
    kill(&mut world, cycle).await;
    world.exchange.clear_faults();
    let anna = world.anna();
    let calendar = anna.calendar();
    let copy = |subject: &str| {
        let found = calendar.iter().find(|one| one.content.subject == subject);
        found.unwrap().id.clone()
    };
    anna.drag(&copy("p new"), "2026-11-30T10:00", 20);
    let note = Draft {
        location: Some("Hall 3".to_owned()),
        ..Draft::default()
    };
    anna.outlook().update(&copy("p moved"), &note).unwrap();
    recovers(&mut world).await;
    let records = world.anna().records().await;
    let new = records
        .iter()
        .find(|one| one.fields.title == "p new")
        .unwrap();
    assert_eq!(new.fields.span, timed("2026-11-30T09:00Z", 20));
}

async fn killed_and_the_new_copy_was_copied_by_its_user(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-11-26T09:00Z", 60)).await;
    world.exchange.add_fault(late(Operation::Create));
    let cycle = begin(&world).await;
    creations_arrive(&world).await;
    let ours = world.anna().only_item().id;
    kill(&mut world, cycle).await;
    world.exchange.clear_faults();
    world.pass(TimeDelta::minutes(5)).await;
    let copied = world.anna().outlook().copy(&ours).unwrap();
    world.anna().comes_to_rest().await;
    // The older one is ours; the user's own came over as a new item.
    let anna = world.anna();
    let records = anna.records().await;
    assert_eq!(records.len(), 2);
    let imported = records
        .iter()
        .find(|one| end_to_end::from_exchange(one))
        .unwrap();
    let name = &imported.exchange.as_ref().unwrap().id.value;
    assert_eq!(*name, anna.name_of(&copied));
}

async fn killed_again_and_again_at_any_moment(on: On) {
    let mut world = World::start(on).await;
    prepare(&world).await;
    for moment in 0..24_u64 {
        let cycle = begin(&world).await;
        tokio::time::sleep(Duration::from_millis(moment * 4)).await;
        kill(&mut world, cycle).await;
    }
    recovers(&mut world).await;
    let creates = world.exchange.counters().operations.creates;
    assert_eq!(
        world.anna().calendar().len(),
        AFTER.len(),
        "{creates} creations"
    );
}

async fn a_lost_database_is_made_good_by_markers_and_contents(on: On) {
    // Another database of the same PSA: the links are gone, the records are there.
    let world = World::start(on).await;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-11-26T09:00Z", 60)).await;
    anna.plan("Fair", days("2026-11-27", 2)).await;
    let _ = anna.book("Lunch", "2026-11-24T12:00", 45);
    anna.cycle_writes(1, 2).await;
    let id = anna.mailbox().await.mailbox.id;
    let mut transaction = world.tenant.begin().await.unwrap();
    for link in tandem::store::link::of_mailbox(&world.tenant, &id)
        .await
        .unwrap()
    {
        tandem::store::link::remove(&mut transaction, &link.id)
            .await
            .unwrap();
    }
    tandem::store::mailbox::read_again(&mut transaction, &id, true)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    anna.cycle_writes(0, 0).await;
    anna.both_sides_hold(&["Fair", "Lunch", "Visit"]).await;
    let links = tandem::store::link::of_mailbox(&world.tenant, &id).await;
    assert_eq!(links.unwrap().len(), 3);
}

with_every_provider![
    killed_while_reading,
    killed_after_the_writes_took_effect_and_before_their_answers,
    killed_with_the_writes_on_their_way_that_never_arrive,
    killed_and_the_copies_user_moved_them_meanwhile,
    killed_and_the_new_copy_was_copied_by_its_user,
    killed_again_and_again_at_any_moment,
    a_lost_database_is_made_good_by_markers_and_contents,
];
