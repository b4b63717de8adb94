//! What a client writes into a contact, as a [`ContactDraft`].

use serde_json::{Map, Value, json};

use super::contact_fields::{
    ADDRESSES, EMAIL_ADDRESSES, IM_ADDRESSES, PARTS, PHONES, PROPERTIES, Slot, TEXTS, entry,
};
use super::path;
use super::refusal::Refusal;
use super::sequence::{attribute, invalid};
use super::xml::Element;
use crate::mailbox::contact::{Contact, ContactDraft};
use crate::mailbox::content::Property;

/// Fields to be written, collected one by one. Lists are changed place by place, so what is there comes first.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    now: Map<String, Value>,
    draft: ContactDraft,
}

impl Writing {
    /// All fields of a contact that is to be made.
    pub fn of_item(item: &Element) -> Result<Self, Refusal> {
        let mut writing = Self::default();
        for field in &item.children {
            writing.set(field)?;
        }
        Ok(writing)
    }

    /// A change of a contact.
    pub fn of_change(contact: &Contact) -> Self {
        Self {
            now: contact.fields.clone(),
            draft: ContactDraft::default(),
        }
    }

    pub fn draft(self) -> ContactDraft {
        self.draft
    }

    /// Writes a field, or those entries of a dictionary that it holds.
    pub fn set(&mut self, field: &Element) -> Result<(), Refusal> {
        match field.name.as_str() {
            "ItemClass" if field.text == "IPM.Contact" => {}
            "Subject" => self.put("displayName", field.text.as_str().into()),
            "Body" => self.put("personalNotes", field.text.as_str().into()),
            "Categories" => {
                let categories = field.children.iter();
                let texts: Vec<&str> = categories.map(|one| one.text.as_str()).collect();
                self.put("categories", json!(texts));
            }
            "ExtendedProperty" => {
                let property = path::written(field)?;
                match entry(PROPERTIES, &property.id) {
                    Some(field) => self.put(field, property.value.into()),
                    None => self.draft.properties.push(property),
                }
            }
            "EmailAddresses" | "PhysicalAddresses" | "PhoneNumbers" | "ImAddresses" => {
                for one in &field.children {
                    self.set_entry(&field.name, one)?;
                }
            }
            // what every item may have, and says nothing of a person
            "Sensitivity"
            | "Importance"
            | "ReminderIsSet"
            | "ReminderMinutesBeforeStart"
            | "FileAsMapping"
            | "PostalAddressIndex" => {}
            name => {
                let field_name = entry(TEXTS, name).ok_or_else(|| {
                    Refusal::new(
                        "ErrorInvalidPropertySet",
                        format!("Set action is invalid for property '{name}'."),
                    )
                })?;
                self.put(field_name, field.text.as_str().into());
            }
        }
        Ok(())
    }

    fn set_entry(&mut self, dictionary: &str, written: &Element) -> Result<(), Refusal> {
        let key = attribute(written, "Key")?;
        match dictionary {
            "EmailAddresses" => {
                let place = email_place(key)?;
                let name = written.attribute("Name").unwrap_or(&written.text);
                self.put_place(
                    "emailAddresses",
                    place,
                    json!({ "name": name, "address": written.text }),
                );
            }
            "PhysicalAddresses" => {
                let field = entry(ADDRESSES, key).ok_or_else(|| invalid("Key", key))?;
                for part in &written.children {
                    let known = entry(PARTS, &part.name).ok_or_else(|| {
                        Refusal::schema(format!("An address has no '{}'.", part.name))
                    })?;
                    self.put_part(field, known, part.text.as_str().into());
                }
            }
            _ => self.put_slot(slot(dictionary, key)?, Some(&written.text)),
        }
        Ok(())
    }

    /// Takes a field out.
    pub fn clear(&mut self, uri: &str) -> Result<(), Refusal> {
        let name = uri.split_once(':').map_or(uri, |(_, name)| name);
        let field = match name {
            "Body" => Some("personalNotes"),
            "Categories" => {
                self.put("categories", json!([]));
                return Ok(());
            }
            name => entry(TEXTS, name),
        };
        let field = field.ok_or_else(|| {
            Refusal::new(
                "ErrorInvalidPropertyDelete",
                format!("Delete action is invalid for property '{uri}'."),
            )
        })?;
        self.put(field, Value::Null);
        Ok(())
    }

    /// Takes one entry of a dictionary out.
    pub fn clear_entry(&mut self, uri: &str, key: &str) -> Result<(), Refusal> {
        if let Some(part) = uri.strip_prefix("contacts:PhysicalAddress:") {
            let field = entry(ADDRESSES, key).ok_or_else(|| invalid("FieldIndex", key))?;
            let part = entry(PARTS, part).ok_or_else(|| invalid("FieldURI", uri))?;
            self.put_part(field, part, Value::Null);
            return Ok(());
        }
        match uri {
            "contacts:EmailAddress" => {
                self.put_place("emailAddresses", email_place(key)?, Value::Null);
            }
            "contacts:PhoneNumber" => self.put_slot(slot("PhoneNumbers", key)?, None),
            "contacts:ImAddress" => self.put_slot(slot("ImAddresses", key)?, None),
            other => return Err(invalid("FieldURI", other)),
        }
        Ok(())
    }

    /// Takes a named property out.
    pub fn clear_property(&mut self, id: &str) {
        match entry(PROPERTIES, id) {
            Some(field) => self.put(field, Value::Null),
            None => self.draft.removed_properties.push(id.to_owned()),
        }
    }

    fn put(&mut self, field: &str, value: Value) {
        self.now.insert(field.to_owned(), value.clone());
        self.draft.fields.insert(field.to_owned(), value);
    }

    fn put_place(&mut self, field: &str, place: usize, value: Value) {
        let mut rows = match self.now.get(field) {
            Some(Value::Array(rows)) => rows.clone(),
            _ => Vec::new(),
        };
        if rows.len() <= place {
            rows.resize(place + 1, Value::Null);
        }
        if let Some(row) = rows.get_mut(place) {
            *row = value;
        }
        self.put(field, rows.into());
    }

    fn put_part(&mut self, field: &str, part: &str, value: Value) {
        let mut parts = match self.now.get(field) {
            Some(Value::Object(parts)) => parts.clone(),
            _ => Map::new(),
        };
        parts.insert(part.to_owned(), value);
        self.put(field, parts.into());
    }

    fn put_slot(&mut self, slot: Slot, text: Option<&str>) {
        match slot {
            Slot::Text(field) => self.put(field, text.into()),
            Slot::Place(field, place) => self.put_place(field, place, text.into()),
            Slot::Property(id) => match text {
                Some(text) => self.draft.properties.push(Property {
                    id: id.to_owned(),
                    value: text.to_owned(),
                }),
                None => self.draft.removed_properties.push(id.to_owned()),
            },
        }
    }
}

fn email_place(key: &str) -> Result<usize, Refusal> {
    let place = EMAIL_ADDRESSES.iter().position(|known| *known == key);
    place.ok_or_else(|| invalid("Key", key))
}

fn slot(dictionary: &str, key: &str) -> Result<Slot, Refusal> {
    let table = if dictionary == "PhoneNumbers" {
        PHONES
    } else {
        IM_ADDRESSES
    };
    entry(table, key).ok_or_else(|| invalid("Key", key))
}
