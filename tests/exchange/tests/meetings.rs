//! Meetings between mailboxes of the model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use exchange::Response;
use serde_json::json;
use support::{ANNA, BERLIN, Server, draft};

#[test]
fn an_invitation_an_update_and_a_cancellation_arrive_under_one_uid() {
    let server = Server::start();
    server.exchange.add_mailbox("bo@example.com", BERLIN);
    let (anna, bo) = (
        server.exchange.person(ANNA),
        server.exchange.person("bo@example.com"),
    );
    let id = anna
        .create(
            &draft("Review", "2026-11-23T09:00:00")
                .inviting(&["bo@example.com", "far@example.org"]),
        )
        .unwrap();
    let arrived = &bo.events().unwrap()[0];
    assert_eq!(arrived.uid, anna.event(&id).unwrap().uid);
    assert_eq!(
        (&arrived.json["isOrganizer"], &arrived.json["showAs"]),
        (&json!(false), &json!("tentative"))
    );
    assert_eq!(arrived.json["organizer"]["emailAddress"]["address"], ANNA);
    bo.respond(&arrived.id, Response::Accepted).unwrap();
    anna.update(&id, &draft("Review", "2026-11-24T09:00:00"))
        .unwrap();
    let moved = bo.event(&arrived.id).unwrap();
    assert_eq!(
        moved.json["start"]["dateTime"],
        "2026-11-24T08:00:00.0000000"
    );
    assert_eq!(moved.json["responseStatus"]["response"], "notResponded");
    anna.delete(&id).unwrap();
    let cancelled = bo.event(&arrived.id).unwrap();
    assert_eq!(
        (&cancelled.json["isCancelled"], &cancelled.json["subject"]),
        (&json!(true), &json!("Canceled: Review"))
    );
}
