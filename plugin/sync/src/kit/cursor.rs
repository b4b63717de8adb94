//! What the cursors of all providers carry.

use serde::{Deserialize, Serialize};

use super::answer::own;
use crate::base;
use crate::contract::{Cursor, Fault, FetchRequest, ImportMode, Instant};

/// The contract's limit, in bytes.
const LONGEST: usize = 64 * 1024;

/// How often a day a lost cursor is answered by reading all.
const RESTARTS_A_DAY: usize = 2;

const DAY: i64 = 24 * 3_600 * 1_000_000;

/// The cursor that holds a provider's state, as JSON.
///
/// # Errors
/// When what the server wants to have remembered is longer than a cursor may be.
pub fn write(state: &impl Serialize) -> Result<Cursor, Fault> {
    let value = serde_json::to_string(state).unwrap_or_default();
    if value.is_empty() || value.len() > LONGEST {
        return Err(Fault::Other(own(
            "cursor-too-long",
            "what the server wants to have remembered is too long to keep",
        )));
    }
    Ok(Cursor { value })
}

/// When everything was read again for a lost cursor, in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Restarts(Vec<i64>);

impl Restarts {
    /// With one more, now. None when there were two within a day: then what lost the cursor stands.
    #[must_use]
    pub fn and_now(self, now: Instant) -> Option<Self> {
        let mut recent = self.0;
        recent.retain(|then| now.microseconds.saturating_sub(*then) < DAY);
        if recent.len() >= RESTARTS_A_DAY {
            return None;
        }
        recent.push(now.microseconds);
        Some(Self(recent))
    }
}

/// A short digest, for comparing.
#[must_use]
pub fn digest(text: &str) -> String {
    base::fingerprint(text).hex.chars().take(12).collect()
}

/// A digest of what shapes the items that are read, beginning with the provider's own form of cursor and
/// rules of reading: the server does not send again what did not change, so another shape means to read
/// all.
#[must_use]
pub fn shape(form: u32, request: &FetchRequest) -> String {
    let FetchRequest {
        mailbox,
        settings,
        profile,
        ..
    } = request;
    // The user's refusal is as good as the tenant's.
    let mode = match settings.import_mode {
        _ if !profile.import_appointments => "none",
        ImportMode::AllDetails => "all",
        ImportMode::NoDetails => "times",
        ImportMode::None => "none",
    };
    let details = settings.import_mode != ImportMode::NoDetails;
    digest(&format!(
        "{form}|{}|{}|{mode}|{details}|{}|{}|{}",
        settings.service_url.to_ascii_lowercase(),
        mailbox.address.to_ascii_lowercase(),
        settings.send_free_time,
        profile.past_days,
        profile.recurring_days,
    ))
}
