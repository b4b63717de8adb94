//! Contacts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use exchange::{Behaviour, Effect, Fault};
use serde_json::{Value, json};
use support::{ANNA, MARKER, Reply, Server, marked};

const FAX: &str = "String 0x3A24";

fn base() -> String {
    format!("/v1.0/users/{ANNA}/contacts")
}

fn bo() -> Value {
    json!({ "givenName": "Bo", "surname": "Berg" })
}

fn make(server: &Server, contact: &Value) -> String {
    let made = server.post(&base(), contact);
    assert_eq!(made.status, 201, "{}", made.text);
    made.id()
}

fn patch(server: &Server, id: &str, body: &Value) -> Reply {
    server.send_with("PATCH", &format!("{}/{id}", base()), &[], body)
}

fn delete(server: &Server, id: &str, headers: &[(&str, &str)]) -> Reply {
    server.send_with("DELETE", &format!("{}/{id}", base()), headers, &Value::Null)
}

fn get(server: &Server, id: &str) -> Value {
    server.get(&format!("{}/{id}", base())).json()
}

fn switch(server: &Server, change: impl FnOnce(&mut Behaviour)) {
    let mut behaviour = server.exchange.behaviour();
    change(&mut behaviour);
    server.exchange.set_behaviour(behaviour);
}

#[test]
fn a_contact_is_made_and_found_by_comparing() {
    let server = Server::start();
    let made = server.post(&base(), &marked(bo(), "t1:contact:7:1"));
    assert_eq!(
        (made.status, &made.json()["displayName"]),
        (201, &json!("Bo Berg"))
    );
    assert!(made.header("Location").unwrap().contains(&made.id()));
    let list = server
        .anna(&format!(
            "/contacts?$select=id&$expand=singleValueExtendedProperties($filter=id eq '{MARKER}')"
        ))
        .json();
    assert_eq!(
        list["value"][0]["singleValueExtendedProperties"][0]["value"],
        "t1:contact:7:1"
    );
    assert!(list["value"][0].get("surname").is_none());
}

#[test]
fn a_change_needs_the_version_that_it_names_and_none_if_it_names_none() {
    let server = Server::start();
    let id = make(&server, &bo());
    let one = format!("{}/{id}", base());
    let shown = server.get(&one);
    let version = shown.json()["@odata.etag"].as_str().unwrap().to_owned();
    assert_eq!(shown.header("ETag"), Some(version.as_str()));
    let cook = json!({ "jobTitle": "Cook" });
    let changed = server.send_with("PATCH", &one, &[("If-Match", &version)], &cook);
    assert_eq!(
        (
            changed.status,
            &changed.json()["jobTitle"],
            &changed.json()["surname"]
        ),
        (200, &json!("Cook"), &json!("Berg"))
    );
    assert_eq!(delete(&server, &id, &[("If-Match", &version)]).status, 412);
    assert_eq!(
        patch(&server, &id, &json!({ "jobTitle": null })).status,
        200
    );
    assert_eq!(get(&server, &id)["jobTitle"], Value::Null);
}

#[test]
fn the_version_of_a_new_contact_is_not_the_one_that_its_making_showed() {
    let server = Server::start();
    let made = server.post(&base(), &bo());
    let told = made.json()["@odata.etag"].clone();
    assert_ne!(get(&server, &made.id())["@odata.etag"], told);
    switch(&server, |it| it.etag_changes_after_create = false);
    let made = server.post(&base(), &bo());
    let told = made.json()["@odata.etag"].clone();
    assert_eq!(get(&server, &made.id())["@odata.etag"], told);
}

