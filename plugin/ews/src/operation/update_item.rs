//! `UpdateItem`: changes of fields, each item's by itself.

use super::item_id;
use crate::operation::shape;
use crate::xml::Element;

/// What becomes of an item that is another than the change says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// It is left as it is. Every change names a version.
    LeftAlone,
    /// It is overwritten. No change has to name a version.
    Overwritten,
}

/// The request that carries out these changes, and mails nobody.
#[must_use]
pub fn request(conflict: Conflict, changes: impl IntoIterator<Item = Element>) -> Element {
    let resolution = match conflict {
        Conflict::LeftAlone => "NeverOverwrite",
        Conflict::Overwritten => "AlwaysOverwrite",
    };
    Element::holding("m:UpdateItem", [Element::holding("m:ItemChanges", changes)])
        .with("ConflictResolution", resolution)
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
