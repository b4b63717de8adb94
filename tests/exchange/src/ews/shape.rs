//! What of each item a client wants to see: `ItemShape`.

use super::fields::{self, Class, Field};
use super::path::{self, Path};
use super::refusal::Refusal;
use super::sequence::{Sequence, flag, invalid};
use super::xml::{Element, Space};

/// The set of fields that a shape begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    IdOnly,
    Default,
    AllProperties,
}

impl Base {
    pub fn read(element: &Element) -> Result<Self, Refusal> {
        match element.text.trim() {
            "IdOnly" => Ok(Self::IdOnly),
            "Default" => Ok(Self::Default),
            "AllProperties" => Ok(Self::AllProperties),
            other => Err(invalid("BaseShape", other)),
        }
    }
}

/// The form in which bodies are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// As it was written.
    Best,
    Html,
    Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    base: Base,
    pub body: BodyKind,
    mime: bool,
    /// Fields besides those of the base.
    pub paths: Vec<Path>,
    /// A list, which carries less than `GetItem`.
    list: bool,
}

impl Shape {
    /// Only the id, as the answers to writes show it.
    pub fn id_only() -> Self {
        Self {
            base: Base::IdOnly,
            body: BodyKind::Best,
            mime: false,
            paths: Vec::new(),
            list: false,
        }
    }

    /// Only the id and what a path names.
    pub fn of_path(path: &Path) -> Self {
        Self {
            paths: vec![path.clone()],
            body: BodyKind::Text,
            ..Self::id_only()
        }
    }

    /// Reads an `ItemShape`.
    pub fn read(element: &Element) -> Result<Self, Refusal> {
        let mut sequence = Sequence::of(element, Space::Types);
        let base = Base::read(sequence.need("BaseShape")?)?;
        let mime = match sequence.take("IncludeMimeContent") {
            Some(element) => flag("IncludeMimeContent", &element.text)?,
            None => false,
        };
        let body = match sequence.take("BodyType").map(|element| element.text.trim()) {
            None | Some("Best") => BodyKind::Best,
            Some("HTML") => BodyKind::Html,
            Some("Text") => BodyKind::Text,
            Some(other) => return Err(invalid("BodyType", other)),
        };
        for further in [
            "UniqueBodyType",
            "NormalizedBodyType",
            "FilterHtmlContent",
            "ConvertHtmlCodePageToUTF8",
            "InlineImageUrlTemplate",
            "BlockExternalImages",
            "AddBlankTargetToLinks",
            "MaximumBodySize",
        ] {
            sequence.take(further);
        }
        let paths = match sequence.take("AdditionalProperties") {
            Some(element) => Sequence::of(element, Space::Types)
                .need_all(path::ELEMENTS)?
                .into_iter()
                .map(Path::read)
                .collect::<Result<_, _>>()?,
            None => Vec::new(),
        };
        sequence.done()?;
        Ok(Self {
            base,
            body,
            mime,
            paths,
            list: false,
        })
    }

    /// The shape for changes. What only `GetItem` brings is left out, though it may be asked for.
    pub fn in_changes(self) -> Self {
        Self { list: true, ..self }
    }

    /// The shape for a list. What only `GetItem` brings must not be asked for by name.
    pub fn in_list(self) -> Result<Self, Refusal> {
        let refused = self.paths.iter().any(|path| match path {
            Path::Field(uri) => uri
                .split_once(':')
                .is_some_and(|(family, field)| family != "folder" && !fields::listed(field)),
            Path::Indexed { .. } | Path::Extended(_) => false,
        });
        if refused || self.mime {
            return Err(Refusal::new(
                "ErrorInvalidPropertyRequest",
                "Property is not valid for this request.",
            ));
        }
        Ok(self.in_changes())
    }

    /// Whether the field is to be shown.
    pub fn wants(&self, class: Class, field: Field) -> bool {
        let by_base = match self.base {
            _ if field.name == "ItemId" => true,
            Base::IdOnly => false,
            Base::Default => class.shown_by_default().contains(&field.name),
            Base::AllProperties => field.name != "MimeContent",
        };
        let by_name = || {
            self.paths
                .iter()
                .any(|path| matches!(path, Path::Field(uri) if field.is(uri)))
        };
        let carried = !self.list || fields::listed(field.name);
        carried && (by_base || (self.mime && field.name == "MimeContent") || by_name())
    }
}
