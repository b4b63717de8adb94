//! Items that could not be done: looked at again with growing pauses, and set aside in the end.

use chrono::TimeDelta;

use super::world::World;
use crate::contract::{LinkState, Rule};
use crate::store::look_again::Reason;

const MINUTE: i64 = 60_000_000;

#[tokio::test]
async fn a_failing_item_is_tried_with_growing_pauses_set_aside_and_stops_no_other() {
    let mut world = World::settled().await;
    let bad = world.plan("Bad").await;
    world.refuse("POST", 400, 1_000);
    let interval = i64::from(30_u32);
    for failures in 1..5_u32 {
        world.book(&format!("Good {failures}"));
        assert_eq!(world.writes().await, (1, 1, 1), "failure {failures}");
        let entry = world.waiting().await.remove(0);
        assert_eq!((entry.failures, world.waiting().await.len()), (failures, 1));
        let pause = interval << (failures - 1);
        let due = world.instant().microseconds + pause * MINUTE;
        assert_eq!(entry.due.microseconds, due, "failure {failures}");
        assert!(entry.detail.contains("refused"), "{}", entry.detail);
        // Not before it is due.
        world.pass(TimeDelta::minutes(pause - 1));
        assert_eq!(world.writes().await, (0, 0, 0));
        world.pass(TimeDelta::minutes(1));
    }
    assert_eq!(world.writes().await, (0, 1, 1));
    let entry = world.waiting().await.remove(0);
    assert_eq!((entry.reason, entry.failures), (Reason::SetAside, 5));
    assert_eq!(world.link_of(&bad).await.state, LinkState::SetAside);
    // It waits for somebody, whatever time passes and though the server would take it now.
    world.no_faults();
    world.pass(TimeDelta::days(2));
    assert_eq!(world.writes().await, (0, 0, 0));
    assert_eq!(world.outcomes(&bad).await, ["refused"; 5]);
}

#[tokio::test]
async fn a_creation_of_which_nobody_knows_what_became_fails_like_any_other() {
    let mut world = World::settled().await;
    let bad = world.plan("Bad").await;
    world.refuse("POST", 500, 1_000);
    for failures in 1..5_u32 {
        world.book(&format!("Good {failures}"));
        assert_eq!(world.writes().await, (1, 1, 1), "failure {failures}");
        let entry = world.waiting().await.remove(0);
        assert_eq!((entry.reason, entry.failures), (Reason::Failed, failures));
        let pause = 30_i64 << (failures - 1);
        let due = world.instant().microseconds + pause * MINUTE;
        assert_eq!(entry.due.microseconds, due, "failure {failures}");
        // It is looked for at once, and not made before it is due.
        world.pass(TimeDelta::minutes(pause - 1));
        assert_eq!(world.writes().await, (0, 0, 0));
        assert_eq!(world.waiting().await, [entry]);
        world.pass(TimeDelta::minutes(1));
    }
    assert_eq!(world.writes().await, (0, 1, 1));
    world.no_faults();
    for _ in 0..2 {
        let entry = world.waiting().await.remove(0);
        assert_eq!((entry.reason, entry.failures), (Reason::SetAside, 5));
        assert!(entry.detail.contains("500"), "{}", entry.detail);
        assert_eq!(world.link_of(&bad).await.state, LinkState::SetAside);
        world.pass(TimeDelta::days(2));
        assert_eq!(world.writes().await, (0, 0, 0));
    }
    assert_eq!(
        world.outcomes(&bad).await,
        ["unknown", "looked up"].repeat(5)
    );
}

#[tokio::test]
async fn a_creation_that_was_done_at_its_last_try_is_not_set_aside() {
    let mut world = World::settled().await;
    let item = world.plan("Visit").await;
    world.refuse("POST", 500, 4);
    world.deny("POST", 500, 1);
    for failures in 0..5 {
        assert_eq!(world.writes().await, (0, 1, 1), "failure {failures}");
        world.pass(TimeDelta::minutes(30 << failures));
    }
    assert_eq!(world.link_of(&item).await.state, LinkState::SetAside);
    assert_eq!(world.writes().await, (0, 0, 0));
    assert!(world.waiting().await.is_empty());
    let link = world.link_of(&item).await;
    assert_eq!(link.state, LinkState::Linked);
    assert!(link.exchange.is_some());
    let told = world.outcomes(&item).await;
    assert!(told.contains(&"found done".to_owned()), "{told:?}");
}

