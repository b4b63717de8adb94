//! Step 5: the writes to Exchange, in small lots, each outcome recorded as soon as it is known.
//!
//! An intent is marked as sent before its lot is handed over, and removed in the transaction that
//! records its outcome; in between lies the only moment of which a crash leaves anything unknown.

use std::time::Duration;

use super::apply::{entry, take_over, target};
use super::fault_text::{fault_text, retry_after};
use super::lease;
use super::plan::Links;
use super::retry::{self, Prospect};
use super::run::{Context, CycleError};
use super::series::in_play;
use crate::contract::{
    Action, Echo, EchoedItem, ExchangeReference, Fault, LinkChange, LinkState, Outcome, Provenance,
    PushAction, PushOperation, PushRequest,
};
use crate::runtime::Session;
use crate::store::before_image::{self, Left, State};
use crate::store::history::{self, Entry};
use crate::store::intent::{self, Intent};
use crate::store::look_again::{Item, Reason};
use crate::store::{Transaction, link};

/// How many writes are handed over at once: what one batch of Graph carries.
const LOT: usize = 20;

/// Sends what was noted, and records what became of it. Gives the items that changed meanwhile.
///
/// # Errors
/// When the sandbox fails or the lease is lost; what was not recorded is looked up by the next
/// cycle.
#[tracing::instrument(skip_all)]
pub async fn push(
    context: &mut Context,
    session: &mut Session,
    guard: &lease::Guard,
    intents: Vec<Intent>,
    links: &mut Links,
) -> Result<Vec<Item>, CycleError> {
    let silence = Outcome::Unknown(Fault::NotUnderstood(
        "the plugin said nothing of the operation".to_owned(),
    ));
    let mut lost = Vec::new();
    for lot in intents.chunks(LOT) {
        guard.extend(&context.host, &mut context.lease).await?;
        let keys: Vec<String> = lot.iter().map(|intent| intent.key.clone()).collect();
        let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
        intent::mark_sent(&mut transaction, &keys).await?;
        transaction.commit().await?;
        let request = PushRequest {
            mailbox: context.mailbox(),
            settings: context.settings.clone(),
            profile: context.profile,
            operations: lot.iter().filter_map(operation).collect(),
        };
        let outcomes = session.push(&[request]).await?.pop().unwrap_or_default();
        let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
        for intent in lot {
            let outcome = outcomes.iter().find(|outcome| outcome.key == intent.key);
            let outcome = outcome.map_or(&silence, |outcome| &outcome.outcome);
            record(context, &mut transaction, intent, outcome, links).await?;
            let is_lost = match outcome {
                Outcome::Conflict(_) => true,
                Outcome::Refused(_) => is_of_occurrence(intent),
                _ => false,
            };
            if is_lost {
                lost.extend(items(intent));
            }
        }
        transaction.commit().await?;
    }
    Ok(lost)
}

/// A change of an occurrence. One that Exchange refuses can never be done (it would pass its
/// neighbour), and its PSA copy goes back (behaviour, section 3).
fn is_of_occurrence(intent: &Intent) -> bool {
    let action = &intent.operation.action;
    matches!(action, Action::UpdateExchange(update) if update.target.slot.is_some())
}

/// Both items of an intent's pair.
fn items(intent: &Intent) -> impl Iterator<Item = Item> {
    let psa = intent.operation.psa.clone().map(Item::Psa);
    let exchange = intent.operation.exchange.clone().map(Item::Exchange);
    psa.into_iter().chain(exchange)
}

fn operation(intent: &Intent) -> Option<PushOperation> {
    let action = match &intent.operation.action {
        Action::CreateExchange(content) => PushAction::Create(content.clone()),
        Action::UpdateExchange(update) => PushAction::Update(update.clone()),
        Action::DeleteExchange(deletion) => PushAction::Delete(deletion.clone()),
        _ => return None,
    };
    Some(PushOperation {
        key: intent.key.clone(),
        marker: intent.marker.clone(),
        action,
    })
}

