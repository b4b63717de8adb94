//! Each trap of a round, by its name.

mod contacts;
mod idle;
mod search;
mod series;
mod whole;

use serde_json::{Value, json};
use sync::contract::{
    Change, ChangesRequest, Cursor, FetchRequest, NextStep, Page, Removal, RemovalProof, RoundEnd,
    Scope, Window,
};

use super::page;
use crate::script::{Script, response};

/// A request for changes of a mailbox in Berlin.
fn request(cursor: Option<Cursor>) -> FetchRequest {
    crate::script::fetch(Scope::Changes(ChangesRequest {
        cursor,
        window: window(),
    }))
}

/// From 2026-02-23 to 2026-04-01 in Berlin.
fn window() -> Window {
    Window {
        start: crate::event::time::true_instant("2026-02-22T23:00:00Z").unwrap(),
        end: crate::event::time::true_instant("2026-03-31T22:00:00Z").unwrap(),
    }
}

fn delta(value: &Value, link: &str) -> transport::Response {
    response(200, &json!({"value": value, "@odata.deltaLink": link}))
}

fn list(value: &Value) -> transport::Response {
    response(200, &json!({"value": value}))
}

fn mailbox(_: &str, url: &str) -> (u16, Value) {
    if url.contains("mailboxSettings") {
        (200, json!({"timeZone": "W. Europe Standard Time"}))
    } else {
        (
            200,
            json!({"id": "calendar", "name": "Calendar", "canEdit": true}),
        )
    }
}

/// All pages of a round.
fn round(script: &Script, mut cursor: Option<Cursor>) -> (Vec<Page>, RoundEnd) {
    let mut pages = Vec::new();
    for _ in 0..50 {
        let page = page(script, &request(cursor)).unwrap();
        let next = page.next.clone();
        pages.push(page);
        match next {
            NextStep::More(next) => cursor = Some(next),
            NextStep::Complete(end) => return (pages, end),
            NextStep::None => panic!("no round"),
        }
    }
    panic!("the round does not end");
}

/// A first round over an empty mailbox, and where it ends.
fn first() -> (Script, Cursor) {
    let script = Script::new()
        .then_batch(mailbox)
        .then(delta(&json!([]), "https://graph.example/v1.0/d?t=1"))
        .then(list(&json!([])))
        .then(list(&json!([])))
        .then(list(&json!([])));
    let (_, end) = round(&script, None);
    assert!(script.is_over());
    (script, end.cursor)
}

fn changes(pages: &[Page]) -> Vec<Change> {
    pages.iter().flat_map(|page| page.changes.clone()).collect()
}

fn removal(id: &str, proof: RemovalProof) -> Change {
    Change::Removal(Removal {
        id: sync::contract::ExchangeId { value: id.into() },
        proof,
    })
}

fn in_calendar(event: Value, default: bool) -> Value {
    let mut event = event;
    event["calendar"] = json!({"id": "c", "isDefaultCalendar": default});
    event
}
