//! Links that somebody emptied, or put back, behind the host's back: they are made again, and the
//! history says so.

use super::world::World;
use crate::store::history;
use crate::store::link;

/// Runs a cycle that writes nothing, and gives what it says of links that it makes again.
async fn said(world: &World) -> Vec<String> {
    let report = world.cycle().await.unwrap();
    let counts = &report.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (0, 0, 0)
    );
    let told = history::of_cycle(&world.tenant, &report.cycle)
        .await
        .unwrap();
    let again = told
        .into_iter()
        .filter(|entry| entry.outcome == "links are made again");
    again.map(|entry| entry.remark).collect()
}

#[tokio::test]
async fn links_that_are_missing_are_made_again_before_anything_looks_new() {
    let world = World::settled().await;
    let links = async || {
        link::of_mailbox(&world.tenant, &world.mailbox)
            .await
            .unwrap()
    };
    let before = links().await.len();
    assert!(before >= 5);
    world.lose_links().await;
    let missing = format!("{before} links are missing that no cycle removed");
    assert_eq!(said(&world).await, [missing]);
    assert_eq!(links().await.len(), before);
    assert_eq!(said(&world).await, [""; 0]);
}

#[tokio::test]
async fn links_that_no_cycle_made_are_looked_through() {
    let world = World::settled().await;
    world.miscount_links(-2).await;
    let more = "2 links are there that no cycle made";
    assert_eq!(said(&world).await, [more]);
    assert_eq!(said(&world).await, [""; 0]);
}
