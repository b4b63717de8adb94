//! Graph's contacts and the contract's.
//!
//! [`wire`] is the form in which Graph sends them, [`read`] makes of it what the contract can
//! express, [`write`](mod@write) goes the other way. Graph's `title` is what stands before a name,
//! its `generation` what stands behind it, and of fax numbers it knows nothing: those are extended
//! properties.

pub mod wire;
pub mod write;

use sync::contract::{Change, Contact, ExchangeContact, ExchangeId, PostalAddress};
use sync::kit::harvest::Found;

use crate::extended_property::{self, Property};
use crate::fault::permission;
use crate::item::{self, Item};
use crate::marker;

/// The fields that are asked for.
pub const SELECT: &str = "id,parentFolderId,title,givenName,middleName,surname,generation,jobTitle,\
companyName,emailAddresses,businessPhones,mobilePhone,homePhones,businessAddress,personalNotes";

/// The business fax number (MS-OXOABK, PidTagBusinessFaxNumber).
const BUSINESS_FAX: &str = "String 0x3A24";

/// The value of `$expand` that brings the marker and the fax number along.
#[must_use]
pub fn expand() -> String {
    extended_property::expand(&[marker::PROPERTY, BUSINESS_FAX])
}

impl Item for wire::Contact {
    const PERMISSION: &'static str = permission::CONTACTS;
    const UNREADABLE: &'static str = "contact-unreadable";

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn is_bare(&self) -> bool {
        false
    }

    fn properties(&self) -> &[Property] {
        self.properties.as_deref().unwrap_or_default()
    }
}

/// Reads a contact that was asked for with its [`expand`]ed properties.
///
/// # Errors
/// What is missing without which it cannot be read.
pub fn read(contact: wire::Contact) -> Result<Found, &'static str> {
    let id = contact.id.clone().ok_or("it has no id")?;
    let version = item::version(contact.etag.as_deref(), contact.change_key.as_deref());
    let marker = item::marker_of(contact.properties());
    Ok(Found {
        change: Change::Contact(ExchangeContact {
            id: ExchangeId { value: id },
            version,
            fields: fields(contact),
            marker,
        }),
        remarks: Vec::new(),
    })
}

fn fields(contact: wire::Contact) -> Contact {
    let business_fax = extended_property::value(contact.properties(), BUSINESS_FAX)
        .unwrap_or_default()
        .to_owned();
    let emails = contact.email_addresses.into_iter().flatten().flatten();
    let address = contact.business_address.unwrap_or_default();
    Contact {
        prefix: contact.title.unwrap_or_default(),
        given_name: contact.given_name.unwrap_or_default(),
        middle_name: contact.middle_name.unwrap_or_default(),
        surname: contact.surname.unwrap_or_default(),
        suffix: contact.generation.unwrap_or_default(),
        job_title: contact.job_title.unwrap_or_default(),
        organisation: contact.company_name.unwrap_or_default(),
        emails: filled(emails.map(|email| email.address)),
        business_phones: filled(contact.business_phones.into_iter().flatten()),
        mobile_phone: contact.mobile_phone.unwrap_or_default(),
        home_phone: filled(contact.home_phones.into_iter().flatten())
            .into_iter()
            .next()
            .unwrap_or_default(),
        business_fax,
        business_address: PostalAddress {
            street: address.street.unwrap_or_default(),
            city: address.city.unwrap_or_default(),
            state: address.state.unwrap_or_default(),
            postal_code: address.postal_code.unwrap_or_default(),
            country: address.country_or_region.unwrap_or_default(),
        },
        notes: contact.personal_notes.unwrap_or_default(),
    }
}

/// Without the empty places that a list may have.
fn filled(places: impl Iterator<Item = Option<String>>) -> Vec<String> {
    places
        .flatten()
        .filter(|text| !text.trim().is_empty())
        .collect()
}

#[cfg(test)]
mod tests;
