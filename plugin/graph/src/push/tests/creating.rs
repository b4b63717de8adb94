//! Making copies, also again.

use serde_json::json;

use super::*;

#[test]
fn a_created_item_is_marked_and_read_back_for_its_base() {
    let script = Script::new()
        .then_batch(|_, _| (201, event("a", "Visit")))
        .then_batch(|_, url| {
            assert!(url.contains("/calendar/events/a?"));
            let mut event = event("a", "Visit");
            event["@odata.etag"] = json!("W/\"later\"");
            (200, event)
        });
    let echo = done(one(&script, create(KEY)));
    assert_eq!((echo.writes, echo.status), (1, 201));
    assert_eq!(item(&echo).version.tag, "W/\"later\"");
    assert_eq!(echo.base.as_ref().unwrap().version.tag, "W/\"later\"");
    let part = &script.sent_parts()[0];
    assert_eq!(part["method"], "POST");
    assert_eq!(part["url"], "/users/anna%40acme.example/calendar/events");
    assert_eq!(part["body"]["transactionId"], KEY);
    assert_eq!(
        part["body"]["singleValueExtendedProperties"][0]["value"],
        "acme:appointment:7:2"
    );
    assert!(part["body"].get("attendees").is_none());
}

#[test]
fn the_same_operations_are_sent_under_the_same_request_ids() {
    let run = || {
        let script = Script::new()
            .then_batch(|_, _| (201, event("a", "Visit")))
            .then_batch(|_, _| (200, event("a", "Visit")));
        let _ = one(&script, create(KEY));
        let id = script.sent.borrow()[0]
            .header("client-request-id")
            .unwrap()
            .to_owned();
        (id, script.sent_parts()[0]["headers"].clone())
    };
    assert_eq!(run(), run());
}

#[test]
fn what_cannot_be_read_back_is_told_from_the_answer_to_the_write() {
    let script = Script::new()
        .then_batch(|_, _| (201, event("a", "Visit")))
        .then(error(503, "ErrorServerBusy"));
    let echo = done(one(&script, create(KEY)));
    assert_eq!(item(&echo).id.value, "a");
}

/// The answer to a repeated create, and what follows.
fn repeated(refused: (u16, Value)) -> Script {
    Script::new().then_batch(move |_, _| refused.clone())
}

#[test]
fn a_repeated_create_answered_400_finds_the_event_by_its_marker() {
    let script = repeated(refusal(400, "ErrorDuplicateTransactionId"))
        .then_batch(|_, url| {
            assert!(url.contains("startswith"));
            let mut copy = ours("copy", "acme:appointment:7:2");
            copy["createdDateTime"] = json!("2026-03-02T00:00:00Z");
            let mut first = ours("first", "acme:appointment:7:2");
            first["createdDateTime"] = json!("2026-03-01T00:00:00Z");
            let older = ours("older", "acme:appointment:7:1");
            (200, json!({"value": [copy, older, first]}))
        })
        .then_batch(|_, url| {
            assert!(url.contains("/events/first?"));
            (200, ours("first", "acme:appointment:7:2"))
        });
    let echo = done(one(&script, create(KEY)));
    assert!(script.is_over());
    assert_eq!(item(&echo).id.value, "first");
    assert_eq!(echo.writes, 1);
}

#[test]
fn a_repeated_create_answered_409_with_the_first_events_id_reads_that_event() {
    let script = repeated((
        409,
        json!({"error": {"code": "ErrorDuplicateTransactionId", "message": "x",
                         "@event.existingEventId": "first"}}),
    ))
    .then_batch(|_, url| {
        assert!(url.contains("/events/first?") && url.contains("isDefaultCalendar"));
        (200, lying_in("first", true))
    });
    let echo = done(one(&script, create(KEY)));
    assert_eq!(item(&echo).id.value, "first");
    assert!(script.is_over());
}

/// An event, and whether the default calendar holds it.
fn lying_in(id: &str, in_default_calendar: bool) -> Value {
    let mut event = event(id, "Visit");
    event["calendar"] = json!({"id": "c", "isDefaultCalendar": in_default_calendar});
    event
}

#[test]
fn a_repeated_create_whose_event_was_moved_away_is_planned_again_as_another_write() {
    let script = repeated((
        409,
        json!({"error": {"code": "ErrorDuplicateTransactionId", "message": "x",
                         "@event.existingEventId": "first"}}),
    ))
    .then_batch(|_, _| (200, lying_in("first", false)));
    assert!(matches!(one(&script, create(KEY)), Outcome::Conflict(_)));
    assert!(script.is_over());
}

