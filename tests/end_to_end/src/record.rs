//! The PSA's records, as tests write them and find them again.

use tandem::contract::{Appointment, Side, Span};
use tandem::psa::appointment::AppointmentRecord;

/// An appointment without anything special.
#[must_use]
pub fn plain(title: &str, span: Span) -> Appointment {
    Appointment {
        title: title.to_owned(),
        description: String::new(),
        span,
        private: false,
        free: false,
        recurring: false,
        not_answered: false,
    }
}

/// Whether Exchange originates it.
#[must_use]
pub fn from_exchange(record: &AppointmentRecord) -> bool {
    record.origin == Side::Exchange
}

/// The only record for which something holds.
#[must_use]
pub fn only(
    records: &[AppointmentRecord],
    holds: impl Fn(&AppointmentRecord) -> bool,
) -> &AppointmentRecord {
    let mut found = records.iter().filter(|record| holds(record));
    let one = found.next().expect("there is one");
    assert!(found.next().is_none(), "there are several: {records:#?}");
    one
}

/// The record with a title.
#[must_use]
pub fn titled<'a>(records: &'a [AppointmentRecord], title: &str) -> &'a AppointmentRecord {
    only(records, |record| record.fields.title == title)
}
