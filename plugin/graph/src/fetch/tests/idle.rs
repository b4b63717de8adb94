//! Rounds that go on from a cursor.

use serde_json::json;
use sync::contract::{Coverage, Fault, ImportMode};

use super::*;
use crate::script::{error, event};

const HOUR: i64 = 3_600_000_000;

#[test]
fn an_idle_round_is_one_request() {
    let (script, cursor) = first();
    let before = script.count();
    let script = script.then(delta(&json!([]), "https://graph.example/v1.0/d?t=2"));
    let (pages, end) = round(&script, Some(cursor));
    assert_eq!(script.count() - before, 1);
    assert_eq!(pages.len(), 1);
    assert_eq!(end.coverage, Coverage::ChangesOnly);
    assert!(!end.markers_listed);
    assert_eq!(
        script.sent.borrow()[before].target,
        "https://graph.example/v1.0/d?t=1"
    );
    assert!(end.cursor.value.contains("d?t=2"));
}

fn removed(answer: impl Fn(&str, &str) -> (u16, Value) + 'static) -> Vec<Change> {
    let (script, cursor) = first();
    let script = script
        .then(delta(
            &json!([{"id": "x", "@removed": {"reason": "deleted"}}]),
            "https://graph.example/d2",
        ))
        .then_batch(answer);
    let (pages, _) = round(&script, Some(cursor));
    assert!(script.is_over());
    changes(&pages)
}

fn no_item() -> (u16, Value) {
    (
        404,
        json!({"error": {"code": "ErrorItemNotFound", "message": "x"}}),
    )
}

#[test]
fn a_bare_removed_item_that_is_gone_is_a_removal() {
    assert_eq!(
        removed(|_, _| no_item()),
        [removal("x", RemovalProof::NotFound)]
    );
}

#[test]
fn a_bare_removed_item_that_still_answers_in_the_calendar_is_an_upsert() {
    let found = removed(|_, url| {
        assert!(url.contains("/calendar/events/x?"));
        assert!(url.contains("singleValueExtendedProperties"));
        (200, in_calendar(event("x", "Far away"), true))
    });
    assert!(matches!(&found[..], [Change::Event(event)] if event.id.value == "x"));
}

#[test]
fn a_bare_removed_item_in_another_calendar_is_elsewhere() {
    let found = removed(|_, _| (200, in_calendar(event("x", "Moved"), false)));
    assert_eq!(found, [removal("x", RemovalProof::Elsewhere)]);
}

/// Where the answer does not say in which calendar the item lies, it is asked for by itself.
fn unplaced(calendar: (u16, Value)) -> Vec<Change> {
    let (script, cursor) = first();
    let script = script
        .then(delta(
            &json!([{"id": "x", "@removed": {"reason": "changed"}}]),
            "https://graph.example/d2",
        ))
        .then_batch(|_, _| {
            let mut event = event("x", "Deleted");
            event["calendar"] = json!(null);
            (200, event)
        })
        .then_batch(move |_, url| {
            assert!(url.contains("/events/x/calendar?"), "{url}");
            calendar.clone()
        });
    let (pages, _) = round(&script, Some(cursor));
    changes(&pages)
}

#[test]
fn a_deleted_item_that_still_answers_by_its_id_is_elsewhere() {
    assert_eq!(unplaced(no_item()), [removal("x", RemovalProof::Elsewhere)]);
}

#[test]
fn a_server_that_cannot_say_where_an_item_lies_is_believed_its_path() {
    let found = unplaced((
        400,
        json!({"error": {"code": "BadRequest", "message": "x"}}),
    ));
    assert!(matches!(&found[..], [Change::Event(_)]));
    let found = unplaced((200, json!({"id": "c", "isDefaultCalendar": true})));
    assert!(matches!(&found[..], [Change::Event(_)]));
}

