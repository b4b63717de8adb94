//! What all answers have in common: one message for each thing that was asked, each with a result of
//! its own.
//!
//! Nothing is promised: elements are missing, come in another order or are new. So everything is a
//! text that may be absent, and what it means is decided when it is read.

use serde::Deserialize;

use crate::contact::wire::Contact;
use crate::event::wire::CalendarItem;

/// `BaseResponseMessageType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    response_messages: Messages,
}

#[derive(Debug, Default, Deserialize)]
struct Messages {
    #[serde(rename = "$value", default)]
    list: Vec<Message>,
}

impl Response {
    /// The messages in the order of what was asked.
    #[must_use]
    pub fn messages(self) -> Vec<Message> {
        self.response_messages.list
    }
}

/// `ResponseMessageType`, with what the operations used here add to it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Message {
    #[serde(rename = "@ResponseClass")]
    class: String,
    pub message_text: String,
    pub response_code: String,
    pub message_xml: MessageXml,
    pub items: Items,
    pub folders: Folders,
    pub root_folder: Option<RootFolder>,
    pub sync_state: Option<String>,
    pub includes_last_item_in_range: Option<String>,
    pub changes: Changes,
    pub user_configuration: Option<UserConfiguration>,
}

impl Message {
    /// What was asked was done. A warning is not the whole of it, so it counts as an error.
    #[must_use]
    pub fn is_good(&self) -> bool {
        match self.class.as_str() {
            "Success" => true,
            "" => matches!(self.response_code.as_str(), "" | "NoError"),
            _ => false,
        }
    }

    /// A message that names an error.
    #[must_use]
    pub fn error(code: &str, text: &str) -> Self {
        Self {
            class: "Error".to_owned(),
            response_code: code.to_owned(),
            message_text: text.to_owned(),
            ..Self::default()
        }
    }
}

/// What a message says for programs, as names and values.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MessageXml {
    value: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Value {
    #[serde(rename = "@Name")]
    name: String,
    #[serde(rename = "$text")]
    text: String,
}

impl MessageXml {
    /// The value of this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let mut same = self.value.iter().filter(|value| value.name == name);
        same.next().map(|value| value.text.trim())
    }
}

/// Items of whichever kinds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Items {
    #[serde(rename = "$value")]
    pub list: Vec<Item>,
}

/// An item.
#[derive(Debug, Deserialize)]
pub enum Item {
    /// `CalendarItemType`.
    CalendarItem(Box<CalendarItem>),
    /// `ContactItemType`.
    Contact(Box<Contact>),
    /// Some other kind, which is none of ours.
    #[serde(other)]
    Other,
}

impl Items {
    /// The calendar items among them.
    pub fn events(self) -> impl Iterator<Item = CalendarItem> {
        self.list.into_iter().filter_map(|item| match item {
            Item::CalendarItem(item) => Some(*item),
            Item::Contact(_) | Item::Other => None,
        })
    }

    /// The contacts among them.
    pub fn contacts(self) -> impl Iterator<Item = Contact> {
        self.list.into_iter().filter_map(|item| match item {
            Item::Contact(item) => Some(*item),
            Item::CalendarItem(_) | Item::Other => None,
        })
    }
}

/// `ItemIdType` and `FolderIdType`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ItemId {
    #[serde(rename = "@Id")]
    pub id: String,
    #[serde(rename = "@ChangeKey")]
    pub change_key: String,
}

/// Folders of whichever kinds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Folders {
    #[serde(rename = "$value")]
    pub list: Vec<FolderOf>,
}

/// `BaseFolderType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FolderOf {
    pub folder_id: ItemId,
    pub display_name: String,
    pub effective_rights: Option<EffectiveRights>,
}

/// `EffectiveRightsType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EffectiveRights {
    pub create_contents: String,
    pub modify: String,
    pub delete: String,
    pub read: String,
}

/// `FindItemParentType` and `FindFolderParentType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RootFolder {
    #[serde(rename = "@IncludesLastItemInRange")]
    pub includes_last_item_in_range: Option<String>,
    #[serde(rename = "@IndexedPagingOffset")]
    pub indexed_paging_offset: Option<String>,
    pub items: Items,
    pub folders: Folders,
}

/// `SyncFolderItemsChangesType`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Changes {
    #[serde(rename = "$value")]
    pub list: Vec<Change>,
}

/// One change of a folder.
#[derive(Debug, Deserialize)]
pub enum Change {
    /// A new item.
    Create(Changed),
    /// An item that is another than it was.
    Update(Changed),
    /// An item that is gone.
    Delete(Deleted),
    /// Something that is no change of ours, such as a mark that an item was read.
    #[serde(other)]
    Other,
}

/// The item of a change.
#[derive(Debug, Deserialize)]
pub struct Changed {
    #[serde(rename = "$value")]
    pub item: Item,
}

/// `SyncFolderItemsDeleteType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Deleted {
    pub item_id: ItemId,
}

/// `UserConfigurationType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UserConfiguration {
    pub dictionary: Dictionary,
}

/// `UserConfigurationDictionaryType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Dictionary {
    pub dictionary_entry: Vec<DictionaryEntry>,
}

/// `UserConfigurationDictionaryEntryType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DictionaryEntry {
    pub dictionary_key: DictionaryObject,
    pub dictionary_value: DictionaryObject,
}

/// `UserConfigurationDictionaryObjectType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DictionaryObject {
    pub value: Vec<String>,
}
