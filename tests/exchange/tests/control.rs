//! The control end point.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::{ANNA, Server, hour};

fn control(server: &Server, method: &str, rest: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let reply = server
        .try_send(method, &format!("/control{rest}"), &[], &body)
        .unwrap();
    (reply.status, reply.json())
}

#[test]
fn a_person_is_played_from_another_process() {
    let server = Server::start();
    let base = format!("/mailboxes/{ANNA}");
    let id = control(
        &server,
        "POST",
        &format!("{base}/events"),
        &hour("a", "2026-11-23T09:00:00"),
    )
    .1["id"]
        .clone();
    let id = id.as_str().unwrap();
    assert_eq!(
        control(
            &server,
            "PATCH",
            &format!("{base}/events/{id}"),
            &json!({ "subject": "b" })
        )
        .0,
        200
    );
    let copy = control(
        &server,
        "POST",
        &format!("{base}/events/{id}/copy"),
        &Value::Null,
    )
    .1["id"]
        .clone();
    assert_eq!(
        control(
            &server,
            "POST",
            &format!("{base}/events/{id}/move"),
            &json!({ "calendar": "Other" })
        )
        .0,
        200
    );
    assert_eq!(
        control(
            &server,
            "DELETE",
            &format!("{base}/events/{}", copy.as_str().unwrap()),
            &Value::Null
        )
        .0,
        200
    );
    let list = control(&server, "GET", &format!("{base}/events"), &Value::Null).1;
    let calendars: Vec<&Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|found| &found["calendar"])
        .collect();
    assert_eq!(calendars, [&json!("Other"), &Value::Null]);
    assert_eq!(list[0]["event"]["subject"], "b");
    assert_eq!(
        server.exchange.counters().requests,
        0,
        "people are not counted"
    );
}

#[test]
fn contacts_are_made_changed_copied_and_deleted_from_another_process() {
    let server = Server::start();
    let contacts = format!("/mailboxes/{ANNA}/contacts");
    let made = control(&server, "POST", &contacts, &json!({ "surname": "Berg" })).1;
    let one = format!("{contacts}/{}", made["id"].as_str().unwrap());
    let cook = json!({ "jobTitle": "Cook" });
    assert_eq!(control(&server, "PATCH", &one, &cook).0, 200);
    let copy = control(&server, "POST", &format!("{one}/copy"), &Value::Null).1;
    assert_eq!(control(&server, "DELETE", &one, &Value::Null).0, 200);
    assert_eq!(control(&server, "DELETE", &one, &Value::Null).0, 404);
    let left = control(&server, "GET", &contacts, &Value::Null).1;
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(
        (&left[0]["id"], &left[0]["jobTitle"]),
        (&copy["id"], &json!("Cook"))
    );
    let unknown = json!({ "transactionId": "1" });
    assert_eq!(control(&server, "POST", &contacts, &unknown).0, 400);
}

#[test]
fn clock_behaviour_faults_and_mailboxes_are_set() {
    let server = Server::start();
    assert_eq!(
        control(&server, "POST", "/clock", &json!({ "advance_seconds": 60 })).1["now"],
        "2026-11-22T08:01:00Z"
    );
    assert_eq!(
        control(
            &server,
            "POST",
            "/clock",
            &json!({ "now": "2027-01-01T00:00:00Z" })
        )
        .0,
        200
    );
    let set = control(
        &server,
        "PATCH",
        "/behaviour",
        &json!({ "repeated_create": "conflict_with_id" }),
    );
    assert_eq!(
        (set.0, &set.1["repeated_create"]),
        (200, &json!("conflict_with_id"))
    );
    assert_eq!(
        control(
            &server,
            "PATCH",
            "/behaviour",
            &json!({ "no_such_switch": 1 })
        )
        .0,
        400
    );
    let fault = json!({ "path": "/calendar", "effect": { "kind": "status", "status": 429, "retry_after": 3 } });
    assert_eq!(control(&server, "POST", "/faults", &fault).0, 200);
    assert_eq!(
        server
            .try_send("GET", "/control/faults", &[], "")
            .unwrap()
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        control(
            &server,
            "POST",
            "/mailboxes",
            &json!({ "address": "bo@example.com", "zone": "UTC" })
        )
        .0,
        200
    );
    assert_eq!(
        control(&server, "GET", "/mailboxes", &Value::Null).1,
        json!([ANNA, "bo@example.com"])
    );
    let access = json!({ "access": { "licensed": false } });
    assert_eq!(
        control(&server, "PATCH", "/mailboxes/bo@example.com", &access).0,
        200
    );
    assert_eq!(control(&server, "POST", "/reset", &Value::Null).0, 200);
    assert_eq!(
        control(&server, "GET", "/counters", &Value::Null).1["requests"],
        0
    );
    assert_eq!(control(&server, "GET", "/nothing", &Value::Null).0, 404);
}
