//! Each trap of writing, by its name.

use serde_json::{Value, json};
use sync::contract::{
    Answer, AttendeeProof, EventContent, EventPatch, ExchangeContent, ExchangeDeletion, ExchangeId,
    ExchangePatch, ExchangeReference, ExchangeUpdate, ExchangeVersion, Instant, ItemKind, Marker,
    PsaId, PsaReference, Sensitivity, ShowAs, Slot, Span, TenantId, Throttling, TimedSpan,
    Unreachable, UnreachableCause, Zone,
};

use super::*;
use crate::event::time::true_instant;
use crate::marker;
use crate::script::{Script, error, event, mailbox, profile, response, settings};

const KEY: &str = "5f0f6a52-6a57-5d0b-9c39-2b8f7d7c1f11";

fn at(text: &str) -> Instant {
    true_instant(text).unwrap()
}

/// What [`event`] shows.
fn content() -> EventContent {
    EventContent {
        subject: "Visit".into(),
        location: String::new(),
        body: "Text".into(),
        span: Span::Timed(TimedSpan {
            start: at("2026-03-03T09:00:00Z"),
            end: at("2026-03-03T10:00:00Z"),
        }),
        zone: Zone {
            name: "W. Europe Standard Time".into(),
        },
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Busy,
        without_reminder: false,
    }
}

fn marker_of() -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".into(),
        },
        psa: PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId { value: "7".into() },
        },
        generation: 2,
    }
}

fn create(key: &str) -> PushOperation {
    PushOperation {
        key: key.into(),
        marker: Some(marker_of()),
        action: PushAction::Create(ExchangeContent::Event(content())),
    }
}

fn version(tag: &str) -> ExchangeVersion {
    ExchangeVersion { tag: tag.into() }
}

fn proof(tag: &str) -> AttendeeProof {
    AttendeeProof {
        version: version(tag),
        attendees: 0,
        owner_organizes: true,
    }
}

fn reference(id: &str) -> ExchangeReference {
    ExchangeReference {
        id: ExchangeId { value: id.into() },
        uid: None,
        slot: None,
    }
}

fn update(id: &str) -> ExchangeUpdate {
    ExchangeUpdate {
        target: reference(id),
        version: version("W/\"1\""),
        proof: proof("W/\"1\""),
        patch: ExchangePatch::Event(EventPatch {
            subject: Some("New".into()),
            location: None,
            body: None,
            span: None,
            zone: Zone { name: "UTC".into() },
            sensitivity: None,
            show_as: None,
        }),
    }
}

fn updating(update: ExchangeUpdate) -> PushOperation {
    PushOperation {
        key: KEY.into(),
        marker: None,
        action: PushAction::Update(update),
    }
}

fn deletion(id: &str) -> ExchangeDeletion {
    ExchangeDeletion {
        target: reference(id),
        version: version("W/\"1\""),
        proof: proof("W/\"1\""),
        kind: ItemKind::Appointment,
    }
}

fn deleting(deletion: ExchangeDeletion) -> PushOperation {
    PushOperation {
        key: KEY.into(),
        marker: None,
        action: PushAction::Delete(deletion),
    }
}

fn push(script: &Script, operations: Vec<PushOperation>) -> Vec<Outcome> {
    let keys: Vec<String> = operations.iter().map(|one| one.key.clone()).collect();
    let request = PushRequest {
        mailbox: mailbox(),
        settings: settings(),
        profile: profile(),
        operations,
    };
    let outcomes = outcomes(script, &request);
    let told: Vec<String> = outcomes.iter().map(|one| one.key.clone()).collect();
    assert_eq!(keys, told, "outcomes come in the operations' order");
    outcomes.into_iter().map(|one| one.outcome).collect()
}

fn one(script: &Script, operation: PushOperation) -> Outcome {
    push(script, vec![operation]).pop().unwrap()
}

fn done(outcome: Outcome) -> Echo {
    match outcome {
        Outcome::Done(echo) => echo,
        other => panic!("{other:?}"),
    }
}

fn item(echo: &Echo) -> &sync::contract::ExchangeEvent {
    match &echo.item {
        EchoedItem::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn refusal(status: u16, code: &str) -> (u16, Value) {
    (status, json!({"error": {"code": code, "message": "No."}}))
}

fn ours(id: &str, text: &str) -> Value {
    let mut event = event(id, "Visit");
    event["singleValueExtendedProperties"] = json!([{"id": marker::PROPERTY, "value": text}]);
    event
}

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
        assert!(url.contains("/events/first?"));
        (200, event("first", "Visit"))
    });
    let echo = done(one(&script, create(KEY)));
    assert_eq!(item(&echo).id.value, "first");
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
fn without_proof_that_nobody_is_mailed_nothing_is_sent() {
    let mut invited = update("a");
    invited.proof.attendees = 1;
    let mut foreign = update("a");
    foreign.proof.owner_organizes = false;
    let mut stale = update("a");
    stale.proof.version = version("W/\"0\"");
    let mut unversioned = deletion("a");
    unversioned.version = version("");
    unversioned.proof = proof("");
    let script = Script::new();
    let outcomes = push(
        &script,
        vec![
            updating(invited),
            updating(foreign),
            updating(stale),
            deleting(unversioned),
        ],
    );
    assert_eq!(script.count(), 0);
    for outcome in outcomes {
        assert!(
            matches!(&outcome, Outcome::Refused(Fault::Refused(answer))
                if answer.code == "attendees-not-disproved"),
            "{outcome:?}"
        );
    }
}