#[test]
fn a_server_that_does_not_expand_calendars_is_asked_again_without() {
    let (script, cursor) = first();
    let script = script
        .then(delta(
            &json!([{"id": "x", "@removed": {}}]),
            "https://graph.example/d2",
        ))
        .then_batch(|_, _| {
            (
                400,
                json!({"error": {"code": "BadRequest", "message": "x"}}),
            )
        })
        .then_batch(|_, url| {
            assert!(!url.contains("isDefaultCalendar"));
            no_item()
        });
    let (pages, _) = round(&script, Some(cursor));
    assert_eq!(changes(&pages), [removal("x", RemovalProof::NotFound)]);
}

#[test]
fn a_mailbox_without_licence_is_a_fault_and_no_deletion() {
    let (script, cursor) = first();
    let script = script
        .then(delta(
            &json!([{"id": "x", "@removed": {}}]),
            "https://graph.example/d2",
        ))
        .then_batch(|_, _| {
            (
                404,
                json!({"error": {"code": "MailboxNotEnabledForRESTAPI", "message": "x"}}),
            )
        });
    let result = page(&script, &request(Some(cursor)));
    assert!(matches!(result, Err(Fault::NotFound(_))), "{result:?}");
}

/// A round in which these items are announced as removed, and each batch of looks at them is
/// answered in the same way.
fn announced(
    ids: &[&str],
    batches: usize,
    answer: impl Fn(&str) -> (u16, Value) + Clone + 'static,
) -> Result<Page, Fault> {
    let entries: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id, "@removed": {"reason": "deleted"}}))
        .collect();
    let (script, cursor) = first();
    let mut script = script.then(delta(&json!(entries), "https://graph.example/d2"));
    for _ in 0..batches {
        let answer = answer.clone();
        script = script.then_batch(move |_, url| answer(url));
    }
    let result = page(&script, &request(Some(cursor)));
    assert!(script.is_over());
    result
}

fn corrupt(status: u16) -> (u16, Value) {
    let body = json!({"error": {"code": "ErrorItemCorrupt", "message": "x"}});
    (status, body)
}

/// Of `x` nothing is known, `y` is gone, and the round came to its end.
fn only_x_is_open(page: &Page) {
    assert_eq!(page.changes, [removal("y", RemovalProof::NotFound)]);
    let [remark] = &page.remarks[..] else {
        panic!("{:?}", page.remarks)
    };
    assert_eq!(remark.item.as_ref().unwrap().value, "x");
    assert_eq!(remark.code, "item-unanswered");
    assert!(matches!(page.next, NextStep::Complete(_)));
}

#[test]
fn an_item_that_the_server_cannot_answer_for_stops_no_other() {
    // A refusal may be about the calendar: it is asked once more without.
    for (status, batches) in [(500, 1), (502, 1), (504, 1), (400, 2)] {
        let page = announced(&["x", "y"], batches, move |url| {
            match url.contains("/events/x?") {
                true => corrupt(status),
                false => no_item(),
            }
        });
        let page = page.unwrap();
        only_x_is_open(&page);
        let text = &page.remarks[0].text;
        assert!(text.contains(&format!("status {status}")), "{text}");
    }
}

#[test]
fn an_item_whose_place_the_server_cannot_tell_stops_no_other() {
    let page = announced(&["x", "y"], 2, |url| {
        if url.contains("/events/x/calendar?") {
            corrupt(500)
        } else if url.contains("/events/x?") {
            (200, event("x", "Somewhere"))
        } else {
            no_item()
        }
    });
    only_x_is_open(&page.unwrap());
}

