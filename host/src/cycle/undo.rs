//! Undoing a mailbox's last cycle (docs/design.md, *Undoing a cycle*).
//!
//! The same steps as in a cycle, but for observing and planning: only the items that the cycle wrote
//! are looked at, and the host [plans](plan) from the [before-images](super::before) in the plugin's
//! place. What somebody [changed since](as_left) is left alone. Before anything is written the
//! mailbox is held by a question, so that no further cycle makes the writes again unasked; and its
//! cursors stay, so that the next one sees all that happened meanwhile.

mod as_left;
mod deed;
mod plan;
mod refusal;
mod step;

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use super::guard::{self, Guarded, Verdict};
use super::observe::{self, Asked, Breadth, Observed, Unanswered};
use super::plan::Links;
use super::run::{Context, CycleError, Done, Settling};
use super::{Foreseen, apply, entry, lease, push, recover, series};
use crate::contract::{Action, ExchangeId, MailboxId, Operation};
use crate::runtime::Session;
use crate::store::before_image::{self, Kept, State};
use crate::store::cycle_run::{self, CycleRun};
use crate::store::history::{self, Entry};
use crate::store::look_again::{self, Item, Reason};
use crate::store::observation::Staged;
use crate::store::stop::{self, Extent, Stop};
use crate::store::{StoreError, Tenant, Transaction, link};
use deed::Deed;
use plan::{Scene, Wanted};

/// An undoing under way: which image each operation puts back.
#[derive(Clone, Debug, Default)]
pub struct Undoing {
    /// The cycle that is undone.
    pub cycle: String,
    /// The keys of images, by the operation's group: each has one of its own.
    images: BTreeMap<u32, Vec<String>>,
}

impl Undoing {
    /// Notes how far the undoing came that this operation is.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn note(
        &self,
        transaction: &mut Transaction,
        operation: &Operation,
        state: State,
    ) -> Result<(), CycleError> {
        if let Some(ids) = self.images.get(&operation.group) {
            before_image::set_state(transaction, ids, state).await?;
        }
        Ok(())
    }
}

/// The cycle that can be undone: the mailbox's last one that wrote something; none when none did.
///
/// # Errors
/// When the database does not answer.
pub async fn last(tenant: &Tenant, mailbox: &MailboxId) -> Result<Option<CycleRun>, StoreError> {
    cycle_run::last_that_wrote(tenant, mailbox).await
}

/// The question that holds a mailbox after its last cycle was undone, until somebody answers it.
///
/// # Errors
/// When the database does not answer.
pub async fn holds(context: &Context) -> Result<Option<Stop>, CycleError> {
    let asked = stop::of_mailbox(&context.tenant, &context.record.mailbox.id).await?;
    Ok(asked.filter(|stop| stop.reason == stop::Reason::Undone && !stop.approved))
}

/// The steps of an undoing, in their order.
///
/// # Errors
/// [`CycleError::NotReady`] for a cycle that cannot be undone, with the reason; else those of the
/// steps. An undoing that is cut off goes on where it was when it is run again.
pub async fn steps(
    context: &mut Context,
    session: &mut Session,
    lease: &lease::Guard,
    cycle: Uuid,
) -> Result<Done, CycleError> {
    let undone = cycle.to_string();
    let kept = kept(context, &undone).await?;
    if !context.options.dry_run {
        recover::recover(context, session).await?;
        lease.extend(&context.host, &mut context.lease).await?;
    }
    let deeds = deed::of_images(kept);
    let observed = look_at(context, session, lease, &deeds).await?;
    let mut links = Links::new();
    let (mut planned, _) = super::plan::gathered(context, &observed, &mut links).await?;
    let scene = Scene::read(context, &deeds, &planned, &observed, &mut links).await?;
    let mut wanted: Vec<Wanted> = deeds.iter().map(|deed| scene.wanted(deed)).collect();
    planned.operations = possible(&wanted);
    let mut guarded = guard::guard(context, &observed, &planned, &links).await?;
    guarded.idle_approvals.clear();
    refuse(&mut wanted, &mut guarded);
    let mut done = Done {
        plan: foreseen(&wanted),
        ..Done::default()
    };
    if context.options.dry_run {
        return Ok(done);
    }
    done.settling = Some(Settling::Undone);
    if guarded.allowed.is_empty() {
        done.asks = holds(context).await?;
        return Ok(done);
    }
    let question = ask(context, &undone, &deeds, &wanted).await?;
    context.undoing = Some(Undoing {
        cycle: undone,
        images: images(&deeds),
    });
    let intents = apply::apply(context, guarded, &planned, &mut links).await?;
    push::push(context, session, lease, intents, &mut links).await?;
    done.asks = Some(question);
    Ok(done)
}

/// What is kept of a cycle and not undone yet.
async fn kept(context: &Context, cycle: &str) -> Result<Vec<Kept>, CycleError> {
    let (tenant, mailbox) = (&context.tenant, &context.record.mailbox.id);
    let not_ready = |why: &str| Err(CycleError::NotReady(why.to_owned()));
    let last = last(tenant, mailbox).await?;
    if last.is_none_or(|last| last.id != cycle) {
        return not_ready(
            "only the last cycle that wrote something can be undone, and this is another one; look again what would \
             be done",
        );
    }
    if context
        .record
        .provider
        .is_some_and(|known| known != context.provider())
    {
        return not_ready(
            "the settings name another provider than the cycle's, which knows its items under other names; choose \
             the cycle's provider again, or leave the cycle as it is",
        );
    }
    let mut kept = before_image::of_cycle(tenant, mailbox, cycle).await?;
    if kept.is_empty() {
        return not_ready(
            "the cycle is more than 7 days old, and what it replaced is kept no longer",
        );
    }
    kept.retain(|kept| kept.state != State::Undone);
    Ok(kept)
}

