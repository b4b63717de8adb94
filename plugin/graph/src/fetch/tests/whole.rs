//! Rounds that read everything.

use serde_json::json;
use sync::contract::{Coverage, Fault, MarkerReading, Span};

use super::*;
use crate::marker;
use crate::script::{error, event};

fn marked(id: &str, text: &str) -> Value {
    let mut event = event(id, "Ours");
    event["singleValueExtendedProperties"] = json!([{"id": marker::PROPERTY, "value": text}]);
    event
}

fn far(id: &str) -> Value {
    let mut event = event(id, "Far");
    event["start"]["dateTime"] = json!("2027-03-03T09:00:00");
    event["end"]["dateTime"] = json!("2027-03-03T10:00:00");
    event
}

#[test]
fn a_first_read_goes_stage_by_stage_and_needs_five_requests() {
    let script = Script::new()
        .then_batch(mailbox)
        .then(response(
            200,
            &json!({"value": [event("a", "A")], "@odata.nextLink": "https://graph.example/n1"}),
        ))
        .then(delta(&json!([event("b", "B")]), "https://graph.example/d1"))
        .then(list(&json!([far("f")])))
        .then(list(&json!([marked("b", "acme:appointment:7:1")])))
        .then(list(&json!([event("a", ""), event("b", ""), far("f")])));
    let (pages, end) = round(&script, None);
    assert!(script.is_over());
    // One more than five, for the second page of the delta.
    assert_eq!(script.count(), 6);
    assert_eq!(
        pages[0].zone.as_ref().unwrap().name,
        "W. Europe Standard Time"
    );
    assert_eq!(changes(&pages).len(), 4);
    assert_eq!(pages.last().unwrap().present.len(), 3);
    assert_eq!(end.coverage, Coverage::Everything);
    assert!(end.markers_listed);
    let sent = script.sent.borrow();
    assert!(
        sent[1]
            .target
            .contains("/calendarView/delta?startDateTime=2026-02-21T09%3A00%3A00Z")
    );
    assert!(
        sent[1]
            .target
            .contains("endDateTime=2026-04-15T12%3A00%3A00Z")
    );
    assert!(
        sent[1]
            .header("Prefer")
            .unwrap()
            .contains("odata.maxpagesize=200")
    );
    assert_eq!(sent[2].target, "https://graph.example/n1");
    assert_eq!(sent[1].header("Prefer"), sent[2].header("Prefer"));
}

#[test]
fn a_refused_filter_on_dates_is_replaced_by_reading_all() {
    let script = Script::new()
        .then_batch(mailbox)
        .then(delta(&json!([]), "https://graph.example/d1"))
        .then(error(400, "ErrorInvalidRequest"))
        .then(list(&json!([event("near", "Near"), far("f")])))
        .then(list(&json!([marked("m", "acme:appointment:7:1")])))
        .then(list(&json!([])));
    let (pages, _) = round(&script, None);
    assert!(script.is_over());
    let ids: Vec<_> = changes(&pages)
        .into_iter()
        .filter_map(|change| match change {
            Change::Event(event) => Some(event.id.value),
            _ => None,
        })
        .collect();
    assert_eq!(ids, ["f", "m"]);
}

#[test]
fn a_filter_on_dates_that_is_ignored_brings_no_near_items_twice() {
    let script = Script::new()
        .then_batch(mailbox)
        .then(delta(&json!([]), "https://graph.example/d1"))
        .then(list(&json!([event("near", "Near"), far("f")])))
        .then(list(&json!([])))
        .then(list(&json!([])));
    let (pages, _) = round(&script, None);
    assert_eq!(changes(&pages).len(), 1);
}

#[test]
fn a_filter_that_finds_no_marker_is_not_believed() {
    let script = Script::new()
        .then_batch(mailbox)
        .then(delta(&json!([]), "https://graph.example/d1"))
        .then(list(&json!([])))
        .then(list(&json!([])))
        .then(list(&json!([
            event("a", ""),
            marked("m", "acme:to-do:1:2")
        ])))
        .then_batch(|_, url| {
            assert!(url.contains("/calendar/events/m?"), "{url}");
            (200, in_calendar(marked("m", "acme:to-do:1:2"), true))
        });
    let (pages, end) = round(&script, None);
    assert!(end.markers_listed);
    let [Change::Event(event)] = &changes(&pages)[..] else {
        panic!()
    };
    assert!(matches!(event.marker, MarkerReading::Present(_)));
    let sent = script.sent.borrow();
    assert!(sent[4].target.contains("$expand="));
}

#[test]
fn a_filter_on_dates_that_finds_nothing_is_not_believed() {
    let script = Script::new()
        .then_batch(mailbox)
        .then(delta(&json!([]), "https://graph.example/d1"))
        .then(list(&json!([])))
        .then(list(&json!([marked("m", "acme:appointment:7:1")])))
        .then(list(&json!([event("near", ""), far("f")])))
        .then_batch(|_, url| {
            assert!(url.contains("/calendar/events/f?"), "{url}");
            (200, in_calendar(far("f"), true))
        });
    let (pages, _) = round(&script, None);
    assert!(script.is_over());
    assert!(matches!(&changes(&pages)[1], Change::Event(event) if event.id.value == "f"));
}

#[test]
fn one_event_that_cannot_be_read_does_not_lose_the_others() {
    let mut broken = event("broken", "x");
    broken["isAllDay"] = json!("perhaps");
    let script = Script::new().then_batch(mailbox).then(delta(
        &json!([event("a", "A"), broken, {"no": "id"}, event("b", "B")]),
        "https://graph.example/d1",
    ));
    let first = page(&script, &request(None)).unwrap();
    let NextStep::More(cursor) = first.next else {
        panic!()
    };
    let page = page(&script, &request(Some(cursor))).unwrap();
    assert_eq!(page.changes.len(), 2);
    assert_eq!(page.remarks.len(), 2);
    assert_eq!(page.remarks[0].item.as_ref().unwrap().value, "broken");
    assert_eq!(page.remarks[0].code, "event-unreadable");
    assert!(!page.remarks[0].text.contains("perhaps"));
}

