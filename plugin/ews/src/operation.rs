//! The operations of Exchange Web Services, each a pair of pure functions: build the request, read
//! its answer. The elements of a request stand in the order of Microsoft's schema.

pub mod create_item;
pub mod delete_item;
pub mod find_item;
pub mod get_folder;
pub mod get_item;
pub mod get_user_availability;
pub mod get_user_configuration;
pub mod message;
pub mod shape;
pub mod sync_folder_items;
pub mod update_item;

use crate::xml::Element;

/// A folder that every mailbox has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// The default calendar.
    Calendar,
    /// The default contacts folder.
    Contacts,
}

impl Folder {
    /// The folder's name in a request.
    #[must_use]
    pub fn id(self) -> Element {
        Element::empty("t:DistinguishedFolderId").with(
            "Id",
            match self {
                Self::Calendar => "calendar",
                Self::Contacts => "contacts",
            },
        )
    }
}

/// An item's name in a request, with its version where that counts.
#[must_use]
pub fn item_id(id: &str, change_key: Option<&str>) -> Element {
    let item = Element::empty("t:ItemId").with("Id", id);
    match change_key {
        Some(key) => item.with("ChangeKey", key),
        None => item,
    }
}
