//! `FindFolder`: a folder by its name, within another one.

use super::message::{FolderOf, Message};
use crate::xml::Element;

/// The request for the folders of this name that lie right in a folder.
#[must_use]
pub fn named(parent: Element, name: &str) -> Element {
    let display_name = || Element::empty("t:FieldURI").with("FieldURI", "folder:DisplayName");
    let constant = Element::empty("t:Constant").with("Value", name);
    Element::holding(
        "m:FindFolder",
        [
            Element::holding(
                "m:FolderShape",
                [
                    Element::text("t:BaseShape", "IdOnly"),
                    Element::holding("t:AdditionalProperties", [display_name()]),
                ],
            ),
            Element::holding(
                "m:Restriction",
                [Element::holding(
                    "t:IsEqualTo",
                    [
                        display_name(),
                        Element::holding("t:FieldURIOrConstant", [constant]),
                    ],
                )],
            ),
            Element::holding("m:ParentFolderIds", [parent]),
        ],
    )
    .with("Traversal", "Shallow")
}

/// The folders that were found.
#[must_use]
pub fn read(message: Message) -> Vec<FolderOf> {
    message
        .root_folder
        .map(|root| root.folders.list)
        .unwrap_or_default()
}