#[test]
fn an_update_sends_only_what_differs_and_names_the_version() {
    let script = Script::new()
        .then_batch(|_, _| (200, event("a", "New")))
        .then_batch(|_, _| (200, event("a", "New")));
    let echo = done(one(&script, updating(update("a"))));
    assert_eq!(item(&echo).subject, "New");
    let part = &script.sent_parts()[0];
    assert_eq!(part["method"], "PATCH");
    assert_eq!(part["url"], "/users/anna%40acme.example/events/a");
    assert_eq!(part["headers"]["If-Match"], "W/\"1\"");
    assert_eq!(part["body"], json!({"subject": "New"}));
}

#[test]
fn a_changed_or_vanished_item_is_a_conflict() {
    for (status, code) in [
        (412, "ErrorIrresolvableConflict"),
        (409, "ErrorIrresolvableConflict"),
        (404, "ErrorItemNotFound"),
    ] {
        let script = Script::new().then_batch(move |_, _| refusal(status, code));
        let outcome = one(&script, updating(update("a")));
        assert!(matches!(outcome, Outcome::Conflict(_)), "{outcome:?}");
    }
}

#[test]
fn a_deletion_of_what_is_gone_is_done() {
    for (status, body) in [
        (204, json!(null)),
        refusal(404, "ErrorItemNotFound"),
        refusal(403, "ErrorCannotDeleteObject"),
    ] {
        let script = Script::new().then_batch(move |_, _| (status, body.clone()));
        let echo = done(one(&script, deleting(deletion("a"))));
        assert_eq!((echo.item, echo.status), (EchoedItem::Gone, status));
        assert_eq!(script.sent_parts()[0]["headers"]["If-Match"], "W/\"1\"");
    }
}

#[test]
fn a_deletion_in_a_mailbox_without_licence_is_not_done() {
    let script = Script::new().then_batch(|_, _| refusal(404, "MailboxNotEnabledForRESTAPI"));
    let outcome = one(&script, deleting(deletion("a")));
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
}

#[test]
fn a_throttled_part_was_not_executed_and_the_next_batch_is_not_sent() {
    let operations: Vec<PushOperation> = (0..25).map(|n| create(&format!("k{n}"))).collect();
    let script = Script::new().then_batch(|_, _| refusal(429, "TooManyRequests"));
    let outcomes = push(&script, operations);
    assert!(script.is_over());
    for (index, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Outcome::Failed(Fault::Throttled(_)) if index < 20 => {}
            Outcome::NotSent(Fault::Throttled(_)) if index >= 20 => {}
            other => panic!("{index}: {other:?}"),
        }
    }
}

#[test]
fn a_throttled_batch_was_not_executed_and_the_rest_is_not_sent() {
    let operations: Vec<PushOperation> = (0..25).map(|n| create(&format!("k{n}"))).collect();
    let mut busy = error(429, "TooManyRequests");
    busy.headers.push(("Retry-After".into(), "30".into()));
    let outcomes = push(&Script::new().then(busy), operations);
    assert!(
        matches!(&outcomes[0], Outcome::Failed(Fault::Throttled(one)) if one.retry_after == Some(30))
    );
    assert!(matches!(&outcomes[24], Outcome::NotSent(_)));
}

