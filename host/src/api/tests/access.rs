//! Who may reach what.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::answer::Answer;
use super::world::{World, timed};
use crate::api::{BASE, LARGEST_BODY, routes};
use crate::contract::{ItemKind, PsaId, PsaReference};
use crate::store::cycle_run;
use crate::store::history::{self, Entry};

/// What nobody but acme may ever read.
const SECRET: &str = "Takeover of Globex";

/// Lists of which a stranger has nothing.
const LISTS: [&str; 5] = ["/appointments", "/mailboxes", "/runs", "/held", "/webhooks"];

/// Keys of acme's.
struct Keys {
    appointment: String,
    run: String,
    webhook: String,
}

/// A path of a route with acme's keys in it.
fn filled(path: &str, keys: &Keys) -> String {
    let id = match path.split('/').nth(1) {
        Some("resources") => "ada",
        Some("runs") => &keys.run,
        Some("webhooks") => &keys.webhook,
        _ => &keys.appointment,
    };
    path.replace("{kind}", "appointment").replace("{id}", id)
}

#[tokio::test]
async fn every_route_asks_for_a_known_token() {
    let world = World::new().await;
    let cases: [&[(&str, &str)]; 6] = [
        &[],
        &[("authorization", "Bearer tdm_0000")],
        &[("authorization", "Bearer ")],
        &[("authorization", "Basic dGRtXzA6dGRtXzA=")],
        &[("authorization", "Bearer nothing of ours")],
        &[
            ("authorization", &world.stranger()),
            ("authorization", &world.stranger()),
        ],
    ];
    let keys = Keys {
        appointment: "a".into(),
        run: "r".into(),
        webhook: "w".into(),
    };
    for route in routes() {
        let path = filled(route.path, &keys);
        for headers in cases {
            let answer = world
                .send(route.method.as_str(), &path, headers, None)
                .await;
            answer.problem(401, "unauthorised");
            assert_eq!(
                answer.header("www-authenticate"),
                "Bearer realm=\"tandem\"",
                "{path}"
            );
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn a_path_that_does_not_exist_tells_nothing_without_a_token() {
    let world = World::new().await;
    let answer = world.send("GET", "/nothing", &[], None).await;
    answer.problem(401, "unauthorised");
}

/// Whether a path leads to records that are all listed, made, changed and deleted in the same way.
fn kept_by_key(path: &str) -> bool {
    let kinds = [
        "companies",
        "contacts",
        "to-dos",
        "service-calls",
        "territories",
        "security-levels",
        "opportunities",
        "contracts",
        "tickets",
        "tasks",
        "action-types",
        "call-statuses",
    ];
    path.split('/')
        .nth(1)
        .is_some_and(|kind| kinds.contains(&kind))
}

#[tokio::test]
async fn nothing_of_another_tenant_is_reachable() {
    let world = World::new().await;
    let keys = world_with_a_past(&world).await;
    let stranger = world.stranger();
    for route in routes() {
        let method = route.method.as_str();
        let path = filled(route.path, &keys);
        // Each new route says here what it asks for, and what a stranger may get.
        let (body, expected) = match (method, route.path) {
            ("GET", "/openapi.json" | "/changes" | "/resources" | "/settings") => (None, 200),
            ("GET", path) if LISTS.contains(&path) => (None, 200),
            ("GET", path) if kept_by_key(path) && !path.contains('{') => (None, 200),
            ("GET", _) => (None, 404),
            ("POST", "/appointments") => (Some(timed("a guess")), 422),
            ("POST", "/appointments/bulk") => {
                let entry = json!({"id": keys.appointment, "record": null});
                (Some(json!({"records": [entry]})), 200)
            }
            ("POST", "/webhooks") => (Some(json!({"url": "https://psa.example.com/"})), 201),
            ("POST", "/webhooks/{id}/secret" | "/runs/{id}/approve") => (None, 404),
            ("POST", "/settings/validate") => (None, 409),
            ("PUT", "/settings") => (Some(json!({})), 412),
            ("PUT", "/resources/{id}/profile") => (Some(json!({})), 404),
            ("PATCH", "/resources/{id}") => (Some(json!({"name": "a guess"})), 404),
            ("PATCH", "/webhooks/{id}") => (Some(json!({"active": false})), 404),
            ("POST", "/resources") => (Some(json!({"name": "Another Ada"})), 201),
            ("POST", "/sync" | "/remove-copies" | "/undo") => {
                (Some(json!({"resource": "ada"})), 404)
            }
            ("PATCH", "/appointments/{id}") => (Some(json!({"title": "a guess"})), 404),
            // The records that are kept by a key are all alike.
            ("POST", path) if path.ends_with("/bulk") => {
                let entry = json!({"id": "a", "record": null});
                (Some(json!({"records": [entry]})), 200)
            }
            ("POST", path) if kept_by_key(path) => (Some(json!({})), 422),
            ("PATCH", path) if kept_by_key(path) => (Some(json!({})), 404),
            ("DELETE", _) => (None, 404),
            _ => panic!("say what a stranger gets from {method} {}", route.path),
        };
        let headers = [("authorization", stranger.as_str()), ("if-match", "\"2\"")];
        let answer = world.send(method, &path, &headers, body).await;
        assert_eq!(
            answer.status.as_u16(),
            expected,
            "{method} {path}: {}",
            answer.text
        );
        assert!(!answer.text.contains(SECRET), "{method} {path}");
        assert!(!answer.text.contains("ada@acme"), "{method} {path}");
        if LISTS.contains(&route.path) && method == "GET" {
            assert_eq!(answer.json()["items"], json!([]), "{method} {path}");
        }
    }
    let still = world
        .get(&format!("/appointments/{}", keys.appointment))
        .await;
    assert_eq!(still.expect(200)["title"], json!(SECRET));
}

#[tokio::test]
async fn two_tenants_may_use_the_same_key() {
    let world = World::new().await;
    let stranger = world.stranger();
    let headers = [("authorization", stranger.as_str())];
    let body = json!({"id": "ada", "name": "Another Ada"});
    let made = world.send("POST", "/resources", &headers, Some(body)).await;
    made.expect(201);
    let ada = world.get("/resources/ada").await.expect(200);
    assert_eq!(ada["name"], json!("ada"));
}

#[tokio::test]
async fn the_filters_of_a_list_reach_no_other_tenant() {
    let world = World::new().await;
    world_with_a_past(&world).await;
    let stranger = world.stranger();
    for path in [
        "/appointments?resource=ada&since=0",
        "/runs?resource=ada",
        "/resources?text=ada",
    ] {
        let headers = [("authorization", stranger.as_str())];
        let list = world.send("GET", path, &headers, None).await.expect(200);
        assert_eq!(list["items"], json!([]), "{path}");
    }
}

/// An appointment with a secret title, its history, a mailbox, a run and a webhook of acme's.
async fn world_with_a_past(world: &World) -> Keys {
    let mailbox = world.mailbox("ada").await;
    let appointment = world.appointment(SECRET).await;
    let mut transaction = world.acme.begin().await.unwrap();
    let run = cycle_run::start(&mut transaction, &mailbox, "digest", false)
        .await
        .unwrap();
    let now = transaction.now().await.unwrap();
    let entry = Entry {
        time: now,
        cycle: run.clone(),
        mailbox,
        link: None,
        psa: Some(PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId {
                value: appointment.clone(),
            },
        }),
        exchange: None,
        plugin_digest: "digest".into(),
        rule: None,
        action: "create-exchange".into(),
        fields: Vec::new(),
        evidence: None,
        outcome: "done".into(),
        request_id: String::new(),
        status: 201,
        remark: SECRET.into(),
    };
    history::append(&mut transaction, &[entry]).await.unwrap();
    transaction.commit().await.unwrap();
    let seen = format!("/items/appointment/{appointment}/history");
    assert!(world.get(&seen).await.text.contains(SECRET));
    let webhook = json!({"url": "https://psa.example.com/ada@acme"});
    let webhook = world.post("/webhooks", webhook).await.expect(201);
    Keys {
        appointment,
        run,
        webhook: webhook["id"].as_str().unwrap().to_owned(),
    }
}

#[tokio::test]
async fn what_does_not_exist_is_said_as_a_problem() {
    let world = World::new().await;
    for path in [
        "/nothing",
        "/",
        "",
        "/appointments/",
        "/appointments/none",
        "/appointments/%00",
        "/appointments/%ff",
        "/resources/none",
        "/runs/none",
        "/webhooks/none",
        "/items/holiday/1/history",
        "/items/to_do/1/history",
        "/items/appointment/a:b/history",
    ] {
        world.get(path).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_refused_with_those_it_has() {
    let world = World::new().await;
    let answer = world.call("PUT", "/appointments", Some(json!({}))).await;
    answer.problem(405, "method-not-allowed");
    let mut allowed: Vec<&str> = answer.header("allow").split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn bodies_have_a_limit_and_a_type() {
    let world = World::new().await;
    let post = async |media: &str, body: String| -> Answer {
        world.post_text("/appointments", media, body).await
    };
    let padded = |length: usize| {
        let text = timed("t").to_string();
        let padding = " ".repeat(length - text.len());
        format!("{text}{padding}")
    };
    let answer = post("application/json", padded(LARGEST_BODY + 1)).await;
    answer.problem(413, "body-too-large");
    post("application/json", padded(LARGEST_BODY))
        .await
        .expect(201);
    for media in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let answer = post(media, timed("t").to_string()).await;
        answer.problem(415, "media-type-not-supported");
    }
    post("Application/JSON; charset=utf-8", timed("t").to_string())
        .await
        .expect(201);
}

#[tokio::test]
async fn the_token_is_asked_for_before_the_body_is_looked_at() {
    let world = World::new().await;
    let request = Request::builder()
        .method("POST")
        .uri(format!("{BASE}/appointments"))
        .body(Body::from(vec![b' '; LARGEST_BODY + 1]))
        .unwrap();
    world.raw(request).await.problem(401, "unauthorised");
}

#[tokio::test]
async fn a_new_item_has_an_empty_history() {
    let world = World::new().await;
    let id = world.appointment("Standup").await;
    let history = world
        .get(&format!("/items/appointment/{id}/history"))
        .await
        .expect(200);
    assert_eq!(history, json!({"items": [], "next": Value::Null}));
}
