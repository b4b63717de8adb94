//! All-day items keep their dates in the mailbox's zone, however often they go to and fro.

use chrono::{Days, TimeDelta};
use end_to_end::time::{all_day, day, days, timed};
use end_to_end::{AUCKLAND, LOS_ANGELES, On, World, with_every_provider};
use tandem::contract::Rule;

async fn to_and_fro(on: On, zone: &str, now: &str) {
    let world = World::on(on)
        .now(end_to_end::time::utc(now))
        .technician("anna", zone)
        .start()
        .await;
    let anna = world.anna();
    let today = world.now().date_naive();
    let after = |number: u64| today + Days::new(number);
    let ours = anna.plan("Fair", all_day(after(2), after(4))).await;
    let theirs = anna.book_days("School", &after(3).to_string(), 1);
    anna.cycle_writes(1, 1).await;
    anna.both_sides_hold(&["Fair", "School"]).await;
    let copy = anna
        .calendar()
        .into_iter()
        .find(|found| found.content.subject == "Fair")
        .unwrap()
        .id;
    let row = anna
        .records()
        .await
        .into_iter()
        .find(|record| record.fields.title == "School")
        .unwrap()
        .id;
    // Over weeks, and so over the change of the clocks that lies ahead.
    for round in 1..=6_u64 {
        let (first, second) = (after(round * 9), after(round * 9 + 4));
        anna.reschedule(&ours, all_day(first, first + TimeDelta::days(2)))
            .await;
        anna.drag_days(&theirs, &second.to_string(), 3);
        anna.cycle_writes(1, 1).await;
        anna.both_sides_hold(&["Fair", "School"]).await;
        anna.drag_days(&copy, &second.to_string(), 1);
        anna.reschedule(&row, all_day(first, first + TimeDelta::days(1)))
            .await;
        anna.cycle_writes(1, 1).await;
        anna.both_sides_hold(&["Fair", "School"]).await;
    }
}

async fn in_auckland_dates_stay(on: On) {
    // Summer time ends there on 2027-04-04; at this hour the date differs from UTC's.
    to_and_fro(on, AUCKLAND, "2027-03-01T20:00Z").await;
}

async fn in_los_angeles_dates_stay(on: On) {
    // Summer time begins there on 2027-03-14; at this hour the date differs from UTC's.
    to_and_fro(on, LOS_ANGELES, "2027-02-20T03:00Z").await;
}

async fn an_all_day_item_becomes_timed_and_back(on: On) {
    let world = World::on(on).technician("anna", AUCKLAND).start().await;
    let anna = world.anna();
    let ours = anna.plan("Fair", days("2026-11-25", 1)).await;
    anna.cycle_writes(0, 1).await;
    anna.reschedule(&ours, timed("2026-11-25T02:00Z", 90)).await;
    anna.cycle_writes(0, 1).await;
    anna.both_sides_hold(&["Fair"]).await;
    anna.reschedule(&ours, days("2026-11-26", 2)).await;
    anna.cycle_writes(0, 1).await;
    anna.both_sides_hold(&["Fair"]).await;
    let copy = anna.only_item().id;
    let timed_draft = exchange::Draft {
        all_day: Some(false),
        ..anna.draft("Fair", "2026-11-27T10:00", 60)
    };
    anna.outlook().update(&copy, &timed_draft).unwrap();
    anna.cycle_writes(1, 0).await;
    anna.drag_days(&copy, "2026-11-28", 1);
    anna.cycle_writes(1, 0).await;
    assert_eq!(anna.only_record().await.fields.span, days("2026-11-28", 1));
    assert_eq!(
        anna.rules_of(&ours).await.last(),
        Some(&Rule::ExchangeItemMoved)
    );
}

async fn days_that_summer_time_shortens_or_lengthens_stay_whole_days(on: On) {
    // 2027-03-14 has 23 hours in Los Angeles, 2027-11-07 has 25.
    let world = World::on(on)
        .now(end_to_end::time::utc("2027-03-10T12:00Z"))
        .technician("anna", LOS_ANGELES)
        .start()
        .await;
    let anna = world.anna();
    for date in ["2027-03-13", "2027-03-14", "2027-11-06", "2027-11-07"] {
        let _ = anna.book_days(date, date, 1);
        anna.plan(
            &format!("p{date}"),
            all_day(day(date), day(date) + Days::new(1)),
        )
        .await;
    }
    anna.cycle_writes(4, 4).await;
    anna.both_sides_hold(&[
        "2027-03-13",
        "2027-03-14",
        "2027-11-06",
        "2027-11-07",
        "p2027-03-13",
        "p2027-03-14",
        "p2027-11-06",
        "p2027-11-07",
    ])
    .await;
}

with_every_provider![
    in_auckland_dates_stay,
    in_los_angeles_dates_stay,
    an_all_day_item_becomes_timed_and_back,
    days_that_summer_time_shortens_or_lengthens_stay_whole_days,
];