async fn record(
    context: &mut Context,
    transaction: &mut Transaction,
    intent: &Intent,
    outcome: &Outcome,
    links: &mut Links,
) -> Result<(), CycleError> {
    let mut noted = entry(context, &intent.operation);
    noted.link.clone_from(&intent.link);
    match outcome {
        Outcome::Done(echo) => {
            context.counts.exchange_writes += u64::from(echo.writes);
            done(context, transaction, intent, echo, links).await?;
            if let Some(target) = target(&intent.operation.action) {
                let mailbox = &context.record.mailbox.id;
                in_play::keep_echo(transaction, mailbox, target, echo).await?;
            }
            keep_image(context, transaction, intent, echo).await?;
            noted.status = echo.status;
            noted.request_id.clone_from(&echo.request_id);
            if let Some(reference) = reference(echo) {
                noted.exchange = Some(reference.id);
            }
        }
        Outcome::Unknown(fault) => {
            context.counts.exchange_writes += 1;
            context.counts.failed += 1;
            told(&mut noted, "unknown", fault);
            let reason = retry::reason(fault);
            again(context, transaction, intent, reason, fault, links).await?;
            history::append(transaction, &[noted]).await?;
            // The intent stays: the next cycle looks up what became of it.
            return Ok(());
        }
        Outcome::NotSent(fault) => {
            told(&mut noted, "not sent", fault);
            again(context, transaction, intent, Reason::RaceLost, fault, links).await?;
        }
        Outcome::Conflict(fault) => {
            context.counts.exchange_writes += 1;
            told(&mut noted, "conflict", fault);
            again(context, transaction, intent, Reason::RaceLost, fault, links).await?;
            raise_generation(context, transaction, intent, links).await?;
        }
        Outcome::Refused(fault) if is_of_occurrence(intent) => {
            context.counts.exchange_writes += 1;
            told(&mut noted, "refused", fault);
            again(context, transaction, intent, Reason::RaceLost, fault, links).await?;
            note_refusal(intent, links);
            raise_generation(context, transaction, intent, links).await?;
        }
        Outcome::Failed(fault) | Outcome::Refused(fault) => {
            context.counts.exchange_writes += 1;
            context.counts.failed += 1;
            let refused = matches!(outcome, Outcome::Refused(_));
            told(
                &mut noted,
                if refused { "refused" } else { "failed" },
                fault,
            );
            let reason = retry::reason(fault);
            again(context, transaction, intent, reason, fault, links).await?;
            raise_generation(context, transaction, intent, links).await?;
        }
    }
    let key = std::slice::from_ref(&intent.key);
    if !matches!(outcome, Outcome::Done(_)) {
        before_image::forget(transaction, key).await?;
        if let Some(undoing) = &context.undoing {
            let operation = &intent.operation;
            undoing.note(transaction, operation, State::Done).await?;
        }
    }
    intent::remove(transaction, key).await?;
    history::append(transaction, &[noted]).await?;
    Ok(())
}

/// Keeps what the write left behind with what it replaced, or that it undid another.
async fn keep_image(
    context: &Context,
    transaction: &mut Transaction,
    intent: &Intent,
    echo: &Echo,
) -> Result<(), CycleError> {
    if let Some(undoing) = &context.undoing {
        let operation = &intent.operation;
        return undoing.note(transaction, operation, State::Undone).await;
    }
    let target = target(&intent.operation.action).cloned();
    let left = match &echo.item {
        EchoedItem::Gone => None,
        item => target
            .or_else(|| reference(echo))
            .map(|name| Left::Exchange(name, Box::new(item.clone()))),
    };
    before_image::done(transaction, &intent.key, left).await?;
    Ok(())
}

fn told(entry: &mut Entry, outcome: &str, fault: &Fault) {
    outcome.clone_into(&mut entry.outcome);
    let text = fault_text(fault);
    entry.remark = format!("{}; to do: {}", text.text, text.hint);
}

