//! What an admin approves: deletions that a cycle held, or the question that a stopped one asked.
//!
//! The links of held deletions follow again, and both items are looked at anew, so that what
//! happened meanwhile counts. A stop lets one cycle go ahead whose plan does no more than was asked.

use std::time::Duration;

use crate::contract::{LinkState, Provenance};
use crate::store::look_again::{self, Item, Reason};
use crate::store::{StoreError, Tenant, Transaction, cycle_run, held, link, mailbox, stop};

/// What goes ahead with the next cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Approved {
    /// So many held deletions.
    pub deletions: u64,
    /// The cycle that stopped.
    pub stop: bool,
}

impl Approved {
    /// Nothing of the cycle waited.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Approves everything that waits under a cycle's name.
///
/// # Errors
/// When the database does not answer.
pub async fn approve(tenant: &Tenant, cycle: &str) -> Result<Approved, StoreError> {
    let mut transaction = tenant.begin().await?;
    let deletions = deletions(&mut transaction, cycle).await?;
    let stopped = stop::approve(&mut transaction, cycle).await?;
    if let Some(mailbox) = &stopped {
        mailbox::make_due(&mut transaction, mailbox).await?;
    }
    transaction.commit().await?;
    Ok(Approved {
        deletions,
        stop: stopped.is_some(),
    })
}

async fn deletions(transaction: &mut Transaction, cycle: &str) -> Result<u64, StoreError> {
    let waiting: Vec<_> = held::list(&mut *transaction, None)
        .await?
        .into_iter()
        .filter(|held| held.cycle == cycle && held.approved.is_none())
        .collect();
    let count = held::approve(transaction, cycle).await?;
    for held in waiting {
        let mut exchange = held.operation.exchange.clone();
        if let Some(id) = &held.link
            && let Some(mut known) = link::get(&mut *transaction, id).await?
        {
            known.state = LinkState::Linked;
            link::update(transaction, &held.mailbox, &known).await?;
            // It may have another name by now, or none that its provider knows.
            let is_known = known.provenance != Provenance::Foreign;
            exchange = known.exchange.filter(|_| is_known).map(|it| it.id);
        }
        let items = [
            held.operation.psa.clone().map(Item::Psa),
            exchange.map(Item::Exchange),
        ];
        for item in items.into_iter().flatten() {
            let now = Duration::ZERO;
            let mailbox = &held.mailbox;
            look_again::add(transaction, mailbox, &item, Reason::Held, now, "approved").await?;
        }
        mailbox::make_due(transaction, &held.mailbox).await?;
    }
    Ok(count)
}

/// The cycle under whose name the same mailbox asks now, where a later one found more than the one
/// that is named.
///
/// # Errors
/// When the database does not answer.
pub async fn asked_since(tenant: &Tenant, cycle: &str) -> Result<Option<String>, StoreError> {
    let mailbox = match cycle_run::get(tenant, cycle).await {
        Ok(run) => run.mailbox,
        Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let stop = stop::of_mailbox(tenant, &mailbox).await?;
    Ok(stop.filter(|stop| !stop.approved).map(|stop| stop.cycle))
}
