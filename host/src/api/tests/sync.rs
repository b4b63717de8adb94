//! Cycles on demand, as far as they need no server.

use std::time::Duration;

use serde_json::{Value, json};

use super::world::World;
use crate::store::{mailbox, settings};
use crate::testing::add_user;

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_cycle_for_somebody_unknown_is_refused() {
    let world = World::new().await;
    world.mailbox("ada").await;
    for resource in ["nobody", "olga", "a\u{0}b"] {
        let answer = world.post("/sync", json!({"resource": resource})).await;
        let problem = answer.problem(404, "not-found");
        assert_eq!(problem["field"], "resource");
    }
    for body in [
        json!({"resorce": "ada"}),
        json!({"dry_run": "yes"}),
        json!({"full": null}),
    ] {
        let answer = world.post("/sync", body).await;
        answer.problem(422, "invalid-value");
    }
}

#[tokio::test]
async fn a_busy_mailbox_is_refused_by_name() {
    let world = World::new().await;
    let id = world.mailbox("ada").await;
    let leases = world.host.store.leases();
    let lease = leases.one(world.acme.id(), &id, "another host", HOUR).await;
    assert!(lease.unwrap().is_some());
    for body in [
        json!({"resource": "ada"}),
        json!({"resource": "ada", "dry_run": true, "full": true}),
    ] {
        let problem = world.post("/sync", body).await.problem(409, "mailbox-busy");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("ada@acme.example"), "{detail}");
    }
    let list = world.get("/mailboxes").await.expect(200);
    assert_eq!(list["items"][0]["running"], true);
    // For all mailboxes, one that is busy is told beside the others.
    let all = world.post("/sync", json!({})).await.expect(200);
    let answer = &all["mailboxes"][0];
    assert_eq!(answer["resource"], "ada");
    assert_eq!(answer["done"], Value::Null);
    assert_eq!(answer["problem"]["status"], 409);
}

#[tokio::test]
async fn what_has_to_be_set_up_first_is_named() {
    let world = World::new().await;
    add_user(&world.acme, "bea").await;
    let ask = async |resource: Value, told: &str| {
        let answer = world.post("/sync", json!({"resource": resource})).await;
        let problem = answer.problem(409, "not-ready");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(told), "{detail}");
        assert!(problem["hint"].is_string());
    };
    ask(Value::Null, "no settings yet").await;
    let id = world.mailbox("ada").await;
    ask(json!("bea"), "bea is not permitted").await;
    let mut transaction = world.acme.begin().await.unwrap();
    mailbox::set_enabled(&mut transaction, &id, false)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    ask(json!("ada"), "ada@acme.example is not permitted").await;
    let none = world.post("/sync", json!({"resource": null})).await;
    assert_eq!(none.expect(200), json!({"mailboxes": []}));
    world.save_settings(false).await;
    ask(json!("ada"), "switched off").await;
    world.save_settings(true).await;
    let mut transaction = world.acme.begin().await.unwrap();
    settings::set_paused(&mut transaction, true).await.unwrap();
    transaction.commit().await.unwrap();
    ask(json!("ada"), "settings are being saved").await;
    ask(Value::Null, "settings are being saved").await;
}
