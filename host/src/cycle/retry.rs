//! When an item that could not be done is tried again (behaviour, section 6): after pauses that
//! double with each failure in a row, and after five failures not by itself any more.

use std::time::Duration;

use super::entry::blank_entry;
use super::observe::Observed;
use super::run::{Context, CycleError};
use crate::contract::{ExchangeId, Fault};
use crate::store::Transaction;
use crate::store::history::{self, Entry};
use crate::store::look_again::{self, Item, LookAgain, Reason};

/// After so many failures in a row an item is set aside.
const FAILURES: u32 = 5;

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
        // 1, 2, 4, 8 intervals.
        let minutes = u64::from(context.settings.interval_minutes) << (failures - 1);
        let growing = Duration::from_secs(minutes * 60);
        look_again::postpone(transaction, mailbox, item, growing).await?;
    }
    Ok(Prospect::Again)
}

/// Puts the items on the list of which nobody could say what is true of them now, before a cursor
/// moves past them. Those whose pause is not over have not failed again.
///
/// # Errors
/// When the database refuses it.
pub async fn unanswered(context: &mut Context, observed: &Observed) -> Result<(), CycleError> {
    if observed.unanswered.is_empty() {
        return Ok(());
    }
    let mailbox = context.record.mailbox.id.clone();
    let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
    let listed = look_again::list(&mut transaction, &mailbox).await?;
    let is_among = |entries: &[LookAgain], item| entries.iter().any(|entry| entry.item == item);
    for (id, why) in &observed.unanswered {
        let id = ExchangeId { value: id.clone() };
        let item = Item::Exchange(id.clone());
        if is_among(&listed, item.clone()) && !is_among(&observed.looked_at, item.clone()) {
            continue;
        }
        context.counts.failed += 1;
        let (failed, none) = (Reason::Failed, Duration::ZERO);
        let prospect = later(context, &mut transaction, &item, failed, none, why).await?;
        if prospect == Prospect::SetAside {
            let entry = Entry {
                exchange: Some(id),
                outcome: "set aside".to_owned(),
                remark: format!(
                    "asked for {FAILURES} times in vain, it waits for its next change: {why}"
                ),
                ..blank_entry(
                    &context.cycle,
                    &mailbox,
                    context.component.digest(),
                    context.now,
                    "observe",
                )
            };
            history::append(&mut transaction, &[entry]).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
