//! How a user's synchronisation stands, in the words of the Resources tab. The page and its live
//! progress say the same.

use chrono::DateTime;
use serde::Serialize;

use crate::contract::Instant;
use crate::psa::roster::Listed;
use crate::store::cycle_run::Counts;
use crate::store::lease::CycleResult;

/// A user's row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The user's key.
    pub user: String,
    /// The name.
    #[serde(skip)]
    pub name: String,
    /// The mailbox's address, or the user's where there is no mailbox.
    #[serde(skip)]
    pub address: String,
    /// Not in use any more.
    #[serde(skip)]
    pub is_inactive: bool,
    /// The admin permits it.
    #[serde(skip)]
    pub enabled: bool,
    /// In the pilot group.
    #[serde(skip)]
    pub pilot: bool,
    /// It can be synchronised now.
    pub ready: bool,
    /// A cycle runs.
    pub running: bool,
    /// When the latest attempt began; `N/A` before the first.
    pub attempt: String,
    /// What came of it.
    pub result: String,
    /// Its error; may be empty.
    pub error: String,
    /// What it did.
    pub counts: String,
    /// When the next one is due.
    pub next: String,
}

impl From<Listed> for Row {
    fn from(listed: Listed) -> Self {
        let row = Self {
            user: listed.user.value,
            name: listed.name,
            address: listed.email,
            is_inactive: !listed.active,
            enabled: false,
            pilot: false,
            ready: false,
            running: false,
            attempt: "N/A".to_owned(),
            result: String::new(),
            error: String::new(),
            counts: String::new(),
            next: "not enabled".to_owned(),
        };
        let Some(standing) = listed.mailbox else {
            return row;
        };
        let ready = standing.enabled && standing.profile_saved && !standing.is_outside_pilot;
        Self {
            address: standing.address,
            enabled: standing.enabled,
            pilot: standing.pilot,
            ready: ready && !standing.running,
            running: standing.running,
            attempt: standing.last_attempt.map_or(row.attempt, utc),
            result: match (standing.running, standing.last_result) {
                (true, _) => "running".to_owned(),
                (false, result) => result.map_or("", result_word).to_owned(),
            },
            error: standing.last_error.unwrap_or_default(),
            counts: standing
                .latest
                .filter(|_| !standing.running)
                .map_or_else(String::new, |it| counts(&it.counts)),
            next: match (standing.enabled, standing.profile_saved) {
                (false, _) => row.next,
                (true, _) if standing.is_outside_pilot => "not in the pilot group".to_owned(),
                (true, false) => "when the profile was saved".to_owned(),
                (true, true) => utc(standing.next_due),
            },
            ..row
        }
    }
}

/// An instant for administrators, whose users live in many zones.
pub fn utc(instant: Instant) -> String {
    DateTime::from_timestamp_micros(instant.microseconds).map_or_else(
        || "beyond the calendar".to_owned(),
        |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// What came of a cycle.
pub const fn result_word(result: CycleResult) -> &'static str {
    match result {
        CycleResult::Succeeded => "succeeded",
        CycleResult::SomeFailed => "some items failed",
        CycleResult::Stopped => "stopped and asks",
        CycleResult::Failed => "failed",
    }
}

/// What a cycle did, in numbers.
pub fn counts(counts: &Counts) -> String {
    let mut text = format!(
        "PSA {}, Exchange {}",
        counts.psa_writes, counts.exchange_writes
    );
    if counts.failed > 0 {
        text.push_str(&format!(", {} failed", counts.failed));
    }
    text
}
