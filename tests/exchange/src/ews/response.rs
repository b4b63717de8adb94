//! The frame of an answer: one response message for each thing that was asked for, each a success or a refusal.

use super::refusal::Refusal;
use super::xml::Element;

/// What became of one thing that was asked for: what the message brings after its code, or why not.
pub type Outcome = Result<Vec<Element>, Refusal>;

/// The answer to an operation.
pub fn of(operation: &str, outcomes: impl IntoIterator<Item = Outcome>) -> Element {
    let messages = outcomes
        .into_iter()
        .map(|outcome| message(operation, outcome));
    Element::messages(&format!("{operation}Response"))
        .with(Element::messages("ResponseMessages").with_all(messages))
}

fn message(operation: &str, outcome: Outcome) -> Element {
    let name = format!("{operation}ResponseMessage");
    match outcome {
        Ok(content) => success(&name).with_all(content),
        Err(refusal) => refused(&name, &refusal).with_all(empty_content(operation)),
    }
}

/// A message that says that all went well.
pub fn success(name: &str) -> Element {
    Element::messages(name)
        .with_attribute("ResponseClass", "Success")
        .with(Element::messages("ResponseCode").with_text("NoError"))
}

/// A message that says why not.
pub fn refused(name: &str, refusal: &Refusal) -> Element {
    let message = Element::messages(name)
        .with_attribute("ResponseClass", "Error")
        .with(Element::messages("MessageText").with_text(&refusal.text))
        .with(Element::messages("ResponseCode").with_text(&refusal.code))
        .with(Element::messages("DescriptiveLinkKey").with_text("0"));
    if refusal.values.is_empty() {
        return message;
    }
    message.with(Element::messages("MessageXml").with_all(values(refusal)))
}

/// The named values of a refusal.
pub fn values(refusal: &Refusal) -> Vec<Element> {
    let show = |(name, value): &(&'static str, String)| {
        Element::text("Value", value).with_attribute("Name", *name)
    };
    refusal.values.iter().map(show).collect()
}

/// What a message of a refused request holds nevertheless.
fn empty_content(operation: &str) -> Vec<Element> {
    match operation {
        "GetItem" | "CreateItem" | "UpdateItem" | "MoveItem" | "CopyItem" => {
            vec![Element::messages("Items")]
        }
        "GetFolder" | "CreateFolder" => vec![Element::messages("Folders")],
        "GetServerTimeZones" => vec![Element::messages("TimeZoneDefinitions")],
        "SyncFolderItems" => vec![
            Element::messages("SyncState"),
            Element::messages("IncludesLastItemInRange").with_text("true"),
        ],
        _ => Vec::new(),
    }
}
