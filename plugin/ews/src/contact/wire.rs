//! Contacts as EWS sends them: everything may be absent.

use serde::Deserialize;

use crate::event::wire::{Body, ExtendedProperty};
use crate::operation::message::ItemId;

/// `ContactItemType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Contact {
    pub item_id: ItemId,
    pub body: Body,
    pub extended_property: Vec<ExtendedProperty>,
    pub given_name: String,
    pub middle_name: String,
    pub company_name: String,
    pub email_addresses: Entries,
    pub physical_addresses: Addresses,
    pub phone_numbers: Entries,
    pub generation: String,
    pub job_title: String,
    pub surname: String,
}

/// A dictionary: values by their keys.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Entries {
    pub entry: Vec<Entry>,
}

/// A value with its key.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entry {
    #[serde(rename = "@Key")]
    pub key: String,
    #[serde(rename = "$text")]
    pub text: String,
}

/// `PhysicalAddressDictionaryType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Addresses {
    pub entry: Vec<Address>,
}

/// `PhysicalAddressDictionaryEntryType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Address {
    #[serde(rename = "@Key")]
    pub key: String,
    pub street: String,
    pub city: String,
    pub state: String,
    pub country_or_region: String,
    pub postal_code: String,
}
