//! `CreateItem`: new items. To the server a repeated request makes other items.

use super::Folder;
use crate::xml::Element;

/// The request that makes these items, and mails nobody.
#[must_use]
pub fn request(folder: Folder, items: impl IntoIterator<Item = Element>) -> Element {
    Element::holding(
        "m:CreateItem",
        [
            Element::holding("m:SavedItemFolderId", [folder.id()]),
            Element::holding("m:Items", items),
        ],
    )
    .with("SendMeetingInvitations", "SendToNone")
}
