//! `DeleteItem`: items go to the deleted items.

use super::item_id;
use crate::xml::Element;

/// The request that deletes these items, by id and version, and mails nobody.
#[must_use]
pub fn request<'a>(items: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Element {
    let ids = items.into_iter().map(|(id, key)| item_id(id, key));
    Element::holding("m:DeleteItem", [Element::holding("m:ItemIds", ids)])
        .with("DeleteType", "MoveToDeletedItems")
        .with("SendMeetingCancellations", "SendToNone")
}
