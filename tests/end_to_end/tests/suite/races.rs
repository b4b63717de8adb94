//! Items that change between plan and write: Exchange says so, and they are read and planned again
//! in the same cycle, at most twice.

use end_to_end::time::timed;
use end_to_end::{Desk, On, World, with_every_provider};
use exchange::{Effect, Fault, Operation};
use tandem::contract::PsaId;

/// The server says this often that the item has another version by now.
fn changed(times: u32) -> Fault {
    Fault::next(Effect::ItemChanged).times(times)
}

/// A PSA appointment that was moved, so that its copy has to move.
async fn moved(anna: &Desk<'_>) -> PsaId {
    let id = anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    anna.reschedule(&id, timed("2026-11-24T13:00Z", 90)).await;
    id
}

async fn a_write_that_comes_too_late_is_planned_again_in_the_same_cycle(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let id = moved(&anna).await;
    world.exchange.add_fault(changed(2).of(Operation::Update));
    let report = anna.cycle().await;
    let counts = report.counts;
    assert_eq!((counts.exchange_writes, counts.failed), (3, 0));
    let told = anna.history_of(&report).await;
    let outcomes: Vec<&str> = told.iter().map(|one| one.outcome.as_str()).collect();
    assert_eq!(outcomes, ["conflict", "conflict", "done"]);
    assert!(anna.nothing_waits().await);
    anna.is_at_rest().await;
    let moved_to = timed("2026-11-24T13:00Z", 90);
    assert_eq!(anna.span_of(&anna.only_item()), moved_to);
    assert_eq!(anna.record(&id).await.fields.span, moved_to);
}

async fn the_third_conflict_is_left_to_the_next_cycle(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    moved(&anna).await;
    world.exchange.add_fault(changed(3).of(Operation::Update));
    let counts = anna.cycle().await.counts;
    assert_eq!((counts.exchange_writes, counts.failed), (3, 0));
    assert!(!anna.nothing_waits().await, "it is not forgotten");
    assert_eq!(
        anna.span_of(&anna.only_item()),
        timed("2026-11-23T09:00Z", 60)
    );
    anna.cycle_writes(0, 1).await;
    assert!(anna.nothing_waits().await);
}

async fn a_deletion_that_comes_too_late_is_planned_again_and_the_others_are_done_once(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let ids = [
        anna.plan("One", timed("2026-11-23T09:00Z", 60)).await,
        anna.plan("Two", timed("2026-11-23T10:00Z", 60)).await,
        anna.plan("Three", timed("2026-11-23T11:00Z", 60)).await,
    ];
    anna.cycle_writes(0, 3).await;
    anna.strike(&ids[..1]).await;
    for id in &ids[1..] {
        anna.reschedule(id, timed("2026-11-24T13:00Z", 90)).await;
    }
    world.exchange.add_fault(changed(1).of(Operation::Delete));
    assert_eq!(anna.cycle().await.counts.exchange_writes, 4);
    anna.comes_to_rest().await;
    anna.both_sides_hold(&["Three", "Two"]).await;
    assert!(anna.nothing_waits().await);
}

with_every_provider![
    a_write_that_comes_too_late_is_planned_again_in_the_same_cycle,
    the_third_conflict_is_left_to_the_next_cycle,
    a_deletion_that_comes_too_late_is_planned_again_and_the_others_are_done_once,
];
