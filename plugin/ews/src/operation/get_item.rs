//! `GetItem`: items with all that is asked for. Each is answered by a message of its own.

use super::item_id;
use super::shape::{self, Shape};
use crate::xml::Element;

/// How many items are asked for at once: whole items are large, and the server's time for a request
/// is short.
pub const LOT: usize = 10;

/// The request for these items.
#[must_use]
pub fn request<'a>(shape: Shape, ids: impl IntoIterator<Item = &'a String>) -> Element {
    let ids = ids.into_iter().map(|id| item_id(id, None));
    of(shape, ids)
}

/// The request for the masters of these occurrences.
#[must_use]
pub fn masters<'a>(shape: Shape, occurrences: impl IntoIterator<Item = &'a String>) -> Element {
    let ids = occurrences
        .into_iter()
        .map(|id| Element::empty("t:RecurringMasterItemId").with("OccurrenceId", id.as_str()));
    of(shape, ids)
}

fn of(shape: Shape, ids: impl IntoIterator<Item = Element>) -> Element {
    Element::holding(
        "m:GetItem",
        [shape::element(shape), Element::holding("m:ItemIds", ids)],
    )
}
