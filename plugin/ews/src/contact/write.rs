//! Contacts as they are written.
//!
//! The PSA's fields are the whole truth of a copy: each is written every time, and one that is
//! empty is cleared. Fields that the PSA does not have are left alone.

use sync::contract::{Contact, Marker, PostalAddress};

use crate::event::write::{body, extended, marked};
use crate::operation::shape::CONTACT_PREFIX;
use crate::operation::update_item::{clear, set};
use crate::xml::Element;

const EMAILS: [&str; 3] = ["EmailAddress1", "EmailAddress2", "EmailAddress3"];
const BUSINESS_PHONES: [&str; 2] = ["BusinessPhone", "BusinessPhone2"];

/// The item that makes a contact.
///
/// To the server a repeated request is another contact. So it is sent once, and one whose answer was
/// lost is unknown until the host has looked for the marker.
#[must_use]
pub fn creation(contact: &Contact, marker: Option<&Marker>) -> Element {
    let text = |name, text: &str| filled(text).map(|text| Element::text(name, text));
    let dictionary = |name, entries: Vec<(&str, &str)>| {
        let entries = entries.into_iter().filter(|(_, text)| !text.is_empty());
        let entries: Vec<Element> = entries
            .map(|(key, text)| Element::text("t:Entry", text).with("Key", key))
            .collect();
        (!entries.is_empty()).then(|| Element::holding(name, entries))
    };
    let prefix = filled(&contact.prefix).map(|text| extended(CONTACT_PREFIX, text));
    let fields = [
        Some(body(&contact.notes)),
        marker.map(marked),
        prefix,
        text("t:GivenName", &contact.given_name),
        text("t:MiddleName", &contact.middle_name),
        text("t:CompanyName", &contact.organisation),
        dictionary("t:EmailAddresses", emails(contact)),
        address(&contact.business_address),
        dictionary("t:PhoneNumbers", phones(contact)),
        text("t:Generation", &contact.suffix),
        text("t:JobTitle", &contact.job_title),
        text("t:Surname", &contact.surname),
    ];
    Element::holding("t:Contact", fields.into_iter().flatten())
}

/// The changes that make the contact so.
#[must_use]
pub fn change(contact: &Contact) -> Vec<Element> {
    const ITEM: &str = "t:Contact";
    let mut updates = vec![set("item:Body", ITEM, body(&contact.notes))];
    updates.push(match filled(&contact.prefix) {
        Some(text) => set(CONTACT_PREFIX, ITEM, extended(CONTACT_PREFIX, text)),
        None => clear(CONTACT_PREFIX),
    });
    let texts = [
        ("contacts:GivenName", "t:GivenName", &contact.given_name),
        ("contacts:MiddleName", "t:MiddleName", &contact.middle_name),
        (
            "contacts:CompanyName",
            "t:CompanyName",
            &contact.organisation,
        ),
        ("contacts:Generation", "t:Generation", &contact.suffix),
        ("contacts:JobTitle", "t:JobTitle", &contact.job_title),
        ("contacts:Surname", "t:Surname", &contact.surname),
    ];
    for (field, name, text) in texts {
        updates.push(match filled(text) {
            Some(text) => set(field, ITEM, Element::text(name, text)),
            None => clear(field),
        });
    }
    let dictionaries = [
        ("contacts:EmailAddress", "t:EmailAddresses", emails(contact)),
        ("contacts:PhoneNumber", "t:PhoneNumbers", phones(contact)),
    ];
    for (field, name, entries) in dictionaries {
        for (key, text) in entries {
            let field = format!("{field}:{key}");
            updates.push(if text.is_empty() {
                clear(&field)
            } else {
                let entry = Element::text("t:Entry", text).with("Key", key);
                set(&field, ITEM, Element::holding(name, [entry]))
            });
        }
    }
    for (part, name, text) in parts(&contact.business_address) {
        let field = format!("contacts:PhysicalAddress:{part}:Business");
        updates.push(match filled(text) {
            Some(text) => {
                let entry = business(vec![Element::text(name, text)]);
                set(&field, ITEM, entry)
            }
            None => clear(&field),
        });
    }
    updates
}

/// All places for addresses of mail, the empty ones too.
fn emails(contact: &Contact) -> Vec<(&'static str, &str)> {
    places(&EMAILS, &contact.emails)
}

/// All places for telephone numbers, the empty ones too.
fn phones(contact: &Contact) -> Vec<(&'static str, &str)> {
    let mut phones = vec![("BusinessFax", contact.business_fax.trim())];
    phones.extend(places(&BUSINESS_PHONES, &contact.business_phones));
    phones.push(("HomePhone", contact.home_phone.trim()));
    phones.push(("MobilePhone", contact.mobile_phone.trim()));
    phones
}

/// The texts in their places; those that are empty take none.
fn places<'a>(keys: &[&'static str], texts: &'a [String]) -> Vec<(&'static str, &'a str)> {
    let mut texts = texts.iter().filter_map(|text| filled(text));
    keys.iter()
        .map(|key| (*key, texts.next().unwrap_or_default()))
        .collect()
}

fn parts(address: &PostalAddress) -> [(&'static str, &'static str, &str); 5] {
    [
        ("Street", "t:Street", &address.street),
        ("City", "t:City", &address.city),
        ("State", "t:State", &address.state),
        ("CountryOrRegion", "t:CountryOrRegion", &address.country),
        ("PostalCode", "t:PostalCode", &address.postal_code),
    ]
}

fn address(address: &PostalAddress) -> Option<Element> {
    let parts: Vec<Element> = parts(address)
        .into_iter()
        .filter_map(|(_, name, text)| Some(Element::text(name, filled(text)?)))
        .collect();
    (!parts.is_empty()).then(|| business(parts))
}

fn business(parts: Vec<Element>) -> Element {
    let entry = Element::holding("t:Entry", parts).with("Key", "Business");
    Element::holding("t:PhysicalAddresses", [entry])
}

fn filled(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}
