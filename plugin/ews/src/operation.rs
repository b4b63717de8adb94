//! The operations of Exchange Web Services, each a pair of pure functions: build the request, read
//! its answer. The elements of a request stand in the order of Microsoft's schema.

pub mod create_item;
pub mod delete_item;
pub mod find_folder;
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

/// What a folder holds; in a user's mailbox the default folder for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// Events.
    Calendar,
    /// Contacts.
    Contacts,
}

impl Folder {
    /// The mailbox's default folder, as a request names it.
    #[must_use]
    pub fn id(self) -> Element {
        distinguished(match self {
            Self::Calendar => "calendar",
            Self::Contacts => "contacts",
        })
    }
}

/// A folder that has a name everywhere.
#[must_use]
pub fn distinguished(name: &str) -> Element {
    Element::empty("t:DistinguishedFolderId").with("Id", name)
}

/// Any other folder, by the id that the server gave it.
#[must_use]
pub fn folder_id(id: &str) -> Element {
    Element::empty("t:FolderId").with("Id", id)
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
