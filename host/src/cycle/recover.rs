//! Step 0: what became of writes that an earlier cycle may have sent.
//!
//! An intent says what may have happened, never what to do. Those that were never sent are
//! dropped; those that may have been are looked up, a creation by its marker and any other write by
//! the item's id, an occurrence through its series. What is found goes to the planner like any other observation, and the PSA item
//! concerned is planned again: at once, but for an item that was not written and stands on the list
//! to look at again already. It failed before, and its pause goes on growing. Of an occurrence only
//! that is asked here; then its series is looked at as a whole, like any on the list.

use std::time::Duration;

use super::apply::target;
use super::hand_over;
use super::observe::{fetch, look_at, look_up};
use super::run::{Context, CycleError};
use super::series::{self, asked_by};
use crate::contract::{
    Action, Change, ExchangeId, ExchangeReference, ItemKind, Link, LinkChange, LinkState,
    MailboxId, Marker, Provenance, Scope,
};
use crate::runtime::Session;
use crate::store::history::Entry;
use crate::store::intent::{self, Intent, IntentState};
use crate::store::look_again::{self, Item, Reason};
use crate::store::{Tenant, Transaction, before_image, history, link, observation};

/// Settles every intent of the mailbox that has no outcome.
///
/// # Errors
/// When the server cannot be asked: then the intents stay, and nothing else is done.
#[tracing::instrument(skip_all)]
pub async fn recover(context: &Context, session: &mut Session) -> Result<(), CycleError> {
    let mailbox = context.record.mailbox.id.clone();
    let pending = intent::pending(&context.tenant, &mailbox).await?;
    let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
    observation::clear(&mut transaction, &mailbox).await?;
    transaction.commit().await?;
    if pending.is_empty() {
        return Ok(());
    }
    let keys: Vec<String> = pending.iter().map(|intent| intent.key.clone()).collect();
    let never_sent = pending
        .iter()
        .filter(|intent| intent.state == IntentState::Prepared)
        .map(|intent| intent.key.clone());
    let never_sent: Vec<String> = never_sent.collect();
    let (pending, unknown) = hand_over::in_new_names(context, pending).await?;
    let sent = || {
        pending
            .iter()
            .filter(|intent| intent.state == IntentState::Sent)
    };
    let (contacts, events): (Vec<Marker>, Vec<Marker>) = sent()
        .filter_map(|intent| intent.marker.clone())
        .partition(|marker| marker.psa.kind == ItemKind::Contact);
    let (occurrences, items): (Vec<ExchangeReference>, Vec<ExchangeReference>) = sent()
        .filter_map(|intent| target(&intent.operation.action).cloned())
        .partition(|target| target.slot.is_some());
    let ids = items.into_iter().map(|target| target.id).collect();
    let mut marked = look_up(context, session, events, Scope::MarkedEvents)
        .await?
        .changes;
    if !contacts.is_empty() {
        let found = fetch(context, session, Scope::MarkedContacts)
            .await?
            .changes;
        let is_sought = |change: &Change| {
            observation::marker_of(change)
                .is_some_and(|marker| contacts.iter().any(|it| it.psa == marker.psa))
        };
        marked.extend(found.into_iter().filter(is_sought));
    }
    let seen = look_at(context, session, ids).await?.changes;
    let series = series::only_linked(context, session, &occurrences).await?;
    let known = linked(&context.tenant, &mailbox, &marked).await?;

    let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
    let waiting = look_again::list(&mut transaction, &mailbox).await?;
    let waits = |item: &Item| waiting.iter().any(|entry| entry.item == *item);
    let news: Vec<Change> = seen
        .into_iter()
        .filter(|change| {
            let item = Item::Exchange(observation::item_of(change).clone());
            !waits(&item) || !sent().any(|intent| is_as_planned_on(change, intent))
        })
        .collect();
    observation::stage(&mut transaction, &mailbox, &marked, &[]).await?;
    observation::stage(&mut transaction, &mailbox, &news, &[]).await?;
    for intent in sent() {
        let Some(occurrence) = target(&intent.operation.action).filter(|it| it.slot.is_some())
        else {
            continue;
        };
        let item = Item::Exchange(occurrence.id.clone());
        if !waits(&item) || is_otherwise(&series, occurrence, intent) {
            look_again_at_once(&mut transaction, &mailbox, &item).await?;
        }
    }
    for intent in &pending {
        let found = intent
            .marker
            .as_ref()
            .and_then(|marker| carrier(&marked, marker, &known));
        if let Some(item) = found {
            adopt(&mut transaction, intent, item).await?;
        }
        let was_not_written = intent.state == IntentState::Sent && found.is_none();
        let item = intent.operation.psa.clone().map(Item::Psa);
        if let Some(item) = item.filter(|item| !(was_not_written && waits(item))) {
            look_again_at_once(&mut transaction, &mailbox, &item).await?;
        }
        let outcome = match (intent.state, found) {
            (IntentState::Prepared, _) => "never sent",
            (IntentState::Sent, Some(_)) => "found done",
            (IntentState::Sent, None) => "looked up",
        };
        let mut noted = entry(context, intent, outcome);
        if let Some(item) = found {
            noted.exchange = Some(observation::item_of(item).clone());
        }
        history::append(&mut transaction, &[noted]).await?;
    }
    for intent in &unknown {
        if let Some(item) = intent.operation.psa.clone().map(Item::Psa) {
            look_again_at_once(&mut transaction, &mailbox, &item).await?;
        }
        let noted = entry(context, intent, "left to the full read");
        history::append(&mut transaction, &[noted]).await?;
    }
    intent::remove(&mut transaction, &keys).await?;
    before_image::forget(&mut transaction, &never_sent).await?;
    transaction.commit().await?;
    Ok(())
}

