//! Exchange → PSA: which items come over, and what the PSA shows of them (behaviour, section 3).

use crate::base::{fingerprint, fingerprint_line};
use crate::contract::{
    Appointment, Digest, EventShape, ExchangeEvent, ImportMode, Response, Rule, Sensitivity,
    Settings, ShowAs,
};
use crate::cut::cut;

/// The longest title that the PSA keeps, in characters.
pub const TITLE_LIMIT: usize = 256;
/// The longest description that the PSA keeps, in characters.
pub const DESCRIPTION_LIMIT: usize = 8_000;
/// What the PSA shows of an item whose texts it must not see.
pub const NEUTRAL_TITLE: &str = "Appointment";

/// Why an item that nobody linked yet stays in Exchange, or none when it comes over.
///
/// The window is not asked here: it concerns both directions.
#[must_use]
pub fn kept_out(event: &ExchangeEvent, settings: &Settings) -> Option<Rule> {
    if event.cancelled {
        Some(Rule::MeetingCancelled)
    } else if event.response == Response::Declined {
        Some(Rule::MeetingDeclined)
    } else if event.show_as == ShowAs::Free && !settings.send_free_time {
        Some(Rule::FreeNotSent)
    } else {
        None
    }
}

/// Whether only the owner may see the item's texts: private, personal and confidential alike.
#[must_use]
pub fn is_private(event: &ExchangeEvent) -> bool {
    event.sensitivity != Sensitivity::Normal
}

/// What the PSA's copy of an event says.
#[must_use]
pub fn import(event: &ExchangeEvent, mode: ImportMode) -> Appointment {
    let private = is_private(event);
    let with_details = mode == ImportMode::AllDetails && !private;
    let (title, description) = if with_details {
        (title(&event.subject), description(event))
    } else {
        (NEUTRAL_TITLE.to_owned(), String::new())
    };
    Appointment {
        title,
        description,
        span: event.span,
        private,
        free: event.show_as == ShowAs::Free,
        recurring: !matches!(event.shape, EventShape::Single),
        not_answered: event.response == Response::NotResponded,
    }
}

/// An appointment's fields in normal form, as the PSA has them.
#[must_use]
pub fn digest_of_appointment(appointment: &Appointment) -> Digest {
    Digest {
        span: appointment.span,
        subject: fingerprint_line(&appointment.title),
        location: fingerprint_line(""),
        body: fingerprint(&appointment.description),
        sensitivity: if appointment.private {
            Sensitivity::Private
        } else {
            Sensitivity::Normal
        },
        show_as: if appointment.free {
            ShowAs::Free
        } else {
            ShowAs::Busy
        },
    }
}

fn title(subject: &str) -> String {
    let subject = subject.trim();
    if subject.is_empty() {
        NEUTRAL_TITLE.to_owned()
    } else {
        cut(subject, TITLE_LIMIT)
    }
}

/// Body, then location and participants. What is too long is cut from the body first.
fn description(event: &ExchangeEvent) -> String {
    let mut tail: Vec<String> = Vec::new();
    if !event.location.trim().is_empty() {
        tail.push(format!("Location: {}", event.location.trim()));
    }
    let participants: Vec<String> = event
        .meeting
        .attendees
        .iter()
        .map(
            |attendee| match (attendee.person.name.trim(), attendee.person.address.trim()) {
                ("", address) => address.to_owned(),
                (name, "") => name.to_owned(),
                (name, address) if name == address => address.to_owned(),
                (name, address) => format!("{name} <{address}>"),
            },
        )
        .filter(|participant| !participant.is_empty())
        .collect();
    if !participants.is_empty() {
        tail.push(format!("Participants: {}", participants.join(", ")));
    }
    let tail = tail.join("\n");
    let body = crate::base::normal_text(&event.body);
    if tail.is_empty() {
        return cut(&body, DESCRIPTION_LIMIT);
    }
    if body.is_empty() {
        return cut(&tail, DESCRIPTION_LIMIT);
    }
    let room = DESCRIPTION_LIMIT.saturating_sub(tail.chars().count() + 2);
    if room < 2 {
        return cut(&tail, DESCRIPTION_LIMIT);
    }
    format!("{}\n\n{tail}", cut(&body, room))
}
