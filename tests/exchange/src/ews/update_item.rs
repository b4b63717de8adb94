//! `UpdateItem`: sets, takes out and adds to fields of items, each item by itself and as a whole.

use super::calendar_item::CalendarItem;
use super::calendar_item_write;
use super::contact_write;
use super::context::Context;
use super::create_item;
use super::item_id::{self, ItemName, Thing};
use super::notice::{Notice, OF_UPDATE};
use super::path::{self, Path};
use super::refusal::Refusal;
use super::response::{self, Outcome};
use super::sequence::{Sequence, attribute, invalid};
use super::shape::Shape;
use super::stores::{Store, Stores};
use super::thing;
use super::xml::{Element, Space};
use crate::behaviour::StaleChangeKey;
use crate::id;
use crate::mailbox::contact::ContactKey;
use crate::mailbox::item::FolderKey;
use crate::mailbox::mail::By;
use crate::mailbox::{Mailbox, Target};

/// What happens when the item has changed since the client saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Conflict {
    NeverOverwrite,
    /// Merges, and does not say so.
    AutoResolve,
    AlwaysOverwrite,
}

/// One change of a field.
enum Update<'a> {
    Set(Path, &'a Element),
    Append(&'a Element),
    Delete(Path),
}

struct ItemChange<'a> {
    name: ItemName,
    updates: Vec<Update<'a>>,
}

pub fn answer(
    request: &Element,
    stores: &mut Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    let conflict = match attribute(request, "ConflictResolution")? {
        "NeverOverwrite" => Conflict::NeverOverwrite,
        "AutoResolve" => Conflict::AutoResolve,
        "AlwaysOverwrite" => Conflict::AlwaysOverwrite,
        other => return Err(invalid("ConflictResolution", other)),
    };
    let notice = OF_UPDATE.read(request.attribute(OF_UPDATE.name))?;
    let mut parts = Sequence::of(request, Space::Messages);
    parts.take("SavedItemFolderId");
    let changes =
        Sequence::of(parts.need("ItemChanges")?, Space::Types).need_all(&["ItemChange"])?;
    parts.done()?;
    let changes = changes
        .into_iter()
        .map(ItemChange::read)
        .collect::<Result<Vec<_>, _>>()?;
    let outcomes: Vec<Outcome> = changes
        .into_iter()
        .map(|change| change.carry_out(conflict, notice, stores, context))
        .collect();
    Ok(response::of("UpdateItem", outcomes))
}

impl<'a> ItemChange<'a> {
    fn read(element: &'a Element) -> Result<Self, Refusal> {
        let mut parts = Sequence::of(element, Space::Types);
        let name = ItemName::read(parts.need_any(item_id::ELEMENTS)?)?;
        let updates = Sequence::of(parts.need("Updates")?, Space::Types).need_all(&[
            "AppendToItemField",
            "SetItemField",
            "DeleteItemField",
        ])?;
        parts.done()?;
        let updates = updates
            .into_iter()
            .map(Update::read)
            .collect::<Result<_, _>>()?;
        Ok(Self { name, updates })
    }

    fn carry_out(
        self,
        conflict: Conflict,
        notice: Option<Notice>,
        stores: &mut Stores<'_>,
        context: &Context,
    ) -> Outcome {
        let (store, named) = self.name.find(stores, context)?;
        stores.writable(store)?;
        let mailbox = stores.get(store)?;
        if conflict != Conflict::AlwaysOverwrite {
            let seen = self.name.change_key.as_deref().ok_or_else(|| {
                Refusal::new(
                    "ErrorChangeKeyRequiredForWriteOperations",
                    "The change key is required for this operation.",
                )
            })?;
            let current = is_current(mailbox, named, seen)?;
            if conflict == Conflict::NeverOverwrite && !current {
                return Err(changed_meanwhile(context));
            }
        }
        match named {
            Thing::Calendar(target) => {
                let notice = OF_UPDATE.required(notice)?;
                self.change_calendar_item(store, target, notice, stores, context)?;
            }
            Thing::Contact(key) => self.change_contact(store, key, stores, context)?,
        }
        let shown = thing::show(stores.get(store)?, named, &Shape::id_only(), context)?;
        Ok(vec![
            Element::messages("Items").with(shown),
            Element::messages("ConflictResults").with(Element::text("Count", "0")),
        ])
    }

