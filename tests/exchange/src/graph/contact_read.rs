//! A contact as Graph shows it, and which of its fields an answer shows.

use serde_json::{Map, Value, json};

use super::call::{Call, Prefer};
use super::error::Refusal;
use super::event_read::instant;
use super::{etag, extended_property, query};
use crate::mailbox::Mailbox;
use crate::mailbox::contact::Contact;
use crate::{body_text, id};

/// Fields that hold a text or nothing.
pub const TEXTS: &[&str] = &[
    "assistantName",
    "birthday",
    "businessHomePage",
    "companyName",
    "department",
    "displayName",
    "fileAs",
    "generation",
    "givenName",
    "initials",
    "jobTitle",
    "middleName",
    "mobilePhone",
    "nickName",
    "officeLocation",
    "personalNotes",
    "profession",
    "spouseName",
    "surname",
    "title",
    "yomiCompanyName",
    "yomiGivenName",
    "yomiSurname",
];

/// Fields that hold a list, and how long it may be.
pub const LISTS: &[(&str, usize)] = &[
    ("emailAddresses", 3),
    ("businessPhones", 2),
    ("homePhones", 2),
    ("imAddresses", 3),
    ("categories", usize::MAX),
    ("children", usize::MAX),
];

pub const ADDRESSES: &[&str] = &["homeAddress", "businessAddress", "otherAddress"];

/// All fields that come unasked.
pub fn full(mailbox: &Mailbox, contact: &Contact, prefer: &Prefer) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.extend(TEXTS.iter().map(|name| ((*name).to_owned(), Value::Null)));
    fields.extend(
        LISTS
            .iter()
            .map(|(name, _)| ((*name).to_owned(), json!([]))),
    );
    for name in ["displayName", "fileAs"] {
        fields.insert(name.to_owned(), full_name(contact).into());
    }
    fields.extend(contact.fields.clone());
    for name in ADDRESSES {
        fields.insert((*name).to_owned(), address(contact.fields.get(*name)));
    }
    for (name, _) in LISTS {
        if let Some(Value::Array(rows)) = fields.get_mut(*name) {
            // a place that only EWS knows, which has numbered ones
            rows.retain(|row| !row.is_null());
        }
    }
    if let Some(Value::String(notes)) = fields.get_mut("personalNotes") {
        *notes = body_text::with_crlf(notes);
    }
    let form = id::form(prefer.immutable_ids);
    let folder = id::folder(mailbox, contact.folder);
    let mut put = |name: &str, value: String| {
        fields.insert(name.to_owned(), value.into());
    };
    put("id", id::contact(mailbox, contact, form));
    put("@odata.etag", etag::etag(mailbox, contact.version));
    put("changeKey", id::change_key(mailbox, contact.version));
    put("createdDateTime", instant(contact.created));
    put("lastModifiedDateTime", instant(contact.modified));
    put("parentFolderId", folder);
    fields
}

/// An address shows the parts that it has.
fn address(written: Option<&Value>) -> Value {
    let parts = written.and_then(Value::as_object).into_iter().flatten();
    let known = parts.filter(|(_, part)| !part.is_null());
    Value::Object(
        known
            .map(|(name, part)| (name.clone(), part.clone()))
            .collect(),
    )
}

fn full_name(contact: &Contact) -> String {
    let parts = ["givenName", "middleName", "surname"]
        .iter()
        .filter_map(|name| contact.fields.get(*name));
    parts
        .filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The fields that a client asks for.
pub fn show(mailbox: &Mailbox, contact: &Contact, call: &Call) -> Result<Value, Refusal> {
    let mut fields = full(mailbox, contact, &call.prefer);
    if let Some(select) = call.query("$select") {
        let names: Vec<&str> = select.split(',').map(str::trim).collect();
        if let Some(unknown) = names.iter().find(|name| !fields.contains_key(**name)) {
            return Err(unknown_property(unknown));
        }
        fields.retain(|name, _| {
            name.starts_with("@odata") || name == "id" || names.contains(&name.as_str())
        });
    }
    for (name, options) in query::expansions(call) {
        match name.as_str() {
            "singleValueExtendedProperties" => {
                let filter = options.trim().strip_prefix("$filter=");
                extended_property::expand(&contact.properties, filter, &mut fields)?;
            }
            "extensions" | "multiValueExtendedProperties" | "photo" => {}
            other => return Err(unknown_property(other)),
        }
    }
    Ok(fields.into())
}

fn unknown_property(name: &str) -> Refusal {
    let text = format!(
        "Could not find a property named '{name}' on type 'Microsoft.OutlookServices.Contact'."
    );
    Refusal::new(400, "RequestBroker--ParseUri", text)
}

/// Everything about a contact, for people and tests.
pub fn raw(mailbox: &Mailbox, contact: &Contact, prefer: &Prefer) -> Value {
    let mut fields = full(mailbox, contact, prefer);
    let properties = extended_property::all(&contact.properties);
    fields.insert("singleValueExtendedProperties".to_owned(), properties);
    fields.into()
}
