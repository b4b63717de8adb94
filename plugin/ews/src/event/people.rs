//! Organiser, attendees and their answers.

use sync::contract::{Attendee, AttendeeRole, Meeting, Person, Response};

use super::{boolean, wire};

/// The bit of `AppointmentState` that says that the item came as somebody's invitation (MS-OXOCAL,
/// section 2.2.1.10).
const RECEIVED: u32 = 2;

/// What makes an item a meeting.
///
/// The owner organises what says so, and what did not come as an invitation. An item that tells
/// neither is taken for somebody else's: then nothing is written to it.
#[must_use]
pub fn meeting(item: &mut wire::CalendarItem) -> Meeting {
    let state: Option<u32> = item
        .appointment_state
        .as_deref()
        .and_then(|state| state.trim().parse().ok());
    let answer = response(item.my_response_type.as_deref());
    let owner_organizes = match (answer, state) {
        (_, Some(state)) if state & RECEIVED != 0 => false,
        (Response::Organizer, _) => true,
        (Response::None, Some(_)) => true,
        _ => false,
    };
    let lists = [
        (&mut item.required_attendees, AttendeeRole::Required),
        (&mut item.optional_attendees, AttendeeRole::Optional),
        (&mut item.resources, AttendeeRole::Resource),
    ];
    let attendees = lists.into_iter().flat_map(|(list, role)| {
        let list = std::mem::take(&mut list.attendee);
        list.into_iter().map(move |one| Attendee {
            person: person(one.mailbox),
            role,
            response: response(one.response_type.as_deref()),
        })
    });
    Meeting {
        owner_organizes,
        attendees: attendees.collect(),
        organizer: item.organizer.take().map(|one| person(one.mailbox)),
        online: item
            .is_online_meeting
            .as_deref()
            .and_then(boolean)
            .unwrap_or(false),
    }
}

fn person(mailbox: wire::Mailbox) -> Person {
    Person {
        name: mailbox.name,
        address: mailbox.email_address,
    }
}

/// An answer to an invitation.
#[must_use]
pub fn response(name: Option<&str>) -> Response {
    match name {
        Some("Organizer") => Response::Organizer,
        Some("Tentative") => Response::TentativelyAccepted,
        Some("Accept") => Response::Accepted,
        Some("Decline") => Response::Declined,
        Some("NoResponseReceived") => Response::NotResponded,
        _ => Response::None,
    }
}
