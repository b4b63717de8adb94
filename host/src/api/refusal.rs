//! What goes wrong below, as a refusal for the caller: what a caller can act on is passed on, what
//! is the host's own trouble is logged and named in general words only.

use super::kind::Kind;
use super::problem::Problem;
use crate::contract::{Fault, UnreachableCause};
use crate::cycle::CycleError;
use crate::cycle::fault_text::{fault_text, retry_after};
use crate::cycle::stop_text::stop_text;
use crate::runtime::RuntimeError;
use crate::settings::save::SaveError;
use crate::store::StoreError;

/// When to come back to a busy database or sandbox, in seconds.
const LITTLE_LATER: u32 = 5;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::NotFound { .. } | StoreError::NoSuchTenant { .. } => {
                Self::new(Kind::NotFound, error.to_string())
            }
            StoreError::Conflict { found, .. } => Self::new(Kind::VersionStale, error.to_string())
                .version(*found)
                .hint(format!("load it again and send If-Match: \"{found}\"")),
            StoreError::Invalid { field, rule } => Self::invalid(*field, rule.clone()),
            StoreError::AddressTaken { .. } | StoreError::TenantExists { .. } => {
                Self::new(Kind::AlreadyTaken, error.to_string())
            }
            StoreError::InUse { .. } => Self::new(Kind::InUse, error.to_string()),
            StoreError::LeaseLost { .. } => Self::new(
                Kind::Unavailable,
                "another host took over the mailbox; nothing was lost",
            )
            .hint("the next cycle goes on; nothing has to be done"),
            _ if error.is_transient() => {
                tracing::warn!(%error, "a request met a busy database");
                Self::new(Kind::Unavailable, "the database is busy")
                    .hint("send the request again a little later")
                    .retry_after(LITTLE_LATER)
            }
            _ => Self::internal(&error),
        }
    }
}

impl From<SaveError> for Problem {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Wrong(found) => {
                Self::findings(found.into_iter().map(|(_, finding)| finding).collect())
            }
            SaveError::InProgress => Self::new(
                Kind::SynchronisationInProgress,
                "a synchronisation is in progress",
            )
            .hint(
                "try again later; if it is always in progress, raise the interval to at least an hour \
                 (60 minutes), wait, save, and set it back",
            ),
            SaveError::BadTenant(_) | SaveError::NoSettings(_) => {
                Self::new(Kind::NotReady, error.to_string())
            }
            SaveError::Ask(error) => error.into(),
            SaveError::Store(error) => error.into(),
        }
    }
}

impl From<CycleError> for Problem {
    fn from(error: CycleError) -> Self {
        match error {
            CycleError::Store(error) => error.into(),
            CycleError::Fault(fault) => (*fault).into(),
            CycleError::Endpoint(_) | CycleError::NotReady(_) => {
                Self::new(Kind::NotReady, error.to_string())
            }
            CycleError::Stopped(stop) => {
                let told = stop_text(&stop);
                Self::new(Kind::Stopped, told.text).hint(told.hint)
            }
            CycleError::Runtime(RuntimeError::Busy) => {
                Self::new(Kind::Unavailable, error.to_string()).retry_after(LITTLE_LATER)
            }
            CycleError::Runtime(_) | CycleError::BrokenContract(_) => {
                tracing::error!(%error, "a cycle that was asked for failed");
                Self::new(
                    Kind::Plugin,
                    "the plugin broke off; nothing of this cycle was kept",
                )
                .hint("see the run and the host's log; the next cycle starts afresh")
            }
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let kind = match &fault {
            Fault::Throttled(_) => Kind::ExchangeThrottled,
            Fault::Unreachable(u) if u.cause == UnreachableCause::TimeOut => Kind::ExchangeTimedOut,
            _ => Kind::Exchange,
        };
        let told = fault_text(&fault);
        let problem = Self::new(kind, told.text).hint(told.hint);
        match retry_after(&fault) {
            Some(seconds) => problem.retry_after(seconds),
            None => problem,
        }
    }
}

impl Problem {
    /// Something broke here; the log says what, the caller only that.
    #[must_use]
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(Kind::Internal, "the request could not be completed")
            .hint("the host's log says why; send the request again once that is put right")
    }
}
