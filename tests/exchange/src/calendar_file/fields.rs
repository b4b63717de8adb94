//! Properties of an event: values, parameters, and text with its escapes undone.

use ical::parser::ical::component::IcalEvent;
use ical::property::Property;

/// The first property of this name.
pub fn property<'a>(event: &'a IcalEvent, name: &str) -> Option<&'a Property> {
    event
        .properties
        .iter()
        .find(|property| property.name.eq_ignore_ascii_case(name))
}

/// All properties of this name.
pub fn properties<'a>(event: &'a IcalEvent, name: &'a str) -> impl Iterator<Item = &'a Property> {
    event
        .properties
        .iter()
        .filter(move |property| property.name.eq_ignore_ascii_case(name))
}

/// The value of a property, as it stands.
pub fn value<'a>(event: &'a IcalEvent, name: &str) -> Option<&'a str> {
    property(event, name)?.value.as_deref()
}

/// A text with its escapes undone, empty where there is none.
pub fn text(event: &IcalEvent, name: &str) -> String {
    unescape(value(event, name).unwrap_or_default())
}

/// A parameter of a property.
pub fn parameter<'a>(property: &'a Property, name: &str) -> Option<&'a str> {
    let (_, values) = property
        .params
        .as_ref()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    values.first().map(String::as_str)
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            other => plain.push(other),
        }
    }
    plain
}

/// An address without its scheme.
pub fn address(property: &Property) -> String {
    let value = property.value.as_deref().unwrap_or_default();
    match value.split_once(':') {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto") => address.to_owned(),
        _ => value.to_owned(),
    }
}