async fn look_again_at_once(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    item: &Item,
) -> Result<(), CycleError> {
    let detail = "an earlier cycle was interrupted";
    let (reason, at_once) = (Reason::RaceLost, Duration::ZERO);
    look_again::add(transaction, mailbox, item, reason, at_once, detail).await?;
    Ok(())
}

/// Whether an occurrence is gone, with its series or without, or has another version than that on
/// which its change was planned.
fn is_otherwise(seen: &[Change], occurrence: &ExchangeReference, intent: &Intent) -> bool {
    seen.iter().any(|change| {
        let id = &observation::item_of(change).value;
        match change {
            Change::Removal(_) => *id == occurrence.id.value || *id == asked_by(occurrence),
            _ => *id == occurrence.id.value && !is_as_planned_on(change, intent),
        }
    })
}

/// Whether an item still has the version on which its change or deletion was planned.
fn is_as_planned_on(change: &Change, intent: &Intent) -> bool {
    let seen = match change {
        Change::Event(event) => &event.version,
        Change::Contact(contact) => &contact.version,
        Change::Occurrence(occurrence) => &occurrence.version,
        Change::Removal(_) => return false,
    };
    let (target, version) = match &intent.operation.action {
        Action::UpdateExchange(update) => (&update.target, &update.version),
        Action::DeleteExchange(deletion) => (&deletion.target, &deletion.version),
        _ => return false,
    };
    *observation::item_of(change) == target.id && seen == version
}

/// The links of marked items: an item that its user pasted carries the marker of the copy that it was
/// pasted from, and has a link of its own once it was imported.
async fn linked(
    tenant: &Tenant,
    mailbox: &MailboxId,
    marked: &[Change],
) -> Result<Vec<Link>, CycleError> {
    let ids: Vec<ExchangeId> = marked
        .iter()
        .map(|change| observation::item_of(change).clone())
        .collect();
    Ok(link::by_exchange_ids(tenant, mailbox, &ids).await?)
}

/// The copy that a creation made. Where a user has copied it since, the oldest is ours; of contacts
/// nobody knows when they were made, and any is as good.
fn carrier<'a>(marked: &'a [Change], wanted: &Marker, known: &[Link]) -> Option<&'a Change> {
    let is_of_another = |change: &Change| {
        let id = observation::item_of(change);
        let mut known = known.iter();
        known.any(|link| {
            link.psa.as_ref() != Some(&wanted.psa)
                && link.exchange.as_ref().is_some_and(|it| it.id == *id)
        })
    };
    let carriers = marked
        .iter()
        .filter(|change| observation::marker_of(change) == Some(wanted) && !is_of_another(change));
    carriers.min_by_key(|change| match change {
        Change::Event(event) => event.created.map_or(i64::MAX, |made| made.microseconds),
        _ => i64::MAX,
    })
}

/// Gives a link the copy that an interrupted creation made for it. The base stays the planned one,
/// so that the planner sees what its user did to the copy since.
async fn adopt(
    transaction: &mut Transaction,
    intent: &Intent,
    item: &Change,
) -> Result<(), CycleError> {
    let Some(id) = &intent.link else {
        return Ok(());
    };
    let Some(mut known) = link::get(&mut *transaction, id).await? else {
        return Ok(());
    };
    if known.exchange.is_some() {
        return Ok(());
    }
    known.exchange = Some(ExchangeReference {
        id: observation::item_of(item).clone(),
        uid: match item {
            Change::Event(event) => event.uid.clone(),
            _ => None,
        },
        slot: None,
    });
    if let LinkChange::Become(after) = &intent.operation.after {
        known.base.clone_from(&after.base);
    }
    known.provenance = Provenance::Own;
    known.state = LinkState::Linked;
    known.generation = known.generation.saturating_add(1);
    let mailbox = intent.mailbox.clone();
    link::update(transaction, &mailbox, &known).await?;
    Ok(())
}

fn entry(context: &Context, intent: &Intent, outcome: &str) -> Entry {
    Entry {
        outcome: outcome.to_owned(),
        remark: "an earlier cycle was interrupted before it knew what became of this".to_owned(),
        link: intent.link.clone(),
        ..super::apply::entry(context, &intent.operation)
    }
}

#[cfg(test)]
mod tests;
