//! How appointments are written.

use serde::{Deserialize, Serialize};

use crate::api::span::When;
use crate::api::text::{present, side};
use crate::api::time::instant_text;
use crate::psa::appointment::AppointmentRecord;

/// An appointment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AppointmentView {
    /// The key.
    pub id: String,
    /// Whose calendar it is in.
    pub resource: String,
    /// Rises with each change; the `ETag`.
    pub version: u64,
    /// `psa` or `exchange`: which side owns text and existence.
    pub origin: &'static str,
    /// It is gone, and its texts with it; only in lists with `since`.
    pub deleted: bool,
    /// The title.
    pub title: String,
    /// The description, may be empty.
    pub description: String,
    /// Only its owner sees its texts.
    pub private: bool,
    /// It does not block time.
    pub free: bool,
    /// An occurrence of a series in Exchange.
    pub recurring: bool,
    /// An invitation that is not answered yet.
    pub not_answered: bool,
    /// `all_day`, with `start` and `end` or `first_day` and `last_day`.
    #[serde(flatten)]
    pub when: When,
    /// When it was made.
    pub created: String,
    /// When it was changed last, by whomever.
    pub changed: String,
}

impl From<AppointmentRecord> for AppointmentView {
    fn from(record: AppointmentRecord) -> Self {
        let fields = record.fields;
        Self {
            id: record.id.value,
            resource: record.resource.value,
            version: record.version.number,
            origin: side(record.origin),
            deleted: record.deleted,
            title: fields.title,
            description: fields.description,
            private: fields.private,
            free: fields.free,
            recurring: fields.recurring,
            not_answered: fields.not_answered,
            when: fields.span.into(),
            created: instant_text(record.created),
            changed: instant_text(record.changed),
        }
    }
}

/// Which appointments to list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only of this user.
    pub resource: Option<String>,
    /// Only what changed after this version, deleted ones too.
    pub since: Option<String>,
    /// Only what ends after this instant. Whole days count in the zone where they end last.
    pub from: Option<String>,
    /// Only what begins before this instant. Whole days count in the zone where they begin first.
    pub to: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A new appointment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
    /// Whose calendar it goes to.
    pub resource: String,
    /// The title, at most 256 characters.
    pub title: String,
    /// The description, at most 8,000 characters.
    #[serde(default)]
    pub description: String,
    /// Only its owner sees its texts.
    #[serde(default)]
    pub private: bool,
    /// It does not block time.
    #[serde(default)]
    pub free: bool,
    /// Whole days.
    pub all_day: Option<bool>,
    /// The first instant inside.
    pub start: Option<String>,
    /// The first instant after.
    pub end: Option<String>,
    /// The first day.
    pub first_day: Option<String>,
    /// The last day, inclusive.
    pub last_day: Option<String>,
}

/// A change of an appointment; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AppointmentChange {
    /// The title.
    #[serde(deserialize_with = "present")]
    pub title: Option<String>,
    /// The description.
    #[serde(deserialize_with = "present")]
    pub description: Option<String>,
    /// Only its owner sees its texts.
    #[serde(deserialize_with = "present")]
    pub private: Option<bool>,
    /// It does not block time.
    #[serde(deserialize_with = "present")]
    pub free: Option<bool>,
    /// Whole days.
    pub all_day: Option<bool>,
    /// The first instant inside.
    pub start: Option<String>,
    /// The first instant after.
    pub end: Option<String>,
    /// The first day.
    pub first_day: Option<String>,
    /// The last day, inclusive.
    pub last_day: Option<String>,
}
