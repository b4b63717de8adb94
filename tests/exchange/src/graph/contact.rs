//! `/contacts`. There is no key that makes a create repeatable, and extended properties cannot be searched: list and compare.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::error::Refusal;
use super::event_read::instant;
use super::filter::Filter;
use super::order::OrderBy;
use super::{etag, event_write, extended_property, id, list, user};
use crate::mailbox::Mailbox;
use crate::mailbox::contact::{Contact, ContactDraft, ContactKey};

/// Fields that hold a text or nothing.
const TEXTS: &[&str] = &[
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
const LISTS: &[(&str, usize)] = &[
    ("emailAddresses", 3),
    ("businessPhones", 2),
    ("homePhones", 2),
    ("imAddresses", 3),
    ("categories", usize::MAX),
    ("children", usize::MAX),
];

const ADDRESSES: &[&str] = &["homeAddress", "businessAddress", "otherAddress"];

const READ_ONLY: &[&str] = &[
    "id",
    "changeKey",
    "createdDateTime",
    "lastModifiedDateTime",
    "parentFolderId",
];

fn full(mailbox: &Mailbox, contact: &Contact) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.extend(TEXTS.iter().map(|name| ((*name).to_owned(), Value::Null)));
    fields.extend(
        LISTS
            .iter()
            .map(|(name, _)| ((*name).to_owned(), json!([]))),
    );
    fields.extend(ADDRESSES.iter().map(|name| ((*name).to_owned(), json!({}))));
    for name in ["displayName", "fileAs"] {
        fields.insert(name.to_owned(), full_name(contact).into());
    }
    fields.extend(contact.fields.clone());
    fields.extend([
        ("id".to_owned(), id::contact(mailbox, contact.key).into()),
        (
            "@odata.etag".to_owned(),
            etag::etag(mailbox, contact.version).into(),
        ),
        (
            "changeKey".to_owned(),
            etag::change_key(mailbox, contact.version).into(),
        ),
        (
            "createdDateTime".to_owned(),
            instant(contact.created).into(),
        ),
        (
            "lastModifiedDateTime".to_owned(),
            instant(contact.modified).into(),
        ),
        (
            "parentFolderId".to_owned(),
            id::contacts_folder(mailbox).into(),
        ),
    ]);
    fields
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

fn show(mailbox: &Mailbox, contact: &Contact, call: &Call) -> Result<Value, Refusal> {
    let fields = full(mailbox, contact);
    for name in call
        .query("$select")
        .into_iter()
        .flat_map(|names| names.split(','))
    {
        if !fields.contains_key(name.trim()) {
            let text = format!(
                "Could not find a property named '{name}' on type 'Microsoft.OutlookServices.Contact'."
            );
            return Err(Refusal::new(400, "RequestBroker--ParseUri", text));
        }
    }
    let id = fields.get("id").cloned().unwrap_or_default();
    let mut value = user::selected(fields.into(), call);
    if let Some(shown) = value.as_object_mut() {
        shown.insert("id".to_owned(), id);
        let expand = call.query("$expand").unwrap_or_default();
        if let Some(options) = expand.strip_prefix("singleValueExtendedProperties") {
            let filter = options
                .trim_start_matches("($filter=")
                .trim_end_matches(')');
            extended_property::expand(&contact.properties, Some(filter), shown)?;
        }
    }
    Ok(value)
}

/// Everything about a contact, for people and tests.
pub fn raw(mailbox: &Mailbox, contact: &Contact) -> Value {
    let mut fields = full(mailbox, contact);
    let properties = extended_property::all(&contact.properties);
    fields.insert("singleValueExtendedProperties".to_owned(), properties);
    fields.into()
}

/// `GET …/contacts`.
pub fn list(mailbox: &Mailbox, call: &Call, context: &Context) -> Result<Answer, Refusal> {
    if let Some(filter) = call.query("$filter") {
        let known = Filter::parse(filter).is_some();
        let text = if known {
            "The filter is not supported for contacts."
        } else {
            "The filter cannot be read."
        };
        return Err(Refusal::new(400, "ErrorInvalidRestriction", text));
    }
    let order = OrderBy::read(call, TEXTS)?;
    let mut contacts: Vec<&Contact> = mailbox.contacts().collect();
    order.sort(&mut contacts, |contact, path| {
        let fields = full(mailbox, contact);
        fields.get(path)?.as_str().map(ToOwned::to_owned)
    });
    let (skip, size) = list::page(call);
    let page = contacts.iter().skip(skip).take(size);
    let rows: Result<Vec<Value>, Refusal> =
        page.map(|contact| show(mailbox, contact, call)).collect();
    Ok(list::paged(
        mailbox,
        &rows?,
        contacts.len(),
        "contacts",
        call,
        context,
    ))
}

/// `GET …/contacts/{id}`.
pub fn get(mailbox: &Mailbox, id: &str, call: &Call, context: &Context) -> Result<Answer, Refusal> {
    answer(mailbox, find(mailbox, id)?.key, 200, call, context)
}

/// `POST …/contacts`.
pub fn create(mailbox: &mut Mailbox, call: &Call, context: &Context) -> Result<Answer, Refusal> {
    let draft = read(&call.json()?)?;
    let key = mailbox.create_contact(&draft, context.now);
    answer(mailbox, key, 201, call, context)
}

/// `PATCH …/contacts/{id}`.
pub fn update(
    mailbox: &mut Mailbox,
    id: &str,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let key = unchanged(mailbox, id, call)?;
    mailbox.write_contact(key, &read(&call.json()?)?, context.now)?;
    answer(mailbox, key, 200, call, context)
}

/// `DELETE …/contacts/{id}`.
pub fn delete(mailbox: &mut Mailbox, id: &str, call: &Call) -> Result<Answer, Refusal> {
    let key = unchanged(mailbox, id, call)?;
    mailbox.delete_contact(key)?;
    Ok(Answer::empty(204))
}

fn find<'a>(mailbox: &'a Mailbox, id: &str) -> Result<&'a Contact, Refusal> {
    let key = id::parse_contact(mailbox, id)?;
    mailbox.contact(key).ok_or_else(Refusal::no_item)
}

