//! `ResolveNames`: the mailboxes whose address begins with what was typed.

use super::context::Context;
use super::refusal::Refusal;
use super::response;
use super::sequence::{Sequence, attribute, flag};
use super::xml::{Element, Space};

pub fn answer(request: &Element, context: &Context) -> Result<Element, Refusal> {
    let with_contact = flag(
        "ReturnFullContactData",
        attribute(request, "ReturnFullContactData")?,
    )?;
    let mut parts = Sequence::of(request, Space::Messages);
    parts.take("ParentFolderIds");
    let typed = parts.need("UnresolvedEntry")?.text.trim().to_lowercase();
    parts.done()?;
    let typed = typed.strip_prefix("smtp:").unwrap_or(&typed);
    let found: Vec<&String> = context
        .addresses
        .iter()
        .filter(|address| address.to_lowercase().starts_with(typed))
        .collect();
    let outcome = if found.is_empty() {
        Err(Refusal::new(
            "ErrorNameResolutionNoResults",
            "No results were found.",
        ))
    } else {
        let shown = found
            .iter()
            .map(|address| resolution(address, with_contact));
        let set = Element::messages("ResolutionSet")
            .with_attribute("TotalItemsInView", found.len().to_string())
            .with_attribute("IncludesLastItemInRange", "true")
            .with_all(shown);
        Ok(vec![set])
    };
    Ok(response::of("ResolveNames", [outcome]))
}

fn resolution(address: &str, with_contact: bool) -> Element {
    let mailbox = Element::types("Mailbox")
        .with(Element::text("Name", address))
        .with(Element::text("EmailAddress", address))
        .with(Element::text("RoutingType", "SMTP"))
        .with(Element::text("MailboxType", "Mailbox"));
    let contact = || {
        let entry = Element::text("Entry", format!("SMTP:{address}"))
            .with_attribute("Key", "EmailAddress1");
        Element::types("Contact")
            .with(Element::text("DisplayName", address))
            .with(Element::types("EmailAddresses").with(entry))
            .with(Element::text("ContactSource", "ActiveDirectory"))
    };
    Element::types("Resolution")
        .with(mailbox)
        .with_all(with_contact.then(contact))
}
