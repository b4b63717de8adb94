//! The demo's promise: the first cycle writes both sides, every further one writes nothing.

use chrono::TimeDelta;
use end_to_end::time::{days, timed, utc};
use end_to_end::{Embedded, On, World, with_every_provider};

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

/// What an idle cycle costs the server, on three days.
async fn an_idle_cycle_asks_once_and_the_first_of_a_day_twice_at_most(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    let _ = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 1).await;
    for day in ["2026-11-23", "2026-11-24", "2026-11-25"] {
        // Ten minutes before Berlin's midnight: a token that is out of date is a request more.
        world.set_now(utc(&format!("{day}T22:50Z"))).await;
        world.anna().cycle().await;
        world.pass(TimeDelta::minutes(20)).await;
        let first = world.anna().cycle().await.counts.requests;
        match world.on.provider {
            Embedded::Graph => assert!(first <= 2, "{first} requests on {day}"),
            Embedded::Ews => assert_eq!(first, 2, "{day}"),
        }
        let second = world.anna().cycle().await.counts.requests;
        assert_eq!(second, 1, "{day}");
    }
}

with_every_provider![
    an_idle_cycle_asks_once_and_the_first_of_a_day_twice_at_most,
    the_first_cycle_writes_both_sides_and_further_ones_nothing,
];
