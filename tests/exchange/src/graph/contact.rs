//! `/contacts`: list, create, read, change, delete. There is no key that makes a create repeatable, and extended properties
//! cannot be searched: list and compare.

use super::call::Call;
use super::contact_read::{TEXTS, full, show};
use super::context::Context;
use super::error::Refusal;
use super::filter::Filter;
use super::order::OrderBy;
use super::{contact_write, etag, event, list, user};
use crate::answer::Answer;
use crate::id;
use crate::mailbox::Mailbox;
use crate::mailbox::contact::{Contact, ContactKey};
use crate::mailbox::item::FolderKey;

/// `GET …/contacts`: those of the default folder.
pub fn list(mailbox: &Mailbox, call: &Call, context: &Context) -> Result<Answer, Refusal> {
    let order = OrderBy::read(call, TEXTS)?;
    let mut contacts = filtered(mailbox, call, context)?;
    order.sort(&mut contacts, |contact, path| {
        let fields = full(mailbox, contact, &call.prefer);
        fields.get(path)?.as_str().map(ToOwned::to_owned)
    });
    let (skip, size) = list::page(call);
    let rows: Vec<_> = contacts
        .iter()
        .skip(skip)
        .take(size)
        .map(|contact| show(mailbox, contact, call))
        .collect::<Result<_, _>>()?;
    let total = contacts.len();
    Ok(list::paged(
        mailbox, &rows, total, "contacts", call, context,
    ))
}

/// No filter is documented that would find a contact by what programs write on it.
fn filtered<'a>(
    mailbox: &'a Mailbox,
    call: &Call,
    context: &Context,
) -> Result<Vec<&'a Contact>, Refusal> {
    let Some(text) = call.query("$filter") else {
        return Ok(mailbox.contacts(FolderKey::CONTACTS).collect());
    };
    let filter = Filter::parse(text);
    let by_property = filter
        .as_ref()
        .is_some_and(|filter| filter.looks_at("singleValueExtendedProperties"));
    if by_property && context.behaviour.property_filter_finds_nothing {
        return Ok(Vec::new());
    }
    let text = if filter.is_some() {
        "The filter is not supported for contacts."
    } else {
        "The filter cannot be read."
    };
    Err(Refusal::new(400, "ErrorInvalidRestriction", text))
}

/// `GET …/contacts/{id}`.
pub fn get(mailbox: &Mailbox, id: &str, call: &Call, context: &Context) -> Result<Answer, Refusal> {
    answer(mailbox, find(mailbox, id, context)?.key, 200, call, context)
}

/// `POST …/contacts`.
pub fn create(mailbox: &mut Mailbox, call: &Call, context: &Context) -> Result<Answer, Refusal> {
    let draft = contact_write::read(&call.json()?)?;
    let key = mailbox.create_contact(FolderKey::CONTACTS, &draft, context.now);
    let mut answer = answer(mailbox, key, 201, call, context)?;
    if let Some(contact) = mailbox.contact(key) {
        let id = id::contact(mailbox, contact, id::form(call.prefer.immutable_ids));
        let user = id::user(mailbox);
        let base = &context.base;
        answer.header(
            "Location",
            format!("{base}/users('{user}')/contacts('{id}')"),
        );
    }
    if context.behaviour.etag_changes_after_create {
        mailbox.bump_contact(key)?;
    }
    Ok(answer)
}

/// `PATCH …/contacts/{id}`.
pub fn update(
    mailbox: &mut Mailbox,
    id: &str,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let key = unchanged(mailbox, find(mailbox, id, context)?, call)?;
    mailbox.write_contact(key, &contact_write::read(&call.json()?)?, context.now)?;
    answer(mailbox, key, 200, call, context)
}

/// `DELETE …/contacts/{id}`.
pub fn delete(
    mailbox: &mut Mailbox,
    id: &str,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let found = find(mailbox, id, context).map_err(|refusal| match refusal.status {
        404 => event::gone(context),
        _ => refusal,
    })?;
    if found.folder == FolderKey::DELETED {
        return Err(event::gone(context));
    }
    let key = unchanged(mailbox, found, call)?;
    mailbox.delete_contact(key, context.now)?;
    Ok(Answer::empty(204))
}

/// Finds a contact. One in Deleted Items answers only where the switch says so.
fn find<'a>(mailbox: &'a Mailbox, id: &str, context: &Context) -> Result<&'a Contact, Refusal> {
    let key = id::parse_contact(mailbox, id)?;
    let contact = mailbox.contact(key).ok_or_else(Refusal::no_item)?;
    if contact.folder == FolderKey::DELETED && !context.behaviour.deleted_items_answer {
        return Err(Refusal::no_item());
    }
    Ok(contact)
}

fn unchanged(mailbox: &Mailbox, contact: &Contact, call: &Call) -> Result<ContactKey, Refusal> {
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
    let mut answer = Answer::json(status, value);
    answer.header("ETag", etag::etag(mailbox, contact.version));
    Ok(answer)
}
