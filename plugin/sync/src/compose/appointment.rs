//! An appointment's copy: title, description and link; busy; private where the PSA's is.

use super::{Composed, body_with_link, without_reminder};
use crate::contract::{Appointment, EventContent, Instant, Sensitivity, ShowAs, Zone};

pub(super) fn compose(
    appointment: &Appointment,
    web_link: &str,
    mailbox_zone: &Zone,
    now: Instant,
) -> Composed {
    let content = EventContent {
        subject: appointment.title.clone(),
        location: String::new(),
        body: body_with_link(&appointment.description, web_link),
        span: appointment.span,
        zone: mailbox_zone.clone(),
        sensitivity: if appointment.private {
            Sensitivity::Private
        } else {
            Sensitivity::Normal
        },
        show_as: ShowAs::Busy,
        without_reminder: without_reminder(&appointment.span, mailbox_zone, now),
    };
    // The PSA's appointment has no location, so what a user notes there stays.
    Composed {
        content,
        owns_location: false,
    }
}
