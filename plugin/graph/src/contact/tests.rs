use serde_json::{Value, json};
use sync::contract::{ItemKind, Marker, MarkerReading, PsaId, PsaReference, TenantId};

use super::*;
use crate::{examples, script};

fn read_from(value: Value) -> ExchangeContact {
    let contact: wire::Contact = serde_json::from_value(value).unwrap();
    match read(contact).unwrap().change {
        Change::Contact(contact) => contact,
        other => panic!("{other:?}"),
    }
}

fn marker_of() -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".into(),
        },
        psa: PsaReference {
            kind: ItemKind::Contact,
            id: PsaId { value: "7".into() },
        },
        generation: 2,
    }
}

fn nobody() -> Contact {
    fields(wire::Contact::default())
}

#[test]
fn each_field_is_read_from_its_place() {
    let contact = read_from(script::contact("c", "Smith"));
    let mut expected = script::contact_fields("Smith");
    expected.notes = "Likes tea\r\n".into();
    assert_eq!(contact.fields, expected);
    assert_eq!(contact.id.value, "c");
    assert_eq!(contact.version.tag, "W/\"c-1\"");
    assert_eq!(contact.marker, MarkerReading::Absent);
}

#[test]
fn absent_fields_nulls_and_empty_places_are_empty() {
    let contact = read_from(json!({
        "id": "c",
        "surname": null,
        "emailAddresses": [null, {"name": null, "address": null}, {"address": " "}, {"address": "a@b.c"}],
        "businessPhones": null,
        "homePhones": [null, "", "+49 30 9", "+49 30 8"],
        "businessAddress": {},
        "unheardOf": {"of": 1},
    }));
    assert_eq!(
        contact.fields,
        Contact {
            emails: vec!["a@b.c".into()],
            home_phone: "+49 30 9".into(),
            ..nobody()
        }
    );
}

#[test]
fn a_contact_without_an_id_is_not_read() {
    assert!(read(wire::Contact::default()).is_err());
}

/// What the server would show of a contact that was written so.
fn written_and_read(contact: &Contact) -> Contact {
    let mut sent = write::creation(contact, Some(&marker_of()));
    sent["id"] = json!("c");
    let read = read_from(sent);
    assert_eq!(read.marker, MarkerReading::Present(marker_of()));
    read.fields
}

#[test]
fn what_is_written_is_read_again() {
    let mut full = script::contact_fields("Smith");
    full.middle_name = "B.".into();
    full.home_phone = "+49 30 9".into();
    full.emails.push("ann@example.com".into());
    full.business_phones.push("+49 30 3".into());
    full.business_address.street = "Weg 1".into();
    full.business_address.state = "BE".into();
    full.business_address.postal_code = "10115".into();
    assert_eq!(written_and_read(&full), full);
    assert_eq!(written_and_read(&nobody()), nobody());
}

#[test]
fn a_new_contact_carries_its_marker_and_no_empty_fax() {
    let sent = write::creation(&nobody(), Some(&marker_of()));
    assert_eq!(
        sent["singleValueExtendedProperties"],
        json!([{"id": marker::PROPERTY, "value": "acme:contact:7:2"}])
    );
    assert!(sent.get("transactionId").is_none());
}

#[test]
fn a_change_clears_every_field_that_is_empty() {
    assert_eq!(
        write::change(&nobody()),
        json!({
            "title": null,
            "givenName": null,
            "middleName": null,
            "surname": null,
            "generation": null,
            "jobTitle": null,
            "companyName": null,
            "emailAddresses": [],
            "businessPhones": [],
            "mobilePhone": null,
            "homePhones": [],
            "businessAddress": {
                "street": null, "city": null, "state": null, "postalCode": null, "countryOrRegion": null
            },
            "personalNotes": null,
            "singleValueExtendedProperties": [{"id": "String 0x3A24", "value": ""}],
        })
    );
}

#[test]
fn every_field_that_is_written_is_asked_for_when_it_is_read() {
    let sent = write::change(&script::contact_fields("Smith"));
    let asked: Vec<&str> = SELECT.split(',').collect();
    for name in sent.as_object().unwrap().keys() {
        assert!(
            asked.contains(&name.as_str()) || name == "singleValueExtendedProperties",
            "{name}"
        );
    }
    assert!(expand().contains("TandemMarker") && expand().contains(BUSINESS_FAX));
}

#[test]
fn every_published_example_of_a_contact_is_read() {
    let Some(examples) = examples::answers() else {
        return;
    };
    let contacts: Vec<ExchangeContact> = examples
        .into_iter()
        .filter(|(name, _)| name.starts_with("contact-") || name.contains("post-contacts"))
        .map(|(_, body)| read_from(body))
        .collect();
    assert_eq!(contacts.len(), 2);
    let garth = contacts
        .iter()
        .find(|one| one.fields.given_name == "Garth")
        .unwrap();
    assert_eq!(garth.fields.organisation, "Contoso, Inc.");
    assert_eq!(garth.fields.business_phones, ["+1 918 555 0101"]);
    assert_eq!(garth.fields.business_address.country, "USA");
    assert!(garth.version.tag.starts_with("W/"));
}
