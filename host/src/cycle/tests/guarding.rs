//! What the guard is told of a cycle: how it came about decides whether it may change most of a mailbox.

use super::world::World;
use crate::contract::{ExchangeId, PsaReference};
use crate::cycle::{CycleError, Options};
use crate::store::mailbox;

/// More appointments than everything else in the mailbox.
const MANY: usize = 80;

async fn many(world: &World) -> Vec<PsaReference> {
    let mut items = Vec::new();
    for number in 0..MANY {
        items.push(world.plan(&format!("Visit {number}")).await);
    }
    // More than a plugin may write that is new; this one is not.
    assert_eq!(world.writes().await, (0, MANY as u64, 0));
    items
}

/// Their user moves the copies, and a cycle does not go on without being asked.
async fn moved(world: &World, items: &[PsaReference], subject: &str) {
    for item in items {
        let ExchangeId { value } = world.link_of(item).await.exchange.unwrap().id;
        world
            .outlook()
            .update(&value, &world.draft(subject))
            .unwrap();
    }
    let stopped = world.cycle().await;
    assert!(
        matches!(stopped, Err(CycleError::Stopped(_))),
        "{stopped:?}"
    );
}

#[tokio::test]
async fn most_of_a_mailbox_changes_without_a_question_only_where_everything_was_to_be_read() {
    let mut world = World::settled().await;
    let items = many(&world).await;
    moved(&world, &items, "An admin has all read again").await;
    let full = Options {
        full: true,
        ..Options::default()
    };
    let report = world.cycle_as(full).await.unwrap();
    assert_eq!(report.counts.psa_writes, MANY as u64);
    world.pass(chrono::TimeDelta::hours(1));
    moved(&world, &items, "A setting has changed").await;
    let mut transaction = world.tenant.begin().await.unwrap();
    let id = world.mailbox.clone();
    mailbox::read_again(&mut transaction, &id, false)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let report = world.cycle().await.unwrap();
    assert_eq!(report.counts.psa_writes, MANY as u64);
}