#[test]
fn a_create_answered_5xx_may_have_been_done_whatever_the_error_is_called() {
    for (status, code) in [
        (503, "ErrorServerBusy"),
        (504, "ErrorTimeoutExpired"),
        (500, "ErrorInternalServerError"),
        (500, "ErrorIrresolvableConflict"),
        (504, "ErrorItemNotFound"),
        (502, ""),
    ] {
        let script = Script::new().then_batch(move |_, _| refusal(status, code));
        let outcome = one(&script, create(KEY));
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    }
    let script = Script::new().then_batch(|_, _| refusal(503, "ErrorServerBusy"));
    let outcome = one(&script, updating(update("a")));
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    let script = Script::new().then(error(500, "ErrorIrresolvableConflict"));
    let outcome = one(&script, create(KEY));
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

#[test]
fn a_part_without_an_answer_may_have_been_done() {
    let script = Script::new().then(response(200, &json!({"responses": []})));
    assert!(matches!(one(&script, create(KEY)), Outcome::Unknown(_)));
}

#[test]
fn a_failed_dependency_was_not_executed() {
    let script = Script::new().then_batch(|_, _| refusal(424, "FailedDependency"));
    let outcome = one(&script, create(KEY));
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
}

#[test]
fn what_never_left_is_told_apart_from_what_may_have_arrived() {
    let unreachable = |cause| {
        Fault::Unreachable(Unreachable {
            cause,
            detail: String::new(),
        })
    };
    for cause in [
        UnreachableCause::NameNotFound,
        UnreachableCause::NoConnection,
        UnreachableCause::Certificate,
    ] {
        let script = Script::new().then_fault(unreachable(cause));
        assert!(matches!(one(&script, create(KEY)), Outcome::NotSent(_)));
    }
    for cause in [UnreachableCause::TimeOut, UnreachableCause::Broken] {
        let script = Script::new().then_fault(unreachable(cause));
        assert!(matches!(one(&script, create(KEY)), Outcome::Unknown(_)));
    }
    let script = Script::new().then_fault(Fault::DeniedByHost("closed".into()));
    assert!(matches!(one(&script, create(KEY)), Outcome::NotSent(_)));
}

#[test]
fn a_refused_token_stops_everything_and_wrote_nothing() {
    let operations: Vec<PushOperation> = (0..21).map(|n| create(&format!("k{n}"))).collect();
    let outcomes = push(&Script::new().then(error(401, "AADSTS7000222")), operations);
    assert!(matches!(
        &outcomes[0],
        Outcome::Failed(Fault::Unauthorised(_))
    ));
    assert!(matches!(&outcomes[20], Outcome::NotSent(_)));
}

#[test]
fn a_final_refusal_and_a_full_mailbox_are_told_apart() {
    let script = Script::new().then_batch(|_, _| refusal(400, "ErrorOccurrenceCrossingBoundary"));
    let outcome = one(&script, updating(update("a")));
    assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    let script = Script::new().then_batch(|_, _| refusal(507, "ErrorQuotaExceeded"));
    let outcome = one(&script, create(KEY));
    assert!(
        matches!(outcome, Outcome::Failed(Fault::Quota(_))),
        "{outcome:?}"
    );
}

#[test]
fn one_failing_item_does_not_stop_the_others() {
    let script = Script::new()
        .then_batch(|method, _| {
            if method == "PATCH" {
                refusal(412, "ErrorIrresolvableConflict")
            } else {
                (201, event("a", "Visit"))
            }
        })
        .then_batch(|_, _| (200, event("a", "Visit")));
    let outcomes = push(&script, vec![updating(update("x")), create(KEY)]);
    assert!(matches!(outcomes[0], Outcome::Conflict(_)));
    assert!(matches!(outcomes[1], Outcome::Done(_)));
}

#[test]
fn two_writes_to_one_item_never_share_a_batch() {
    let script = Script::new()
        .then_batch(|_, _| (200, event("a", "New")))
        .then_batch(|_, _| (200, event("a", "New")))
        .then_batch(|_, _| (204, json!(null)));
    let outcomes = push(
        &script,
        vec![updating(update("a")), deleting(deletion("a"))],
    );
    assert!(script.is_over());
    assert!(outcomes.iter().all(|one| matches!(one, Outcome::Done(_))));
}

#[test]
fn an_update_without_a_difference_is_read_and_not_written() {
    let mut same = update("a");
    if let ExchangePatch::Event(patch) = &mut same.patch {
        patch.subject = None;
    }
    let script = Script::new().then_batch(|method, _| {
        assert_eq!(method, "GET");
        (200, event("a", "New"))
    });
    let echo = done(one(&script, updating(same)));
    assert_eq!((echo.writes, echo.status), (0, 200));
}

#[test]
fn an_occurrence_is_not_written_by_its_id() {
    let mut occurrence = update("o");
    occurrence.target.slot = Some(Slot {
        master_id: "m".into(),
        original_start: at("2026-03-03T09:00:00Z"),
    });
    let script = Script::new();
    let outcome = one(&script, updating(occurrence));
    assert!(
        matches!(&outcome, Outcome::Refused(Fault::Other(Answer { code, .. })) if code == "not-supported")
    );
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

#[test]
fn a_503_keeps_its_pause_although_the_create_is_looked_up() {
    let mut busy = error(503, "ErrorServerBusy");
    busy.headers.push(("Retry-After".into(), "9".into()));
    let outcome = one(&Script::new().then(busy), create(KEY));
    assert!(matches!(
        outcome,
        Outcome::Unknown(Fault::Throttled(Throttling {
            retry_after: Some(9),
            ..
        }))
    ));
}
