//! Contacts of a mailbox: fields by Graph's names, kept as they were written.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::Mailbox;
use super::content::{Property, WriteError};

/// Counts the contacts of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContactKey(pub u64);

#[derive(Clone, Debug)]
pub struct Contact {
    pub key: ContactKey,
    /// It lies in Deleted Items, no longer in the contacts folder.
    pub deleted: bool,
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
        for property in &draft.properties {
            self.properties
                .insert(property.id.to_lowercase(), property.clone());
        }
    }
}

impl Mailbox {
    /// The contacts of the default folder, oldest first.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.values().filter(|contact| !contact.deleted)
    }

    /// A contact, also one in Deleted Items.
    pub fn contact(&self, key: ContactKey) -> Option<&Contact> {
        self.contacts.get(&key)
    }

    pub fn create_contact(&mut self, draft: &ContactDraft, now: DateTime<Utc>) -> ContactKey {
        let mut contact = Contact {
            key: ContactKey(self.last_key + 1),
            deleted: false,
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
            deleted: false,
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
        })
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
        if self.contact(key).is_none_or(|contact| contact.deleted) {
            return Err(WriteError::NotFound);
        }
        self.change_contact(key, |contact| {
            contact.deleted = true;
            contact.modified = now;
        })
    }

    /// Removes all contacts for good.
    pub fn purge_contacts(&mut self) {
        self.contacts.clear();
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
