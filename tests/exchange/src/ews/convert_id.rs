//! `ConvertId`: the forms that an id has in EWS. Graph's are not among them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::refusal::Refusal;
use super::response::{self, Outcome};
use super::sequence::{Sequence, attribute, invalid};
use super::stores::Stores;
use super::xml::{Element, Space};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The forms of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// As requests and answers name items. The legacy form is the same here.
    Ews,
    Entry,
    HexEntry,
    Store,
    Owa,
}

impl Format {
    fn read(place: &str, word: &str) -> Result<Self, Refusal> {
        match word {
            "EwsId" | "EwsLegacyId" => Ok(Self::Ews),
            "EntryId" => Ok(Self::Entry),
            "HexEntryId" => Ok(Self::HexEntry),
            "StoreId" => Ok(Self::Store),
            "OwaId" => Ok(Self::Owa),
            other => Err(invalid(place, other)),
        }
    }

    fn write(self, id: &str) -> String {
        let base64 = |prefix: &str| BASE64_STANDARD.encode(format!("{prefix}{id}"));
        match self {
            Self::Ews => id.to_owned(),
            Self::Entry => base64("E"),
            Self::Store => base64("S"),
            Self::Owa => base64("O").replace('+', "%2b").replace('/', "%2f"),
            Self::HexEntry => id.bytes().map(|byte| format!("{byte:02X}")).collect(),
        }
    }

    /// The id that a text of this form stands for.
    fn parse(self, text: &str) -> Option<String> {
        let bytes = |text: &str, prefix: &str| {
            let plain = String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok()?;
            plain.strip_prefix(prefix).map(ToOwned::to_owned)
        };
        match self {
            Self::Ews => Some(text.to_owned()),
            Self::Entry => bytes(text, "E"),
            Self::Store => bytes(text, "S"),
            Self::Owa => bytes(&text.replace("%2b", "+").replace("%2f", "/"), "O"),
            Self::HexEntry => {
                let digits = text.as_bytes().chunks(2);
                let bytes: Option<Vec<u8>> = digits
                    .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                    .collect();
                String::from_utf8(bytes?).ok()
            }
        }
    }
}

pub fn answer(request: &Element, stores: &Stores<'_>) -> Result<Element, Refusal> {
    let wanted = attribute(request, "DestinationFormat")?;
    let format = Format::read("DestinationFormat", wanted)?;
    let mut parts = Sequence::of(request, Space::Messages);
    let ids = Sequence::of(parts.need("SourceIds")?, Space::Types).need_all(&["AlternateId"])?;
    parts.done()?;
    let outcomes = ids
        .into_iter()
        .map(|source| {
            let from = Format::read("Format", attribute(source, "Format")?)?;
            let mailbox = attribute(source, "Mailbox")?;
            Ok(convert(from, attribute(source, "Id")?, stores).map(|id| {
                vec![
                    Element::messages("AlternateId")
                        .with_attribute("xmlns:xsi", XSI)
                        .with_attribute("xsi:type", "t:AlternateIdType")
                        .with_attribute("Format", wanted)
                        .with_attribute("Id", format.write(&id))
                        .with_attribute("Mailbox", mailbox),
                ]
            }))
        })
        .collect::<Result<Vec<Outcome>, Refusal>>()?;
    Ok(response::of("ConvertId", outcomes))
}

/// The id as EWS has it, if it is one of a store that the request may look at.
fn convert(from: Format, text: &str, stores: &Stores<'_>) -> Result<String, Refusal> {
    let id = from.parse(text).ok_or_else(Refusal::malformed_id)?;
    stores.of_id(&id)?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_leads_back_to_the_id() {
        for format in [
            Format::Ews,
            Format::Entry,
            Format::HexEntry,
            Format::Store,
            Format::Owa,
        ] {
            let written = format.write("AAMk+/=");
            assert_eq!(format.parse(&written).as_deref(), Some("AAMk+/="));
        }
        assert_eq!(Format::Entry.parse("no base64"), None);
    }
}
