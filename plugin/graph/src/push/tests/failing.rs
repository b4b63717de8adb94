//! What a failure says about what was done.

use serde_json::json;

use super::*;

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
