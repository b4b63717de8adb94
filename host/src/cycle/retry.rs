//! When an item that could not be done is tried again (behaviour, section 6): after pauses that
//! double with each failure in a row, and after five failures not by itself any more.

use std::time::Duration;

use super::run::{Context, CycleError};
use crate::contract::Fault;
use crate::store::Transaction;
use crate::store::look_again::{self, Item, Reason};

/// After so many failures in a row an item is set aside.
const FAILURES: u32 = 5;
/// The pause after a first failure, in intervals of the tenant, doubles at most so often.
const DOUBLINGS: u32 = 8;

/// Whether an item that waits will be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prospect {
    /// When its pause is over.
    Again,
    /// Not by itself: it failed too often.
    SetAside,
}

/// What a fault says of the item that it befell: a server that is busy or out of reach would have
/// failed any other as well.
#[must_use]
pub const fn reason(fault: &Fault) -> Reason {
    match fault {
        Fault::Throttled(_) | Fault::Unreachable(_) => Reason::RaceLost,
        _ => Reason::Failed,
    }
}

/// Puts an item on the list to look at again, due after `pause` or, once it failed, after its
/// growing one. Only [`Reason::Failed`] counts as a failure.
///
/// # Errors
/// When the database refuses it.
pub async fn later(
    context: &Context,
    transaction: &mut Transaction,
    item: &Item,
    reason: Reason,
    pause: Duration,
    detail: &str,
) -> Result<Prospect, CycleError> {
    let mailbox = &context.record.mailbox.id;
    let failures = look_again::add(transaction, mailbox, item, reason, pause, detail).await?;
    if failures >= FAILURES {
        let none = Duration::ZERO;
        look_again::add(transaction, mailbox, item, Reason::SetAside, none, detail).await?;
        return Ok(Prospect::SetAside);
    }
    if failures > 0 {
        let doublings = (failures - 1).min(DOUBLINGS);
        let minutes = u64::from(context.settings.interval_minutes) << doublings;
        let growing = Duration::from_secs(minutes * 60);
        look_again::postpone(transaction, mailbox, item, growing).await?;
    }
    Ok(Prospect::Again)
}
