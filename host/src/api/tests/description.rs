//! The interface's own description holds what the list of routes holds, and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;

use super::world::World;
use crate::api::{BASE, routes};

async fn document() -> Value {
    let answer = World::new().await.get("/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    answer.expect(200)
}

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    found
}

/// All values under a name, however deep.
fn all<'v>(name: &str, value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == name {
                    found.push(value);
                }
                all(name, value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all(name, item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_route_is_described_and_nothing_else() {
    let document = document().await;
    let described: BTreeSet<String> = operations(&document).into_iter().map(|(k, _)| k).collect();
    let there: BTreeSet<String> = routes()
        .iter()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(described, there);
    assert_eq!(document["servers"][0]["url"], BASE);
}

#[tokio::test]
async fn every_operation_tells_its_segments_its_answer_and_its_refusals() {
    let document = document().await;
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(
            ids.insert(operation["operationId"].as_str().unwrap()),
            "{name}"
        );
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{name}");
        let parameters = operation["parameters"].as_array();
        let segments: Vec<&str> = parameters
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let wanted: Vec<&str> = name
            .split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap())
            .collect();
        assert_eq!(segments, wanted, "{name}");
        let responses = operation["responses"].as_object().unwrap();
        let succeeds = |status: &&String| status.starts_with('2');
        assert_eq!(responses.keys().filter(succeeds).count(), 1, "{name}");
        for status in ["401", "500", "503"] {
            let problem = &responses[status]["content"]["application/problem+json"]["schema"];
            assert_eq!(
                problem["$ref"], "#/components/schemas/Problem",
                "{name} {status}"
            );
        }
        let changes = parameters
            .into_iter()
            .flatten()
            .any(|parameter| parameter["name"] == "If-Match");
        assert_eq!(responses.contains_key("412"), changes, "{name}");
        assert_eq!(
            responses.contains_key("415"),
            operation["requestBody"].is_object(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn every_shape_that_is_named_is_there() {
    let document = document().await;
    let mut named = Vec::new();
    all("$ref", &document, &mut named);
    assert!(named.len() > 50);
    for reference in named {
        let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn everything_asks_for_a_bearer_token() {
    let document = document().await;
    let requirement = &document["security"][0];
    let scheme = requirement.as_object().unwrap().keys().next().unwrap();
    let scheme = &document["components"]["securitySchemes"][scheme];
    assert_eq!(scheme["type"], "http");
    assert_eq!(scheme["scheme"], "bearer");
}
