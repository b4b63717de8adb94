//! A follower of the change feed misses nothing and is told nothing twice.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::world::World;
use crate::contract::{AppointmentPatch, ItemKind, PsaId, PsaReference, PsaUpdate, RowVersion};
use crate::psa::copy;
use crate::testing::add_user;

/// Everything after a version, page by page, and the version to go on from.
async fn follow(world: &World, since: u64, limit: usize) -> (Vec<Value>, u64) {
    let mut found = Vec::new();
    let mut cursor = String::new();
    for _ in 0..50 {
        let path = format!("/changes?since={since}&limit={limit}{cursor}");
        let page = world.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        found.extend(items.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (found, page["version"].as_u64().unwrap()),
        }
    }
    panic!("the feed has no end");
}

fn told(changes: &[Value]) -> Vec<(&str, &str, bool)> {
    changes
        .iter()
        .map(|change| {
            let text = |name: &str| change[name].as_str().unwrap();
            assert_eq!(change["record"]["id"], change["id"]);
            assert_eq!(change["record"]["version"], change["version"]);
            (
                text("kind"),
                text("changed_by"),
                change["deleted"].as_bool().unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn the_feed_tells_all_kinds_by_version_with_deletions_and_who_changed_them() {
    let world = World::new().await;
    let kept = world.appointment("Visit").await;
    let gone = world.appointment("Takeover of Globex").await;
    add_user(&world.acme, "bea").await;
    let path = format!("/appointments/{gone}");
    let tag = world.get(&path).await.header("etag").to_owned();
    world.change("DELETE", &path, &tag, None).await;
    let row = world
        .get(&format!("/appointments/{kept}"))
        .await
        .expect(200);
    let update = PsaUpdate {
        reference: PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId {
                value: kept.clone(),
            },
        },
        version: RowVersion {
            number: row["version"].as_u64().unwrap(),
        },
        patch: AppointmentPatch {
            title: Some("Moved by a cycle".into()),
            description: None,
            span: None,
            private: None,
            free: None,
            recurring: None,
            not_answered: None,
        },
        exchange: None,
    };
    let mut transaction = world.acme.begin().await.unwrap();
    copy::update(&mut transaction, &update).await.unwrap();
    transaction.commit().await.unwrap();

    for limit in [1, 2, 3, 4, 500] {
        let (changes, version) = follow(&world, 0, limit).await;
        assert_eq!(
            told(&changes),
            [
                ("resource", "person", false),
                ("resource", "person", false),
                ("appointment", "person", true),
                ("appointment", "tandem", false),
            ]
        );
        assert_eq!(changes[2]["record"]["title"], "");
        assert_eq!(changes[3]["record"]["title"], "Moved by a cycle");
        let versions: Vec<u64> = changes
            .iter()
            .map(|c| c["version"].as_u64().unwrap())
            .collect();
        assert!(versions.is_sorted());
        assert_eq!(version, versions[3]);
        assert_eq!(follow(&world, version, limit).await, (Vec::new(), version));
        let later: Vec<Value> = changes[2..].to_vec();
        assert_eq!(follow(&world, versions[1], limit).await.0, later);
    }
}

#[tokio::test]
async fn a_version_that_never_was_is_refused() {
    let world = World::new().await;
    let (_, version) = follow(&world, 0, 500).await;
    let answer = world.get(&format!("/changes?since={}", version + 1)).await;
    let problem = answer.problem(400, "malformed-request");
    assert_eq!(problem["field"], "since");
    assert!(problem["hint"].as_str().unwrap().contains("backup"));
    for wait in ["31", "-1", "soon"] {
        let answer = world.get(&format!("/changes?wait={wait}")).await;
        assert_eq!(answer.problem(400, "malformed-request")["field"], "wait");
    }
}

#[tokio::test]
async fn a_waiting_follower_is_told_when_something_changes_and_not_before() {
    let world = World::new().await;
    let (_, version) = follow(&world, 0, 500).await;
    let began = Instant::now();
    let none = world.get(&format!("/changes?since={version}&wait=1")).await;
    assert_eq!(none.expect(200)["items"], json!([]));
    assert!(began.elapsed() >= Duration::from_secs(1));
    let path = format!("/changes?since={version}&wait=30");
    let (answer, _) = tokio::join!(world.get(&path), async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        world.appointment("Visit").await
    });
    let items = answer.expect(200)["items"].clone();
    assert_eq!(items[0]["record"]["title"], "Visit");
    assert!(began.elapsed() < Duration::from_secs(20));
}
