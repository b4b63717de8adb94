//! Contacts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::{ANNA, MARKER, Server};

#[test]
fn a_contact_is_made_changed_found_by_comparing_and_deleted() {
    let server = Server::start();
    let base = format!("/v1.0/users/{ANNA}/contacts");
    let made = server.post(
        &base,
        &json!({
            "givenName": "Bo", "surname": "Berg", "title": "Dr.", "generation": "Jr.",
            "emailAddresses": [{ "name": "Bo", "address": "bo@example.org" }],
            "singleValueExtendedProperties": [{ "id": MARKER, "value": "t1:contact:7:1" }],
        }),
    );
    assert_eq!(
        (made.status, &made.json()["displayName"]),
        (201, &json!("Bo Berg")),
        "{}",
        made.text
    );
    let id = made.id();
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
    let stale = made.json()["@odata.etag"].as_str().unwrap().to_owned();
    let one = format!("{base}/{id}");
    let changed = server.send_with(
        "PATCH",
        &one,
        &[("If-Match", &stale)],
        &json!({ "jobTitle": "Cook" }),
    );
    assert_eq!(
        (
            changed.status,
            &changed.json()["jobTitle"],
            &changed.json()["surname"]
        ),
        (200, &json!("Cook"), &json!("Berg"))
    );
    assert_eq!(
        server
            .send_with("DELETE", &one, &[("If-Match", &stale)], &Value::Null)
            .status,
        412
    );
    assert_eq!(server.exchange.person(ANNA).contacts().unwrap().len(), 1);
    assert_eq!(
        server.send_with("DELETE", &one, &[], &Value::Null).status,
        204
    );
    assert_eq!(
        (server.get(&one).status, server.get(&one).code()),
        (404, "ErrorItemNotFound".to_owned())
    );
}

#[test]
fn a_contact_has_three_addresses_two_business_phones_and_no_fax() {
    let server = Server::start();
    let base = format!("/v1.0/users/{ANNA}/contacts");
    let address = json!({ "address": "a@example.org" });
    for contact in [
        json!({ "emailAddresses": [address, address, address, address] }),
        json!({ "businessPhones": ["1", "2", "3"] }),
        json!({ "businessFax": "1" }),
        json!({ "transactionId": "1" }),
    ] {
        assert_eq!(server.post(&base, &contact).status, 400, "{contact}");
    }
    assert_eq!(
        server.anna("/contacts?$filter=surname eq 'Berg'").status,
        400
    );
}
