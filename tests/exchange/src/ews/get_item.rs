//! `GetItem`: any number of items, each with its own outcome.

use super::context::Context;
use super::item_id::{self, ItemName};
use super::refusal::Refusal;
use super::response;
use super::sequence::Sequence;
use super::shape::Shape;
use super::stores::Stores;
use super::thing;
use super::xml::{Element, Space};

pub fn answer(
    request: &Element,
    stores: &Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    let mut sequence = Sequence::of(request, Space::Messages);
    let shape = Shape::read(sequence.need("ItemShape")?)?;
    let ids = Sequence::of(sequence.need("ItemIds")?, Space::Types).need_all(item_id::ELEMENTS)?;
    sequence.done()?;
    let names = ids
        .into_iter()
        .map(ItemName::read)
        .collect::<Result<Vec<_>, _>>()?;
    let outcomes = names.iter().map(|name| {
        let (store, found) = name.find(stores, context)?;
        let shown = thing::show(stores.get(store)?, found, &shape, context)?;
        Ok(vec![Element::messages("Items").with(shown)])
    });
    Ok(response::of("GetItem", outcomes))
}
