//! `MoveItem` and `CopyItem`. What was moved has another id; occurrences stay with their series.

use super::context::Context;
use super::item_id::{self, ItemName, Thing};
use super::refusal::Refusal;
use super::response::{self, Outcome};
use super::sequence::Sequence;
use super::shape::Shape;
use super::stores::{FOLDER_IDS, Place, Stores};
use super::thing;
use super::xml::{Element, Space};
use crate::mailbox::Target;

pub fn answer(
    request: &Element,
    stores: &mut Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    let mut parts = Sequence::of(request, Space::Messages);
    let folder = Sequence::of(parts.need("ToFolderId")?, Space::Types).need_any(FOLDER_IDS)?;
    let ids = Sequence::of(parts.need("ItemIds")?, Space::Types).need_all(item_id::ELEMENTS)?;
    parts.take("ReturnNewItemIds");
    parts.done()?;
    let names = ids
        .into_iter()
        .map(ItemName::read)
        .collect::<Result<Vec<_>, _>>()?;
    let copies = request.name == "CopyItem";
    let outcomes: Vec<Outcome> = names
        .iter()
        .map(|name| {
            let to = stores.place(folder)?;
            let moved = relocate(name, to, copies, stores, context)?;
            let shown = thing::show(stores.get(to.store)?, moved, &Shape::id_only(), context)?;
            Ok(vec![Element::messages("Items").with(shown)])
        })
        .collect();
    Ok(response::of(&request.name, outcomes))
}

fn relocate(
    name: &ItemName,
    to: Place,
    copies: bool,
    stores: &mut Stores<'_>,
    context: &Context,
) -> Result<Thing, Refusal> {
    let (store, named) = name.find(stores, context)?;
    stores.writable(store)?;
    stores.writable(to.store)?;
    if store != to.store {
        return Err(Refusal::new(
            "ErrorMoveCopyFailed",
            "Items do not leave their store here.",
        ));
    }
    let mailbox = stores.get_mut(store)?;
    match named {
        Thing::Calendar(Target::Occurrence(..)) => Err(Refusal::new(
            "ErrorCalendarCannotMoveOrCopyOccurrence",
            "Occurrences cannot be moved or copied.",
        )),
        Thing::Calendar(Target::Item(key)) => {
            let key = if copies {
                mailbox.copy(key, context.now)?
            } else {
                key
            };
            mailbox.relocate(key, to.folder, context.now)?;
            Ok(Thing::Calendar(Target::Item(key)))
        }
        Thing::Contact(key) => {
            let key = if copies {
                mailbox.copy_contact(key, context.now)?
            } else {
                key
            };
            mailbox.relocate_contact(key, to.folder, context.now)?;
            Ok(Thing::Contact(key))
        }
    }
}