/// The link as the plan wants it, with what the server made of our write as its new base.
async fn done(
    context: &Context,
    transaction: &mut Transaction,
    intent: &Intent,
    echo: &Echo,
    links: &mut Links,
) -> Result<(), CycleError> {
    let Some(id) = &intent.link else {
        return Ok(());
    };
    let LinkChange::Become(after) = &intent.operation.after else {
        if matches!(intent.operation.after, LinkChange::Drop) {
            link::remove(transaction, id).await?;
            links.remove(&id.value);
        }
        return Ok(());
    };
    let Some(known) = links.get_mut(&id.value) else {
        return Ok(());
    };
    // The row may have been written in this cycle: its version is the link's, not the plan's.
    let written = known.base.as_ref().map(|base| base.psa.version);
    take_over(known, after);
    known.generation = intent.generation.saturating_add(1);
    known.refused = None;
    if let Some(reference) = reference(echo) {
        // An occurrence's slot and UID are the planned ones: servers write them in several ways.
        known.exchange = Some(match known.exchange.take() {
            Some(planned) if planned.slot.is_some() => ExchangeReference {
                id: reference.id,
                ..planned
            },
            _ => reference,
        });
        known.provenance = Provenance::Own;
    }
    if let Some(base) = &mut known.base {
        if let Some(exchange) = &echo.base {
            base.exchange = exchange.clone();
        }
        // A pair that is as it was before a cycle knows for which version it was so.
        let written = written.filter(|_| context.undoing.is_none());
        if let Some(written) = written.filter(|written| written.number > base.psa.version.number) {
            base.psa.version = written;
        }
    }
    link::update(transaction, &context.record.mailbox.id, known).await?;
    Ok(())
}

fn reference(echo: &Echo) -> Option<ExchangeReference> {
    match &echo.item {
        EchoedItem::Event(event) => Some(ExchangeReference {
            id: event.id.clone(),
            uid: event.uid.clone(),
            slot: None,
        }),
        EchoedItem::Contact(contact) => Some(ExchangeReference {
            id: contact.id.clone(),
            uid: None,
            slot: None,
        }),
        EchoedItem::Gone => None,
    }
}

/// The link knows for which version of the PSA's row Exchange refused a change: the one planned, or
/// the one that this cycle wrote since.
fn note_refusal(intent: &Intent, links: &mut Links) {
    let known = intent.link.as_ref().and_then(|id| links.get_mut(&id.value));
    let (Some(known), LinkChange::Become(after)) = (known, &intent.operation.after) else {
        return;
    };
    let bases = [&after.base, &known.base].into_iter().flatten();
    let version = bases.map(|base| base.psa.version);
    known.refused = version.max_by_key(|version| version.number);
}

/// The next try is another write, with another key.
async fn raise_generation(
    context: &Context,
    transaction: &mut Transaction,
    intent: &Intent,
    links: &mut Links,
) -> Result<(), CycleError> {
    let known = intent.link.as_ref().and_then(|id| links.get_mut(&id.value));
    if let Some(known) = known {
        known.generation = intent.generation.saturating_add(1);
        link::update(transaction, &context.record.mailbox.id, known).await?;
    }
    Ok(())
}

/// Puts both items of a pair on the list to look at again; after too many failures the pair is set
/// aside and waits for somebody.
async fn again(
    context: &Context,
    transaction: &mut Transaction,
    intent: &Intent,
    reason: Reason,
    fault: &Fault,
    links: &mut Links,
) -> Result<(), CycleError> {
    let detail = fault_text(fault).text;
    let pause = Duration::from_secs(u64::from(retry_after(fault).unwrap_or_default()));
    for item in items(intent) {
        let prospect = retry::later(context, transaction, &item, reason, pause, &detail).await?;
        let known = intent.link.as_ref().and_then(|id| links.get_mut(&id.value));
        if let (Prospect::SetAside, Some(known)) = (prospect, known) {
            known.state = LinkState::SetAside;
            link::update(transaction, &context.record.mailbox.id, known).await?;
        }
    }
    Ok(())
}
