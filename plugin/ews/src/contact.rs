//! EWS' contacts and the contract's.
//!
//! [`wire`] is the form in which EWS sends them, [`read`] makes of it what the contract can express,
//! [`write`](mod@write) goes the other way. Notes are the body; what stands before a name is an
//! extended property, because EWS shows that field and does not let it be written.

pub mod wire;
pub mod write;

use sync::contract::{Change, Contact, ExchangeContact, ExchangeId, PostalAddress};
use sync::kit::harvest::Found;

use crate::event;
use crate::operation::shape::CONTACT_PREFIX;

/// Reads a contact.
///
/// # Errors
/// What is missing without which it cannot be read.
pub fn read(contact: wire::Contact) -> Result<Found, &'static str> {
    let id = contact.item_id.id.clone();
    if id.is_empty() {
        return Err("it has no id");
    }
    Ok(Found {
        change: Change::Contact(ExchangeContact {
            id: ExchangeId { value: id },
            version: event::version(&contact.item_id),
            marker: event::marker_of(&contact.extended_property),
            fields: fields(contact),
        }),
        remarks: Vec::new(),
    })
}

fn fields(contact: wire::Contact) -> Contact {
    let phones = &contact.phone_numbers;
    let address = contact
        .physical_addresses
        .entry
        .into_iter()
        .find(|address| address.key == "Business")
        .unwrap_or_default();
    Contact {
        prefix: event::tagged(&contact.extended_property, CONTACT_PREFIX)
            .unwrap_or_default()
            .to_owned(),
        given_name: contact.given_name,
        middle_name: contact.middle_name,
        surname: contact.surname,
        suffix: contact.generation,
        job_title: contact.job_title,
        organisation: contact.company_name,
        emails: contact.email_addresses.all("EmailAddress"),
        business_phones: phones.all("BusinessPhone"),
        mobile_phone: phones.one("MobilePhone"),
        home_phone: phones.one("HomePhone"),
        business_fax: phones.one("BusinessFax"),
        business_address: PostalAddress {
            street: address.street,
            city: address.city,
            state: address.state,
            postal_code: address.postal_code,
            country: address.country_or_region,
        },
        notes: event::plain(contact.body),
    }
}

impl wire::Entries {
    fn one(&self, key: &str) -> String {
        let mut same = self.entry.iter().filter(|entry| entry.key == key);
        same.next()
            .map(|entry| entry.text.clone())
            .unwrap_or_default()
    }

    /// The values whose keys begin so, in the keys' order and without empty ones.
    fn all(&self, beginning: &str) -> Vec<String> {
        let mut same: Vec<_> = self
            .entry
            .iter()
            .filter(|entry| entry.key.starts_with(beginning) && !entry.text.trim().is_empty())
            .collect();
        same.sort_by(|one, other| one.key.cmp(&other.key));
        same.into_iter().map(|entry| entry.text.clone()).collect()
    }
}
