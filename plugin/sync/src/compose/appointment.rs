//! An appointment's copy: title and description; private where the PSA's is.

use super::Words;
use crate::contract::Appointment;

pub(super) fn words(appointment: &Appointment) -> Words {
    Words {
        subject: appointment.title.clone(),
        // The PSA's appointment has no location, so what a user notes there stays.
        location: None,
        text: appointment.description.clone(),
        span: appointment.span,
        private: appointment.private,
    }
}
