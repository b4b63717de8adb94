//! A contact as EWS shows it: texts, and dictionaries whose entries have keys.

use serde_json::Value;

use super::contact_fields::{
    ADDRESSES, EMAIL_ADDRESSES, IM_ADDRESSES, PARTS, PHONES, PROPERTIES, Slot, TEXTS, entry,
};
use super::context::Context;
use super::fields::{self, Class};
use super::folder::{self, rights};
use super::path::{self, Path};
use super::shape::{BodyKind, Shape};
use super::xml::Element;
use super::{calendar_item, item_id, time};
use crate::mailbox::Mailbox;
use crate::mailbox::contact::Contact;
use crate::mailbox::content::{Body, Property};
use crate::zone::Zone;

/// The element with the fields that the shape wants.
pub fn show(mailbox: &Mailbox, contact: &Contact, shape: &Shape, context: &Context) -> Element {
    let class = Class::Contact;
    let mut shown = Element::types(class.element());
    for field in class.fields() {
        let name = field.name;
        if name == fields::REPEATED {
            shown = shown.with_all(extended_properties(contact, shape));
        } else if shape.wants(class, field) {
            shown = shown.with_all(show_field(mailbox, contact, name, shape, context));
        } else if has_entries(name, shape) {
            let whole = show_field(mailbox, contact, name, shape, context);
            shown = shown.with_all(whole.and_then(|whole| asked_entries(whole, shape)));
        }
    }
    shown
}

/// Whether a dictionary is asked for entry by entry.
fn has_entries(field: &str, shape: &Shape) -> bool {
    shape.paths.iter().any(|asked| match asked {
        Path::Indexed { uri, .. } => path::dictionary(uri).is_some_and(|(name, _)| name == field),
        Path::Field(_) | Path::Extended(_) => false,
    })
}

/// A dictionary with only those entries, and of addresses those parts, that are asked for.
fn asked_entries(mut whole: Element, shape: &Shape) -> Option<Element> {
    let name = whole.name.clone();
    let asked = |key: &str, part: Option<&str>| {
        shape.paths.iter().any(|asked| match asked {
            Path::Indexed { uri, index } => {
                let named = path::dictionary(uri);
                index == key
                    && named
                        .is_some_and(|(known, of)| known == name && (part.is_none() || part == of))
            }
            Path::Field(_) | Path::Extended(_) => false,
        })
    };
    whole.children.retain_mut(|entry| {
        let key = entry.attribute("Key").unwrap_or_default().to_owned();
        entry.children.retain(|part| asked(&key, Some(&part.name)));
        asked(&key, None)
    });
    (!whole.children.is_empty()).then_some(whole)
}

fn extended_properties(contact: &Contact, shape: &Shape) -> Vec<Element> {
    let asked = shape.paths.iter().filter_map(|path| match path {
        Path::Extended(field) => Some(field),
        Path::Field(_) | Path::Indexed { .. } => None,
    });
    asked
        .filter_map(|field| Some(field.show(&property(contact, &field.id)?)))
        .collect()
}

/// A named property, also one that is kept as a field.
pub fn property(contact: &Contact, id: &str) -> Option<Property> {
    match entry(PROPERTIES, id) {
        Some(field) => Some(Property {
            id: id.to_owned(),
            value: text(contact, field)?.to_owned(),
        }),
        None => contact.properties.get(&id.to_lowercase()).cloned(),
    }
}

fn text<'a>(contact: &'a Contact, field: &str) -> Option<&'a str> {
    contact.fields.get(field)?.as_str()
}

