//! Named properties of programs: where an `$expand` asks for them they come with the item.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::error::Refusal;
use super::filter::Filter;
use crate::mailbox::content::Property;

fn show(property: &Property) -> Value {
    json!({ "id": shown_id(&property.id), "value": property.value })
}

/// A property that is known by a number comes back with the number in lower case.
fn shown_id(id: &str) -> String {
    match id.split_once(" 0x") {
        Some((kind, number)) => format!("{kind} 0x{}", number.to_lowercase()),
        None => id.to_owned(),
    }
}

/// All of them, for people and tests.
pub fn all(properties: &BTreeMap<String, Property>) -> Value {
    properties.values().map(show).collect()
}

/// Adds the properties that the filter lets through. Like Graph it adds nothing where there are none.
pub fn expand(
    properties: &BTreeMap<String, Property>,
    filter: Option<&str>,
    event: &mut Map<String, Value>,
) -> Result<(), Refusal> {
    let unreadable = || {
        Refusal::new(
            400,
            "ErrorInvalidUrlQueryFilter",
            "Extended properties are expanded with a filter on their id: singleValueExtendedProperties($filter=id eq '…').",
        )
    };
    let filter = filter.and_then(Filter::parse).ok_or_else(unreadable)?;
    let found: Vec<Value> = properties
        .values()
        .filter(|property| filter.matches_property(property))
        .map(show)
        .collect();
    if !found.is_empty() {
        event.insert("singleValueExtendedProperties".to_owned(), found.into());
    }
    Ok(())
}
