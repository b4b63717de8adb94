//! The order of elements, which the schema of EWS prescribes and the server enforces.
//!
//! A request is read by taking its children one by one in the schema's order. What is left over stands in the wrong place, is
//! unknown, or comes twice; the whole request is then refused.

use super::refusal::Refusal;
use super::xml::{Element, Space};

/// The children of an element that were not taken yet.
pub struct Sequence<'a> {
    parent: &'a Element,
    space: Space,
    rest: &'a [Element],
}

impl<'a> Sequence<'a> {
    /// Begins to read an element whose children are of this namespace.
    pub fn of(parent: &'a Element, space: Space) -> Self {
        Self {
            parent,
            space,
            rest: &parent.children,
        }
    }

    /// What follows is of this namespace.
    pub fn in_space(&mut self, space: Space) -> &mut Self {
        self.space = space;
        self
    }

    /// The next child, if it has this name.
    pub fn take(&mut self, name: &str) -> Option<&'a Element> {
        self.take_any(&[name])
    }

    /// The next child, if it has one of these names.
    pub fn take_any(&mut self, names: &[&str]) -> Option<&'a Element> {
        let (first, rest) = self.rest.split_first()?;
        let known = first.space == self.space && names.contains(&first.name.as_str());
        known.then(|| {
            self.rest = rest;
            first
        })
    }

    /// The next child, which must have this name.
    pub fn need(&mut self, name: &str) -> Result<&'a Element, Refusal> {
        self.need_any(&[name])
    }

    /// The next child, which must have one of these names.
    pub fn need_any(&mut self, names: &[&str]) -> Result<&'a Element, Refusal> {
        self.take_any(names).ok_or_else(|| match self.rest.first() {
            Some(found) => unexpected(self.parent, found, names),
            None => Refusal::schema(format!(
                "The element '{}' has incomplete content. List of possible elements expected: '{}'.",
                self.parent.name,
                names.join(", ")
            )),
        })
    }

    /// All further children, of which there must be one and each must have one of these names.
    pub fn need_all(&mut self, names: &[&str]) -> Result<Vec<&'a Element>, Refusal> {
        let mut all = vec![self.need_any(names)?];
        while !self.rest.is_empty() {
            all.push(self.need_any(names)?);
        }
        Ok(all)
    }

    /// Ends the reading; nothing may be left.
    pub fn done(self) -> Result<(), Refusal> {
        match self.rest.first() {
            None => Ok(()),
            Some(found) => Err(unexpected(self.parent, found, &[])),
        }
    }
}

fn unexpected(parent: &Element, found: &Element, expected: &[&str]) -> Refusal {
    let expected = if expected.is_empty() {
        String::new()
    } else {
        format!(
            " List of possible elements expected: '{}'.",
            expected.join(", ")
        )
    };
    Refusal::schema(format!(
        "The element '{}' has invalid child element '{}'.{expected}",
        parent.name, found.name
    ))
}

/// The children of `parent` must be of the namespace of types, have these names and come in this order, each at most once but
/// for `repeated`.
pub fn check(parent: &Element, order: &[&str], repeated: &str) -> Result<(), Refusal> {
    let mut free = 0;
    for child in &parent.children {
        let place = order.iter().position(|name| *name == child.name);
        match place {
            Some(place) if child.space == Space::Types && place >= free => {
                free = place + usize::from(child.name != repeated);
            }
            _ => {
                return Err(unexpected(
                    parent,
                    child,
                    order.get(free..).unwrap_or_default(),
                ));
            }
        }
    }
    Ok(())
}

/// A required attribute.
pub fn attribute<'a>(element: &'a Element, name: &str) -> Result<&'a str, Refusal> {
    element.attribute(name).ok_or_else(|| {
        Refusal::schema(format!(
            "The required attribute '{name}' is missing on the element '{}'.",
            element.name
        ))
    })
}

/// A text or the value of an attribute that the schema does not allow where it stands.
pub fn invalid(place: &str, value: &str) -> Refusal {
    Refusal::schema(format!(
        "The '{place}' is invalid - The value '{value}' is invalid according to its datatype."
    ))
}

/// A number, as the text of `place`.
pub fn number<T: std::str::FromStr>(place: &str, text: &str) -> Result<T, Refusal> {
    text.trim().parse().map_err(|_| invalid(place, text))
}

/// A truth value, as the text of `place`.
pub fn flag(place: &str, text: &str) -> Result<bool, Refusal> {
    match text.trim() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(invalid(place, other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parent(names: &[&str]) -> Element {
        Element::types("Parent").with_all(names.iter().map(|name| Element::types(name)))
    }

    #[test]
    fn what_stands_out_of_order_is_refused() {
        let read = |names: &[&str]| {
            let parent = parent(names);
            let mut sequence = Sequence::of(&parent, Space::Types);
            sequence.need("A")?;
            sequence.take("B");
            sequence.done()
        };
        assert!(read(&["A", "B"]).is_ok());
        assert!(read(&["A"]).is_ok());
        for names in [&["B", "A"][..], &["A", "B", "B"], &["A", "C"], &[]] {
            assert_eq!(read(names).unwrap_err().code, "ErrorSchemaValidation");
        }
    }

    #[test]
    fn only_one_name_of_a_list_may_come_again() {
        let order = ["A", "B", "C"];
        assert!(check(&parent(&["A", "B", "B", "C"]), &order, "B").is_ok());
        assert!(check(&parent(&["A", "A"]), &order, "B").is_err());
        assert!(check(&parent(&["B", "A"]), &order, "B").is_err());
        assert!(check(&parent(&["D"]), &order, "B").is_err());
    }
}
