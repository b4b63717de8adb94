//! Contacts as they are written.
//!
//! The PSA's fields are the whole truth of a copy: each is written every time, and one that is
//! empty is cleared. Fields that the PSA does not have are left alone.

use serde_json::{Map, Value, json};
use sync::contract::{Contact, Marker};

use super::BUSINESS_FAX;
use crate::marker;

/// The body of a `POST` that makes a contact.
///
/// Unlike an event it has no `transactionId`: to the server a repeated request is another contact.
/// So it is sent once, and one whose answer was lost is unknown until the host has looked for the
/// marker; only that look keeps a second copy from being made.
#[must_use]
pub fn creation(contact: &Contact, marker: Option<&Marker>) -> Value {
    let mut properties = Vec::new();
    properties.extend(marker.map(marker::property));
    if !contact.business_fax.trim().is_empty() {
        properties.push(fax(contact));
    }
    body(contact, properties)
}

/// The body of a `PATCH` that makes the contact so.
#[must_use]
pub fn change(contact: &Contact) -> Value {
    body(contact, vec![fax(contact)])
}

fn body(contact: &Contact, properties: Vec<Value>) -> Value {
    let address = &contact.business_address;
    let emails: Vec<Value> = filled(&contact.emails)
        .map(|email| json!({ "address": email }))
        .collect();
    let home_phones = std::slice::from_ref(&contact.home_phone);
    let mut fields = Map::from_iter([
        ("title".to_owned(), text(&contact.prefix)),
        ("givenName".to_owned(), text(&contact.given_name)),
        ("middleName".to_owned(), text(&contact.middle_name)),
        ("surname".to_owned(), text(&contact.surname)),
        ("generation".to_owned(), text(&contact.suffix)),
        ("jobTitle".to_owned(), text(&contact.job_title)),
        ("companyName".to_owned(), text(&contact.organisation)),
        ("emailAddresses".to_owned(), emails.into()),
        (
            "businessPhones".to_owned(),
            filled(&contact.business_phones).collect(),
        ),
        ("mobilePhone".to_owned(), text(&contact.mobile_phone)),
        ("homePhones".to_owned(), filled(home_phones).collect()),
        (
            "businessAddress".to_owned(),
            // Each part by its name: one that is left out would stay.
            json!({
                "street": text(&address.street),
                "city": text(&address.city),
                "state": text(&address.state),
                "postalCode": text(&address.postal_code),
                "countryOrRegion": text(&address.country),
            }),
        ),
        ("personalNotes".to_owned(), text(&contact.notes)),
    ]);
    if !properties.is_empty() {
        fields.insert(
            "singleValueExtendedProperties".to_owned(),
            properties.into(),
        );
    }
    Value::Object(fields)
}

/// A text, or what clears one.
fn text(text: &str) -> Value {
    if text.trim().is_empty() {
        Value::Null
    } else {
        text.into()
    }
}

/// Lists have no empty places.
fn filled(texts: &[String]) -> impl Iterator<Item = &str> {
    let texts = texts.iter().map(String::as_str);
    texts.filter(|text| !text.trim().is_empty())
}

/// An extended property takes no `null`; an empty text clears it.
fn fax(contact: &Contact) -> Value {
    json!({ "id": BUSINESS_FAX, "value": contact.business_fax.trim() })
}
