//! What somebody asks for who looked into an item that was set aside: it is tried again with the next
//! cycle, as if it had never failed.

use std::time::Duration;

use crate::contract::{Link, LinkState, MailboxId, Provenance};
use crate::store::look_again::{self, Item, Reason};
use crate::store::{StoreError, Tenant, Transaction, link, mailbox};

/// Takes an item off what is set aside, with the partner that it is linked with, and makes the mailbox
/// due. False: it is not set aside any more.
///
/// # Errors
/// When the database refuses it.
pub async fn try_again(
    tenant: &Tenant,
    mailbox: &MailboxId,
    item: &Item,
) -> Result<bool, StoreError> {
    let mut transaction = tenant.begin().await?;
    let listed = look_again::list(&mut transaction, mailbox).await?;
    let is_set_aside = |item: &Item| {
        let mut entries = listed.iter();
        entries.any(|entry| entry.item == *item && entry.reason == Reason::SetAside)
    };
    if !is_set_aside(item) {
        return Ok(false);
    }
    let mut items = vec![item.clone()];
    for mut known in links(&mut transaction, mailbox, item).await? {
        items.extend(partners(&known).filter(|it| it != item && is_set_aside(it)));
        if known.state == LinkState::SetAside {
            known.state = LinkState::Linked;
            link::update(&mut transaction, mailbox, &known).await?;
        }
    }
    for item in items {
        look_again::remove(&mut transaction, mailbox, &item).await?;
        let (reason, now) = (Reason::RaceLost, Duration::ZERO);
        let asked = "somebody asked to try it again";
        look_again::add(&mut transaction, mailbox, &item, reason, now, asked).await?;
    }
    mailbox::make_due(&mut transaction, mailbox).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn links(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    item: &Item,
) -> Result<Vec<Link>, StoreError> {
    match item {
        Item::Exchange(id) => {
            link::by_exchange_ids(transaction, mailbox, std::slice::from_ref(id)).await
        }
        Item::Psa(reference) => {
            link::by_psa(transaction, mailbox, std::slice::from_ref(reference)).await
        }
    }
}

/// Both items of a pair; not one whose name its provider does not know.
fn partners(link: &Link) -> impl Iterator<Item = Item> + use<> {
    let is_known = link.provenance != Provenance::Foreign;
    let exchange = link.exchange.as_ref().filter(|_| is_known);
    let exchange = exchange.map(|it| Item::Exchange(it.id.clone()));
    link.psa.clone().map(Item::Psa).into_iter().chain(exchange)
}
