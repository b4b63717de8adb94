//! Contacts of a mailbox: fields by Graph's names, kept as they were written.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::Mailbox;
use super::change::What;
use super::content::{Property, WriteError};
use super::item::{FolderKey, ItemKey};

/// Counts the contacts of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContactKey(pub u64);

#[derive(Clone, Debug)]
pub struct Contact {
    pub key: ContactKey,
    pub folder: FolderKey,
    /// How often it changed its folder: ids that are not immutable change with it.
    pub moves: u32,
    pub version: u64,
    pub created: DateTime<Utc>,
    pub modified: DateTime<Utc>,
    pub fields: Map<String, Value>,
    pub properties: BTreeMap<String, Property>,
}

/// What is to be written into a contact.
#[derive(Clone, Debug, Default)]
pub struct ContactDraft {
    pub fields: Map<String, Value>,
    pub properties: Vec<Property>,
    /// The ids of properties to be taken away.
    pub removed_properties: Vec<String>,
}

impl Contact {
    /// Writes fields. Of one that has parts, such as an address, parts that are not named stay.
    fn write(&mut self, draft: &ContactDraft) {
        for (name, value) in &draft.fields {
            match (self.fields.get_mut(name), value) {
                (Some(Value::Object(parts)), Value::Object(written)) => {
                    parts.extend(written.clone());
                }
                _ => {
                    self.fields.insert(name.clone(), value.clone());
                }
            }
        }
        for id in &draft.removed_properties {
            self.properties.remove(&id.to_lowercase());
        }
        for property in &draft.properties {
            self.properties
                .insert(property.id.to_lowercase(), property.clone());
        }
    }
}

impl Mailbox {
    /// The contacts of a folder, oldest first.
    pub fn contacts(&self, folder: FolderKey) -> impl Iterator<Item = &Contact> {
        self.contacts
            .values()
            .filter(move |contact| contact.folder == folder)
    }

    /// A contact, also one in Deleted Items.
    pub fn contact(&self, key: ContactKey) -> Option<&Contact> {
        self.contacts.get(&key)
    }

    pub fn create_contact(
        &mut self,
        folder: FolderKey,
        draft: &ContactDraft,
        now: DateTime<Utc>,
    ) -> ContactKey {
        let mut contact = Contact {
            key: ContactKey(self.last_key + 1),
            folder,
            moves: 0,
            version: 0,
            created: now,
            modified: now,
            fields: Map::new(),
            properties: BTreeMap::new(),
        };
        contact.write(draft);
        self.add_contact(contact)
    }

    /// Copies a contact as Outlook does: all fields and named properties.
    pub fn copy_contact(
        &mut self,
        key: ContactKey,
        now: DateTime<Utc>,
    ) -> Result<ContactKey, WriteError> {
        let source = self.contacts.get(&key).ok_or(WriteError::NotFound)?;
        let copy = Contact {
            key: ContactKey(self.last_key + 1),
            folder: FolderKey::CONTACTS,
            moves: 0,
            created: now,
            modified: now,
            ..source.clone()
        };
        Ok(self.add_contact(copy))
    }

    fn add_contact(&mut self, mut contact: Contact) -> ContactKey {
        let key = contact.key;
        self.last_key = key.0;
        contact.version = self.next_version();
        self.log
            .add(contact.folder, ItemKey(key.0), contact.moves, What::Kept);
        self.contacts.insert(key, contact);
        key
    }

    pub fn write_contact(
        &mut self,
        key: ContactKey,
        draft: &ContactDraft,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        self.change_contact(key, |contact| {
            contact.write(draft);
            contact.modified = now;
        })?;
        if let Some(contact) = self.contacts.get(&key) {
            self.log
                .add(contact.folder, ItemKey(key.0), contact.moves, What::Kept);
        }
        Ok(())
    }

    /// Raises the version of a contact without changing it, as servers do now and then.
    pub fn bump_contact(&mut self, key: ContactKey) -> Result<(), WriteError> {
        self.change_contact(key, |_| {})
    }

    /// Deletes: a contact goes to Deleted Items.
    pub fn delete_contact(
        &mut self,
        key: ContactKey,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        if self
            .contact(key)
            .is_none_or(|contact| contact.folder == FolderKey::DELETED)
        {
            return Err(WriteError::NotFound);
        }
        self.relocate_contact(key, FolderKey::DELETED, now)
    }

    /// Moves a contact to another folder.
    pub fn relocate_contact(
        &mut self,
        key: ContactKey,
        folder: FolderKey,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        let left = self.contact(key).ok_or(WriteError::NotFound)?;
        let (from, moves) = (left.folder, left.moves);
        if from == folder {
            return Ok(());
        }
        self.log.add(from, ItemKey(key.0), moves, What::Left);
        self.log.add(folder, ItemKey(key.0), moves + 1, What::Kept);
        self.change_contact(key, |contact| {
            contact.folder = folder;
            contact.moves += 1;
            contact.modified = now;
        })
    }

    /// Removes a contact for good.
    pub fn purge_contact(&mut self, key: ContactKey) -> Result<(), WriteError> {
        let contact = self.contacts.remove(&key).ok_or(WriteError::NotFound)?;
        self.next_version();
        self.log
            .add(contact.folder, ItemKey(key.0), contact.moves, What::Left);
        Ok(())
    }

    /// Removes all contacts for good.
    pub fn purge_contacts(&mut self) {
        let keys: Vec<_> = self.contacts.keys().copied().collect();
        for key in keys {
            // each of them is there
            let _ = self.purge_contact(key);
        }
    }

    fn change_contact(
        &mut self,
        key: ContactKey,
        change: impl FnOnce(&mut Contact),
    ) -> Result<(), WriteError> {
        let version = self.version + 1;
        let contact = self.contacts.get_mut(&key).ok_or(WriteError::NotFound)?;
        change(contact);
        contact.version = version;
        self.version = version;
        Ok(())
    }
}