#[tokio::test]
async fn a_change_of_which_nobody_knows_what_became_is_tried_with_growing_pauses() {
    let mut world = World::settled().await;
    let item = world.plan("Visit").await;
    world.cycle().await.unwrap();
    world.reschedule(&item, 5).await;
    world.refuse("PATCH", 500, 2);
    world.deny("PATCH", 500, 1);
    for failures in 0..3 {
        assert_eq!(world.writes().await, (0, 1, 1), "failure {failures}");
        let waiting = world.waiting().await;
        assert_eq!(waiting.len(), 2, "both items of the pair");
        let pause = 30 << failures;
        let due = world.instant().microseconds + pause * MINUTE;
        assert!(waiting.iter().all(|entry| entry.due.microseconds == due));
        world.pass(TimeDelta::minutes(pause - 1));
        assert_eq!(world.writes().await, (0, 0, 0));
        world.pass(TimeDelta::minutes(1));
    }
    // The last one was done, and that was seen.
    assert_eq!(world.writes().await, (0, 0, 0));
    assert!(world.waiting().await.is_empty());
    assert_eq!(world.link_of(&item).await.state, LinkState::Linked);
}

#[tokio::test]
async fn an_item_that_works_again_forgets_its_failures() {
    let mut world = World::settled().await;
    let item = world.plan("Visit").await;
    world.refuse("POST", 400, 2);
    assert_eq!(world.writes().await, (0, 1, 1));
    world.pass(TimeDelta::minutes(30));
    assert_eq!(world.writes().await, (0, 1, 1));
    world.pass(TimeDelta::minutes(60));
    assert_eq!(world.writes().await, (0, 1, 0));
    assert!(world.waiting().await.is_empty());
    assert_eq!(world.outcomes(&item).await, ["refused", "refused", "done"]);
    let link = world.link_of(&item).await;
    assert_eq!((link.state, link.generation), (LinkState::Linked, 3));
}

#[tokio::test]
async fn a_throttled_item_has_not_failed() {
    let mut world = World::settled().await;
    let item = world.plan("Visit").await;
    world.cycle().await.unwrap();
    world.reschedule(&item, 5).await;
    world.refuse("PATCH", 429, 1_000);
    for _ in 0..6 {
        world.cycle().await.unwrap();
        let waiting = world.waiting().await;
        assert_eq!(waiting.len(), 2, "both items of the pair");
        assert!(waiting.iter().all(|entry| entry.failures == 0));
        world.pass(TimeDelta::minutes(30));
    }
    world.no_faults();
    assert_eq!(world.writes().await, (0, 1, 0));
    assert!(world.waiting().await.is_empty());
}

#[tokio::test]
async fn an_item_has_not_failed_while_the_server_is_out_of_reach() {
    let mut world = World::settled().await;
    let item = world.plan("Visit").await;
    world.refuse("POST", 504, 1_000);
    for _ in 0..6 {
        assert_eq!(world.writes().await, (0, 1, 1));
        let waiting = world.waiting().await;
        assert!(waiting.iter().all(|entry| entry.failures == 0));
        world.pass(TimeDelta::minutes(30));
    }
    world.no_faults();
    assert_eq!(world.writes().await, (0, 1, 0));
    assert!(world.waiting().await.is_empty());
    assert_eq!(world.link_of(&item).await.state, LinkState::Linked);
}

#[tokio::test]
async fn what_lost_a_race_is_planned_again_at_once_and_then_left_to_the_next_cycle() {
    let world = World::settled().await;
    let item = world.plan("Visit").await;
    world.cycle().await.unwrap();
    world.reschedule(&item, 5).await;
    world.refuse("PATCH", 412, 3);
    assert_eq!(world.writes().await, (0, 3, 0));
    let waiting = world.waiting().await;
    assert_eq!(waiting.len(), 2, "both items of the pair");
    assert!(waiting.iter().all(|entry| entry.reason == Reason::RaceLost));
    assert!(waiting.iter().all(|entry| entry.failures == 0));
    // Though no time has passed, what is on the list anew is not taken off.
    world.reschedule(&item, 6).await;
    world.refuse("PATCH", 412, 2);
    assert_eq!(world.writes().await, (0, 3, 0));
    assert!(world.waiting().await.is_empty());
    assert_eq!(world.writes().await, (0, 0, 0));
    let last = world.outcomes(&item).await;
    assert_eq!(last[1..4], ["conflict", "conflict", "conflict"]);
    assert_eq!(last.last().map(String::as_str), Some("done"));
}

