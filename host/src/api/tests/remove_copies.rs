//! The removal of all copies on demand, on the demo's Exchange and, for refusals, without one.

use serde_json::{Value, json};

use super::cycles::{demo, only};
use super::world::World;
use crate::testing::add_user;

#[tokio::test]
async fn it_is_previewed_for_anybody_and_done_for_who_is_switched_off() {
    let (demo, world) = demo().await;
    let person = demo.people[0].id;
    world
        .post("/sync", json!({ "resource": person }))
        .await
        .expect(200);
    let ask = async |dry_run| {
        let request = json!({ "resource": person, "dry_run": dry_run });
        world.post("/remove-copies", request).await
    };
    let foreseen = only(&ask(true).await.expect(200));
    let plan = foreseen["plan"].as_array().unwrap();
    assert!(!plan.is_empty());
    assert!(
        plan.iter().all(|one| one["rule"] == "removed_by_admin"),
        "{foreseen}"
    );

    let problem = ask(false).await.problem(409, "not-ready");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("would make the copies again"), "{detail}");
    let none = world.post("/remove-copies", json!({})).await;
    assert_eq!(none.expect(200), json!({"mailboxes": []}));

    let path = format!("/resources/{person}");
    let version = world.get(&path).await.expect(200)["version"].clone();
    let (tag, off) = (format!("\"{version}\""), json!({"enabled": false}));
    let answer = world.change("PATCH", &path, &tag, Some(off)).await;
    answer.expect(200);
    let all = world
        .post("/remove-copies", json!({"resource": null}))
        .await;
    let done = only(&all.expect(200));
    let count = |counts: &Value, name: &str| counts[name].as_u64().unwrap();
    let counts = &done["counts"];
    let writes = count(counts, "psa_writes") + count(counts, "exchange_writes");
    assert_eq!(writes, plan.len() as u64, "{done}");
    let foreseen = only(&ask(true).await.expect(200));
    assert_eq!(foreseen["plan"], json!([]));
}

#[tokio::test]
async fn who_never_synchronised_has_no_copies_to_remove() {
    let world = World::new().await;
    add_user(&world.acme, "bea").await;
    let ask = async |resource: &str| {
        let request = json!({ "resource": resource });
        world.post("/remove-copies", request).await
    };
    assert_eq!(
        ask("nobody").await.problem(404, "not-found")["field"],
        "resource"
    );
    ask("bea").await.problem(409, "not-ready");
    let body = json!({"full": true});
    let answer = world.post("/remove-copies", body).await;
    answer.problem(422, "invalid-value");
}
