//! Undoing a cycle, on the demo's Exchange.

use serde_json::{Value, json};

use super::cycles::{demo, only};
use super::world::World;
use crate::testing::add_user;

#[tokio::test]
async fn a_cycle_is_previewed_undone_and_made_again_after_an_approval() {
    let (demo, world) = demo().await;
    let person = demo.people[0].id;
    let nothing = world.post("/undo", json!({"resource": person})).await;
    nothing.problem(409, "not-ready");
    let sync = async || world.post("/sync", json!({"resource": person})).await;
    let done = only(&sync().await.expect(200));
    let ask = async |dry_run| {
        let request = json!({"resource": person, "run": done["run"], "dry_run": dry_run});
        only(&world.post("/undo", request).await.expect(200))
    };
    let foreseen = ask(true).await;
    let plan = foreseen["plan"].as_array().unwrap();
    assert!(!plan.is_empty());
    for one in plan {
        assert_eq!(one["refused_because"], Value::Null, "{one}");
    }
    let undone = ask(false).await;
    let count = |name: &str| undone["counts"][name].as_u64().unwrap();
    let writes = count("psa_writes") + count("exchange_writes");
    assert_eq!(writes, plan.len() as u64, "{undone}");
    sync().await.problem(409, "stopped");

    let earlier = json!({"resource": person, "run": undone["run"]});
    let problem = world.post("/undo", earlier).await.problem(409, "not-ready");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("another one"), "{detail}");

    let path = format!("/runs/{}/approve", undone["run"].as_str().unwrap());
    let approved = world.post(&path, json!(null)).await.expect(200);
    assert_eq!(approved["stop"], true);
    let again = only(&sync().await.expect(200));
    for name in ["psa_writes", "exchange_writes"] {
        assert_eq!(again["counts"][name], done["counts"][name], "{name}");
    }
}

#[tokio::test]
async fn who_never_synchronised_has_nothing_to_undo() {
    let world = World::new().await;
    add_user(&world.acme, "bea").await;
    let ask = async |request: Value| world.post("/undo", request).await;
    let unknown = ask(json!({"resource": "nobody"})).await;
    assert_eq!(unknown.problem(404, "not-found")["field"], "resource");
    ask(json!({"resource": "bea"}))
        .await
        .problem(409, "not-ready");
    ask(json!({})).await.problem(422, "invalid-value");
}
