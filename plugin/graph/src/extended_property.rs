//! Extended properties: what Exchange keeps beside the fields that Graph knows.

use serde::Deserialize;

use crate::address;

/// `microsoft.graph.singleValueLegacyExtendedProperty`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Property {
    /// Graph may write it in another case than it was asked for.
    pub id: String,
    pub value: Option<String>,
}

/// The value of `$expand` that brings these properties along.
#[must_use]
pub fn expand(ids: &[&str]) -> String {
    let each: Vec<String> = ids
        .iter()
        .map(|id| format!("id eq {}", address::quoted(id)))
        .collect();
    format!(
        "singleValueExtendedProperties($filter={})",
        each.join(" or ")
    )
}

/// The text of a property; none where the item does not have it.
#[must_use]
pub fn value<'a>(properties: &'a [Property], id: &str) -> Option<&'a str> {
    properties
        .iter()
        .find(|property| property.id.eq_ignore_ascii_case(id))
        .map(|property| property.value.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_is_known_in_whichever_case_its_id_comes_back() {
        let properties = [Property {
            id: "String 0x3a24".to_owned(),
            value: Some("1".to_owned()),
        }];
        assert_eq!(value(&properties, "String 0x3A24"), Some("1"));
        assert_eq!(value(&properties, "String 0x3A25"), None);
    }

    #[test]
    fn several_properties_are_asked_for_at_once() {
        assert_eq!(
            expand(&["a", "b"]),
            "singleValueExtendedProperties($filter=id eq 'a' or id eq 'b')"
        );
    }
}
