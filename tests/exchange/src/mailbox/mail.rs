//! Mails that Exchange would have sent to attendees or organisers. Nothing is sent; tests look whom a change would have reached.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// Who made the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A program, through one of the interfaces.
    Api,
    /// Somebody in Outlook.
    Person,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    Invitation,
    Update,
    Cancellation,
    /// An attendee's answer, or the attendee's deletion, which tells the organiser so.
    Response,
}

/// One mail to all that a change concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mail {
    pub at: DateTime<Utc>,
    pub mailbox: String,
    pub kind: MailKind,
    pub to: Vec<String>,
    pub subject: String,
    pub by: By,
}
