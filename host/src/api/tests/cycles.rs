//! Cycles on demand against an emulated Exchange.

use serde_json::{Value, json};

use super::world::World;
use crate::demo::Demo;

/// A private appointment's title, which stays in its own record.
const SECRET: &str = "Takeover of Globex";

pub async fn demo() -> (Demo, World) {
    let web = "127.0.0.1:0".parse().unwrap();
    let demo = Demo::start(None, web).await.unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    (demo, world)
}

/// What came of the only mailbox of an answer.
pub fn only(answer: &Value) -> Value {
    let mailboxes = answer["mailboxes"].as_array().unwrap();
    assert_eq!(mailboxes.len(), 1);
    assert_eq!(mailboxes[0]["problem"], Value::Null);
    mailboxes[0]["done"].clone()
}

#[tokio::test]
async fn a_dry_run_tells_the_plan_without_texts_and_keeps_nothing() {
    let (demo, world) = demo().await;
    let person = demo.people[0].id;
    let secret = json!({
        "resource": person, "title": SECRET, "private": true,
        "start": "2099-03-01T09:00:00Z", "end": "2099-03-01T10:00:00Z",
    });
    let secret = world.post("/appointments", secret).await.expect(201);
    let path = format!("/appointments?resource={person}&limit=500");
    let before = world.get(&path).await.expect(200);
    let answer = world
        .post("/sync", json!({"resource": person, "dry_run": true}))
        .await;
    let done = only(&answer.expect(200));
    assert!(!answer.text.contains(SECRET));
    let plan = done["plan"].as_array().unwrap();
    let planned = |id: &Value| plan.iter().find(|step| step["psa"]["id"] == *id);
    let step = planned(&secret["id"]).unwrap();
    assert_eq!(step["action"], "create_exchange");
    assert_eq!(step["rule"], "psa_item_is_new");
    assert_eq!(step["psa"]["kind"], "appointment");
    assert!(step["fields"].is_array() && step["remark"].is_string());
    assert_eq!(done["run"], Value::Null);
    assert_eq!(done["counts"]["exchange_writes"], 0);
    assert_eq!(world.get(&path).await.expect(200), before);
    let runs = world.get("/runs").await.expect(200);
    assert_eq!(runs["items"], json!([]));
    let mailboxes = world.get("/mailboxes").await.expect(200);
    assert!(
        mailboxes["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|m| m["running"] == false)
    );
}

#[tokio::test]
async fn a_cycle_on_demand_leaves_a_run_and_a_history_and_the_next_one_writes_nothing() {
    let (demo, world) = demo().await;
    let person = demo.people[0].id;
    let request = json!({ "resource": person });
    let first = only(&world.post("/sync", request.clone()).await.expect(200));
    assert_eq!(first["plan"], Value::Null);
    assert!(
        first["counts"]["exchange_writes"].as_u64().unwrap() > 0,
        "{first}"
    );
    let run = first["run"].as_str().unwrap();
    let run = world.get(&format!("/runs/{run}")).await.expect(200);
    assert_eq!(run["counts"], first["counts"]);
    assert!(run["finished"].is_string());
    let search = format!("/appointments?resource={person}");
    let list = world.get(&search).await.expect(200);
    let item = &list["items"].as_array().unwrap()[0];
    let path = format!(
        "/items/appointment/{}/history",
        item["id"].as_str().unwrap()
    );
    let history = world.get(&path).await.expect(200);
    assert_eq!(history["items"][0]["run"], first["run"], "{history}");
    let second = only(&world.post("/sync", request).await.expect(200));
    assert_eq!(second["counts"]["exchange_writes"], 0);
    assert_eq!(second["counts"]["psa_writes"], 0);
}

#[tokio::test]
async fn cycles_for_all_tell_what_came_of_each() {
    let (demo, world) = demo().await;
    let all = world
        .post("/sync", json!({"resource": null}))
        .await
        .expect(200);
    let mailboxes = all["mailboxes"].as_array().unwrap();
    assert_eq!(mailboxes.len(), demo.people.len());
    for mailbox in mailboxes {
        assert_eq!(mailbox["problem"], Value::Null, "{mailbox}");
        assert!(mailbox["done"]["run"].is_string());
    }
    let list = world.get("/mailboxes").await.expect(200);
    for mailbox in list["items"].as_array().unwrap() {
        assert_eq!(mailbox["last_result"], "succeeded");
    }
}

#[tokio::test]
async fn an_exchange_that_does_not_answer_is_a_problem_of_the_gateway() {
    let (demo, world) = demo().await;
    let person = demo.people[0].id;
    demo.exchange.stop().await.unwrap();
    let answer = world.post("/sync", json!({"resource": person})).await;
    let problem = answer.problem(502, "exchange-failed");
    assert!(problem["hint"].is_string());
    let list = world.get("/mailboxes").await.expect(200);
    let mailbox = list["items"].as_array().unwrap();
    let mailbox = mailbox.iter().find(|m| m["resource"] == person).unwrap();
    assert_eq!(mailbox["last_result"], "failed");
    assert_eq!(mailbox["failures"], 1);
}