#[test]
fn a_full_batch_without_an_answer_is_the_servers_trouble() {
    let ids: Vec<String> = (0..20).map(|number| format!("i{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let result = announced(&ids, 1, |_| corrupt(500));
    assert!(matches!(result, Err(Fault::Other(_))), "{result:?}");
    let page = announced(&ids[1..], 1, |_| corrupt(500)).unwrap();
    assert_eq!(page.remarks.len(), 19);
}

#[test]
fn what_concerns_more_than_an_item_is_a_fault_however_it_is_named() {
    for (status, code) in [
        (401, "InvalidAuthenticationToken"),
        (403, "ErrorAccessDenied"),
        (500, "ErrorServerBusy"),
        (500, "MailboxNotEnabledForRESTAPI"),
        (503, "x"),
        (507, "x"),
    ] {
        let body = json!({"error": {"code": code, "message": "x"}});
        let result = announced(&["x", "y"], 1, move |_| (status, body.clone()));
        assert!(result.is_err(), "{status} {code}: {result:?}");
    }
}

#[test]
fn a_throttled_look_repeats_the_round() {
    let (script, cursor) = first();
    let script = script
        .then(delta(
            &json!([{"id": "x", "@removed": {}}]),
            "https://graph.example/d2",
        ))
        .then_batch(|_, _| {
            (
                429,
                json!({"error": {"code": "TooManyRequests", "message": "x"}}),
            )
        });
    let result = page(&script, &request(Some(cursor)));
    assert!(matches!(result, Err(Fault::Throttled(_))), "{result:?}");
}

#[test]
fn an_item_that_comes_as_changed_and_as_removed_is_what_the_look_says() {
    for order in [[0, 1], [1, 0]] {
        let entries = [event("x", "Old"), json!({"id": "x", "@removed": {}})];
        let (script, cursor) = first();
        let script = script
            .then(delta(
                &json!([
                    entries[order[0]],
                    entries[order[1]],
                    event("y", "1"),
                    event("y", "2")
                ]),
                "https://graph.example/d2",
            ))
            .then_batch(|_, _| no_item());
        let (pages, _) = round(&script, Some(cursor));
        let found = changes(&pages);
        assert_eq!(found.len(), 2);
        assert!(matches!(&found[0], Change::Event(event) if event.subject == "2"));
        assert_eq!(found[1], removal("x", RemovalProof::NotFound));
    }
}

#[test]
fn a_lost_cursor_reads_everything_again() {
    let (script, cursor) = first();
    let script = script.then(error(410, "SyncStateNotFound"));
    let page = page(&script, &request(Some(cursor))).unwrap();
    assert_eq!(page.remarks[0].code, "read-again");
    let NextStep::More(next) = page.next else {
        panic!()
    };
    let script = script
        .then_batch(mailbox)
        .then(delta(&json!([]), "https://graph.example/d3"))
        .then(list(&json!([])))
        .then(list(&json!([])))
        .then(list(&json!([])));
    let (_, end) = round(&script, Some(next));
    assert_eq!(end.coverage, Coverage::Everything);
    assert!(end.markers_listed);
}

#[test]
fn other_settings_read_everything_although_the_server_saw_no_change() {
    let (script, cursor) = first();
    let before = script.count();
    let script = script.then_batch(mailbox);
    let mut request = request(Some(cursor));
    request.settings.import_mode = ImportMode::NoDetails;
    let page = page(&script, &request).unwrap();
    assert!(matches!(page.next, NextStep::More(_)));
    assert_eq!(script.sent.borrow()[before].target, "/$batch");
}

#[test]
fn a_cursor_that_cannot_be_read_reads_everything() {
    for text in ["", "{}", "null", "{\"form\":99}"] {
        let script = Script::new().then_batch(mailbox);
        let cursor = Cursor { value: text.into() };
        let page = page(&script, &request(Some(cursor))).unwrap();
        assert!(page.zone.is_some(), "{text}");
    }
}

#[test]
fn once_a_day_all_ids_are_listed() {
    let (script, cursor) = first();
    script.clock.set(script.clock.get() + 24 * HOUR);
    let before = script.count();
    let script = script
        .then(delta(&json!([]), "https://graph.example/d2"))
        .then_batch(mailbox)
        .then(list(&json!([event("a", ""), event("b", "")])));
    let (pages, end) = round(&script, Some(cursor));
    assert_eq!(script.count() - before, 3);
    assert_eq!(pages[2].present.len(), 2);
    assert!(pages[2].changes.is_empty());
    assert_eq!(end.coverage, Coverage::Everything);
    assert!(!end.markers_listed);
    let target = script.sent.borrow()[before + 2].target.clone();
    assert!(!target.contains("$expand"), "{target}");
    let script = script.then(delta(&json!([]), "https://graph.example/d3"));
    let (pages, _) = round(&script, Some(end.cursor));
    assert_eq!(pages.len(), 1);
}

#[test]
fn an_item_that_moved_out_and_back_unannounced_is_found_by_the_inventory() {
    let (script, cursor) = first();
    let script = script
        .then(delta(
            &json!([{"id": "x", "@removed": {}}]),
            "https://graph.example/d2",
        ))
        .then_batch(|_, _| (200, in_calendar(event("x", "Away"), false)));
    let (_, end) = round(&script, Some(cursor));
    script.clock.set(script.clock.get() + 24 * HOUR);
    let script = script
        .then(delta(&json!([]), "https://graph.example/d3"))
        .then_batch(mailbox)
        .then(list(&json!([event("x", ""), event("y", "")])))
        .then_batch(|_, url| {
            assert!(url.contains("/events/x?"), "{url}");
            (200, in_calendar(event("x", "Back"), true))
        });
    let (pages, _) = round(&script, Some(end.cursor));
    assert!(script.is_over());
    assert!(matches!(&changes(&pages)[..], [Change::Event(event)] if event.subject == "Back"));
}

#[test]
fn after_two_weeks_a_new_stretch_is_read_and_the_old_delta_drained_after_it() {
    let (script, cursor) = first();
    script.clock.set(script.clock.get() + 13 * 24 * HOUR);
    let before = script.count();
    let script = script
        .then_batch(mailbox)
        .then(delta(
            &json!([event("a", "A")]),
            "https://graph.example/new",
        ))
        .then(delta(
            &json!([{"id": "x", "@removed": {}}]),
            "https://graph.example/old",
        ))
        .then_batch(|_, _| no_item())
        .then(list(&json!([event("a", "")])));
    let mut request = request(Some(cursor));
    let slide = 13 * 24 * HOUR;
    if let Scope::Changes(changes) = &mut request.scope {
        changes.window.start.microseconds += slide;
        changes.window.end.microseconds += slide;
    }
    let mut found = Vec::new();
    let end = loop {
        let page = page(&script, &request).unwrap();
        found.extend(page.changes);
        match (page.next, &mut request.scope) {
            (NextStep::More(next), Scope::Changes(changes)) => changes.cursor = Some(next),
            (NextStep::Complete(end), _) => break end,
            other => panic!("{other:?}"),
        }
    };
    let sent = script.sent.borrow();
    assert!(sent[before + 1].target.contains("startDateTime=2026-03-06"));
    assert_eq!(sent[before + 2].target, "https://graph.example/v1.0/d?t=1");
    assert_eq!(found.len(), 2);
    assert!(end.cursor.value.contains("https://graph.example/new"));
    assert!(!end.cursor.value.contains("https://graph.example/old"));
    assert!(!end.markers_listed);
}

#[test]
fn a_window_that_outgrew_the_stretch_is_read_anew_at_once() {
    let (script, cursor) = first();
    let script = script.then_batch(mailbox);
    let mut request = request(Some(cursor));
    if let Scope::Changes(changes) = &mut request.scope {
        changes.window.end.microseconds += 20 * 24 * HOUR;
    }
    let page = page(&script, &request).unwrap();
    assert!(matches!(page.next, NextStep::More(_)));
    assert!(page.zone.is_some());
}

#[test]
fn a_sign_on_page_is_no_empty_calendar() {
    let (script, cursor) = first();
    let script = script.then(transport::Response {
        status: 200,
        headers: vec![("content-type".into(), "text/html".into())],
        body: b"<html>".to_vec(),
    });
    let result = page(&script, &request(Some(cursor)));
    assert!(matches!(result, Err(Fault::SignOnPage(_))));
}

#[test]
fn a_page_that_leads_nowhere_is_not_understood() {
    let (script, cursor) = first();
    let script = script.then(list(&json!([])));
    let result = page(&script, &request(Some(cursor)));
    assert!(matches!(result, Err(Fault::NotUnderstood(_))));
}
