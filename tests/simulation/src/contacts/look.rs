//! The contacts of a mailbox as they are.

use exchange::Exchange;
use serde_json::Value;

use crate::Result;
use crate::look::{MARKER, named_by};

/// A contact in a mailbox's default folder.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its key.
    pub id: String,
    /// The contact of the PSA that its marker names.
    pub marker: Option<String>,
    /// All that it says.
    pub json: Value,
}

/// All contacts of a mailbox's default folder, oldest first.
///
/// # Errors
/// When there is no such mailbox.
pub fn items(exchange: &Exchange, address: &str) -> Result<Vec<Item>> {
    let found = exchange.person(address).contacts()?.into_iter();
    Ok(found
        .map(|json| Item {
            id: text(&json, "id").unwrap_or_default().to_owned(),
            marker: property(&json, MARKER).and_then(named_by),
            json,
        })
        .collect())
}

/// The value of an extended property whose id ends so.
#[must_use]
pub fn property<'a>(json: &'a Value, ending: &str) -> Option<&'a str> {
    let mut properties = json
        .get("singleValueExtendedProperties")?
        .as_array()?
        .iter();
    let found = properties.find(|it| text(it, "id").is_some_and(|id| id.ends_with(ending)));
    text(found?, "value")
}

fn text<'a>(json: &'a Value, field: &str) -> Option<&'a str> {
    json.get(field)?.as_str()
}
