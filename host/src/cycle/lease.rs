//! Keeping a mailbox for this host while its cycle runs, and giving it back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::fault_text::retry_after;
use super::run::{Context, CycleError, Options, result_of};
use crate::capability::http::LeaseGuard;
use crate::contract::Instant;
use crate::host::{Host, LEASE};
use crate::runtime::Clock;
use crate::store::{Lease, StoreError};

/// The pause after a cycle of a tenant whose settings could not even be read.
const WITHOUT_SETTINGS: u32 = 30;

/// What the HTTP capability asks before each request: does the lease last for it?
#[derive(Clone, Debug)]
pub struct Guard {
    until: Arc<AtomicI64>,
    clock: Clock,
}

impl Guard {
    /// Guards a lease that ends at an instant.
    #[must_use]
    pub fn new(until: Instant, clock: Clock) -> Self {
        Self {
            until: Arc::new(AtomicI64::new(until.microseconds)),
            clock,
        }
    }

    /// Makes the cycle's lease last on; a lost one ends the cycle.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another host holds the mailbox.
    pub async fn extend(&self, context: &mut Context) -> Result<(), CycleError> {
        context
            .host
            .store
            .leases()
            .extend(&mut context.lease, LEASE)
            .await?;
        self.until
            .store(context.lease.until.microseconds, Ordering::Release);
        Ok(())
    }
}

impl LeaseGuard for Guard {
    fn may_send(&self, within: Duration) -> bool {
        let needed = i64::try_from(within.as_micros()).unwrap_or(i64::MAX);
        let now = self.clock.now().microseconds;
        self.until.load(Ordering::Acquire).saturating_sub(now) > needed
    }
}

/// Gives a lease back. The mailbox is due after the interval; sooner where the server named a
/// pause, and never by a dry run. `outcome`: why the cycle failed, or how many items did.
///
/// # Errors
/// When the database does not answer.
pub async fn give_back(
    host: &Host,
    lease: &Lease,
    interval_minutes: Option<u32>,
    outcome: (Option<&CycleError>, u64),
    options: Options,
) -> Result<(), StoreError> {
    let (error, failed) = outcome;
    if options.dry_run {
        host.store.leases().give_back(lease).await?;
        return Ok(());
    }
    let interval = host
        .pace
        .unwrap_or_else(|| minutes(interval_minutes.unwrap_or(WITHOUT_SETTINGS)));
    let pause = match error {
        Some(CycleError::Fault(fault)) => retry_after(fault).map_or(interval, |seconds| {
            Duration::from_secs(u64::from(seconds)).min(interval)
        }),
        _ => interval,
    };
    let text = error.map(ToString::to_string);
    host.store
        .leases()
        .release(lease, pause, result_of(error, failed), text.as_deref())
        .await?;
    Ok(())
}

fn minutes(minutes: u32) -> Duration {
    Duration::from_secs(u64::from(minutes) * 60)
}
