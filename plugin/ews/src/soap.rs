//! SOAP 1.1: the envelope of every request and answer, and faults.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::operation::message::MessageXml;
use crate::xml::Element;

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const TYPES: &str = "http://schemas.microsoft.com/exchange/services/2006/types";
const MESSAGES: &str = "http://schemas.microsoft.com/exchange/services/2006/messages";

/// The version of the schema that requests are made by: what Exchange 2013 and all later ones know.
const VERSION: &str = "Exchange2013_SP1";

/// The text of a request, made as the owner of a mailbox where an account acts for others.
#[must_use]
pub fn envelope(impersonated: Option<&str>, body: Element) -> String {
    let version = Element::empty("t:RequestServerVersion").with("Version", VERSION);
    let owner = impersonated.map(|address| {
        let address = Element::text("t:PrimarySmtpAddress", address);
        Element::holding(
            "t:ExchangeImpersonation",
            [Element::holding("t:ConnectingSID", [address])],
        )
    });
    let header = std::iter::once(version).chain(owner);
    let envelope = Element::holding(
        "s:Envelope",
        [
            Element::holding("s:Header", header),
            Element::holding("s:Body", [body]),
        ],
    )
    .with("xmlns:s", SOAP)
    .with("xmlns:t", TYPES)
    .with("xmlns:m", MESSAGES);
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>{}",
        envelope.print()
    )
}

#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(rename = "Body")]
    body: Body<T>,
}

/// Whatever the message is called.
#[derive(Deserialize)]
struct Body<T> {
    #[serde(rename = "$value")]
    message: T,
}

/// The message in an envelope.
///
/// # Errors
/// What is not as expected.
pub fn message<T: DeserializeOwned>(envelope: &[u8]) -> Result<T, String> {
    let text = String::from_utf8_lossy(envelope);
    let text = text.trim_start_matches('\u{feff}');
    quick_xml::de::from_str::<Envelope<T>>(text)
        .map(|envelope| envelope.body.message)
        .map_err(|error| error.to_string())
}

/// A fault: the whole request failed.
#[derive(Debug, Default, Deserialize)]
pub struct Fault {
    /// The name of the error, in faults that have no details: `a:ErrorServerBusy`.
    #[serde(rename = "faultcode")]
    code: FaultCode,
    /// A sentence.
    #[serde(rename = "faultstring", default)]
    text: Text,
    #[serde(rename = "detail", default)]
    detail: Detail,
}

#[derive(Debug, Default, Deserialize)]
struct FaultCode {
    #[serde(rename = "$text", default)]
    text: String,
}

/// A text that may carry attributes, such as its language.
#[derive(Debug, Default, Deserialize)]
struct Text {
    #[serde(rename = "$text", default)]
    text: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Detail {
    response_code: String,
    message: String,
    message_xml: MessageXml,
}

impl Fault {
    /// The fault in an answer, where it is one.
    #[must_use]
    pub fn read(envelope: &[u8]) -> Option<Self> {
        message(envelope).ok()
    }

    /// The name of the error.
    #[must_use]
    pub fn code(&self) -> &str {
        match self.detail.response_code.as_str() {
            "" => {
                let code = &self.code.text;
                code.rsplit_once(':').map_or(code, |(_, name)| name)
            }
            code => code,
        }
    }

    /// What it says.
    #[must_use]
    pub fn text(&self) -> &str {
        match self.detail.message.as_str() {
            "" => &self.text.text,
            text => text,
        }
    }

    /// What it says for programs.
    #[must_use]
    pub const fn values(&self) -> &MessageXml {
        &self.detail.message_xml
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY: &str = r#"<?xml version="1.0" encoding="utf-8"?>
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
        <faultcode xmlns:a="http://schemas.microsoft.com/exchange/services/2006/types">a:ErrorServerBusy</faultcode>
        <faultstring xml:lang="en-US">The server cannot service this request right now.</faultstring>
        <detail><e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">ErrorServerBusy</e:ResponseCode>
        <e:Message xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">Try again later.</e:Message>
        <t:MessageXml xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><t:Value Name="BackOffMilliseconds">297749</t:Value></t:MessageXml>
        </detail></s:Fault></s:Body></s:Envelope>"#;

    #[test]
    fn a_fault_is_read_with_what_it_says_for_programs() {
        let fault = Fault::read(BUSY.as_bytes()).unwrap();
        assert_eq!(fault.code(), "ErrorServerBusy");
        assert_eq!(fault.text(), "Try again later.");
        assert_eq!(fault.values().value("BackOffMilliseconds"), Some("297749"));
    }

    #[test]
    fn a_fault_without_details_is_known_by_its_code() {
        let text = r#"<Envelope><Body><Fault><faultcode>a:ErrorServerBusy</faultcode>
            <faultstring>Busy</faultstring></Fault></Body></Envelope>"#;
        let fault = Fault::read(text.as_bytes()).unwrap();
        assert_eq!((fault.code(), fault.text()), ("ErrorServerBusy", "Busy"));
    }

    #[test]
    fn an_answer_is_no_fault() {
        let text = r"<Envelope><Body><GetItemResponse><ResponseMessages/></GetItemResponse></Body></Envelope>";
        assert!(Fault::read(text.as_bytes()).is_none());
    }

    #[test]
    fn who_acts_for_others_says_for_whom() {
        let body = || Element::empty("m:X");
        let own = envelope(None, body());
        assert!(!own.contains("Impersonation"), "{own}");
        let others = envelope(Some("a@b.example"), body());
        assert!(
            others.contains(
                "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>a@b.example<"
            ),
            "{others}"
        );
    }
}
