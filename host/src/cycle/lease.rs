//! Keeping a mailbox for this host while its cycle runs, and giving it back.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::fault_text::retry_after;
use super::run::{CycleError, Options, result_of};
use crate::capability::http::LeaseGuard;
use crate::host::Host;
use crate::store::mailbox::MailboxRecord;
use crate::store::{Lease, StoreError};

/// The pause after a cycle of a tenant whose settings could not even be read.
const WITHOUT_SETTINGS: u32 = 30;

/// Takes a mailbox for a run, whether it is due or not; none when another host or run holds it, or
/// when it may not run. A cycle needs a mailbox that synchronises. Copies are removed only where
/// none does, because the next cycle would make them again; to look what would go is always
/// allowed. A cycle is undone whether the mailbox synchronises or not, and while all are paused.
///
/// # Errors
/// When the database does not answer.
pub async fn take(
    host: &Host,
    record: &MailboxRecord,
    options: Options,
) -> Result<Option<Lease>, StoreError> {
    let leases = host.store.leases();
    let (tenant, id) = (&record.mailbox.tenant, &record.mailbox.id);
    let (owner, ttl) = (&host.owner, host.lease);
    if options.undoing.is_some() {
        return leases.to_undo(tenant, id, owner, ttl).await;
    }
    if options.removing {
        let lease = leases.switched_off(tenant, id, owner, ttl).await?;
        if lease.is_some() || !options.dry_run {
            return Ok(lease);
        }
    }
    leases.one(tenant, id, owner, ttl).await
}

/// What the HTTP capability asks before each request: does the lease last for it?
///
/// The lease ends by the database's clock. Here its end is reckoned from the moment before it was
/// asked for, by a clock that nobody can set, so that it is never taken for longer than it is.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    until: Arc<Mutex<Option<Instant>>>,
}

impl Guard {
    /// Makes the cycle's lease last on; a lost one ends the cycle.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another host holds the mailbox.
    pub async fn extend(&self, host: &Host, lease: &mut Lease) -> Result<(), StoreError> {
        let asked = Instant::now();
        host.store.leases().extend(lease, host.lease).await?;
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = asked.checked_add(host.lease);
        Ok(())
    }
}

impl LeaseGuard for Guard {
    fn may_send(&self, within: Duration) -> bool {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| until.saturating_duration_since(Instant::now()) > within)
    }
}

/// Gives a lease back. The mailbox is due after the interval; sooner where the server named a
/// pause, and never by a dry run.
///
/// # Errors
/// When the database does not answer.
pub async fn give_back(
    host: &Host,
    lease: &Lease,
    interval_minutes: Option<u32>,
    failed: u64,
    error: Option<&CycleError>,
    options: Options,
) -> Result<(), StoreError> {
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