#[test]
fn a_round_that_repeats_its_links_is_read_again_and_at_last_given_up() {
    let turn = || {
        response(
            200,
            &json!({"value": [], "@odata.nextLink": "https://graph.example/same"}),
        )
    };
    let mut script = Script::new();
    for _ in 0..3 {
        script = script.then_batch(mailbox).then(turn()).then(turn());
    }
    let mut cursor = None;
    let mut fault = None;
    for _ in 0..20 {
        match page(&script, &request(cursor)) {
            Ok(page) => match page.next {
                NextStep::More(next) => cursor = Some(next),
                other => panic!("{other:?}"),
            },
            Err(found) => {
                fault = Some(found);
                break;
            }
        }
        cursor = cursor.clone();
    }
    assert!(matches!(fault, Some(Fault::NotUnderstood(_))), "{fault:?}");
    assert!(script.is_over());
}

#[test]
fn a_cursor_that_is_gone_on_the_first_next_link_starts_again_at_most_twice() {
    let mut script = Script::new();
    for _ in 0..3 {
        script = script
            .then_batch(mailbox)
            .then(response(
                200,
                &json!({"value": [], "@odata.nextLink": "https://graph.example/n"}),
            ))
            .then(error(410, "SyncStateNotFound"));
    }
    let mut cursor = None;
    let fault = loop {
        match page(&script, &request(cursor)) {
            Ok(page) => match page.next {
                NextStep::More(next) => cursor = Some(next),
                other => panic!("{other:?}"),
            },
            Err(fault) => break fault,
        }
    };
    assert!(matches!(fault, Fault::CursorGone(_)));
    assert!(script.is_over());
}

#[test]
fn occurrences_are_days_where_their_master_is() {
    let mut master = event("m", "Fair");
    master["type"] = json!("seriesMaster");
    master["isAllDay"] = json!(true);
    master["recurrence"] = json!({"pattern": {"type": "daily", "interval": 1},
        "range": {"type": "noEnd", "startDate": "2026-03-01"}});
    for field in ["start", "end"] {
        master[field] = json!({"dateTime": "2026-03-01T00:00:00", "timeZone": "UTC"});
    }
    let occurrence = json!({"id": "o", "seriesMasterId": "m", "type": "occurrence",
        "start": {"dateTime": "2026-03-02T00:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-03T00:00:00", "timeZone": "UTC"}});
    let mut timed = occurrence.clone();
    timed["seriesMasterId"] = json!("t");
    timed["id"] = json!("ot");
    let mut timed_master = master.clone();
    timed_master["id"] = json!("t");
    timed_master["isAllDay"] = json!(false);
    let script = Script::new()
        .then_batch(mailbox)
        .then(response(
            200,
            &json!({"value": [master], "@odata.nextLink": "https://graph.example/n"}),
        ))
        .then(delta(
            &json!([occurrence, timed, timed_master]),
            "https://graph.example/d",
        ));
    let mut cursor = None;
    let mut last = Vec::new();
    for _ in 0..3 {
        let page = page(&script, &request(cursor)).unwrap();
        last = page.changes;
        let NextStep::More(next) = page.next else {
            panic!()
        };
        cursor = Some(next);
    }
    let days: Vec<bool> = last
        .iter()
        .filter_map(|change| match change {
            Change::Occurrence(one) => Some(matches!(one.span, Span::AllDay(_))),
            _ => None,
        })
        .collect();
    assert_eq!(days, [true, false]);
}

#[test]
fn a_missing_right_is_named_after_the_question() {
    let script = Script::new().then_batch(|method, url| {
        if url.contains("mailboxSettings") {
            (
                403,
                json!({"error": {"code": "ErrorAccessDenied", "message": "x"}}),
            )
        } else {
            mailbox(method, url)
        }
    });
    let Err(Fault::Forbidden(missing)) = page(&script, &request(None)) else {
        panic!()
    };
    assert_eq!(missing.permission, "MailboxSettings.Read");
}

#[test]
fn an_unknown_zone_of_the_mailbox_is_told() {
    let script = Script::new().then_batch(|method, url| {
        if url.contains("mailboxSettings") {
            (200, json!({"timeZone": "Customized Time Zone"}))
        } else {
            mailbox(method, url)
        }
    });
    let page = page(&script, &request(None)).unwrap();
    assert_eq!(page.remarks[0].code, "zone-unknown");
}

#[test]
fn a_marker_that_no_filter_found_does_not_vouch_for_the_filter() {
    let script = Script::new()
        .then_batch(mailbox)
        .then(delta(
            &json!([event("m", "Ours")]),
            "https://graph.example/d1",
        ))
        .then(error(400, "ErrorInvalidRequest"))
        // Read whole because dates cannot be filtered, and dropped because it is near.
        .then(list(&json!([marked("m", "acme:appointment:7:1")])))
        .then(list(&json!([])))
        .then(list(&json!([marked("m", "acme:appointment:7:1")])))
        .then_batch(|_, url| {
            assert!(url.contains("/calendar/events/m?"), "{url}");
            (200, in_calendar(marked("m", "acme:appointment:7:1"), true))
        });
    let (pages, _) = round(&script, None);
    assert!(script.is_over());
    let known = changes(&pages).into_iter().any(|change| {
        matches!(change, Change::Event(event) if matches!(event.marker, MarkerReading::Present(_)))
    });
    assert!(known);
}
