//! `DeleteItem`: items go where they can be had back from.

use super::item_id;
use crate::xml::Element;

/// Where deleted items go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Into {
    /// The mailbox's deleted items.
    DeletedItems,
    /// The recoverable items: a public folder has no deleted items.
    RecoverableItems,
}

/// The request that deletes these items, by id and version, and mails nobody.
#[must_use]
pub fn request<'a>(
    into: Into,
    items: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> Element {
    let ids = items.into_iter().map(|(id, key)| item_id(id, key));
    Element::holding("m:DeleteItem", [Element::holding("m:ItemIds", ids)])
        .with(
            "DeleteType",
            match into {
                Into::DeletedItems => "MoveToDeletedItems",
                Into::RecoverableItems => "SoftDelete",
            },
        )
        .with("SendMeetingCancellations", "SendToNone")
}
