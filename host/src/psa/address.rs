//! Postal addresses, as companies and contacts have them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rule;
use crate::contract::PostalAddress;
use crate::store::error::Result;

/// A postal address; absent parts are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// State, county or province.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// Country or region.
    pub country: String,
}

impl Address {
    /// Checks its parts: 256 characters each.
    pub(super) fn check(&self) -> Result<()> {
        rule::at_most("address.street", &self.street, rule::TITLE)?;
        rule::at_most("address.city", &self.city, rule::TITLE)?;
        rule::at_most("address.state", &self.state, rule::TITLE)?;
        rule::at_most("address.postal_code", &self.postal_code, rule::TITLE)?;
        rule::at_most("address.country", &self.country, rule::TITLE)
    }

    /// On one line, as a calendar's location: `Kanalweg 4, 20457 Hamburg, Germany`.
    #[must_use]
    pub fn on_one_line(&self) -> String {
        let city = joined(" ", [&self.postal_code, &self.city]);
        joined(", ", [&self.street, &city, &self.state, &self.country])
    }
}

impl From<Address> for PostalAddress {
    fn from(address: Address) -> Self {
        Self {
            street: address.street,
            city: address.city,
            state: address.state,
            postal_code: address.postal_code,
            country: address.country,
        }
    }
}

/// Texts with something between them, empty ones left out.
pub(super) fn joined<'a>(between: &str, parts: impl IntoIterator<Item = &'a String>) -> String {
    let parts = parts.into_iter().map(|part| part.trim());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_on_one_line_without_its_absent_parts() {
        let address = Address {
            street: "Kanalweg 4".into(),
            city: "Hamburg".into(),
            postal_code: "20457".into(),
            country: "Germany".into(),
            ..Address::default()
        };
        assert_eq!(address.on_one_line(), "Kanalweg 4, 20457 Hamburg, Germany");
        let city = Address {
            city: "Oslo".into(),
            ..Address::default()
        };
        assert_eq!(city.on_one_line(), "Oslo");
    }
}