    fn change_calendar_item(
        &self,
        store: Store,
        target: Target,
        notice: Notice,
        stores: &mut Stores<'_>,
        context: &Context,
    ) -> Result<(), Refusal> {
        let mut writing = calendar_item_write::Writing::default();
        for update in &self.updates {
            match update {
                Update::Set(Path::Field(uri), _) if uri == "calendar:UID" => {
                    return Err(Refusal::new(
                        "ErrorInvalidPropertySet",
                        "Set action is invalid for property 'calendar:UID'.",
                    ));
                }
                Update::Set(_, field) => writing.set(field)?,
                Update::Append(field) => writing.append(field)?,
                Update::Delete(Path::Field(uri)) => writing.clear(uri)?,
                Update::Delete(Path::Extended(field)) => writing.clear_property(&field.id),
                Update::Delete(Path::Indexed { uri, .. }) => return Err(no_such_entry(uri)),
            }
        }
        let mailbox = stores.get_mut(store)?;
        let deleted = mailbox
            .item(target.key())
            .is_some_and(|item| item.folder == FolderKey::DELETED);
        if deleted {
            return Err(Refusal::new(
                "ErrorCalendarCannotUpdateDeletedItem",
                "Update is not allowed for items in the Deleted Items folder.",
            ));
        }
        let shown = CalendarItem::find(mailbox, target, context).ok_or_else(Refusal::no_item)?;
        let before = shown.content().clone();
        let draft = writing.update(&before, context);
        let sent = mailbox.mails.len();
        notice.over(mailbox, |mailbox| {
            mailbox.write(target, &draft, By::Api, context.now)
        })?;
        if notice == Notice::Changed {
            let after = CalendarItem::find(mailbox, target, context)
                .map(|shown| shown.content().attendees.clone())
                .unwrap_or_default();
            let invited = |address: &str, among: &[crate::mailbox::content::Attendee]| {
                among.iter().any(|one| one.person.address == address)
            };
            for mail in mailbox.mails.iter_mut().skip(sent) {
                mail.to.retain(|address| {
                    invited(address, &before.attendees) != invited(address, &after)
                });
            }
            mailbox.mails.retain(|mail| !mail.to.is_empty());
        }
        Ok(())
    }

    fn change_contact(
        &self,
        store: Store,
        key: ContactKey,
        stores: &mut Stores<'_>,
        context: &Context,
    ) -> Result<(), Refusal> {
        let mailbox = stores.get_mut(store)?;
        let contact = mailbox.contact(key).ok_or_else(Refusal::no_item)?;
        let mut writing = contact_write::Writing::of_change(contact);
        for update in &self.updates {
            match update {
                Update::Set(_, field) => writing.set(field)?,
                Update::Append(field) => {
                    return Err(Refusal::new(
                        "ErrorInvalidPropertyAppend",
                        format!("Append action is invalid for property '{}'.", field.name),
                    ));
                }
                Update::Delete(Path::Field(uri)) => writing.clear(uri)?,
                Update::Delete(Path::Extended(field)) => writing.clear_property(&field.id),
                Update::Delete(Path::Indexed { uri, index }) => writing.clear_entry(uri, index)?,
            }
        }
        mailbox.write_contact(key, &writing.draft(), context.now)?;
        Ok(())
    }
}

impl<'a> Update<'a> {
    fn read(element: &'a Element) -> Result<Self, Refusal> {
        let mut parts = Sequence::of(element, Space::Types);
        let path = Path::read(parts.need_any(path::ELEMENTS)?)?;
        if element.name == "DeleteItemField" {
            parts.done()?;
            return Ok(Self::Delete(path));
        }
        let item = parts.need_any(&["Item", "Message", "CalendarItem", "Contact", "Task"])?;
        parts.done()?;
        create_item::check(item)?;
        let [field] = item.children.as_slice() else {
            return Err(Refusal::new(
                "ErrorIncorrectUpdatePropertyCount",
                "An object within a change description must contain one and only one property to modify.",
            ));
        };
        if !fits(&path, field) {
            return Err(Refusal::new(
                "ErrorUpdatePropertyMismatch",
                "Property for update does not match property in object.",
            ));
        }
        Ok(if element.name == "AppendToItemField" {
            Self::Append(field)
        } else {
            Self::Set(path, field)
        })
    }
}

/// Whether the field is the one that the path names.
fn fits(path: &Path, field: &Element) -> bool {
    match path {
        Path::Field(uri) => uri
            .split_once(':')
            .is_some_and(|(_, name)| name == field.name),
        Path::Extended(named) => {
            let written = path::written(field);
            written.is_ok_and(|property| property.id.eq_ignore_ascii_case(&named.id))
        }
        Path::Indexed { index, .. } => {
            let keys: Vec<_> = field
                .children
                .iter()
                .map(|entry| entry.attribute("Key"))
                .collect();
            keys == [Some(index.as_str())]
        }
    }
}

/// Whether the version that a client has seen is the one that a thing has.
pub fn is_current(mailbox: &Mailbox, named: Thing, seen: &str) -> Result<bool, Refusal> {
    let version = thing::version(mailbox, named).ok_or_else(Refusal::no_item)?;
    if !id::is_change_key(seen) {
        return Err(Refusal::new(
            "ErrorInvalidChangeKey",
            "The change key is invalid.",
        ));
    }
    Ok(seen == id::change_key(mailbox, version))
}

/// How a write on another version than the client's is refused.
pub fn changed_meanwhile(context: &Context) -> Refusal {
    match context.behaviour.stale_change_key {
        StaleChangeKey::IrresolvableConflict => Refusal::new(
            "ErrorIrresolvableConflict",
            "The send or update operation could not be performed because the change key passed in the request does not match \
             the current change key for the item.",
        ),
        StaleChangeKey::StaleObject => Refusal::new(
            "ErrorStaleObject",
            "The change key passed in the request is not the item's current one.",
        ),
    }
}

fn no_such_entry(uri: &str) -> Refusal {
    Refusal::new(
        "ErrorInvalidPropertyDelete",
        format!("Delete action is invalid for property '{uri}'."),
    )
}
