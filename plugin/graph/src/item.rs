//! What events and contacts have in common, so that both are looked at, listed and read back alike.

use serde::de::DeserializeOwned;
use sync::contract::{ExchangeVersion, Marker, MarkerReading};
use sync::marker;

use crate::extended_property::{self, Property};
use crate::marker::PROPERTY;

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

/// The marker that an item of a list carries, where it carries one that can be read.
#[must_use]
pub fn marker_in(item: &impl Item) -> Option<Marker> {
    extended_property::value(item.properties(), PROPERTY).and_then(marker::parse)
}

/// What these properties say of the marker, in an answer that would have carried it.
#[must_use]
pub fn marker_of(properties: &[Property]) -> MarkerReading {
    extended_property::value(properties, PROPERTY).map_or(MarkerReading::Absent, marker::reading)
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
