//! The end of a cycle: what moves with it, and what a cycle that did not come to it leaves as it
//! was.

use super::world::World;
use crate::contract::{ItemKind, LinkState};
use crate::cycle::approve::approve;
use crate::cycle::{CycleError, Options};
use crate::store::lease::CycleResult;
use crate::store::{cycle_run, held, history, link, observation, stop};

#[tokio::test]
async fn cursors_plugin_and_links_are_noted_by_a_cycle_that_comes_to_its_end() {
    let world = World::settled().await;
    let before = world.record().await;
    let item = world.plan("Visit").await;
    world.book("Lunch");
    assert_eq!(world.writes().await, (1, 1, 0));
    let after = world.record().await;
    assert_ne!(after.cursor, before.cursor);
    assert!(after.psa_cursor.unwrap().number > before.psa_cursor.unwrap().number);
    assert_eq!(link::lost(&world.tenant, &world.mailbox).await.unwrap(), 0);
    let told = world.told(&item).await;
    assert_eq!(after.plugin_digest, Some(told[0].plugin_digest.clone()));
    assert_eq!(after.last_result, Some(CycleResult::Succeeded));
    assert!(!after.relink);
    // What came meanwhile is the next cycle's, and no more than that.
    assert_eq!(world.writes().await, (0, 0, 0));
}

#[tokio::test]
async fn what_the_provider_remarks_on_stands_in_the_cycles_history() {
    let world = World::settled().await;
    world.lose_cursor();
    let report = world.cycle().await.unwrap();
    let told = history::of_cycle(&world.tenant, &report.cycle).await;
    let told = told.unwrap();
    let remark = told.iter().find(|entry| entry.outcome == "read-again");
    let says = remark.is_some_and(|it| it.remark.contains("everything is read again"));
    assert!(says, "{told:#?}");
}

#[tokio::test]
async fn a_dry_run_keeps_nothing_of_what_it_was_told() {
    let world = World::settled().await;
    world.book("Lunch");
    let dry = Options {
        dry_run: true,
        ..Options::default()
    };
    let report = world.cycle_as(dry).await.unwrap();
    assert_eq!(report.counts.psa_writes, 0);
    let staged = observation::staged(&world.tenant, &world.mailbox).await;
    assert!(staged.unwrap().changes.is_empty());
    assert_eq!(world.writes().await, (1, 0, 0));
}

#[tokio::test]
async fn a_cycle_that_fails_moves_no_cursor_and_says_why() {
    let world = World::settled().await;
    let before = world.record().await;
    world.book("Lunch");
    world.refuse("GET", 401, 1_000);
    let error = world.cycle().await.unwrap_err();
    let after = world.record().await;
    assert_eq!(
        (&after.cursor, after.psa_cursor),
        (&before.cursor, before.psa_cursor)
    );
    assert_eq!(after.last_result, Some(CycleResult::Failed));
    assert_eq!(after.last_error, Some(error.to_string()));
    assert_eq!(after.failures, 1);
    world.no_faults();
    assert_eq!(world.writes().await, (1, 0, 0));
    assert_eq!(world.record().await.failures, 0);
}

#[tokio::test]
async fn a_stopped_cycle_moves_nothing_and_its_approval_lasts_for_one() {
    let world = World::settled().await;
    let before = world.record().await;
    let deleted = link::of_mailbox(&world.tenant, &world.mailbox)
        .await
        .unwrap();
    assert!(deleted.len() >= 5);
    world.outlook().empty().unwrap();
    let CycleError::Stopped(asked) = world.cycle().await.unwrap_err() else {
        panic!("it went on");
    };
    let after = world.record().await;
    assert_eq!(
        (&after.cursor, after.psa_cursor),
        (&before.cursor, before.psa_cursor)
    );
    assert_eq!(after.last_result, Some(CycleResult::Stopped));
    assert_eq!(
        link::of_mailbox(&world.tenant, &world.mailbox)
            .await
            .unwrap(),
        deleted
    );
    let run = cycle_run::get(&world.tenant, &asked.cycle).await.unwrap();
    assert_eq!(run.error, after.last_error);
    assert_eq!(run.counts.failed, 0);
    let open = stop::of_mailbox(&world.tenant, &world.mailbox)
        .await
        .unwrap();
    assert_eq!(open, Some(asked.clone()));
    assert!(
        approve(&world.tenant, "another")
            .await
            .unwrap()
            .is_nothing()
    );
    assert!(approve(&world.tenant, &asked.cycle).await.unwrap().stop);
    world.cycle().await.unwrap();
    assert_eq!(
        stop::of_mailbox(&world.tenant, &world.mailbox)
            .await
            .unwrap(),
        None
    );
    assert_ne!(world.record().await.cursor, before.cursor);
    let left = link::of_mailbox(&world.tenant, &world.mailbox)
        .await
        .unwrap();
    // A call's copy is made again once, and contacts lie in no calendar.
    let mut respected = left
        .iter()
        .filter(|link| matches!(link.kind, ItemKind::Appointment | ItemKind::ToDo))
        .peekable();
    assert!(respected.peek().is_some());
    assert!(respected.all(|link| link.state == LinkState::CopyDeleted));
}

#[tokio::test]
async fn held_deletions_survive_the_cursor_and_leave_no_approval_behind() {
    let mut world = World::settled().await;
    let mut items = Vec::new();
    for number in 0..25 {
        items.push(world.book(&format!("Item {number}")));
    }
    assert_eq!(world.writes().await, (25, 0, 0));
    for id in &items {
        world.outlook().delete(id).unwrap();
    }
    let before = world.record().await;
    let report = world.cycle().await.unwrap();
    assert_eq!((report.held, report.counts.psa_writes), (25, 0));
    assert_ne!(world.record().await.cursor, before.cursor);
    let waiting = held::list(&world.tenant, Some(&world.mailbox))
        .await
        .unwrap();
    assert_eq!(waiting.len(), 25);
    assert!(waiting.iter().all(|held| held.approved.is_none()));
    assert_eq!(world.writes().await, (0, 0, 0));
    let approved = approve(&world.tenant, &report.cycle).await.unwrap();
    assert_eq!((approved.deletions, approved.stop), (25, false));
    // One that the server cannot answer for stays approved until it can.
    world.damage(&items[0]);
    assert_eq!(world.writes().await, (24, 0, 1));
    let left = held::list(&world.tenant, None).await.unwrap();
    assert!(left.len() == 1 && left[0].approved.is_some());
    world.no_faults();
    world.pass(chrono::TimeDelta::minutes(30));
    assert_eq!(world.writes().await, (1, 0, 0));
    assert!(held::list(&world.tenant, None).await.unwrap().is_empty());
    assert!(world.waiting().await.is_empty());
}

#[tokio::test]
async fn held_deletions_of_copies_that_lost_their_links_go_on_approval_too() {
    let world = World::settled().await;
    let mut items = Vec::new();
    for number in 0..25 {
        items.push(world.book(&format!("Item {number}")));
    }
    assert_eq!(world.writes().await, (25, 0, 0));
    for id in &items {
        world.outlook().delete(id).unwrap();
    }
    world.lose_links().await;
    let report = world.cycle().await.unwrap();
    assert_eq!((report.held, report.counts.psa_writes), (25, 0));
    let approved = approve(&world.tenant, &report.cycle).await.unwrap();
    assert_eq!((approved.deletions, approved.stop), (25, false));
    assert_eq!(world.writes().await, (25, 0, 0));
    assert!(held::list(&world.tenant, None).await.unwrap().is_empty());
    assert_eq!(world.writes().await, (0, 0, 0));
}
