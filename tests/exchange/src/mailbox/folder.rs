//! The tree of folders: those that every mailbox has, and those that were made.

use super::Mailbox;
use super::content::WriteError;
use super::item::FolderKey;

/// What a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderClass {
    Calendar,
    Contacts,
    /// Mail, or other folders only.
    Plain,
}

/// A folder as it lies in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub key: FolderKey,
    /// The root has none.
    pub parent: Option<FolderKey>,
    pub name: String,
    pub class: FolderClass,
}

const FIXED: &[(FolderKey, Option<FolderKey>, &str, FolderClass)] = &[
    (FolderKey::ROOT, None, "", FolderClass::Plain),
    (
        FolderKey::TOP,
        Some(FolderKey::ROOT),
        "Top of Information Store",
        FolderClass::Plain,
    ),
    (
        FolderKey::INBOX,
        Some(FolderKey::TOP),
        "Inbox",
        FolderClass::Plain,
    ),
    (
        FolderKey::DELETED,
        Some(FolderKey::TOP),
        "Deleted Items",
        FolderClass::Plain,
    ),
    (
        FolderKey::CONTACTS,
        Some(FolderKey::TOP),
        "Contacts",
        FolderClass::Contacts,
    ),
];

impl Mailbox {
    /// All folders, each after the one that it lies in. Of the public ones only the root is there from the beginning.
    pub fn folders(&self) -> Vec<Folder> {
        let fixed = FIXED
            .iter()
            .filter(|(key, ..)| *key == FolderKey::ROOT || !self.is_public());
        let fixed = fixed.map(|(key, parent, name, class)| Folder {
            key: *key,
            parent: *parent,
            name: (*name).to_owned(),
            class: *class,
        });
        let calendars = self.calendars.iter().map(|calendar| Folder {
            key: calendar.key,
            parent: Some(FolderKey::TOP),
            name: calendar.name.clone(),
            class: FolderClass::Calendar,
        });
        fixed
            .chain(calendars)
            .chain(self.made_folders.iter().cloned())
            .collect()
    }

    pub fn folder(&self, key: FolderKey) -> Option<Folder> {
        self.folders().into_iter().find(|folder| folder.key == key)
    }

    /// The folders that lie in this one.
    pub fn folders_in(&self, parent: FolderKey) -> Vec<Folder> {
        let mut folders = self.folders();
        folders.retain(|folder| folder.parent == Some(parent));
        folders
    }

    /// Makes a folder. Calendars lie beside each other, whatever parent is given.
    pub fn add_folder(&mut self, parent: FolderKey, name: &str, class: FolderClass) -> FolderKey {
        if class == FolderClass::Calendar {
            return self.add_calendar(name);
        }
        let key = self.free_folder_key();
        self.made_folders.push(Folder {
            key,
            parent: Some(parent),
            name: name.to_owned(),
            class,
        });
        key
    }

    /// Gives a folder that was made another name.
    pub fn rename_folder(&mut self, key: FolderKey, name: &str) -> Result<(), WriteError> {
        let mut made = self.made_folders.iter_mut();
        let folder = made.find(|folder| folder.key == key);
        folder.ok_or(WriteError::NotFound)?.name = name.to_owned();
        Ok(())
    }

    /// A key that no calendar and no other folder has.
    pub(super) fn free_folder_key(&self) -> FolderKey {
        let calendars = self.calendars.iter().map(|calendar| calendar.key);
        let made = self.made_folders.iter().map(|folder| folder.key);
        let last = calendars.chain(made).map(|key| key.0).max();
        FolderKey(last.unwrap_or_default() + 1)
    }

    /// How many items lie in a folder, series as one.
    pub fn count_in(&self, folder: FolderKey) -> usize {
        self.items(folder).count() + self.contacts(folder).count()
    }
}
