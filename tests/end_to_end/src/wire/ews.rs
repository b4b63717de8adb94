//! Exchanges with Exchange Web Services: requests and answers each in a file of their own, as the schema
//! judges them one by one.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

use super::leave;

/// Elements that hold what people write, where a word is no word of an enumeration.
const TEXTS: &[&str] = &[
    "Subject",
    "Body",
    "TextBody",
    "Location",
    "Value",
    "Name",
    "EmailAddress",
    "DisplayName",
    "FileAs",
    "Title",
    "GivenName",
    "MiddleName",
    "Surname",
    "Generation",
    "JobTitle",
    "CompanyName",
    "Department",
    "Entry",
    "Street",
    "City",
    "State",
    "CountryOrRegion",
    "PostalCode",
];

/// Leaves what was asked and what was answered. An answer that is no XML is a server's that is not EWS.
pub(super) fn keep(exchange: &Value) {
    for side in ["request", "response"] {
        let text = exchange[side]["body"].as_str().unwrap();
        if let Some(shape) = shape(text) {
            leave("ews/traffic", &shape, "xml", text);
        }
    }
}

/// What a message looks like: everything but ids, instants and texts that people write.
fn shape(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Shown> = vec![Shown::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(Shown::of(&start)),
            Event::Empty(start) => open.last_mut()?.hold(Shown::of(&start)),
            Event::Text(text) => {
                let element = open.last_mut()?;
                element.text.push_str(&text);
            }
            Event::End(_) => {
                let element = open.pop()?;
                open.last_mut()?.hold(element);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let [document] = open.as_slice() else {
        return None;
    };
    let [envelope] = document.children.as_slice() else {
        return None;
    };
    envelope.contains("Envelope").then(|| envelope.clone())
}

/// An element as far as it was read.
#[derive(Default)]
struct Shown {
    name: String,
    text: String,
    /// Each shape once, in the order in which they came.
    children: Vec<String>,
    attributes: BTreeSet<String>,
}

impl Shown {
    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().flatten().map(|attribute| {
            let name = attribute.key.as_ref();
            format!("{name}={}", outline(&attribute.value))
        });
        Self {
            name: start.local_name().as_ref().to_owned(),
            attributes: attributes.collect(),
            ..Self::default()
        }
    }

    fn hold(&mut self, child: Self) {
        let text = child.text.trim();
        let text = match TEXTS.contains(&child.name.as_str()) {
            true if text.is_empty() => String::new(),
            true => "…".to_owned(),
            false => outline(text),
        };
        let (name, attributes, children) = (child.name, child.attributes, child.children);
        let shape = format!("{name}{attributes:?}{text}{children:?}");
        if !self.children.contains(&shape) {
            self.children.push(shape);
        }
    }
}

/// Words stand for themselves, and of times and numbers the form does.
fn outline(text: &str) -> String {
    if text.len() < 40 && text.chars().all(|one| one.is_ascii_alphabetic()) {
        return text.to_owned();
    }
    let is_number = |one: char| one.is_ascii_digit() || "-:.TZPDHMS+".contains(one);
    if text.chars().all(is_number) {
        let digits = text.replace(|one: char| one.is_ascii_digit(), "0");
        return digits.replace("00", "0").replace("00", "0");
    }
    "…".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(items: &str) -> Option<String> {
        shape(&format!(
            "<s:Envelope xmlns:s=\"x\"><s:Body>{items}</s:Body></s:Envelope>"
        ))
    }

    fn item(id: &str, subject: &str, status: &str) -> String {
        format!(
            "<t:CalendarItem><t:ItemId Id=\"{id}\"/><t:Subject>{subject}</t:Subject>\
             <t:Start>2026-11-24T09:00:00Z</t:Start><t:Status>{status}</t:Status></t:CalendarItem>"
        )
    }

    #[test]
    fn messages_look_alike_whatever_people_wrote_and_however_much() {
        let (one, other) = ("A1".repeat(30), "B2".repeat(30));
        let first = found(&item(&one, "Visit", "Busy"));
        assert!(first.is_some());
        assert_eq!(first, found(&item(&other, "Lunch at 12", "Busy")));
        let two = item(&one, "Visit", "Busy") + &item(&other, "Lunch", "Busy");
        assert_eq!(first, found(&two));
        assert_ne!(first, found(&item(&one, "Visit", "Free")));
    }

    #[test]
    fn what_is_no_message_is_not_kept() {
        assert_eq!(shape(""), None);
        assert_eq!(shape("<html><body>Sign in</body></html>"), None);
    }
}
