//! Contacts: nobody is invited to one, and no server knows a create again.

use serde_json::json;
use sync::contract::{Contact, ExchangeContact, MissingPermission};

use super::*;
use crate::script::{contact, contact_fields};

fn marker_of_contact() -> Marker {
    Marker {
        psa: PsaReference {
            kind: ItemKind::Contact,
            id: PsaId { value: "7".into() },
        },
        ..marker_of()
    }
}

fn creating(fields: Contact) -> PushOperation {
    PushOperation {
        key: KEY.into(),
        marker: Some(marker_of_contact()),
        action: PushAction::Create(ExchangeContent::Contact(fields)),
    }
}

/// An update or a deletion as it is planned without having read the contact.
fn overwriting(id: &str, fields: Contact) -> PushOperation {
    updating(ExchangeUpdate {
        patch: ExchangePatch::Contact(fields),
        ..update(id)
    })
}

fn removing(id: &str) -> PushOperation {
    deleting(ExchangeDeletion {
        kind: ItemKind::Contact,
        ..deletion(id)
    })
}

fn shown(echo: &Echo) -> &ExchangeContact {
    match &echo.item {
        EchoedItem::Contact(contact) => contact,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_created_contact_is_marked_and_read_back_for_its_base() {
    let script = Script::new()
        .then_batch(|_, _| (201, json!({"id": "c"})))
        .then_batch(|method, url| {
            assert_eq!(method, "GET");
            assert!(
                url.starts_with("/users/anna%40acme.example/contacts/c?"),
                "{url}"
            );
            (200, contact("c", "Smith"))
        });
    let echo = done(one(&script, creating(contact_fields("Smith"))));
    assert!(script.is_over());
    assert_eq!((echo.writes, echo.status), (1, 201));
    assert_eq!(shown(&echo).id.value, "c");
    let base = echo.base.as_ref().unwrap();
    assert_eq!(base.version.tag, "W/\"c-1\"");
    assert_eq!(
        base.digest,
        base::digest_of_contact(&contact_fields("Smith")),
        "line ends make no difference"
    );
    assert!(base::mails_nobody(base));
    let part = &script.sent_parts()[0];
    assert_eq!(part["method"], "POST");
    assert_eq!(part["url"], "/users/anna%40acme.example/contacts");
    assert!(part["body"].get("transactionId").is_none());
    let properties = &part["body"]["singleValueExtendedProperties"];
    assert_eq!(properties[0]["value"], "acme:contact:7:2");
    assert_eq!(properties[1]["value"], "+49 30 2");
}

#[test]
fn a_contact_is_overwritten_as_a_whole_whatever_its_version() {
    let script = Script::new()
        .then_batch(|_, _| (200, contact("c", "Smith")))
        .then_batch(|_, _| (200, contact("c", "Smith")));
    let mut blind = overwriting("c", contact_fields("Smith"));
    if let PushAction::Update(update) = &mut blind.action {
        update.version = version("");
        update.proof = proof("");
    }
    let echo = done(one(&script, blind));
    assert_eq!(shown(&echo).fields.surname, "Smith");
    let part = &script.sent_parts()[0];
    assert_eq!(part["method"], "PATCH");
    assert_eq!(part["url"], "/users/anna%40acme.example/contacts/c");
    assert!(part["headers"].get("If-Match").is_none());
    assert_eq!(
        part["body"],
        contact::write::change(&contact_fields("Smith"))
    );
}

#[test]
fn an_update_of_a_contact_that_is_gone_is_a_conflict() {
    let script = Script::new().then_batch(|_, _| refusal(404, "ErrorItemNotFound"));
    let outcome = one(&script, overwriting("c", contact_fields("Smith")));
    assert!(matches!(outcome, Outcome::Conflict(_)), "{outcome:?}");
}

#[test]
fn a_contact_is_deleted_or_was_gone_already() {
    for (status, body) in [
        (204, json!(null)),
        refusal(404, "ErrorItemNotFound"),
        refusal(403, "ErrorCannotDeleteObject"),
    ] {
        let script = Script::new().then_batch(move |_, _| (status, body.clone()));
        let echo = done(one(&script, removing("c")));
        assert_eq!((echo.item, echo.status), (EchoedItem::Gone, status));
        let part = &script.sent_parts()[0];
        assert_eq!(part["method"], "DELETE");
        assert_eq!(part["url"], "/users/anna%40acme.example/contacts/c");
        assert!(part["headers"].get("If-Match").is_none());
    }
}

#[test]
fn a_create_of_a_contact_whose_answer_is_lost_is_unknown_and_not_repeated() {
    let silence = Fault::Unreachable(Unreachable {
        cause: UnreachableCause::TimeOut,
        detail: String::new(),
    });
    for script in [
        Script::new().then_fault(silence),
        Script::new().then(response(200, &json!({"responses": []}))),
        Script::new().then_batch(|_, _| refusal(503, "ErrorServerBusy")),
        Script::new().then_batch(|_, _| refusal(504, "ErrorTimeoutExpired")),
    ] {
        let outcome = one(&script, creating(contact_fields("Smith")));
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        assert_eq!(script.count(), 1);
    }
}

#[test]
fn a_missing_right_to_contacts_is_named_and_stops_no_event() {
    let script = Script::new()
        .then_batch(|_, url| {
            if url.contains("contacts") {
                refusal(403, "ErrorAccessDenied")
            } else {
                (201, event("a", "Visit"))
            }
        })
        .then_batch(|_, _| (200, event("a", "Visit")));
    let outcomes = push(
        &script,
        vec![creating(contact_fields("Smith")), create(KEY)],
    );
    assert!(
        matches!(&outcomes[0], Outcome::Failed(Fault::Forbidden(MissingPermission { permission, .. }))
            if permission == "Contacts.ReadWrite"),
        "{:?}",
        outcomes[0]
    );
    assert!(matches!(&outcomes[1], Outcome::Done(_)));
}

#[test]
fn events_and_contacts_of_one_batch_are_each_read_back_as_what_they_are() {
    let script = Script::new()
        .then_batch(|_, url| {
            if url.contains("contacts") {
                (201, contact("c", "Smith"))
            } else {
                (201, event("a", "Visit"))
            }
        })
        .then_batch(|_, url| {
            if url.contains("/contacts/c?") {
                (200, contact("c", "Smith"))
            } else {
                (200, event("a", "Visit"))
            }
        });
    let outcomes = push(
        &script,
        vec![create(KEY), creating(contact_fields("Smith"))],
    );
    let [first, second] = <[Outcome; 2]>::try_from(outcomes).unwrap();
    assert_eq!(item(&done(first)).id.value, "a");
    assert_eq!(shown(&done(second)).id.value, "c");
}

#[test]
fn a_contact_that_cannot_be_read_back_is_told_from_the_answer_to_the_write() {
    let script = Script::new()
        .then_batch(|_, _| (200, contact("c", "Smith")))
        .then(error(503, "ErrorServerBusy"));
    let echo = done(one(&script, overwriting("c", contact_fields("Smith"))));
    assert_eq!(shown(&echo).id.value, "c");
}