#[test]
fn a_deleted_contact_is_gone_or_answers_from_deleted_items() {
    let server = Server::start();
    let id = make(&server, &bo());
    let folder = get(&server, &id)["parentFolderId"].clone();
    assert_eq!(delete(&server, &id, &[]).status, 204);
    assert_eq!(server.anna("/contacts").json()["value"], json!([]));
    let one = format!("{}/{id}", base());
    assert_eq!(
        (server.get(&one).status, server.get(&one).code()),
        (404, "ErrorItemNotFound".to_owned())
    );
    assert_eq!(delete(&server, &id, &[]).status, 404);
    switch(&server, |it| it.deleted_items_answer = true);
    assert_eq!(server.get(&one).status, 200);
    assert_ne!(get(&server, &id)["parentFolderId"], folder);
    switch(&server, |it| it.repeated_delete_forbidden = true);
    assert_eq!(delete(&server, &id, &[]).code(), "ErrorCannotDeleteObject");
}

#[test]
fn an_immutable_id_outlives_a_move_and_an_ordinary_one_does_not() {
    let server = Server::start();
    let id = make(&server, &bo());
    let ordinary = server
        .send_with(
            "GET",
            &base(),
            &[("Prefer", "IdType=\"RestId\"")],
            &Value::Null,
        )
        .json()["value"][0]["id"]
        .clone();
    let ordinary = ordinary.as_str().unwrap();
    assert_eq!(get(&server, ordinary)["id"], id.as_str());
    switch(&server, |it| it.deleted_items_answer = true);
    delete(&server, &id, &[]);
    assert_eq!(get(&server, &id)["id"], id.as_str());
    assert_eq!(server.get(&format!("{}/{ordinary}", base())).status, 404);
    assert_eq!(
        server.get(&format!("{}/nonsense", base())).code(),
        "ErrorInvalidIdMalformed"
    );
}

#[test]
fn a_contact_has_three_addresses_two_business_phones_and_no_fax() {
    let server = Server::start();
    let address = json!({ "address": "a@example.org" });
    for contact in [
        json!({ "emailAddresses": [address, address, address, address] }),
        json!({ "emailAddresses": ["a@example.org"] }),
        json!({ "businessPhones": ["1", "2", "3"] }),
        json!({ "businessPhones": null }),
        json!({ "businessAddress": { "country": "Germany" } }),
        json!({ "businessFax": "1" }),
        json!({ "transactionId": "1" }),
        json!({ "singleValueExtendedProperties": [{ "id": FAX, "value": null }] }),
    ] {
        assert_eq!(server.post(&base(), &contact).status, 400, "{contact}");
    }
}

#[test]
fn a_fax_number_is_a_property_that_is_expanded_beside_the_marker() {
    let server = Server::start();
    let id = make(
        &server,
        &json!({ "singleValueExtendedProperties": [
            { "id": MARKER, "value": "t1:contact:7:1" },
            { "id": FAX, "value": "+49 30 2" },
        ]}),
    );
    assert!(
        get(&server, &id)
            .get("singleValueExtendedProperties")
            .is_none()
    );
    let expand =
        format!("singleValueExtendedProperties($filter=id eq '{MARKER}' or id eq '{FAX}')");
    let shown = server
        .anna(&format!("/contacts/{id}?$select=id&$expand={expand}"))
        .json();
    let properties = shown["singleValueExtendedProperties"].as_array().unwrap();
    assert_eq!(properties.len(), 2);
    assert!(properties.contains(&json!({ "id": "String 0x3a24", "value": "+49 30 2" })));
}

#[test]
fn parts_of_an_address_that_are_not_written_stay() {
    let server = Server::start();
    let id = make(
        &server,
        &json!({ "businessAddress": { "city": "Berlin", "street": "Weg 1" } }),
    );
    patch(
        &server,
        &id,
        &json!({ "businessAddress": { "street": null, "state": "BE" } }),
    );
    assert_eq!(
        get(&server, &id)["businessAddress"],
        json!({ "city": "Berlin", "state": "BE" })
    );
    patch(&server, &id, &json!({ "businessAddress": null }));
    assert_eq!(get(&server, &id)["businessAddress"], json!({}));
}

#[test]
fn lines_of_notes_come_back_as_windows_ends_them() {
    let server = Server::start();
    let id = make(&server, &json!({ "personalNotes": "one\ntwo" }));
    assert_eq!(get(&server, &id)["personalNotes"], "one\r\ntwo");
}

