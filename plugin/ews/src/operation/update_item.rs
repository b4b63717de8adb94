//! `UpdateItem`: changes of fields, each item's by itself.

use super::item_id;
use crate::operation::shape;
use crate::xml::Element;

/// The request that carries out these changes, and mails nobody. An item that is another than the
/// change says is left as it is.
#[must_use]
pub fn request(changes: impl IntoIterator<Item = Element>) -> Element {
    Element::holding("m:UpdateItem", [Element::holding("m:ItemChanges", changes)])
        .with("ConflictResolution", "NeverOverwrite")
        .with("MessageDisposition", "SaveOnly")
        .with("SendMeetingInvitationsOrCancellations", "SendToNone")
}

/// The changes of one item at a version.
#[must_use]
pub fn change(id: &str, change_key: Option<&str>, updates: Vec<Element>) -> Element {
    Element::holding(
        "t:ItemChange",
        [
            item_id(id, change_key),
            Element::holding("t:Updates", updates),
        ],
    )
}

/// A field gets a value. The item holds that field alone.
#[must_use]
pub fn set(field: &str, item: &'static str, value: Element) -> Element {
    Element::holding(
        "t:SetItemField",
        [shape::path(field), Element::holding(item, [value])],
    )
}

/// A field loses its value.
#[must_use]
pub fn clear(field: &str) -> Element {
    Element::holding("t:DeleteItemField", [shape::path(field)])
}
