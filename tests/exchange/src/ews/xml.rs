//! XML as a tree: what a request's body is read into, and what an answer is written from.
//!
//! EWS uses few namespaces, and answers give each of them one prefix.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use quick_xml::writer::Writer;

/// The namespaces of EWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    Soap,
    Messages,
    Types,
    Errors,
    /// No namespace, as the parts of a fault have it.
    None,
    /// Any that EWS does not know.
    Foreign,
}

impl Space {
    const KNOWN: [(Self, &'static str, &'static str); 4] = [
        (Self::Soap, "s", "http://schemas.xmlsoap.org/soap/envelope/"),
        (
            Self::Messages,
            "m",
            "http://schemas.microsoft.com/exchange/services/2006/messages",
        ),
        (
            Self::Types,
            "t",
            "http://schemas.microsoft.com/exchange/services/2006/types",
        ),
        (
            Self::Errors,
            "e",
            "http://schemas.microsoft.com/exchange/services/2006/errors",
        ),
    ];

    fn of(address: &str) -> Self {
        let known = Self::KNOWN.iter().find(|(_, _, known)| *known == address);
        known.map_or(Self::Foreign, |(space, _, _)| *space)
    }

    fn prefix(self) -> Option<&'static str> {
        let known = Self::KNOWN.iter().find(|(space, _, _)| *space == self);
        known.map(|(_, prefix, _)| *prefix)
    }
}

/// An element with what it holds. Text between child elements is of no meaning in EWS and is not kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub space: Space,
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
}

/// Why a text is no XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request is no well-formed XML: {0}")]
pub struct Unreadable(String);

impl From<quick_xml::Error> for Unreadable {
    fn from(error: quick_xml::Error) -> Self {
        Self(error.to_string())
    }
}

impl Element {
    pub fn new(space: Space, name: &str) -> Self {
        Self {
            space,
            name: name.to_owned(),
            attributes: Vec::new(),
            children: Vec::new(),
            text: String::new(),
        }
    }

    /// An element of the namespace of types.
    pub fn types(name: &str) -> Self {
        Self::new(Space::Types, name)
    }

    /// An element of the namespace of messages.
    pub fn messages(name: &str) -> Self {
        Self::new(Space::Messages, name)
    }

    /// An element of the namespace of types that holds a text.
    pub fn text(name: &str, text: impl Into<String>) -> Self {
        Self::types(name).with_text(text)
    }

    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub fn with_attribute(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push((name.to_owned(), value.into()));
        self
    }

    pub fn with(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    pub fn with_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of this name.
    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// Reads a document.
    pub fn parse(document: &str) -> Result<Self, Unreadable> {
        let mut reader = NsReader::from_str(document);
        let mut open: Vec<Self> = Vec::new();
        loop {
            let (space, event) = reader.read_resolved_event()?;
            let space = match space {
                ResolveResult::Bound(namespace) => Space::of(namespace.into_inner()),
                ResolveResult::Unbound => Space::None,
                ResolveResult::Unknown(_) => {
                    return Err(Unreadable("a prefix is not declared".to_owned()));
                }
            };
            let whole = match event {
                Event::Start(start) => {
                    open.push(begun(space, &start)?);
                    None
                }
                Event::Empty(start) => Some(begun(space, &start)?),
                Event::End(_) => open.pop(),
                Event::Text(text) => {
                    add_text(&mut open, &text.xml10_content());
                    None
                }
                Event::CData(text) => {
                    add_text(&mut open, &text.xml10_content());
                    None
                }
                Event::GeneralRef(reference) => {
                    let letter = match reference.resolve_char_ref()? {
                        Some(letter) => letter.to_string(),
                        None => named(&reference.xml10_content())?.to_owned(),
                    };
                    add_text(&mut open, &letter);
                    None
                }
                Event::Eof => return Err(Unreadable("it ends too early".to_owned())),
                Event::DocType(_) => {
                    return Err(Unreadable("it declares a document type".to_owned()));
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => None,
            };
            match (whole, open.last_mut()) {
                (None, _) => {}
                (Some(element), Some(parent)) => parent.children.push(element),
                (Some(element), None) => return Ok(element),
            }
        }
    }

    /// The document with this element as its root.
    pub fn document(&self) -> String {
        let mut writer = Writer::new(Vec::new());
        // writing into memory does not fail
        let _ = self.write(&mut writer, true);
        let text = String::from_utf8(writer.into_inner()).unwrap_or_default();
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{text}")
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>, root: bool) -> std::io::Result<()> {
        let name = match self.space.prefix() {
            Some(prefix) => format!("{prefix}:{}", self.name),
            None => self.name.clone(),
        };
        let mut start = BytesStart::new(name.as_str());
        if root {
            for (_, prefix, address) in Space::KNOWN {
                start.push_attribute((format!("xmlns:{prefix}").as_str(), address));
            }
        }
        for (name, value) in &self.attributes {
            start.push_attribute((name.as_str(), permitted(value).as_str()));
        }
        if self.children.is_empty() && self.text.is_empty() {
            return writer.write_event(Event::Empty(start));
        }
        writer.write_event(Event::Start(start))?;
        if !self.text.is_empty() {
            let escaped = quick_xml::escape::partial_escape(permitted(&self.text));
            writer.write_event(Event::Text(BytesText::from_escaped(escaped)))?;
        }
        for child in &self.children {
            child.write(writer, false)?;
        }
        writer.write_event(Event::End(BytesEnd::new(name)))
    }
}

fn begun(space: Space, start: &BytesStart<'_>) -> Result<Element, Unreadable> {
    let mut element = Element::new(space, start.local_name().into_inner());
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| Unreadable(error.to_string()))?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0)?;
        let name = attribute.key.local_name().into_inner().to_owned();
        element.attributes.push((name, value.into_owned()));
    }
    Ok(element)
}

fn add_text(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn named(reference: &str) -> Result<&'static str, Unreadable> {
    quick_xml::escape::resolve_xml_entity(reference)
        .ok_or_else(|| Unreadable(format!("the entity '{reference}' is unknown")))
}

/// XML has no way to say most control characters.
fn permitted(text: &str) -> String {
    let known =
        |letter: &char| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let element = Element::messages("GetItem").with(
            Element::text("Subject", "a < b & \"c\"\r\nnext")
                .with_attribute("Key", "<&>\"'")
                .with(Element::types("Empty")),
        );
        assert_eq!(Element::parse(&element.document()), Ok(element));
    }

    #[test]
    fn names_go_by_their_namespace_whatever_their_prefix() {
        let text = "<x:a xmlns:x='http://schemas.microsoft.com/exchange/services/2006/types'><!-- --><b>&#65;&amp;<![CDATA[<]]></b></x:a>";
        let element = Element::parse(text).unwrap();
        assert_eq!(element.space, Space::Types);
        let inner = element.child("b").unwrap();
        assert_eq!((inner.space, inner.text.as_str()), (Space::None, "A&<"));
    }

    #[test]
    fn a_document_that_breaks_off_is_refused() {
        for text in ["<a><b></b>", "<a><b></a>", "", "<a>&nothing;</a>", "<x:a/>"] {
            assert!(Element::parse(text).is_err(), "{text}");
        }
    }
}
