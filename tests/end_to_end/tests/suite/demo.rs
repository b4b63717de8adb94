//! The demo's promise: the first cycle writes both sides, every further one writes nothing.

use chrono::TimeDelta;
use end_to_end::time::{days, timed};
use end_to_end::{On, World, on_both_databases};

async fn the_first_cycle_writes_both_sides_and_further_ones_nothing(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    anna.plan("Fair", days("2026-11-24", 2)).await;
    let _ = anna.book("Lunch", "2026-11-23T12:00", 45);
    let _ = anna.book_days("School", "2026-11-25", 1);
    anna.cycle_writes(2, 2).await;
    anna.both_sides_hold(&["Fair", "Lunch", "School", "Visit"])
        .await;
    anna.is_at_rest().await;
    world.pass(TimeDelta::hours(30)).await;
    // A day later the whole mailbox is listed once more, and still nothing is written.
    world.anna().cycle_writes(0, 0).await;
}

on_both_databases![the_first_cycle_writes_both_sides_and_further_ones_nothing];
