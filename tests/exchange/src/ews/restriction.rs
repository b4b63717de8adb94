//! `Restriction`: which items of a folder a search finds. Texts compare without case, times as instants.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};

use super::context::Context;
use super::fields;
use super::item_id::Thing;
use super::path::{self, Path};
use super::refusal::Refusal;
use super::sequence::{Sequence, attribute, invalid};
use super::shape::Shape;
use super::thing;
use super::time::Stamp;
use super::xml::{Element, Space};
use crate::mailbox::Mailbox;
use crate::zone::Zone;

/// A condition, which may consist of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restriction {
    And(Vec<Restriction>),
    Or(Vec<Restriction>),
    Not(Box<Restriction>),
    Exists(Path),
    Contains {
        path: Path,
        mode: Mode,
        text: String,
    },
    Compare {
        path: Path,
        comparison: Comparison,
        with: Operand,
    },
}

/// Where a text must hold another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    FullString,
    Prefixed,
    Substring,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    Constant(String),
    Field(Path),
}

const EXPRESSIONS: &[&str] = &[
    "And",
    "Or",
    "Not",
    "Exists",
    "Contains",
    "IsEqualTo",
    "IsNotEqualTo",
    "IsGreaterThan",
    "IsGreaterThanOrEqualTo",
    "IsLessThan",
    "IsLessThanOrEqualTo",
];

impl Restriction {
    /// Reads a `Restriction`.
    pub fn read(element: &Element) -> Result<Self, Refusal> {
        let mut parts = Sequence::of(element, Space::Types);
        let expression = Self::expression(parts.need_any(EXPRESSIONS)?)?;
        parts.done()?;
        Ok(expression)
    }

    fn expression(element: &Element) -> Result<Self, Refusal> {
        let mut parts = Sequence::of(element, Space::Types);
        let several = |parts: &mut Sequence<'_>| -> Result<Vec<Self>, Refusal> {
            let all = parts.need_all(EXPRESSIONS)?;
            all.into_iter().map(Self::expression).collect()
        };
        let read = match element.name.as_str() {
            "And" => Self::And(several(&mut parts)?),
            "Or" => Self::Or(several(&mut parts)?),
            "Not" => Self::Not(Box::new(Self::expression(parts.need_any(EXPRESSIONS)?)?)),
            "Exists" => Self::Exists(searchable(parts.need_any(path::ELEMENTS)?)?),
            "Contains" => Self::Contains {
                path: searchable(parts.need_any(path::ELEMENTS)?)?,
                mode: match element.attribute("ContainmentMode") {
                    None | Some("FullString" | "ExactPhrase") => Mode::FullString,
                    Some("Prefixed" | "PrefixOnWords") => Mode::Prefixed,
                    Some("Substring") => Mode::Substring,
                    Some(other) => return Err(invalid("ContainmentMode", other)),
                },
                text: attribute(parts.need("Constant")?, "Value")?.to_lowercase(),
            },
            name => Self::Compare {
                path: searchable(parts.need_any(path::ELEMENTS)?)?,
                comparison: comparison(name),
                with: operand(parts.need("FieldURIOrConstant")?)?,
            },
        };
        parts.done()?;
        Ok(read)
    }

    /// Whether it looks at named properties.
    pub fn looks_at_properties(&self) -> bool {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().any(Self::looks_at_properties),
            Self::Not(inner) => inner.looks_at_properties(),
            Self::Exists(path) | Self::Contains { path, .. } | Self::Compare { path, .. } => {
                matches!(path, Path::Extended(_))
            }
        }
    }

    /// Whether a thing meets it.
    pub fn meets(&self, mailbox: &Mailbox, of: Thing, context: &Context) -> bool {
        let value = |path: &Path| value(mailbox, of, path, context);
        match self {
            Self::And(all) => all.iter().all(|one| one.meets(mailbox, of, context)),
            Self::Or(all) => all.iter().any(|one| one.meets(mailbox, of, context)),
            Self::Not(inner) => !inner.meets(mailbox, of, context),
            Self::Exists(path) => value(path).is_some(),
            Self::Contains { path, mode, text } => value(path).is_some_and(|value| {
                let value = value.to_lowercase();
                match mode {
                    Mode::FullString => value == *text,
                    Mode::Prefixed => value.starts_with(text.as_str()),
                    Mode::Substring => value.contains(text.as_str()),
                }
            }),
            Self::Compare {
                path,
                comparison,
                with,
            } => {
                let right = match with {
                    Operand::Constant(text) => Some(text.clone()),
                    Operand::Field(path) => value(path),
                };
                match (value(path), right) {
                    (Some(left), Some(right)) => comparison.holds(order(&left, &right, context)),
                    _ => *comparison == Comparison::NotEqual,
                }
            }
        }
    }
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
        }
    }
}

fn comparison(name: &str) -> Comparison {
    match name {
        "IsEqualTo" => Comparison::Equal,
        "IsNotEqualTo" => Comparison::NotEqual,
        "IsGreaterThan" => Comparison::Greater,
        "IsGreaterThanOrEqualTo" => Comparison::GreaterOrEqual,
        "IsLessThan" => Comparison::Less,
        _ => Comparison::LessOrEqual,
    }
}

/// A path that a search may look at.
fn searchable(element: &Element) -> Result<Path, Refusal> {
    let path = Path::read(element)?;
    if let Path::Field(uri) = &path {
        let name = uri.split_once(':').map_or(uri.as_str(), |(_, name)| name);
        if name != "Body" && !fields::listed(name) {
            return Err(Refusal::new(
                "ErrorUnsupportedPathForQuery",
                format!("The property '{uri}' cannot be searched."),
            ));
        }
    }
    Ok(path)
}

fn operand(element: &Element) -> Result<Operand, Refusal> {
    let mut parts = Sequence::of(element, Space::Types);
    match parts.take("Constant") {
        Some(constant) => Ok(Operand::Constant(attribute(constant, "Value")?.to_owned())),
        None => Ok(Operand::Field(searchable(parts.need_any(path::ELEMENTS)?)?)),
    }
}

/// What a thing says under a path.
pub fn value(mailbox: &Mailbox, of: Thing, path: &Path, context: &Context) -> Option<String> {
    if let Path::Extended(field) = path {
        return thing::property(mailbox, of, &field.id).map(|property| property.value);
    }
    let shown = thing::show(mailbox, of, &Shape::of_path(path), context).ok()?;
    match path {
        Path::Field(uri) => {
            let (_, name) = uri.split_once(':')?;
            shown.child_text(name).map(ToOwned::to_owned)
        }
        Path::Indexed { .. } => {
            // the only entry that was asked for, or its only part
            let mut entries = shown.children.iter().flat_map(|field| &field.children);
            let entry = entries.next()?;
            Some(entry.children.first().unwrap_or(entry).text.clone())
        }
        Path::Extended(_) => None,
    }
}

/// Compares two values as times, as numbers or as texts.
pub fn order(left: &str, right: &str, context: &Context) -> Ordering {
    let zone = context.zone.clone().unwrap_or_else(Zone::utc);
    let instant = |text: &str| -> Option<DateTime<Utc>> {
        Stamp::read("Constant", text)
            .ok()
            .map(|stamp| stamp.instant(&zone))
    };
    if let (Some(left), Some(right)) = (instant(left), instant(right)) {
        return left.cmp(&right);
    }
    if let (Ok(left), Ok(right)) = (left.parse::<i64>(), right.parse::<i64>()) {
        return left.cmp(&right);
    }
    left.to_lowercase().cmp(&right.to_lowercase())
}