fn show_field(
    mailbox: &Mailbox,
    contact: &Contact,
    name: &str,
    shape: &Shape,
    context: &Context,
) -> Option<Element> {
    let shown = |text: &str| Some(Element::text(name, text));
    let at = |instant| shown(&time::show(instant, &Zone::utc(), context));
    match name {
        "ItemId" => item_id::show_contact(mailbox, contact.key),
        "ParentFolderId" => Some(folder::show_id(name, mailbox, contact.folder)),
        "ItemClass" => shown("IPM.Contact"),
        "Subject" | "DisplayName" | "FileAs" => shown(&display_name(contact)),
        "Sensitivity" | "Importance" => shown("Normal"),
        "Body" | "TextBody" => {
            let body = Body {
                html: false,
                content: text(contact, "personalNotes")
                    .unwrap_or_default()
                    .to_owned(),
            };
            let kind = if name == "Body" {
                shape.body
            } else {
                BodyKind::Text
            };
            Some(calendar_item::body(name, &body, kind))
        }
        "Categories" => {
            let categories = contact.fields.get("categories")?.as_array()?.iter();
            let texts = categories.filter_map(Value::as_str);
            let strings: Vec<Element> = texts.map(|text| Element::text("String", text)).collect();
            (!strings.is_empty()).then(|| Element::types(name).with_all(strings))
        }
        "HasAttachments" | "IsAssociated" | "IsDraft" => shown("false"),
        "DateTimeCreated" | "DateTimeReceived" | "DateTimeSent" => at(contact.created),
        "LastModifiedTime" => at(contact.modified),
        "LastModifiedName" => shown(&mailbox.address),
        "EffectiveRights" => Some(rights(name, !mailbox.access.read_only)),
        "Culture" => shown("en-US"),
        "CompleteName" => complete_name(name, contact),
        "EmailAddresses" => dictionary(name, email_addresses(contact)),
        "PhysicalAddresses" => dictionary(name, addresses(contact)),
        "PhoneNumbers" => dictionary(name, slots(contact, PHONES)),
        "ImAddresses" => dictionary(name, slots(contact, IM_ADDRESSES)),
        _ => {
            let field = entry(TEXTS, name)?;
            shown(text(contact, field)?)
        }
    }
}

/// The name that was given, else one made of its parts.
fn display_name(contact: &Contact) -> String {
    let parts = ["givenName", "middleName", "surname"]
        .iter()
        .filter_map(|field| text(contact, field));
    text(contact, "displayName")
        .map_or_else(|| parts.collect::<Vec<_>>().join(" "), ToOwned::to_owned)
}

fn complete_name(name: &str, contact: &Contact) -> Option<Element> {
    let part = |name: &str, field: &str| Some(Element::text(name, text(contact, field)?));
    let parts = [
        part("Title", "title"),
        part("FirstName", "givenName"),
        part("MiddleName", "middleName"),
        part("LastName", "surname"),
        part("Suffix", "generation"),
        part("Initials", "initials"),
        Some(Element::text("FullName", display_name(contact))),
        part("Nickname", "nickName"),
    ];
    Some(Element::types(name).with_all(parts.into_iter().flatten()))
}

fn dictionary(name: &str, entries: Vec<Element>) -> Option<Element> {
    (!entries.is_empty()).then(|| Element::types(name).with_all(entries))
}

fn slots(contact: &Contact, table: &[(&str, Slot)]) -> Vec<Element> {
    let shown = table.iter().filter_map(|(key, slot)| {
        let text = slot_text(contact, *slot)?;
        Some(Element::text("Entry", text).with_attribute("Key", *key))
    });
    shown.collect()
}

/// What an entry of a dictionary says.
pub fn slot_text(contact: &Contact, slot: Slot) -> Option<&str> {
    match slot {
        Slot::Text(field) => text(contact, field),
        Slot::Place(field, place) => contact.fields.get(field)?.get(place)?.as_str(),
        Slot::Property(id) => {
            let property = contact.properties.get(&id.to_lowercase())?;
            Some(&property.value)
        }
    }
}

fn email_addresses(contact: &Contact) -> Vec<Element> {
    let rows = contact.fields.get("emailAddresses");
    let shown = EMAIL_ADDRESSES
        .iter()
        .enumerate()
        .filter_map(|(place, key)| {
            let row = rows?.get(place)?;
            let address = row.get("address")?.as_str()?;
            let name = row.get("name").and_then(Value::as_str).unwrap_or(address);
            Some(
                Element::text("Entry", address)
                    .with_attribute("Key", *key)
                    .with_attribute("Name", name)
                    .with_attribute("RoutingType", "SMTP"),
            )
        });
    shown.collect()
}

fn addresses(contact: &Contact) -> Vec<Element> {
    let shown = ADDRESSES.iter().filter_map(|(key, field)| {
        let address = contact.fields.get(*field)?;
        let parts: Vec<Element> = PARTS
            .iter()
            .filter_map(|(name, part)| Some(Element::text(name, address.get(*part)?.as_str()?)))
            .collect();
        let entry = Element::types("Entry").with_attribute("Key", *key);
        (!parts.is_empty()).then(|| entry.with_all(parts))
    });
    shown.collect()
}
