//! PSA → Exchange: what a copy says, by the table of the law (behaviour, section 4).
//!
//! One file for each kind of item. A copy never has attendees: its content has no place for them.

mod appointment;

use chrono_tz::Tz;

use crate::base::{fingerprint, fingerprint_line};
use crate::contract::{Digest, EventContent, Instant, PsaContent, PsaRow, Span, Zone};
use crate::zone;

/// What a copy is to say, and which of its fields are ours to say it in.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    /// The copy's fields.
    pub content: EventContent,
    /// The location is ours; else a user may note one on the copy.
    pub owns_location: bool,
}

impl Composed {
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

/// The copy of a PSA row, or none for kinds that this version leaves at home.
#[must_use]
pub fn compose(row: &PsaRow, mailbox_zone: &Zone, now: Instant) -> Option<Composed> {
    match &row.content {
        PsaContent::Appointment(appointment) => Some(appointment::compose(
            appointment,
            &row.web_link,
            mailbox_zone,
            now,
        )),
        PsaContent::ToDo(_) | PsaContent::ServiceCall(_) | PsaContent::Contact(_) => None,
    }
}

/// A copy's body: the item's own text, and at its end the link that opens it in the PSA.
fn body_with_link(text: &str, web_link: &str) -> String {
    let text = text.trim_end();
    if web_link.is_empty() {
        text.to_owned()
    } else if text.is_empty() {
        format!("Open in the PSA: {web_link}")
    } else {
        format!("{text}\n\nOpen in the PSA: {web_link}")
    }
}

/// A past item, and one under way, gets no reminder; nobody wants a storm of overdue ones at the
/// first export. An all-day item begins at its own midnight, here taken in the mailbox's zone.
fn without_reminder(span: &Span, mailbox_zone: &Zone, now: Instant) -> bool {
    let begins = match span {
        Span::Timed(timed) => Some(timed.start),
        Span::AllDay(days) => {
            zone::midnight(days.first, zone::resolve(mailbox_zone).unwrap_or(Tz::UTC))
        }
    };
    begins.is_none_or(|begins| begins.microseconds <= now.microseconds)
}
