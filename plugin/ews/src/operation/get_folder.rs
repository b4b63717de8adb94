//! `GetFolder`: whether a folder answers, and what may be done in it.

use super::message::{EffectiveRights, Message};
use crate::xml::Element;

/// The request for what may be done in a folder.
#[must_use]
pub fn request(folder: Element) -> Element {
    let rights = Element::empty("t:FieldURI").with("FieldURI", "folder:EffectiveRights");
    Element::holding(
        "m:GetFolder",
        [
            Element::holding(
                "m:FolderShape",
                [
                    Element::text("t:BaseShape", "IdOnly"),
                    Element::holding("t:AdditionalProperties", [rights]),
                ],
            ),
            Element::holding("m:FolderIds", [folder]),
        ],
    )
}

/// What may be done in the folder; none where the server does not tell.
#[must_use]
pub fn rights(message: Message) -> Option<EffectiveRights> {
    let mut folders = message.folders.list.into_iter();
    folders.find_map(|folder| folder.effective_rights)
}
