//! `$batch`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::collections::BTreeMap;

use exchange::{Behaviour, Effect, Fault, Order};
use serde_json::{Value, json};
use support::{ANNA, Reply, Server, hour};

fn part(id: &str, method: &str, rest: &str) -> Value {
    json!({ "id": id, "method": method, "url": format!("/users/{ANNA}{rest}"), "headers": { "Prefer": "IdType=\"ImmutableId\"" } })
}

fn write(id: &str, method: &str, rest: &str, body: Value) -> Value {
    support::with(
        part(id, method, rest),
        json!({ "body": body, "headers": { "Content-Type": "application/json", "Prefer": "IdType=\"ImmutableId\"" } }),
    )
}

fn batch(server: &Server, parts: &[Value]) -> Reply {
    server.post("/v1.0/$batch", &json!({ "requests": parts }))
}

fn statuses(reply: &Reply) -> BTreeMap<String, u64> {
    let answers = reply.json();
    let list = answers["responses"].as_array().unwrap();
    list.iter()
        .map(|part| {
            (
                part["id"].as_str().unwrap().to_owned(),
                part["status"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn each_part_has_its_own_status_headers_and_body() {
    let server = Server::start();
    let reply = batch(
        &server,
        &[
            write("1", "POST", "/events", hour("a", "2026-11-23T09:00:00")),
            part("2", "GET", "/events/nonsense"),
            part("3", "GET", "/calendar"),
        ],
    );
    assert_eq!(reply.status, 200);
    let found: Vec<u64> = statuses(&reply).into_values().collect();
    assert_eq!(found, [201, 400, 200]);
    let counters = server.exchange.counters();
    assert_eq!((counters.requests, counters.batch_parts), (1, 3));
    assert_eq!(
        (counters.operations.creates, counters.operations.reads),
        (1, 2)
    );
    assert_eq!(counters.mailboxes[ANNA].creates, 1);
}

#[test]
fn the_answers_order_is_not_that_of_the_parts() {
    let server = Server::start();
    let parts: Vec<Value> = (0..8)
        .map(|n| part(&n.to_string(), "GET", "/calendar"))
        .collect();
    let order = || -> Vec<String> {
        let answers = batch(&server, &parts).json();
        answers["responses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let asked: Vec<String> = (0..8).map(|n| n.to_string()).collect();
    assert_ne!(order(), asked);
    assert_eq!(order(), order());
    server.exchange.set_behaviour(Behaviour {
        batch_order: Order::AsAsked,
        ..Behaviour::default()
    });
    assert_eq!(order(), asked);
}

#[test]
fn more_than_twenty_parts_are_refused() {
    let server = Server::start();
    let parts: Vec<Value> = (0..21)
        .map(|n| part(&n.to_string(), "GET", "/calendar"))
        .collect();
    assert_eq!(batch(&server, &parts).status, 400);
    assert_eq!(server.exchange.counters().batch_parts, 0);
}

#[test]
fn what_depends_on_a_failed_part_is_424() {
    let server = Server::start();
    let second = support::with(part("2", "GET", "/calendar"), json!({ "dependsOn": ["1"] }));
    let reply = batch(&server, &[part("1", "GET", "/events/nonsense"), second]);
    assert_eq!(statuses(&reply)["2"], 424);
}

#[test]
fn a_body_without_its_own_content_type_spoils_the_batch() {
    let server = Server::start();
    let bare = support::with(
        part("1", "POST", "/events"),
        json!({ "body": hour("a", "2026-11-23T09:00:00") }),
    );
    assert_eq!(batch(&server, &[bare]).status, 400);
    assert!(server.exchange.person(ANNA).events().unwrap().is_empty());
}

#[test]
fn a_fault_can_hit_one_part_after_its_write_took_effect() {
    let server = Server::start();
    let effect = Effect::StatusAfter {
        status: 503,
        code: None,
        retry_after: Some(2),
    };
    server
        .exchange
        .add_fault(Fault::next(effect).path("/events"));
    let reply = batch(
        &server,
        &[
            write("1", "POST", "/events", hour("a", "2026-11-23T09:00:00")),
            write("2", "POST", "/events", hour("b", "2026-11-23T09:00:00")),
        ],
    );
    assert_eq!(
        statuses(&reply),
        BTreeMap::from([("1".to_owned(), 503), ("2".to_owned(), 201)])
    );
    let hit = reply.json()["responses"]
        .as_array()
        .unwrap()
        .iter()
        .find(|part| part["id"] == "1")
        .cloned()
        .unwrap();
    assert_eq!(hit["headers"]["Retry-After"], "2");
    assert_eq!(server.exchange.person(ANNA).events().unwrap().len(), 2);
}
