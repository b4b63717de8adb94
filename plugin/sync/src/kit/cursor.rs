//! What the cursors of all providers carry.

use crate::base;
use crate::contract::{FetchRequest, ImportMode};

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
