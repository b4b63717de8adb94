//! Organiser, attendees and their answers.

use sync::contract::{Attendee, AttendeeRole, Meeting, Person, Response};

use super::wire;

/// What makes an event a meeting.
///
/// An event whose organiser Graph does not tell is taken for somebody else's: then nothing is
/// written to it that could mail people.
#[must_use]
pub fn meeting(
    organizer: Option<wire::Recipient>,
    attendees: Vec<wire::Attendee>,
    is_organizer: Option<bool>,
    online: Option<bool>,
) -> Meeting {
    Meeting {
        owner_organizes: is_organizer.unwrap_or(false),
        organizer: organizer
            .and_then(|recipient| recipient.email_address)
            .map(|address| person(Some(address))),
        attendees: attendees.into_iter().map(attendee).collect(),
        online: online.unwrap_or(false),
    }
}

fn attendee(attendee: wire::Attendee) -> Attendee {
    Attendee {
        role: match attendee.role.as_deref() {
            Some("optional") => AttendeeRole::Optional,
            Some("resource") => AttendeeRole::Resource,
            _ => AttendeeRole::Required,
        },
        response: response(attendee.status.as_ref()),
        person: person(attendee.email_address),
    }
}

fn person(address: Option<wire::Address>) -> Person {
    let address = address.unwrap_or_default();
    Person {
        name: address.name.unwrap_or_default(),
        address: address.address.unwrap_or_default(),
    }
}

/// An answer to an invitation.
#[must_use]
pub fn response(status: Option<&wire::ResponseStatus>) -> Response {
    match status.and_then(|status| status.response.as_deref()) {
        Some("organizer") => Response::Organizer,
        Some("tentativelyAccepted") => Response::TentativelyAccepted,
        Some("accepted") => Response::Accepted,
        Some("declined") => Response::Declined,
        Some("notResponded") => Response::NotResponded,
        _ => Response::None,
    }
}
