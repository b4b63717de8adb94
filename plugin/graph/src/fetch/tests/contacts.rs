//! Looking at contacts, and searching for their markers.

use serde_json::json;
use sync::contract::{ExchangeId, Fault, MissingPermission};

use super::*;
use crate::marker;
use crate::script::{contact, error, fetch};

fn marked(id: &str, text: &str) -> Value {
    let mut contact = contact(id, "Ours");
    contact["singleValueExtendedProperties"] = json!([{"id": marker::PROPERTY, "value": text}]);
    contact
}

fn look(script: &Script, ids: &[&str]) -> Result<Page, Fault> {
    let ids = ids.iter().map(|id| ExchangeId {
        value: (*id).to_owned(),
    });
    page(script, &fetch(Scope::Contacts(ids.collect())))
}

fn search(script: &Script) -> Result<Page, Fault> {
    page(script, &fetch(Scope::MarkedContacts))
}

fn refusal(status: u16, code: &str) -> (u16, Value) {
    (status, json!({"error": {"code": code, "message": "No."}}))
}

fn id_in(url: &str) -> String {
    url.split(['/', '?']).nth(4).unwrap().to_owned()
}

/// A row of the list of contacts, which names the default folder.
fn folder(id: &str) -> transport::Response {
    list(&json!([{"id": "any", "parentFolderId": id}]))
}

#[test]
fn forty_contacts_are_two_batches_with_marker_and_fax() {
    let answer = |_: &str, url: &str| {
        assert!(
            url.starts_with("/users/anna%40acme.example/contacts/"),
            "{url}"
        );
        assert!(
            url.contains("TandemMarker") && url.contains("0x3A24"),
            "{url}"
        );
        (200, marked(&id_in(url), "acme:contact:7:1"))
    };
    let ids: Vec<String> = (0..40).map(|number| format!("id{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let script = Script::new()
        .then_batch(answer)
        .then_batch(answer)
        .then(folder("contacts"));
    let page = look(&script, &ids).unwrap();
    assert!(script.is_over());
    assert_eq!(page.changes.len(), 40);
    assert!(
        matches!(&page.changes[39], Change::Contact(contact) if contact.id.value == "id39"),
        "parts are answered in any order"
    );
}

#[test]
fn a_contact_that_is_gone_is_a_removal_and_stops_no_other() {
    let script = Script::new()
        .then_batch(|_, url| match id_in(url).as_str() {
            "gone" => refusal(404, "ErrorItemNotFound"),
            "bad" => refusal(400, "ErrorInvalidIdMalformed"),
            "ill" => refusal(500, "ErrorItemCorrupt"),
            "odd" => (200, json!({"id": "odd", "businessPhones": 7})),
            id => (200, contact(id, "Smith")),
        })
        .then(folder("contacts"));
    let page = look(&script, &["gone", "bad", "ill", "odd", "there"]).unwrap();
    assert_eq!(page.changes[0], removal("gone", RemovalProof::NotFound));
    assert!(
        matches!(&page.changes[1..], [Change::Contact(contact)] if contact.id.value == "there")
    );
    let told: Vec<&str> = page.remarks.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(
        told,
        ["id-malformed", "item-unanswered", "contact-unreadable"]
    );
}

#[test]
fn a_full_batch_of_contacts_without_an_answer_is_the_servers_trouble() {
    let ids: Vec<String> = (0..20).map(|number| format!("id{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let script = Script::new().then_batch(|_, _| refusal(500, "ErrorInternalServerError"));
    assert!(matches!(look(&script, &ids), Err(Fault::Other(_))));
}

#[test]
fn a_contact_that_answers_from_another_folder_is_elsewhere() {
    let script = Script::new()
        .then_batch(|_, url| {
            let mut contact = contact(&id_in(url), "Smith");
            if url.contains("deleted") {
                contact["parentFolderId"] = json!("deleted items");
            }
            (200, contact)
        })
        .then(folder("contacts"));
    let page = look(&script, &["deleted", "there"]).unwrap();
    assert_eq!(page.changes[0], removal("deleted", RemovalProof::Elsewhere));
    assert!(matches!(&page.changes[1], Change::Contact(_)));
    let asked = script.sent.borrow()[1].target.clone();
    assert!(asked.contains("/contacts?$top=1&"), "{asked}");
}

#[test]
fn an_empty_list_does_not_take_a_contact_out_of_its_folder() {
    let script = Script::new()
        .then_batch(|_, url| (200, contact(&id_in(url), "Smith")))
        .then(list(&json!([])));
    let page = look(&script, &["c"]).unwrap();
    assert!(matches!(&page.changes[..], [Change::Contact(_)]));
}

#[test]
fn a_missing_right_to_contacts_is_named() {
    let named = |result: Result<Page, Fault>| {
        matches!(result, Err(Fault::Forbidden(MissingPermission { permission, .. }))
            if permission == "Contacts.ReadWrite")
    };
    let script = Script::new().then_batch(|_, _| refusal(403, "ErrorAccessDenied"));
    assert!(named(look(&script, &["c"])));
    let script = Script::new().then(error(403, "ErrorAccessDenied"));
    assert!(named(search(&script)));
}

#[test]
fn marked_contacts_are_found_by_listing_and_comparing_whatever_the_case() {
    let script = Script::new()
        .then(response(
            200,
            &json!({
                "value": [contact("a", ""), marked("other", "other:contact:7:1")],
                "@odata.nextLink": "https://graph.example/n",
            }),
        ))
        .then(list(&json!([
            marked("b", "ACME:Contact:7:1"),
            marked("c", "acme:contact:8:3"),
        ])));
    let page = search(&script).unwrap();
    assert!(script.is_over());
    let found: Vec<&str> = page
        .changes
        .iter()
        .map(|change| match change {
            Change::Contact(contact) => contact.id.value.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, ["b", "c"]);
    assert_eq!(page.next, NextStep::None);
    let sent = script.sent.borrow();
    assert!(!sent[0].target.contains("?$filter"), "{}", sent[0].target);
    assert!(sent[0].target.contains("surname"), "{}", sent[0].target);
    assert_eq!(sent[1].target, "https://graph.example/n");
}

#[test]
fn a_contact_that_cannot_be_read_may_be_the_one_that_is_sought() {
    let script = Script::new().then(list(&json!([{"id": "m", "businessPhones": 7}])));
    let result = search(&script);
    assert!(matches!(result, Err(Fault::NotUnderstood(_))), "{result:?}");
}

#[test]
fn a_list_of_contacts_that_repeats_its_pages_is_a_fault_and_not_nothing() {
    let circle = || {
        response(
            200,
            &json!({"value": [contact("a", "")], "@odata.nextLink": "https://graph.example/n"}),
        )
    };
    let script = Script::new().then(circle()).then(circle());
    assert!(matches!(search(&script), Err(Fault::NotUnderstood(_))));
    assert!(script.is_over());
}

#[test]
fn a_list_of_contacts_without_end_is_a_fault_and_not_nothing() {
    let mut script = Script::new();
    for number in 0..50 {
        let next = format!("https://graph.example/n{number}");
        script = script.then(response(
            200,
            &json!({"value": [], "@odata.nextLink": next}),
        ));
    }
    assert!(matches!(search(&script), Err(Fault::NotUnderstood(_))));
    assert!(script.is_over());
}
