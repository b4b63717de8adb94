//! Changes and deletions: never of what is another than it was planned on.

use super::*;

#[test]
fn a_change_names_its_version_and_overwrites_nothing_newer() {
    let script = Script::new()
        .then(
            "UpdateItem",
            &[written("a"), bad("ErrorIrresolvableConflict")],
        )
        .then("GetItem", &[item(&event("a", "Other"))]);
    let outcomes = push(&script, vec![rename(1, "a"), rename(2, "b")]);
    done(&outcomes[0]);
    assert!(matches!(outcomes[1], Outcome::Conflict(_)));
    let sent = script.sent(0);
    for part in [
        "ConflictResolution=\"NeverOverwrite\"",
        "SendMeetingInvitationsOrCancellations=\"SendToNone\"",
        "<t:ItemId Id=\"a\" ChangeKey=\"a-1\"/>",
        "<t:FieldURI FieldURI=\"item:Subject\"/>",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
    assert!(!sent.contains("calendar:Start"), "{sent}");
}

#[test]
fn a_moved_item_gets_its_zone_with_its_times() {
    let patch = EventPatch {
        span: Some(span()),
        body: Some("B".into()),
        location: Some("L".into()),
        sensitivity: Some(Sensitivity::Private),
        show_as: Some(ShowAs::OutOfOffice),
        ..NOTHING
    };
    let script = Script::new()
        .then("UpdateItem", &[written("a")])
        .then("GetItem", &[item(&event("a", "Visit"))]);
    push(
        &script,
        vec![operation(1, PushAction::Update(patched("a", patch)))],
    );
    let sent = script.sent(0);
    let place = |part: &str| {
        sent.find(part)
            .unwrap_or_else(|| panic!("{part} in {sent}"))
    };
    assert!(place("calendar:StartTimeZone") < place("<t:Start>2026-03-03T10:00:00<"));
    assert!(place("calendar:EndTimeZone") < place("<t:End>2026-03-03T11:00:00<"));
    place("calendar:IsAllDayEvent");
}

#[test]
fn nothing_is_sent_where_nothing_differs() {
    let script = Script::new().then("GetItem", &[item(&event("a", "Visit"))]);
    let outcomes = push(
        &script,
        vec![operation(1, PushAction::Update(patched("a", NOTHING)))],
    );
    assert_eq!(done(&outcomes[0]).writes, 0);
}

#[test]
fn an_item_that_is_gone_is_planned_again() {
    let script = Script::new().then("UpdateItem", &[bad("ErrorItemNotFound")]);
    let outcomes = push(&script, vec![rename(1, "a")]);
    assert!(matches!(outcomes[0], Outcome::Conflict(_)));
}

#[test]
fn without_the_proof_that_nobody_is_invited_nothing_is_sent() {
    let mut invited = patched("a", NOTHING);
    invited.proof.attendees = 1;
    let mut others = patched("b", NOTHING);
    others.proof.owner_organizes = false;
    let mut stale = patched("c", NOTHING);
    stale.proof.version = version("c-0");
    let script = Script::new();
    let operations = [invited, others, stale]
        .map(|update| operation(1, PushAction::Update(update)))
        .to_vec();
    for outcome in push(&script, operations) {
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    }
}

#[test]
fn a_deletion_is_held_against_the_version_first() {
    let invited = event_with(
        "c",
        "Visit",
        "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>x@y.example</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>",
    );
    let script = Script::new()
        .then(
            "GetItem",
            &[
                item(&event("a", "Visit")),
                item(&event("b", "Visit").replace("b-1", "b-2")),
                item(&invited),
                bad("ErrorItemNotFound"),
            ],
        )
        .then(
            "DeleteItem",
            &[crate::script::good(""), bad("ErrorItemNotFound")],
        );
    let outcomes = push(
        &script,
        vec![
            delete(1, "a"),
            delete(2, "b"),
            delete(3, "c"),
            delete(4, "d"),
        ],
    );
    assert_eq!(done(&outcomes[0]).item, EchoedItem::Gone);
    assert!(matches!(outcomes[1], Outcome::Conflict(_)));
    assert!(matches!(outcomes[2], Outcome::Conflict(_)));
    assert_eq!(done(&outcomes[3]).item, EchoedItem::Gone);
    let sent = script.sent(1);
    assert!(sent.contains("DeleteType=\"MoveToDeletedItems\""), "{sent}");
    assert!(
        sent.contains("SendMeetingCancellations=\"SendToNone\""),
        "{sent}"
    );
    assert_eq!(sent.matches("<t:ItemId").count(), 2, "{sent}");
}

#[test]
fn a_busy_server_is_left_alone_after_its_first_word() {
    let script = Script::new().then_response(fault("ErrorServerBusy"));
    let outcomes = push(&script, vec![rename(1, "a"), create(2)]);
    assert!(matches!(outcomes[0], Outcome::Failed(Fault::Throttled(_))));
    assert!(matches!(outcomes[1], Outcome::NotSent(_)));
}

#[test]
fn a_change_whose_answer_was_lost_is_unknown() {
    let script = Script::new().then_fault(Fault::Unreachable(Unreachable {
        cause: UnreachableCause::Broken,
        detail: String::new(),
    }));
    let outcomes = push(&script, vec![rename(1, "a")]);
    assert!(matches!(outcomes[0], Outcome::Unknown(_)));
}

#[test]
fn two_writes_to_one_item_never_share_a_request() {
    let script = Script::new()
        .then("UpdateItem", &[written("a")])
        .then("GetItem", &[item(&event("a", "Other"))])
        .then("UpdateItem", &[bad("ErrorIrresolvableConflict")]);
    let outcomes = push(&script, vec![rename(1, "a"), rename(2, "a")]);
    done(&outcomes[0]);
    assert!(matches!(outcomes[1], Outcome::Conflict(_)));
}
