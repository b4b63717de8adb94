//! `CreateItem`: new items. To the server a repeated request makes other items.

use crate::xml::Element;

/// The request that makes these items in a folder, and mails nobody.
#[must_use]
pub fn request(folder: Element, items: impl IntoIterator<Item = Element>) -> Element {
    Element::holding(
        "m:CreateItem",
        [
            Element::holding("m:SavedItemFolderId", [folder]),
            Element::holding("m:Items", items),
        ],
    )
    .with("SendMeetingInvitations", "SendToNone")
}
