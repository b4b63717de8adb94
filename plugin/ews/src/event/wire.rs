//! Calendar items as EWS sends them: everything may be absent.

use serde::{Deserialize, Serialize};

use crate::operation::message::ItemId;

/// `CalendarItemType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CalendarItem {
    pub item_id: ItemId,
    pub subject: String,
    pub sensitivity: Option<String>,
    pub body: Body,
    pub date_time_created: Option<String>,
    pub extended_property: Vec<ExtendedProperty>,
    #[serde(rename = "UID")]
    pub uid: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub original_start: Option<String>,
    pub is_all_day_event: Option<String>,
    pub legacy_free_busy_status: Option<String>,
    pub location: String,
    pub is_cancelled: Option<String>,
    /// `Single`, `Occurrence`, `Exception` or `RecurringMaster`.
    pub calendar_item_type: Option<String>,
    pub my_response_type: Option<String>,
    pub organizer: Option<Organizer>,
    pub required_attendees: Attendees,
    pub optional_attendees: Attendees,
    pub resources: Attendees,
    pub appointment_state: Option<String>,
    pub recurrence: Option<Recurrence>,
    pub modified_occurrences: Occurrences,
    pub deleted_occurrences: DeletedOccurrences,
    pub start_time_zone: Option<TimeZone>,
    pub start_time_zone_id: Option<String>,
    pub is_online_meeting: Option<String>,
}

/// `BodyType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    #[serde(rename = "@BodyType")]
    pub kind: String,
    #[serde(rename = "$text")]
    pub text: String,
}

/// `ExtendedPropertyType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ExtendedProperty {
    #[serde(rename = "ExtendedFieldURI")]
    pub path: ExtendedPath,
    pub value: String,
}

/// `PathToExtendedFieldType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExtendedPath {
    #[serde(rename = "@PropertySetId")]
    pub set: String,
    #[serde(rename = "@PropertyName")]
    pub name: String,
    #[serde(rename = "@PropertyTag")]
    pub tag: String,
}

/// `TimeZoneDefinitionType`, of which the id is enough.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TimeZone {
    #[serde(rename = "@Id")]
    pub id: String,
    #[serde(rename = "@Name")]
    pub name: String,
}

/// `SingleRecipientType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Organizer {
    pub mailbox: Mailbox,
}

/// `EmailAddressType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Mailbox {
    pub name: String,
    pub email_address: String,
}

/// `NonEmptyArrayOfAttendeesType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Attendees {
    pub attendee: Vec<Attendee>,
}

/// `AttendeeType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Attendee {
    pub mailbox: Mailbox,
    pub response_type: Option<String>,
}

/// `NonEmptyArrayOfOccurrenceInfoType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Occurrences {
    pub occurrence: Vec<Occurrence>,
}

/// `OccurrenceInfoType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Occurrence {
    pub item_id: ItemId,
    pub original_start: Option<String>,
}

/// `NonEmptyArrayOfDeletedOccurrencesType`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeletedOccurrences {
    pub deleted_occurrence: Vec<DeletedOccurrence>,
}

/// `DeletedOccurrenceInfoType`: where the rule had put it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeletedOccurrence {
    pub start: Option<String>,
}

/// `RecurrenceType`: one of the patterns and one of the ranges.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Recurrence {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_yearly_recurrence: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absolute_yearly_recurrence: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_monthly_recurrence: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absolute_monthly_recurrence: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly_recurrence: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily_recurrence: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_end_recurrence: Option<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_recurrence: Option<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbered_recurrence: Option<Range>,
}

/// What the patterns are made of.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Pattern {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_of_week: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_week_index: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_day_of_week: Option<String>,
}

/// What the ranges are made of.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Range {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_of_occurrences: Option<String>,
}
