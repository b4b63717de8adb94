//! Paths to fields: by URI, by URI and index, or to a named property of a program.

use super::contact_fields::PARTS;
use super::fields;
use super::refusal::Refusal;
use super::sequence::{attribute, invalid, number};
use super::xml::{Element, Space};
use crate::mailbox::content::Property;

/// The elements that are paths.
pub const ELEMENTS: &[&str] = &["FieldURI", "IndexedFieldURI", "ExtendedFieldURI"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// `item:Subject` and the like.
    Field(String),
    /// One entry of a field that has several: `contacts:PhoneNumber`, `BusinessPhone`.
    Indexed {
        uri: String,
        index: String,
    },
    Extended(ExtendedField),
}

/// A named property of a program, as a path names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedField {
    /// The property's name in the model, which is Graph's: `String {6d2b…} Name TandemMarker`, `String 0x3A24`.
    pub id: String,
    /// The path, which an answer repeats.
    element: Element,
}

impl Path {
    /// Reads one of [`ELEMENTS`].
    pub fn read(element: &Element) -> Result<Self, Refusal> {
        match element.name.as_str() {
            "FieldURI" => {
                let uri = attribute(element, "FieldURI")?;
                if fields::known(uri) {
                    Ok(Self::Field(uri.to_owned()))
                } else {
                    Err(invalid("FieldURI", uri))
                }
            }
            "IndexedFieldURI" => {
                let uri = attribute(element, "FieldURI")?;
                let others = [
                    "item:InternetMessageHeader",
                    "distributionlist:Members:Member",
                ];
                if dictionary(uri).is_none() && !others.contains(&uri) {
                    return Err(invalid("FieldURI", uri));
                }
                Ok(Self::Indexed {
                    uri: uri.to_owned(),
                    index: attribute(element, "FieldIndex")?.to_owned(),
                })
            }
            _ => Ok(Self::Extended(ExtendedField::read(element)?)),
        }
    }
}

/// The dictionary of a contact that an indexed path leads into, and, of an address, the part of its entry:
/// `contacts:PhysicalAddress:City` is `City` in `PhysicalAddresses`.
pub fn dictionary(uri: &str) -> Option<(&'static str, Option<&str>)> {
    match uri.strip_prefix("contacts:")? {
        "EmailAddress" => Some(("EmailAddresses", None)),
        "PhoneNumber" => Some(("PhoneNumbers", None)),
        "ImAddress" => Some(("ImAddresses", None)),
        address => {
            let part = address.strip_prefix("PhysicalAddress:")?;
            let known = PARTS.iter().any(|(name, _)| *name == part);
            known.then_some(("PhysicalAddresses", Some(part)))
        }
    }
}

/// The property sets that have a name of their own.
const SETS: &[(&str, &str)] = &[
    ("Address", "00062004-0000-0000-c000-000000000046"),
    ("Appointment", "00062002-0000-0000-c000-000000000046"),
    ("CalendarAssistant", "11000e07-b51b-40d6-af21-caa85edab1d0"),
    ("Common", "00062008-0000-0000-c000-000000000046"),
    ("InternetHeaders", "00020386-0000-0000-c000-000000000046"),
    ("Meeting", "6ed8da90-450b-101b-98da-00aa003f1305"),
    ("PublicStrings", "00020329-0000-0000-c000-000000000046"),
    ("Sharing", "00062040-0000-0000-c000-000000000046"),
    ("Task", "00062003-0000-0000-c000-000000000046"),
    ("UnifiedMessaging", "4442858e-a9e3-4e80-b900-317a210cc15b"),
];

impl ExtendedField {
    /// Reads an `ExtendedFieldURI`.
    pub fn read(element: &Element) -> Result<Self, Refusal> {
        let kind = attribute(element, "PropertyType")?;
        let set = match element.attribute("DistinguishedPropertySetId") {
            Some(name) => {
                let known = SETS.iter().find(|(known, _)| *known == name);
                Some(
                    known
                        .ok_or_else(|| invalid("DistinguishedPropertySetId", name))?
                        .1,
                )
            }
            None => element.attribute("PropertySetId"),
        };
        let name = element.attribute("PropertyName");
        let number_in_set = element.attribute("PropertyId");
        let id = match (element.attribute("PropertyTag"), set, name, number_in_set) {
            (Some(tag), None, None, None) => format!("{kind} 0x{:x}", tag_number(tag)?),
            (None, Some(set), Some(name), None) => {
                format!("{kind} {{{}}} Name {name}", guid(set))
            }
            (None, Some(set), None, Some(text)) => {
                let id: u32 = number("PropertyId", text)?;
                format!("{kind} {{{}}} Id 0x{id:x}", guid(set))
            }
            _ => {
                return Err(Refusal::new(
                    "ErrorInvalidExtendedProperty",
                    "The extended property attribute combination is invalid.",
                ));
            }
        };
        Ok(Self {
            id,
            element: Element {
                space: Space::Types,
                ..element.clone()
            },
        })
    }

    /// The property with its path, as an item shows it.
    pub fn show(&self, property: &Property) -> Element {
        Element::types("ExtendedProperty")
            .with(self.element.clone())
            .with(Element::text("Value", property.value.as_str()))
    }
}

/// The property that an `ExtendedProperty` writes.
pub fn written(element: &Element) -> Result<Property, Refusal> {
    let path = element.child("ExtendedFieldURI");
    let path = path.ok_or_else(|| Refusal::schema("An extended property needs a path."))?;
    let value = element.child_text("Value").ok_or_else(|| {
        Refusal::new(
            "ErrorUnsupportedMapiPropertyType",
            "Only properties of one value are kept here.",
        )
    })?;
    Ok(Property {
        id: ExtendedField::read(path)?.id,
        value: value.to_owned(),
    })
}

fn guid(set: &str) -> String {
    set.trim_matches(['{', '}']).to_lowercase()
}

fn tag_number(tag: &str) -> Result<u32, Refusal> {
    let parsed = match tag.strip_prefix("0x").or_else(|| tag.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => tag.parse().ok(),
    };
    parsed.ok_or_else(|| invalid("PropertyTag", tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(attributes: &[(&str, &str)]) -> Result<String, String> {
        let element = attributes.iter().fold(
            Element::types("ExtendedFieldURI"),
            |element, (name, value)| element.with_attribute(name, *value),
        );
        ExtendedField::read(&element)
            .map(|field| field.id)
            .map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_property_has_one_name_in_both_faces() {
        assert_eq!(
            id(&[
                ("PropertySetId", "6D2B7C0E-93F4-4A1B-8A57-2F0C41D5BE96"),
                ("PropertyName", "TandemMarker"),
                ("PropertyType", "String"),
            ])
            .unwrap(),
            "String {6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96} Name TandemMarker"
        );
        let tag = [("PropertyTag", "0x3A24"), ("PropertyType", "String")];
        assert_eq!(id(&tag).unwrap(), "String 0x3a24");
        let both = [
            ("PropertyName", "a"),
            ("PropertyTag", "1"),
            ("PropertyType", "String"),
        ];
        assert_eq!(id(&both).unwrap_err(), "ErrorInvalidExtendedProperty");
    }

    #[test]
    fn a_field_that_does_not_exist_is_against_the_schema() {
        let path =
            |uri: &str| Path::read(&Element::types("FieldURI").with_attribute("FieldURI", uri));
        assert!(path("calendar:Start").is_ok());
        assert_eq!(
            path("calendar:Beginning").unwrap_err().code,
            "ErrorSchemaValidation"
        );
        assert_eq!(path("Start").unwrap_err().code, "ErrorSchemaValidation");
    }
}
