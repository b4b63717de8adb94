//! What several themes need.

use exchange::Found;
use tandem::psa::appointment::AppointmentRecord;

/// The plain text of an item's body.
pub fn text(found: &Found) -> String {
    let body = found.json["body"]["content"].as_str();
    body.unwrap_or_default().to_owned()
}

/// The only record for which something holds.
pub fn named(
    records: &[AppointmentRecord],
    holds: impl Fn(&AppointmentRecord) -> bool,
) -> &AppointmentRecord {
    let mut found = records.iter().filter(|record| holds(record));
    let one = found.next().expect("there is one");
    assert!(found.next().is_none(), "there are several: {records:#?}");
    one
}

/// The record with a title.
pub fn titled<'a>(records: &'a [AppointmentRecord], title: &str) -> &'a AppointmentRecord {
    named(records, |record| record.fields.title == title)
}
