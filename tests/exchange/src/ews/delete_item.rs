//! `DeleteItem`: to Deleted Items, or for good.

use super::context::Context;
use super::item_id::{self, ItemName, Thing};
use super::notice::{Notice, OF_DELETE};
use super::refusal::Refusal;
use super::response::{self, Outcome};
use super::sequence::{Sequence, attribute, invalid};
use super::stores::Stores;
use super::update_item::{changed_meanwhile, is_current};
use super::xml::{Element, Space};
use crate::mailbox::item::FolderKey;
use crate::mailbox::mail::By;
use crate::mailbox::{Mailbox, Target};

pub fn answer(
    request: &Element,
    stores: &mut Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    let for_good = match attribute(request, "DeleteType")? {
        "MoveToDeletedItems" => false,
        "HardDelete" | "SoftDelete" => true,
        other => return Err(invalid("DeleteType", other)),
    };
    let notice = OF_DELETE.read(request.attribute(OF_DELETE.name))?;
    let mut parts = Sequence::of(request, Space::Messages);
    let ids = Sequence::of(parts.need("ItemIds")?, Space::Types).need_all(item_id::ELEMENTS)?;
    parts.done()?;
    let names = ids
        .into_iter()
        .map(ItemName::read)
        .collect::<Result<Vec<_>, _>>()?;
    let outcomes: Vec<Outcome> = names
        .iter()
        .map(|name| delete(name, for_good, notice, stores, context))
        .collect();
    Ok(response::of("DeleteItem", outcomes))
}

fn delete(
    name: &ItemName,
    for_good: bool,
    notice: Option<Notice>,
    stores: &mut Stores<'_>,
    context: &Context,
) -> Outcome {
    let (store, named) = name.find(stores, context)?;
    stores.writable(store)?;
    let mailbox = stores.get_mut(store)?;
    if let Some(seen) = &name.change_key {
        let current = is_current(mailbox, named, seen)?;
        if !current && !context.behaviour.delete_ignores_change_key {
            return Err(changed_meanwhile(context));
        }
    }
    match named {
        Thing::Calendar(target) => {
            let notice = OF_DELETE.required(notice)?;
            notice.over(mailbox, |mailbox| {
                delete_calendar_item(mailbox, target, for_good, context)
            })?;
        }
        Thing::Contact(key) => {
            let deleted = mailbox
                .contact(key)
                .is_some_and(|contact| contact.folder == FolderKey::DELETED);
            if for_good || deleted {
                mailbox.purge_contact(key)?;
            } else {
                mailbox.delete_contact(key, context.now)?;
            }
        }
    }
    Ok(Vec::new())
}

/// What lies in Deleted Items already goes for good.
fn delete_calendar_item(
    mailbox: &mut Mailbox,
    target: Target,
    for_good: bool,
    context: &Context,
) -> Result<(), Refusal> {
    let deleted = mailbox
        .item(target.key())
        .is_some_and(|item| item.folder == FolderKey::DELETED);
    if !deleted {
        mailbox.delete(target, By::Api, context.now)?;
    }
    if let (true, Target::Item(key)) = (for_good || deleted, target) {
        mailbox.purge(key)?;
    }
    Ok(())
}
