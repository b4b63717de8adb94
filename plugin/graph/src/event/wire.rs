//! Events as Graph sends them.
//!
//! Everything may be absent or `null`, unknown fields are passed over, and names are kept as texts,
//! since Graph adds new ones without a new version.

use serde::Deserialize;

use crate::extended_property::Property;

/// `microsoft.graph.event`, also as a bare `@removed` entry.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    /// Immutable, since every request asks for such ids.
    pub id: Option<String>,
    /// With its weak mark and quotes, as `If-Match` wants it.
    #[serde(rename = "@odata.etag")]
    pub etag: Option<String>,
    /// What the etag is made of.
    pub change_key: Option<String>,
    /// Set on the bare entries of a delta.
    #[serde(rename = "@removed")]
    pub removed: Option<serde::de::IgnoredAny>,
    /// singleInstance, occurrence, exception, seriesMaster.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub created_date_time: Option<String>,
    pub subject: Option<String>,
    pub body: Option<Body>,
    pub start: Option<DateTime>,
    pub end: Option<DateTime>,
    pub is_all_day: Option<bool>,
    pub show_as: Option<String>,
    pub sensitivity: Option<String>,
    pub is_cancelled: Option<bool>,
    pub is_organizer: Option<bool>,
    pub attendees: Option<Vec<Attendee>>,
    pub organizer: Option<Recipient>,
    pub response_status: Option<ResponseStatus>,
    pub location: Option<Location>,
    pub recurrence: Option<Recurrence>,
    pub series_master_id: Option<String>,
    /// Of a master, and only where it was asked for: `OID.{master}.{date}` of each deleted occurrence.
    pub cancelled_occurrences: Option<Vec<String>>,
    /// A true instant, also for all-day events.
    pub original_start: Option<String>,
    pub original_start_time_zone: Option<String>,
    #[serde(rename = "iCalUId")]
    pub uid: Option<String>,
    pub is_online_meeting: Option<bool>,
    #[serde(rename = "singleValueExtendedProperties")]
    pub properties: Option<Vec<Property>>,
    /// The calendar that holds it, where it was asked for and lies in one.
    pub calendar: Option<Calendar>,
}

/// `microsoft.graph.itemBody`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Body {
    /// text or html.
    pub content_type: Option<String>,
    pub content: Option<String>,
}

/// `microsoft.graph.dateTimeTimeZone`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DateTime {
    pub date_time: Option<String>,
    pub time_zone: Option<String>,
}

/// `microsoft.graph.attendee`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Attendee {
    pub email_address: Option<Address>,
    /// required, optional, resource.
    #[serde(rename = "type")]
    pub role: Option<String>,
    pub status: Option<ResponseStatus>,
}

/// `microsoft.graph.recipient`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Recipient {
    pub email_address: Option<Address>,
}

/// `microsoft.graph.emailAddress`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Address {
    pub name: Option<String>,
    pub address: Option<String>,
}

/// `microsoft.graph.responseStatus`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ResponseStatus {
    pub response: Option<String>,
}

/// `microsoft.graph.location`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Location {
    pub display_name: Option<String>,
}

/// `microsoft.graph.calendar`, as far as it tells where an event lies.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Calendar {
    pub is_default_calendar: Option<bool>,
}

/// `microsoft.graph.patternedRecurrence`.
#[derive(Clone, Debug, Default, Deserialize, serde::Serialize)]
#[serde(default)]
pub struct Recurrence {
    pub pattern: Option<Pattern>,
    pub range: Option<Range>,
}

/// `microsoft.graph.recurrencePattern`.
#[derive(Clone, Debug, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pattern {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub interval: Option<i64>,
    pub month: Option<i64>,
    pub day_of_month: Option<i64>,
    pub days_of_week: Option<Vec<String>>,
    pub first_day_of_week: Option<String>,
    pub index: Option<String>,
}

/// `microsoft.graph.recurrenceRange`.
#[derive(Clone, Debug, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Range {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub start_date: Option<String>,
    pub end_date: Option<String>,
    pub number_of_occurrences: Option<i64>,
    pub recurrence_time_zone: Option<String>,
}
