//! Changing and deleting copies.

use serde_json::json;

use super::*;

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