#[test]
fn a_create_answered_as_new_with_an_event_that_was_moved_away_is_planned_again_as_another_write() {
    let script = Script::new()
        .then_batch(|_, _| (201, event("first", "Visit")))
        .then_batch(|_, _| (200, lying_in("first", false)));
    let Outcome::Conflict(Fault::Conflict(answer)) = one(&script, create(KEY)) else {
        panic!("it was taken for the copy");
    };
    assert!(answer.text.contains("moved away"), "{answer:?}");
    assert!(script.is_over());
}

#[test]
fn a_create_answered_as_new_with_an_event_among_the_deleted_items_is_planned_again() {
    let script = Script::new()
        .then_batch(|_, _| (201, event("first", "Visit")))
        .then_batch(|_, _| {
            let mut event = event("first", "Visit");
            event["calendar"] = Value::Null;
            (200, event)
        })
        .then_batch(|_, _| refusal(404, "ErrorItemNotFound"));
    assert!(matches!(one(&script, create(KEY)), Outcome::Conflict(_)));
    assert!(script.is_over());
}

#[test]
fn a_created_item_is_read_back_although_the_server_does_not_tell_its_calendar_along_with_it() {
    let script = Script::new()
        .then_batch(|_, _| (201, event("a", "Visit")))
        .then_batch(|_, _| refusal(400, "ErrorInvalidRequest"))
        .then_batch(|_, url| {
            assert!(!url.contains("isDefaultCalendar"), "{url}");
            let mut event = event("a", "Visit");
            event["calendar"] = Value::Null;
            (200, event)
        })
        .then_batch(|_, url| {
            assert!(
                url.ends_with("/calendar?$select=id,isDefaultCalendar"),
                "{url}"
            );
            (200, json!({"id": "c", "isDefaultCalendar": true}))
        });
    done(one(&script, create(KEY)));
    assert!(script.is_over());
}

#[test]
fn a_create_repeated_with_other_content_writes_the_difference() {
    for status in [200, 201] {
        let script = Script::new()
            .then_batch(move |_, _| (status, event("a", "Old subject")))
            .then_batch(|_, _| (200, event("a", "Old subject")))
            .then(response(200, &event("a", "Visit")))
            .then_batch(|_, _| (200, event("a", "Visit")));
        let echo = done(one(&script, create(KEY)));
        assert!(script.is_over());
        assert_eq!(echo.writes, 2);
        assert_eq!(item(&echo).subject, "Visit");
        let sent = script.sent.borrow();
        assert_eq!(sent[2].body, Some(json!({"subject": "Visit"})));
        assert_eq!(sent[2].header("If-Match"), Some("W/\"a-1\""));
    }
}

#[test]
fn a_repeated_create_whose_event_has_attendees_is_not_written() {
    let invited = || {
        let mut event = event("a", "Old subject");
        event["attendees"] = json!([{"emailAddress": {"address": "x@y.example"}}]);
        event
    };
    let script = Script::new()
        .then_batch(move |_, _| (201, invited()))
        .then_batch(move |_, _| (200, invited()));
    let echo = done(one(&script, create(KEY)));
    assert!(script.is_over());
    assert_eq!(echo.base.unwrap().proof.attendees, 1);
}

#[test]
fn a_body_that_the_server_only_renders_anew_is_not_written_again() {
    let rendered = || {
        let mut event = event("a", "Visit");
        event["body"]["content"] = json!("  Text\r\n\r\n");
        event
    };
    let script = Script::new()
        .then_batch(move |_, _| (201, rendered()))
        .then_batch(move |_, _| (200, rendered()));
    assert_eq!(done(one(&script, create(KEY))).writes, 1);
}

#[test]
fn a_repeated_create_whose_event_is_gone_is_planned_again_as_another_write() {
    let script = repeated(refusal(400, "ErrorDuplicateTransactionId"))
        .then_batch(|_, _| (200, json!({"value": []})))
        .then(response(200, &json!({"value": []})));
    assert!(matches!(one(&script, create(KEY)), Outcome::Conflict(_)));
    assert!(script.is_over());
    let script = repeated((
        400,
        json!({"error": {"code": "ErrorDuplicateTransactionId", "message": "x",
                         "@event.existingEventId": "first"}}),
    ))
    .then_batch(|_, _| refusal(404, "ErrorItemNotFound"));
    assert!(matches!(one(&script, create(KEY)), Outcome::Conflict(_)));
}

#[test]
fn in_no_details_mode_the_echo_drops_the_body_too() {
    let script = Script::new()
        .then_batch(|_, _| (201, event("a", "Visit")))
        .then_batch(|_, _| (200, event("a", "Visit")));
    let mut settings = settings();
    settings.import_mode = sync::contract::ImportMode::NoDetails;
    let request = PushRequest {
        mailbox: mailbox(),
        settings,
        profile: profile(),
        operations: vec![create(KEY)],
    };
    let echo = done(outcomes(&script, &request).pop().unwrap().outcome);
    assert_eq!(item(&echo).body, "");
    assert_eq!(echo.writes, 1);
}