#[tokio::test]
async fn an_item_that_nobody_can_read_is_asked_for_with_growing_pauses_and_stops_no_other() {
    let mut world = World::settled().await;
    let bad = world.book("Bad");
    assert_eq!(world.writes().await, (1, 0, 0));
    world.outlook().delete(&bad).unwrap();
    world.damage(&bad);
    for failures in 1..5_u32 {
        world.book(&format!("Good {failures}"));
        assert_eq!(world.writes().await, (1, 0, 1), "failure {failures}");
        let waiting = world.waiting().await;
        assert_eq!((waiting.len(), waiting[0].failures), (1, failures));
        assert_eq!(waiting[0].reason, Reason::Failed);
        assert!(waiting[0].detail.contains("ErrorItemCorrupt"));
        let pause = 30 << (failures - 1);
        let due = world.instant().microseconds + pause * MINUTE;
        assert_eq!(waiting[0].due.microseconds, due, "failure {failures}");
        world.pass(TimeDelta::minutes(pause - 1));
        assert_eq!(world.writes().await, (0, 0, 0));
        world.pass(TimeDelta::minutes(1));
    }
    assert_eq!(world.writes().await, (0, 0, 1));
    let entry = world.waiting().await.remove(0);
    assert_eq!((entry.reason, entry.failures), (Reason::SetAside, 5));
    let told = world.outcomes_of(&bad).await;
    assert_eq!(told.last().map(String::as_str), Some("set aside"));
    assert_eq!(told.iter().filter(|it| *it == "set aside").count(), 1);
    let last = world.told_of(&bad).await.pop().unwrap();
    assert!(last.remark.contains("5 times in vain"), "{}", last.remark);
    // Asked for once a day with all that is not listed, it is not told of anew.
    world.pass(TimeDelta::days(2));
    assert_eq!(world.writes().await, (0, 0, 0));
    assert_eq!(world.waiting().await, [entry]);
    assert_eq!(world.outcomes_of(&bad).await, told);
    // The server can answer again: that it is gone.
    world.no_faults();
    world.pass(TimeDelta::days(2));
    assert_eq!(world.writes().await, (1, 0, 0));
    assert!(world.waiting().await.is_empty());
}

#[tokio::test]
async fn an_item_is_not_taken_for_somebodys_before_its_marker_could_be_read() {
    let mut world = World::settled().await;
    world.plan("Visit").await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let item = world.book("Lunch");
    world.damage(&item);
    assert_eq!(world.writes().await, (0, 0, 1));
    world.no_faults();
    world.pass(TimeDelta::minutes(30));
    assert_eq!(world.writes().await, (1, 0, 0));
    assert!(world.waiting().await.is_empty());
}

#[tokio::test]
async fn an_item_that_is_set_aside_is_taken_up_when_it_is_told_again() {
    let mut world = World::settled().await;
    let item = world.book("Lunch");
    world.damage(&item);
    for failures in 0..5 {
        assert_eq!(world.writes().await, (0, 0, 1), "failure {failures}");
        world.pass(TimeDelta::minutes(30 << failures));
    }
    assert_eq!(world.waiting().await[0].reason, Reason::SetAside);
    world.no_faults();
    assert_eq!(world.writes().await, (0, 0, 0));
    world
        .outlook()
        .update(&item, &world.draft("Late lunch"))
        .unwrap();
    assert_eq!(world.writes().await, (1, 0, 0));
    assert!(world.waiting().await.is_empty());
}

#[tokio::test]
async fn a_copy_that_was_found_again_is_not_made_again_because_a_write_to_it_fails() {
    let mut world = World::settled().await;
    let item = world.plan("Visit").await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let copy = world.link_of(&item).await.exchange.unwrap();
    world.reschedule(&item, 4).await;
    world.lose_links().await;
    world.refuse("PATCH", 503, 1);
    assert_eq!(world.writes().await, (0, 1, 1));
    assert_eq!(world.link_of(&item).await.exchange, Some(copy.clone()));
    world.no_faults();
    world.damage(&copy.id.value);
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.writes().await, (0, 0, 1));
    assert_eq!(world.operations().creates, 1);
    world.no_faults();
    world.pass(TimeDelta::hours(3));
    assert_eq!(world.writes().await, (0, 1, 0));
    assert_eq!(world.operations().creates, 1);
}

#[tokio::test]
async fn a_copy_that_was_gone_before_any_round_told_of_it_is_asked_for() {
    let world = World::settled().await;
    let item = world.plan("Visit").await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let copy = world.link_of(&item).await.exchange.unwrap().id.value;
    world.outlook().purge(&copy).unwrap();
    world.keep_silent();
    assert_eq!(world.writes().await, (0, 0, 0));
    let rules: Vec<_> = world.told(&item).await.iter().map(|it| it.rule).collect();
    assert!(rules.contains(&Some(Rule::CopyDeletedByUser)), "{rules:?}");
}