/// The items of Exchange that the cycle wrote, as they are now.
async fn look_at(
    context: &mut Context,
    session: &mut Session,
    lease: &lease::Guard,
    deeds: &[Deed],
) -> Result<Observed, CycleError> {
    let ids: Vec<ExchangeId> = deeds
        .iter()
        .filter_map(Deed::exchange_item)
        .cloned()
        .collect();
    let (mut staged, mut unanswered) = (Staged::default(), Unanswered::new());
    let asked = Asked {
        ids: series::through_masters(context, ids).await?,
        again: &[],
        series_within: context.window()?,
    };
    observe::look_closely(context, session, lease, asked, &mut staged, &mut unanswered).await?;
    Ok(Observed {
        staged,
        unanswered,
        looked_at: Vec::new(),
        breadth: Breadth::Items,
    })
}

/// The operations that may be tried, each in a group of its own: the number of its deed.
fn possible(wanted: &[Wanted]) -> Vec<Operation> {
    let operations = wanted.iter().filter(|wanted| wanted.refusal.is_none());
    operations.map(|wanted| wanted.operation.clone()).collect()
}

/// What the guard refuses stays as well.
fn refuse(wanted: &mut [Wanted], guarded: &mut Guarded) {
    for (operation, reason) in guarded.refused.drain(..) {
        let group = operation.group;
        for wanted in wanted.iter_mut().filter(|it| it.operation.group == group) {
            wanted.refuse(reason);
        }
    }
}

/// What would be done; what cannot be undone comes first.
fn foreseen(wanted: &[Wanted]) -> Vec<Foreseen> {
    let mut foreseen: Vec<Foreseen> = wanted
        .iter()
        .map(|wanted| Foreseen {
            operation: wanted.operation.clone(),
            verdict: match wanted.refusal {
                Some(reason) => Verdict::Refused(reason),
                None => Verdict::Allowed,
            },
            subject: None,
        })
        .collect();
    foreseen.sort_by_key(|it| it.verdict == Verdict::Allowed);
    foreseen
}

fn images(deeds: &[Deed]) -> BTreeMap<u32, Vec<String>> {
    deeds
        .iter()
        .map(|deed| (deed.group, deed.images.clone()))
        .collect()
}

/// Holds the mailbox, and notes what cannot be undone; all items are looked at again once the
/// mailbox goes on.
async fn ask(
    context: &mut Context,
    undone: &str,
    deeds: &[Deed],
    wanted: &[Wanted],
) -> Result<Stop, CycleError> {
    let mailbox = context.record.mailbox.id.clone();
    let linked = link::count_linked(&context.tenant, &mailbox).await?;
    let question = Stop {
        cycle: context.cycle.clone(),
        reason: stop::Reason::Undone,
        extent: extent(
            wanted,
            usize::try_from(linked.calendar).unwrap_or(usize::MAX),
        ),
        approved: false,
    };
    let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
    cycle_run::set_undoes(&mut transaction, &context.cycle, undone).await?;
    stop::ask(&mut transaction, &mailbox, &question).await?;
    for item in deeds.iter().flat_map(Deed::items) {
        let (reason, now) = (Reason::Undone, Duration::ZERO);
        let detail = "a cycle was undone";
        look_again::add(&mut transaction, &mailbox, &item, reason, now, detail).await?;
    }
    let refused = wanted.iter().filter_map(|wanted| {
        let refusal = wanted.refusal?;
        Some(not_undone(context, &wanted.operation, refusal))
    });
    let refused: Vec<Entry> = refused.collect();
    history::append(&mut transaction, &refused).await?;
    transaction.commit().await?;
    Ok(question)
}

fn not_undone(context: &Context, operation: &Operation, reason: &str) -> Entry {
    let digest = context.component.digest();
    let mailbox = &context.record.mailbox.id;
    Entry {
        psa: operation.psa.clone(),
        exchange: operation.exchange.clone(),
        outcome: "not undone".to_owned(),
        remark: reason.to_owned(),
        ..entry::blank_entry(&context.cycle, mailbox, digest, context.now, "nothing")
    }
}

/// How much the next cycle would do that only does again what was undone.
fn extent(wanted: &[Wanted], linked: usize) -> Extent {
    let undone = wanted.iter().filter(|wanted| wanted.refusal.is_none());
    let (mut writes, mut made_again, mut gone) = (0, 0, 0);
    for wanted in undone {
        writes += 1;
        match wanted.operation.action {
            Action::CreateExchange(_) => made_again += 1,
            // The item of Exchange that such a copy is of may be gone.
            Action::CreatePsa(_) => gone += 1,
            _ => {}
        }
    }
    Extent {
        linked,
        gone,
        changed: writes,
        deletions: made_again + gone,
        writes,
    }
}

/// The items of a pair.
fn pair(operation: &Operation) -> impl Iterator<Item = Item> {
    let psa = operation.psa.clone().map(Item::Psa);
    let exchange = operation.exchange.clone().map(Item::Exchange);
    psa.into_iter().chain(exchange)
}
