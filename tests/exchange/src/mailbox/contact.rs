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

impl Mailbox {
    /// Oldest first.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.values()
    }

    pub fn contact(&self, key: ContactKey) -> Option<&Contact> {
        self.contacts.get(&key)
    }

    pub fn create_contact(&mut self, draft: &ContactDraft, now: DateTime<Utc>) -> ContactKey {
        self.last_key += 1;
        let key = ContactKey(self.last_key);
        let contact = Contact {
            key,
            version: 0,
            created: now,
            modified: now,
            fields: Map::new(),
            properties: BTreeMap::new(),
        };
        self.contacts.insert(key, contact);
        // it was put in just now
        let _ = self.write_contact(key, draft, now);
        key
    }

    pub fn write_contact(
        &mut self,
        key: ContactKey,
        draft: &ContactDraft,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        let version = self.version + 1;
        let contact = self.contacts.get_mut(&key).ok_or(WriteError::NotFound)?;
        contact.fields.extend(draft.fields.clone());
        for property in &draft.properties {
            contact
                .properties
                .insert(property.id.to_lowercase(), property.clone());
        }
        contact.version = version;
        contact.modified = now;
        self.version = version;
        Ok(())
    }

    pub fn delete_contact(&mut self, key: ContactKey) -> Result<(), WriteError> {
        self.version += 1;
        self.contacts
            .remove(&key)
            .map(|_| ())
            .ok_or(WriteError::NotFound)
    }
}
