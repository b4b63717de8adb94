//! What events and contacts have in common, so that both are looked at, listed and read back alike.

use serde::de::DeserializeOwned;
use sync::contract::{Change, ExchangeId, ExchangeVersion, Marker, MarkerReading, Remark};

use crate::extended_property::{self, Property};
use crate::marker;

/// An item in the form in which Graph sends it.
pub trait Item: DeserializeOwned {
    /// The right that reading and writing such items takes.
    const PERMISSION: &'static str;
    /// The remark about one that cannot be read.
    const UNREADABLE: &'static str;

    /// Its id.
    fn id(&self) -> Option<&str>;

    /// It says so little that it has to be looked at by itself.
    fn is_bare(&self) -> bool;

    /// Its extended properties, as far as they were asked for.
    fn properties(&self) -> &[Property];
}

/// An item that was read, and what the history should know about it.
#[derive(Debug, PartialEq)]
pub struct Found {
    /// What it is.
    pub change: Change,
    /// Each about this item.
    pub remarks: Vec<Remark>,
}

/// The marker that an item of a list carries, where it carries one that can be read.
#[must_use]
pub fn marker_in(item: &impl Item) -> Option<Marker> {
    extended_property::value(item.properties(), marker::PROPERTY).and_then(marker::parse)
}

/// What these properties say of the marker, in an answer that would have carried it.
#[must_use]
pub fn marker_of(properties: &[Property]) -> MarkerReading {
    extended_property::value(properties, marker::PROPERTY)
        .map_or(MarkerReading::Absent, marker::reading)
}

/// An item's version: the etag, or what it is made of.
#[must_use]
pub fn version(etag: Option<&str>, change_key: Option<&str>) -> ExchangeVersion {
    let tag = etag
        .map(str::to_owned)
        .or_else(|| change_key.map(|key| format!("W/\"{key}\"")))
        .unwrap_or_default();
    ExchangeVersion { tag }
}

/// A remark about an item.
#[must_use]
pub fn remark(id: &str, code: &str, text: String) -> Remark {
    Remark {
        item: Some(ExchangeId {
            value: id.to_owned(),
        }),
        code: code.to_owned(),
        text,
    }
}
