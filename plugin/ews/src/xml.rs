//! XML as it is written: a tree of elements, in the order that the schema asks for.
//!
//! Names carry their prefixes: `m:` for messages, `t:` for types, as the envelope declares them.

use quick_xml::escape::escape;

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Text(String),
    Elements(Vec<Element>),
}

impl Element {
    /// An element that holds others.
    #[must_use]
    pub fn holding(name: &'static str, elements: impl IntoIterator<Item = Self>) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            content: Content::Elements(elements.into_iter().collect()),
        }
    }

    /// An element that holds nothing.
    #[must_use]
    pub fn empty(name: &'static str) -> Self {
        Self::holding(name, [])
    }

    /// An element that holds a text, without the characters that XML 1.0 cannot express (section
    /// 2.2).
    #[must_use]
    pub fn text(name: &'static str, text: &str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            content: Content::Text(text.chars().filter(|c| is_expressible(*c)).collect()),
        }
    }

    /// The element with one more attribute.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value: String = value.into();
        let value = value.chars().filter(|c| is_expressible(*c)).collect();
        self.attributes.push((name, value));
        self
    }

    /// The element as a text.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        text.push('<');
        text.push_str(self.name);
        for (name, value) in &self.attributes {
            text.push(' ');
            text.push_str(name);
            text.push_str("=\"");
            text.push_str(&escape(value.as_str()));
            text.push('"');
        }
        match &self.content {
            Content::Elements(elements) if elements.is_empty() => {
                text.push_str("/>");
                return;
            }
            Content::Elements(elements) => {
                text.push('>');
                for element in elements {
                    element.write(text);
                }
            }
            Content::Text(content) => {
                text.push('>');
                // A carriage return that stands as itself is read as a line feed.
                text.push_str(&escape(content.as_str()).replace('\r', "&#13;"));
            }
        }
        text.push_str("</");
        text.push_str(self.name);
        text.push('>');
    }
}

const fn is_expressible(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_markup_is_escaped() {
        let element = Element::holding(
            "t:A",
            [
                Element::text("t:B", "a < b & \"c\"\r\n"),
                Element::empty("t:C").with("Id", "<\"&'>"),
            ],
        );
        assert_eq!(
            element.print(),
            "<t:A><t:B>a &lt; b &amp; &quot;c&quot;&#13;\n</t:B>\
             <t:C Id=\"&lt;&quot;&amp;&apos;&gt;\"/></t:A>"
        );
    }

    #[test]
    fn what_xml_cannot_express_is_left_out() {
        let element = Element::text("t:A", "a\u{0}b\u{b}c\u{ffff}d\u{1f600}");
        assert_eq!(element.print(), "<t:A>abcd\u{1f600}</t:A>");
    }
}
