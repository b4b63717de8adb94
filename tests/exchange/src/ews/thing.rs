//! What lies in folders, shown as its kind is shown: calendar items and contacts.

use super::calendar_item::CalendarItem;
use super::contact;
use super::context::Context;
use super::item_id::Thing;
use super::refusal::Refusal;
use super::shape::Shape;
use super::xml::Element;
use crate::mailbox::content::Property;
use crate::mailbox::item::FolderKey;
use crate::mailbox::{Mailbox, Target};

/// The element with the fields that the shape wants.
pub fn show(
    mailbox: &Mailbox,
    thing: Thing,
    shape: &Shape,
    context: &Context,
) -> Result<Element, Refusal> {
    match thing {
        Thing::Calendar(target) => CalendarItem::find(mailbox, target, context)
            .map(|item| item.show(shape))
            .ok_or_else(Refusal::no_item),
        Thing::Contact(key) => mailbox
            .contact(key)
            .map(|found| contact::show(mailbox, found, shape, context))
            .ok_or_else(Refusal::no_item),
    }
}

/// All that lies in a folder, series as one, oldest first.
pub fn all_in(mailbox: &Mailbox, folder: FolderKey) -> Vec<Thing> {
    let items = mailbox
        .items(folder)
        .map(|item| Thing::Calendar(Target::Item(item.key)));
    let contacts = mailbox.contacts(folder).map(|one| Thing::Contact(one.key));
    items.chain(contacts).collect()
}

/// A named property of an item, a master or a contact.
pub fn property(mailbox: &Mailbox, thing: Thing, id: &str) -> Option<Property> {
    match thing {
        Thing::Calendar(Target::Item(key)) => mailbox.item(key)?.content.property(id).cloned(),
        Thing::Calendar(Target::Occurrence(..)) => None,
        Thing::Contact(key) => contact::property(mailbox.contact(key)?, id),
    }
}

/// The version of a thing; an occurrence has that of its series.
pub fn version(mailbox: &Mailbox, thing: Thing) -> Option<u64> {
    match thing {
        Thing::Calendar(target) => mailbox.item(target.key()).map(|item| item.version),
        Thing::Contact(key) => mailbox.contact(key).map(|contact| contact.version),
    }
}
