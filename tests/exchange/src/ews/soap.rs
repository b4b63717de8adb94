//! The SOAP envelope: what a request's header says, and how answers and faults are wrapped.

use super::refusal::Refusal;
use super::response;
use super::sequence::attribute;
use super::time_zone;
use super::xml::{Element, Space};
use crate::answer::Answer;
use crate::zone::Zone;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The address of the mailbox that the caller asks to be taken for.
    pub impersonated: Option<Impersonated>,
    /// The zone of `TimeZoneContext`.
    pub zone: Option<Zone>,
    /// The first child of the body.
    pub request: Element,
}

/// How a request names the account that it acts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impersonated(pub String);

/// The versions of the schema that a request may name.
const VERSIONS: &[&str] = &[
    "Exchange2007",
    "Exchange2007_SP1",
    "Exchange2010",
    "Exchange2010_SP1",
    "Exchange2010_SP2",
    "Exchange2013",
    "Exchange2013_SP1",
    "Exchange2016",
];

impl Envelope {
    pub fn read(document: &str) -> Result<Self, Refusal> {
        let envelope =
            Element::parse(document).map_err(|error| Refusal::schema(error.to_string()))?;
        let body = envelope
            .child("Body")
            .filter(|body| envelope.name == "Envelope" && body.space == Space::Soap)
            .ok_or_else(|| Refusal::schema("There is no soap:Body."))?;
        let request = body
            .children
            .first()
            .ok_or_else(|| Refusal::schema("The soap:Body is empty."))?;
        let mut read = Self {
            impersonated: None,
            zone: None,
            request: request.clone(),
        };
        for part in envelope
            .child("Header")
            .map_or(&[][..], |header| &header.children)
        {
            read.header(part)?;
        }
        Ok(read)
    }

    fn header(&mut self, part: &Element) -> Result<(), Refusal> {
        match part.name.as_str() {
            "RequestServerVersion" => {
                let version = attribute(part, "Version")?;
                if !VERSIONS.contains(&version) {
                    return Err(Refusal::new(
                        "ErrorInvalidServerVersion",
                        "The specified server version is invalid.",
                    ));
                }
            }
            "ExchangeImpersonation" => {
                let address = part
                    .child("ConnectingSID")
                    .and_then(|sid| sid.children.first())
                    .filter(|kind| {
                        ["PrincipalName", "PrimarySmtpAddress", "SmtpAddress"]
                            .contains(&kind.name.as_str())
                    });
                let address = address.ok_or_else(|| {
                    Refusal::new(
                        "ErrorInvalidExchangeImpersonationHeaderData",
                        "ExchangeImpersonation SOAP header must contain an address.",
                    )
                })?;
                self.impersonated = Some(Impersonated(address.text.trim().to_owned()));
            }
            "TimeZoneContext" => {
                let definition = part.child("TimeZoneDefinition");
                self.zone = definition.map(time_zone::read).transpose()?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// An answer with the header that says which server it is from.
pub fn answer(content: Element) -> Answer {
    let version = Element::types("ServerVersionInfo")
        .with_attribute("MajorVersion", "15")
        .with_attribute("MinorVersion", "2")
        .with_attribute("MajorBuildNumber", "2562")
        .with_attribute("MinorBuildNumber", "17")
        .with_attribute("Version", "V2017_07_11");
    let envelope = Element::new(Space::Soap, "Envelope")
        .with(Element::new(Space::Soap, "Header").with(version))
        .with(Element::new(Space::Soap, "Body").with(content));
    Answer::xml(200, envelope.document())
}

/// A refusal of the whole request.
pub fn fault(status: u16, refusal: &Refusal) -> Answer {
    let plain = |name: &str, text: &str| Element::new(Space::None, name).with_text(text);
    let error = |name: &str, text: &str| Element::new(Space::Errors, name).with_text(text);
    let mut detail = Element::new(Space::None, "detail")
        .with(error("ResponseCode", &refusal.code))
        .with(error("Message", &refusal.text));
    if !refusal.values.is_empty() {
        detail = detail.with(Element::types("MessageXml").with_all(response::values(refusal)));
    }
    let fault = Element::new(Space::Soap, "Fault")
        .with(plain("faultcode", &format!("t:{}", refusal.code)))
        .with(plain("faultstring", &refusal.text).with_attribute("xml:lang", "en-US"))
        .with(detail);
    let envelope =
        Element::new(Space::Soap, "Envelope").with(Element::new(Space::Soap, "Body").with(fault));
    Answer::xml(status, envelope.document())
}
