//! Held deletions that an admin approved: their links follow again, and both items are looked at
//! anew, so that what happened meanwhile counts.

use std::time::Duration;

use crate::contract::LinkState;
use crate::store::look_again::{self, Item, Reason};
use crate::store::{StoreError, Tenant, held, link, mailbox};

/// Approves everything that a cycle holds, and gives how many operations that were.
///
/// # Errors
/// When the database does not answer.
pub async fn approve(tenant: &Tenant, cycle: &str) -> Result<u64, StoreError> {
    let mut transaction = tenant.begin().await?;
    let waiting: Vec<_> = held::list(&mut transaction, None)
        .await?
        .into_iter()
        .filter(|held| held.cycle == cycle && held.approved.is_none())
        .collect();
    let count = held::approve(&mut transaction, cycle).await?;
    for held in waiting {
        if let Some(id) = &held.link
            && let Some(mut known) = link::get(&mut transaction, id).await?
        {
            known.state = LinkState::Linked;
            link::update(&mut transaction, &held.mailbox, &known).await?;
        }
        let items = [
            held.operation.psa.clone().map(Item::Psa),
            held.operation.exchange.clone().map(Item::Exchange),
        ];
        for item in items.into_iter().flatten() {
            let now = Duration::ZERO;
            look_again::add(
                &mut transaction,
                &held.mailbox,
                &item,
                Reason::Held,
                now,
                "approved",
            )
            .await?;
        }
        mailbox::make_due(&mut transaction, &held.mailbox).await?;
    }
    transaction.commit().await?;
    Ok(count)
}
