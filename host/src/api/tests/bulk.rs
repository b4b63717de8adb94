//! Many records in one request.

use serde_json::{Value, json};

use super::world::{World, timed};
use crate::testing::add_user;

const PATH: &str = "/appointments/bulk";

fn entry(id: &str, title: &str) -> Value {
    json!({"id": id, "record": timed(title)})
}

async fn send(world: &World, records: Vec<Value>) -> Vec<Value> {
    let answer = world.post(PATH, json!({ "records": records })).await;
    let results = answer.expect(200)["results"].clone();
    results.as_array().unwrap().clone()
}

fn outcomes(results: &[Value]) -> Vec<&str> {
    results
        .iter()
        .map(|result| {
            let outcome = result["outcome"].as_str().unwrap();
            assert_eq!(outcome == "refused", result["problem"].is_object());
            outcome
        })
        .collect()
}

#[tokio::test]
async fn records_are_made_and_changed_under_the_callers_keys_and_sent_twice_nothing_changes() {
    let world = World::new().await;
    let both = || vec![entry("A-1", "Visit"), entry("A-2", "Standup")];
    let made = send(&world, both()).await;
    assert_eq!(outcomes(&made), ["created", "created"]);
    assert_eq!(made[0]["id"], "A-1");
    let first = world.get("/appointments/A-1").await.expect(200);
    assert_eq!(first["title"], "Visit");
    assert_eq!(first["version"], made[0]["version"]);
    let reached = world.get("/changes").await.expect(200)["version"].clone();

    let again = send(&world, both()).await;
    assert_eq!(outcomes(&again), ["unchanged", "unchanged"]);
    assert_eq!(again[1]["version"], made[1]["version"]);
    let version = world.get("/changes").await.expect(200)["version"].clone();
    assert_eq!(version, reached, "what changes nothing draws no version");

    let changed = send(
        &world,
        vec![entry("A-1", "Visit"), entry("A-2", "Retrospective")],
    )
    .await;
    assert_eq!(outcomes(&changed), ["unchanged", "changed"]);
    let second = world.get("/appointments/A-2").await.expect(200);
    assert_eq!(second["title"], "Retrospective");
    assert_eq!(second["version"], changed[1]["version"]);
}

#[tokio::test]
async fn a_record_that_breaks_a_rule_is_refused_and_the_others_are_written() {
    let world = World::new().await;
    let mut stranger = timed("Visit");
    stranger["resource"] = json!("olga");
    let mut backwards = timed("Visit");
    backwards["end"] = json!("2026-03-01T08:00:00Z");
    let results = send(
        &world,
        vec![
            entry("good-1", "Visit"),
            entry("bad key", "Visit"),
            entry("", "Visit"),
            entry("bulk", "Visit"),
            entry("A-1", ""),
            json!({"id": "A-2", "record": stranger}),
            json!({"id": "A-3", "record": backwards}),
            json!({"id": "A-4", "version": 1, "record": timed("Visit")}),
            json!({"id": "a\u{0}b", "record": null}),
            entry("good-2", "Visit"),
        ],
    )
    .await;
    let refused: Vec<(&str, &str)> = results[1..9]
        .iter()
        .map(|result| {
            assert_eq!(result["outcome"], "refused", "{result}");
            assert_eq!(result["version"], Value::Null);
            let problem = &result["problem"];
            let name = problem["type"]
                .as_str()
                .unwrap()
                .rsplit(':')
                .next()
                .unwrap();
            (name, problem["field"].as_str().unwrap_or("none"))
        })
        .collect();
    assert_eq!(
        refused,
        [
            ("invalid-value", "id"),
            ("invalid-value", "id"),
            ("invalid-value", "id"),
            ("invalid-value", "title"),
            ("invalid-value", "resource"),
            ("invalid-value", "end"),
            ("version-stale", "none"),
            ("invalid-value", "id"),
        ]
    );
    for id in ["good-1", "good-2"] {
        world.get(&format!("/appointments/{id}")).await.expect(200);
    }
    let list = world.get("/appointments").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_read_refuses_the_whole_request_and_names_the_place() {
    let world = World::new().await;
    let unknown =
        json!({"id": "A-2", "record": {"resource": "ada", "title": "x", "colour": "red"}});
    for (bad, field) in [
        (unknown, "records[1].record.colour"),
        (json!({"id": "A-2"}), "records[1].record"),
        (json!({"record": timed("Visit")}), "records[1].id"),
        (
            json!({"id": "A-2", "version": -1, "record": null}),
            "records[1].version",
        ),
    ] {
        let records = vec![entry("A-1", "Visit"), bad];
        let answer = world.post(PATH, json!({ "records": records })).await;
        assert_eq!(answer.problem(422, "invalid-value")["field"], field);
    }
    let many: Vec<Value> = (0..1_001)
        .map(|n| json!({"id": format!("{n}"), "record": null}))
        .collect();
    let answer = world.post(PATH, json!({ "records": many })).await;
    assert_eq!(answer.problem(422, "invalid-value")["field"], "records");
    let list = world.get("/appointments?since=0").await.expect(200);
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn null_deletes_and_a_deleted_key_is_not_used_again() {
    let world = World::new().await;
    add_user(&world.acme, "bea").await;
    let made = send(&world, vec![entry("A-1", "Visit")]).await;
    let gone = json!({"id": "A-1", "record": null});
    let stale = json!({"id": "A-1", "version": 1, "record": null});
    assert_eq!(outcomes(&send(&world, vec![stale]).await), ["refused"]);
    let mut elsewhere = timed("Visit");
    elsewhere["resource"] = json!("bea");
    let moved = json!({"id": "A-1", "record": elsewhere});
    let refused = send(&world, vec![moved]).await;
    assert_eq!(refused[0]["problem"]["field"], "resource");
    let named = json!({"id": "A-1", "version": made[0]["version"], "record": null});
    let results = send(
        &world,
        vec![named, gone.clone(), json!({"id": "never", "record": null})],
    )
    .await;
    assert_eq!(outcomes(&results), ["deleted", "unchanged", "unchanged"]);
    assert_eq!(results[0]["version"], results[1]["version"]);
    assert_eq!(results[2]["version"], Value::Null);
    world
        .get("/appointments/A-1")
        .await
        .problem(404, "not-found");
    let again = send(&world, vec![entry("A-1", "Visit")]).await;
    assert_eq!(again[0]["problem"]["field"], "id");
}
