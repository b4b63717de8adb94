//! The pages to which mails lead. They stand here, below the pages themselves, because cycles and
//! settings write mails and know nothing of pages.

use crate::contract::PsaId;
use crate::psa::WebAddress;

/// The tab *General*.
pub const GENERAL: &str = "/admin/exchange/general";

/// The tab *Synchronization*.
pub const SYNCHRONIZATION: &str = "/admin/exchange/synchronization";

/// A cycle, with what it did and what it asks.
pub const CYCLE: &str = "/admin/exchange/cycles/{run}";

/// A user's profile tab.
pub const PROFILE: &str = "/users/{user}/profile";

/// Where the tab *General* is opened.
#[must_use]
pub fn general(web: &WebAddress) -> String {
    web.page(GENERAL)
}

/// Where the tab *Synchronization* is opened.
#[must_use]
pub fn synchronization(web: &WebAddress) -> String {
    web.page(SYNCHRONIZATION)
}

/// Where a cycle is looked at.
#[must_use]
pub fn cycle(web: &WebAddress, run: &str) -> String {
    web.page(&CYCLE.replace("{run}", run))
}

/// Where a user's profile tab is opened.
#[must_use]
pub fn profile(web: &WebAddress, user: &PsaId) -> String {
    web.page(&PROFILE.replace("{user}", &user.value))
}
