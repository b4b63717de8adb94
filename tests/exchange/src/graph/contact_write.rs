//! The JSON of a contact that somebody writes, as a [`ContactDraft`]. Unknown properties are refused, read-only ones are ignored.

use serde_json::{Map, Value};

use super::contact_read::{ADDRESSES, LISTS, TEXTS};
use super::error::Refusal;
use super::event_write;
use crate::mailbox::contact::ContactDraft;
use crate::mailbox::content::WriteError;

const READ_ONLY: &[&str] = &[
    "id",
    "changeKey",
    "createdDateTime",
    "lastModifiedDateTime",
    "parentFolderId",
];

/// The parts of an address.
const PARTS: &[&str] = &["street", "city", "state", "countryOrRegion", "postalCode"];

/// Reads what a client writes.
pub fn read(value: &Value) -> Result<ContactDraft, Refusal> {
    let fields = value
        .as_object()
        .ok_or_else(|| Refusal::invalid("The body is no contact."))?;
    let mut draft = ContactDraft::default();
    for (name, value) in fields {
        if name == "singleValueExtendedProperties" {
            draft.properties = event_write::extended_properties(value)?;
        } else if READ_ONLY.contains(&name.as_str()) || name.contains("@odata") {
            continue;
        } else {
            draft.fields.insert(name.clone(), field(name, value)?);
        }
    }
    Ok(draft)
}

/// The same of what the owner does in Outlook.
pub fn as_person(value: &Value) -> Result<ContactDraft, WriteError> {
    read(value).map_err(|refusal| WriteError::Malformed(refusal.message))
}

fn field(name: &str, value: &Value) -> Result<Value, Refusal> {
    let limit = LISTS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, limit)| *limit);
    let written = match limit {
        Some(limit) => list(name, value, limit),
        None if TEXTS.contains(&name) => text(value),
        None if ADDRESSES.contains(&name) => address(value)?,
        None => return Err(unknown(name)),
    };
    written.ok_or_else(|| {
        let text = format!("The value of the property '{name}' is of the wrong type or too long.");
        Refusal::new(400, "ErrorPropertyValidationFailure", text)
    })
}

fn text(value: &Value) -> Option<Value> {
    (value.is_string() || value.is_null()).then(|| value.clone())
}

/// A list of e-mail addresses, each with a name, or of texts.
fn list(name: &str, value: &Value, limit: usize) -> Option<Value> {
    let rows = value.as_array().filter(|rows| rows.len() <= limit)?;
    if name != "emailAddresses" {
        return rows.iter().all(Value::is_string).then(|| value.clone());
    }
    rows.iter().map(email).collect()
}

/// An address without a name is called by itself.
fn email(value: &Value) -> Option<Value> {
    let fields = value.as_object()?;
    let known = |(name, value): (&String, &Value)| {
        matches!(name.as_str(), "name" | "address") && text(value).is_some()
    };
    if !fields.iter().all(known) {
        return None;
    }
    let mut email = fields.clone();
    if email.get("name").is_none_or(Value::is_null) {
        let address = email.get("address").cloned().unwrap_or_default();
        email.insert("name".to_owned(), address);
    }
    Some(email.into())
}

fn address(value: &Value) -> Result<Option<Value>, Refusal> {
    let no_parts = Map::new();
    let Some(parts) = value.as_object().or(value.is_null().then_some(&no_parts)) else {
        return Ok(None);
    };
    for (name, part) in parts {
        if !PARTS.contains(&name.as_str()) {
            return Err(unknown(name));
        }
        if text(part).is_none() {
            return Ok(None);
        }
    }
    Ok(Some(value.clone()))
}

fn unknown(name: &str) -> Refusal {
    let text = format!("The property '{name}' does not exist on type 'microsoft.graph.contact'.");
    Refusal::new(400, "RequestBodyRead", text)
}