#[test]
fn a_filter_on_properties_is_refused_or_finds_nothing() {
    let server = Server::start();
    make(&server, &marked(bo(), "t1:contact:7:1"));
    let filter = format!(
        "singleValueExtendedProperties/any(ep: ep/id eq '{MARKER}' and startswith(ep/value, 't1:'))"
    );
    let sought = || server.anna(&format!("/contacts?$filter={filter}"));
    assert_eq!(sought().status, 400);
    assert_eq!(
        server.anna("/contacts?$filter=surname eq 'Berg'").status,
        400
    );
    switch(&server, |it| it.property_filter_finds_nothing = true);
    assert_eq!(sought().json()["value"], json!([]));
}

#[test]
fn contacts_come_in_pages_each_once() {
    let server = Server::start();
    for _ in 0..12 {
        make(&server, &bo());
    }
    let mut link = "/contacts?$select=id&$top=5".to_owned();
    let mut ids = Vec::new();
    let mut pages = 0;
    let mut page = server.anna(&link).json();
    loop {
        pages += 1;
        let rows = page["value"].as_array().unwrap();
        ids.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        match page["@odata.nextLink"].as_str() {
            Some(next) => link = next.to_owned(),
            None => break,
        }
        page = server.get(&link).json();
    }
    ids.sort();
    ids.dedup();
    assert_eq!((pages, ids.len()), (3, 12));
}

#[test]
fn contacts_are_made_read_and_deleted_in_batches() {
    let server = Server::start();
    let id = make(&server, &bo());
    let gone = make(&server, &bo());
    delete(&server, &gone, &[]);
    let user = format!("/users/{ANNA}/contacts");
    let reply = server.post(
        "/v1.0/$batch",
        &json!({ "requests": [
            { "id": "1", "method": "POST", "url": user, "body": bo(),
              "headers": { "Content-Type": "application/json" } },
            { "id": "2", "method": "GET", "url": format!("{user}/{id}?$select=surname") },
            { "id": "3", "method": "GET", "url": format!("{user}/{gone}") },
        ]}),
    );
    let answers = reply.json()["responses"].as_array().unwrap().clone();
    let of = |id: &str| {
        let found = answers.iter().find(|answer| answer["id"] == id);
        found.unwrap().clone()
    };
    assert_eq!(of("1")["status"], 201);
    assert_eq!(of("2")["body"]["surname"], "Berg");
    assert_eq!(of("3")["status"], 404);
}

#[test]
fn a_create_may_be_done_although_its_answer_is_lost() {
    let server = Server::start();
    let lost = Effect::StatusAfter {
        status: 504,
        code: None,
        retry_after: None,
    };
    server
        .exchange
        .add_fault(Fault::next(lost).method("POST").path("/contacts"));
    assert_eq!(server.post(&base(), &bo()).status, 504);
    assert_eq!(server.exchange.person(ANNA).contacts().unwrap().len(), 1);
}

#[test]
fn the_owner_makes_edits_copies_and_deletes_contacts_without_a_request() {
    let server = Server::start();
    let person = server.exchange.person(ANNA);
    let id = person
        .create_contact(&marked(bo(), "t1:contact:7:1"))
        .unwrap();
    let before = get(&server, &id)["@odata.etag"].clone();
    person
        .update_contact(&id, &json!({ "jobTitle": "Cook" }))
        .unwrap();
    assert_ne!(get(&server, &id)["@odata.etag"], before);
    let copy = person.copy_contact(&id).unwrap();
    person.delete_contact(&id).unwrap();
    assert!(person.delete_contact(&id).is_err());
    let left = person.contacts().unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(
        (&left[0]["id"], &left[0]["jobTitle"]),
        (&json!(copy), &json!("Cook"))
    );
    assert_eq!(
        left[0]["singleValueExtendedProperties"][0]["value"],
        "t1:contact:7:1"
    );
    person.empty().unwrap();
    assert!(person.contacts().unwrap().is_empty());
}
