//! How appointments are written.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::problem::Problem;
use crate::api::span::{Given, When};
use crate::api::text::{plain, present, side};
use crate::api::time::instant_text;
use crate::contract::{Appointment, PsaId};
use crate::psa::appointment::AppointmentRecord;

/// An appointment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
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
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was changed last, by whomever.
    #[schema(format = DateTime)]
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
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only of this user.
    pub resource: Option<String>,
    /// Only what changed after this version, deleted ones too.
    #[param(value_type = Option<u64>)]
    pub since: Option<String>,
    /// Only what ends after this instant. Whole days count in the zone where they end last.
    #[param(format = DateTime)]
    pub from: Option<String>,
    /// Only what begins before this instant. Whole days count in the zone where they begin first.
    #[param(format = DateTime)]
    pub to: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A new appointment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
    /// Whose calendar it goes to.
    pub resource: String,
    /// The title, at most 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub title: String,
    /// The description, at most 8,000 characters.
    #[serde(default)]
    #[schema(max_length = 8_000)]
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
    #[schema(format = DateTime)]
    pub start: Option<String>,
    /// The first instant after.
    #[schema(format = DateTime)]
    pub end: Option<String>,
    /// The first day.
    #[schema(format = Date)]
    pub first_day: Option<String>,
    /// The last day, inclusive.
    #[schema(format = Date)]
    pub last_day: Option<String>,
}

impl NewAppointment {
    /// Whose calendar it goes to, and its fields.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn parse(self) -> Result<(PsaId, Appointment), Problem> {
        let given = Given {
            all_day: self.all_day,
            start: self.start,
            end: self.end,
            first_day: self.first_day,
            last_day: self.last_day,
        };
        let fields = Appointment {
            title: plain("title", self.title)?,
            description: plain("description", self.description)?,
            span: given.span()?,
            private: self.private,
            free: self.free,
            recurring: false,
            not_answered: false,
        };
        let resource = PsaId {
            value: plain("resource", self.resource)?,
        };
        Ok((resource, fields))
    }
}

/// A change of an appointment; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointmentChange {
    /// The title.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, min_length = 1, max_length = 256)]
    pub title: Option<String>,
    /// The description.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, max_length = 8_000)]
    pub description: Option<String>,
    /// Only its owner sees its texts.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub private: Option<bool>,
    /// It does not block time.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub free: Option<bool>,
    /// Whole days.
    pub all_day: Option<bool>,
    /// The first instant inside.
    #[schema(format = DateTime)]
    pub start: Option<String>,
    /// The first instant after.
    #[schema(format = DateTime)]
    pub end: Option<String>,
    /// The first day.
    #[schema(format = Date)]
    pub first_day: Option<String>,
    /// The last day, inclusive.
    #[schema(format = Date)]
    pub last_day: Option<String>,
}
