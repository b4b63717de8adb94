//! PSA → Exchange: what a copy says, by the table of the law (behaviour, section 4).
//!
//! One file for each kind of item. A copy never has attendees: its content has no place for them.

mod appointment;
pub mod block;
mod contact;
mod service_call;
mod to_do;

use crate::base::{digest_of_contact, fingerprint, fingerprint_line};
use crate::contract::{
    Batch, Contact, ContactSelection, Digest, EventContent, ExchangeContent, Instant, ItemKind,
    Mailbox, PsaContent, PsaRow, Rule, Sensitivity, ShowAs, Span, Zone,
};
use crate::cut::cut;
use crate::zone;

/// The longest subject that Exchange keeps, in characters.
const SUBJECT_LIMIT: usize = 255;
/// How the line begins that opens the item in the PSA.
const LINK_LABEL: &str = "Open in the PSA: ";

/// What a kind of calendar item says on its copy; all else is the same for every kind.
struct Words {
    subject: String,
    /// None where the kind has no location.
    location: Option<String>,
    /// The body without the link at its end.
    text: String,
    span: Span,
    private: bool,
}

/// What a copy is to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Composed {
    /// An item of the calendar.
    Event(ComposedEvent),
    /// A contact.
    Contact(Box<ComposedContact>),
}

/// A calendar item's copy, and which of its fields are ours to say it in.
#[derive(Clone, Debug, PartialEq)]
pub struct ComposedEvent {
    /// The copy's fields.
    pub content: EventContent,
    /// The location is ours; else a user may note one on the copy.
    pub owns_location: bool,
    /// The body is a block beside which the copy's user may write.
    pub body_is_a_block: bool,
}

/// A contact's copy.
#[derive(Clone, Debug, PartialEq)]
pub struct ComposedContact {
    /// The copy's fields.
    pub content: Contact,
    /// Under which setting the contact was chosen.
    pub selection: ContactSelection,
}

impl Composed {
    /// The copy's fields in normal form.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Event(event) => event.digest(),
            Self::Contact(contact) => contact.digest(),
        }
    }

    /// What is to be made in Exchange.
    #[must_use]
    pub fn into_content(self) -> ExchangeContent {
        match self {
            Self::Event(event) => ExchangeContent::Event(event.content),
            Self::Contact(contact) => ExchangeContent::Contact(contact.content),
        }
    }
}

impl ComposedEvent {
    /// The copy's fields in normal form.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest {
            span: self.content.span,
            subject: fingerprint_line(&self.content.subject),
            location: fingerprint_line(&self.content.location),
            body: fingerprint(&self.content.body),
            sensitivity: self.content.sensitivity,
            show_as: self.content.show_as,
        }
    }
}

impl ComposedContact {
    /// The copy's fields in normal form. A contact has no location: in its place stands the setting
    /// under which it was chosen, so that a later cycle can tell whether its data took it out of
    /// the selection, or another setting.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest {
            location: fingerprint(match self.selection {
                ContactSelection::Own => "own",
                ContactSelection::Territory => "territory",
                ContactSelection::All => "all",
            }),
            ..digest_of_contact(&self.content)
        }
    }
}

/// The copy of a PSA row.
#[must_use]
pub fn compose(row: &PsaRow, batch: &Batch) -> Composed {
    let words = match &row.content {
        PsaContent::Appointment(appointment) => appointment::words(appointment),
        PsaContent::ToDo(to_do) => to_do::words(to_do),
        PsaContent::ServiceCall(call) => service_call::words(call),
        PsaContent::Contact(contact) => {
            return Composed::Contact(Box::new(ComposedContact {
                content: contact::compose(&contact.fields, &row.web_link),
                selection: batch.settings.contact_selection,
            }));
        }
    };
    let zone = zone::of_mailbox(&batch.mailbox);
    let owns_location = words.location.is_some();
    let content = EventContent {
        subject: cut(&words.subject, SUBJECT_LIMIT),
        location: words.location.unwrap_or_default(),
        body: with_link(&words.text, &row.web_link),
        span: words.span,
        sensitivity: if words.private {
            Sensitivity::Private
        } else {
            Sensitivity::Normal
        },
        show_as: ShowAs::Busy,
        without_reminder: without_reminder(&words.span, &zone, batch.now),
        zone,
    };
    Composed::Event(ComposedEvent {
        content,
        owns_location,
        body_is_a_block: row.reference.kind == ItemKind::ServiceCall,
    })
}

/// Whether a row stands in the calendar of another user than the mailbox's.
#[must_use]
pub fn is_of_another(row: &PsaRow, mailbox: &Mailbox) -> bool {
    row.owner
        .as_ref()
        .is_some_and(|owner| *owner != mailbox.owner)
}

/// Why a row's own data keep it out of this mailbox, or none when it travels (behaviour, section 2).
#[must_use]
pub fn kept_at_home(row: &PsaRow, mailbox: &Mailbox) -> Option<Rule> {
    if is_of_another(row, mailbox) {
        return Some(Rule::ResourceTakenOff);
    }
    match &row.content {
        PsaContent::Appointment(_) => None,
        PsaContent::ToDo(to_do) => (!to_do.on_calendar).then_some(Rule::PsaItemLeftSelection),
        PsaContent::ServiceCall(call) => (!call.assigned).then_some(Rule::ResourceTakenOff),
        PsaContent::Contact(contact) => {
            (!contact.active || !contact.selected).then_some(Rule::PsaItemLeftSelection)
        }
    }
}

/// A body: the item's own text, and at its end the link that opens it in the PSA.
fn with_link(text: &str, web_link: &str) -> String {
    let text = text.trim_end();
    if web_link.is_empty() {
        text.to_owned()
    } else if text.is_empty() {
        format!("{LINK_LABEL}{web_link}")
    } else {
        format!("{text}\n\n{LINK_LABEL}{web_link}")
    }
}

/// A heading of two parts on one line each; an empty part is left out.
fn heading(first: &str, second: &str) -> String {
    let parts = [first, second].map(|part| part.trim().lines().next().unwrap_or_default());
    let told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    told.join(": ")
}

/// Lines of name and value; those without a value are left out.
fn facts(facts: &[(&str, &str)]) -> String {
    let lines: Vec<String> = facts
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!("{name}: {}", value.trim()))
        .collect();
    lines.join("\n")
}

/// Paragraphs with an empty line between them; empty ones are left out.
fn paragraphs(paragraphs: &[&str]) -> String {
    let told: Vec<&str> = paragraphs
        .iter()
        .map(|paragraph| paragraph.trim())
        .filter(|paragraph| !paragraph.is_empty())
        .collect();
    told.join("\n\n")
}

/// A past item, and one under way, gets no reminder; nobody wants a storm of overdue ones at the
/// first export. An all-day item begins at its own midnight, here taken in the mailbox's zone.
fn without_reminder(span: &Span, mailbox_zone: &Zone, now: Instant) -> bool {
    zone::begin(span, mailbox_zone).is_none_or(|begin| begin.microseconds <= now.microseconds)
}
