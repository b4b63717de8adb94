//! The [marker] as Graph's extended property: how it is written, read along and sought.

use serde_json::{Value, json};
use sync::contract::Marker;
use sync::marker;

use crate::{address, extended_property};

/// The property's id.
pub const PROPERTY: &str = "String {6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96} Name TandemMarker";

/// The property as it is written.
#[must_use]
pub fn property(marker: &Marker) -> Value {
    json!({ "id": PROPERTY, "value": marker::print(marker) })
}

/// The value of `$expand` that brings the marker along.
#[must_use]
pub fn expand() -> String {
    extended_property::expand(&[PROPERTY])
}

/// The filter that finds events whose marker begins with a text.
#[must_use]
pub fn filter(beginning: &str) -> String {
    format!(
        "singleValueExtendedProperties/any(ep: ep/id eq {} and startswith(ep/value, {}))",
        address::quoted(PROPERTY),
        address::quoted(beginning)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_property_is_the_one_that_all_providers_write() {
        let (set, name) = (marker::PROPERTY_SET, marker::PROPERTY_NAME);
        assert_eq!(PROPERTY, format!("String {{{set}}} Name {name}"));
    }
}
