//! Lists: their order and their number.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::{ANNA, Server, hour};

fn texts(list: &Value, name: &str) -> Vec<String> {
    let rows = list["value"].as_array().unwrap().iter();
    rows.map(|row| row[name].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn events_come_in_the_order_that_is_asked_for_over_all_pages() {
    let server = Server::start();
    for (subject, start) in [
        ("b", "2026-11-25T09:00:00"),
        ("C", "2026-11-23T09:00:00"),
        ("a", "2026-11-24T09:00:00"),
        ("a", "2026-11-23T09:00:00"),
    ] {
        server.create(&hour(subject, start));
    }
    let list = |order: &str| {
        let reply = server.anna(&format!("/events?$orderby={order}&$top=3&$count=true"));
        assert_eq!(reply.status, 200, "{}", reply.text);
        let first = reply.json();
        let next = first["@odata.nextLink"].as_str().unwrap();
        let second = server.get(&next[next.find("/v1.0").unwrap()..]).json();
        assert_eq!(first["@odata.count"], 4);
        [texts(&first, "subject"), texts(&second, "subject")].concat()
    };
    assert_eq!(list("subject"), ["a", "a", "b", "C"]);
    assert_eq!(
        list("start/dateTime%20desc,subject%20asc"),
        ["b", "a", "a", "C"]
    );
}

#[test]
fn contacts_come_in_the_order_that_is_asked_for() {
    let server = Server::start();
    for surname in ["Berg", "Ahlers"] {
        server.post(
            &format!("/v1.0/users/{ANNA}/contacts"),
            &json!({ "surname": surname }),
        );
    }
    let list = server.anna("/contacts?$orderby=surname&$count=true").json();
    assert_eq!(texts(&list, "surname"), ["Ahlers", "Berg"]);
    assert_eq!(list["@odata.count"], 2);
}

#[test]
fn an_order_by_what_is_unknown_is_refused_and_no_count_comes_unasked() {
    let server = Server::start();
    server.create(&hour("a", "2026-11-24T09:00:00"));
    for order in ["colour", "subject%20upwards", "subject%20asc%20desc"] {
        assert_eq!(
            server.anna(&format!("/events?$orderby={order}")).status,
            400
        );
    }
    assert!(server.anna("/events").json().get("@odata.count").is_none());
}