fn unchanged(mailbox: &Mailbox, id: &str, call: &Call) -> Result<ContactKey, Refusal> {
    let contact = find(mailbox, id)?;
    if etag::allows(call.header("if-match"), mailbox, contact.version) {
        Ok(contact.key)
    } else {
        Err(Refusal::changed_meanwhile())
    }
}

fn answer(
    mailbox: &Mailbox,
    key: ContactKey,
    status: u16,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let contact = mailbox.contact(key).ok_or_else(Refusal::no_item)?;
    let mut value = show(mailbox, contact, call)?;
    user::set_context(&mut value, &context.base, mailbox, "contacts/$entity");
    Ok(Answer::json(status, value))
}

/// Reads what a client writes.
fn read(value: &Value) -> Result<ContactDraft, Refusal> {
    let fields = value
        .as_object()
        .ok_or_else(|| Refusal::invalid("The body is no contact."))?;
    let mut draft = ContactDraft::default();
    for (name, value) in fields {
        let limit = LISTS
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, limit)| *limit);
        let fits = match limit {
            Some(limit) => value.as_array().is_some_and(|list| list.len() <= limit),
            None if TEXTS.contains(&name.as_str()) => value.is_string() || value.is_null(),
            None if ADDRESSES.contains(&name.as_str()) => value.is_object() || value.is_null(),
            None if name == "singleValueExtendedProperties" => {
                draft.properties = event_write::extended_properties(value)?;
                continue;
            }
            None if READ_ONLY.contains(&name.as_str()) || name.contains("@odata") => continue,
            None => {
                let text = format!(
                    "The property '{name}' does not exist on type 'microsoft.graph.contact'."
                );
                return Err(Refusal::new(400, "RequestBodyRead", text));
            }
        };
        if !fits {
            let text =
                format!("The value of the property '{name}' is of the wrong type or too long.");
            return Err(Refusal::new(400, "ErrorPropertyValidationFailure", text));
        }
        draft.fields.insert(name.clone(), value.clone());
    }
    Ok(draft)
}
