//! The operator's section on the pace of the work.

use std::time::Duration;

use serde::Deserialize;

use crate::host::LEASE;
use crate::runtime::Limits;

/// The pace of the work.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SchedulerSection {
    /// How many mailboxes at once.
    pub at_once: usize,
    /// How long the mailboxes of a host that is gone wait for another one.
    pub lease_seconds: LeaseTime,
}

impl Default for SchedulerSection {
    fn default() -> Self {
        Self {
            at_once: 8,
            lease_seconds: LeaseTime(LEASE),
        }
    }
}

/// How long a lease lasts: 5 seconds to an hour, 300 seconds when nothing is said.
///
/// No step of a cycle may take longer, and no request more than a fifth of it: one is sent only
/// while the lease outlasts it. So a short lease asks for a server that answers fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub struct LeaseTime(Duration);

/// A lease that is too short or too long.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("a lease lasts 5 to 3600 seconds, not {0}")]
pub struct NotALease(u64);

impl TryFrom<u64> for LeaseTime {
    type Error = NotALease;

    fn try_from(seconds: u64) -> Result<Self, NotALease> {
        match seconds {
            5..=3_600 => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(NotALease(seconds)),
        }
    }
}

impl LeaseTime {
    /// The lease itself.
    #[must_use]
    pub fn duration(self) -> Duration {
        self.0
    }

    /// How long a request may take under it.
    #[must_use]
    pub fn request_time(self) -> Duration {
        (self.0 / 5).min(Limits::default().request_time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SchedulerSection, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn a_lease_lasts_five_minutes_and_a_request_one() {
        let lease = read("").unwrap().lease_seconds;
        assert_eq!(lease.duration(), Duration::from_secs(300));
        assert_eq!(lease.request_time(), Duration::from_secs(60));
    }

    #[test]
    fn a_shorter_lease_leaves_requests_less_time_and_a_longer_one_no_more() {
        let of = |text| read(text).unwrap().lease_seconds.request_time();
        assert_eq!(of("lease-seconds = 5"), Duration::from_secs(1));
        assert_eq!(of("lease-seconds = 3600"), Duration::from_secs(60));
    }

    #[test]
    fn a_lease_too_short_to_send_anything_is_refused() {
        for seconds in ["0", "4", "3601"] {
            let refused = read(&format!("lease-seconds = {seconds}")).unwrap_err();
            assert!(refused.to_string().contains("5 to 3600 seconds"));
        }
    }
}
