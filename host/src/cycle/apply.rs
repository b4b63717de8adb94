//! Step 4: the PSA's part of a plan, and the notes of what is about to be sent, in one transaction.
//!
//! After its commit the PSA is as the law wants it, and each write to Exchange stands as an intent.
//! A PSA row that changed since it was planned on is left alone, with all that was planned for its
//! pair: the race is lost, and the pair is looked at again.

mod image;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use uuid::Uuid;

use super::before;
use super::guard::Guarded;
use super::plan::{Items, Links, Planned};
use super::run::{Context, CycleError};
use crate::contract::{
    Action, Attempts, ExchangeReference, Link, LinkAfter, LinkChange, LinkId, LinkState,
    LinkTarget, Marker, Operation, Provenance, PsaReference, RowVersion,
};
use crate::psa::copy;
use crate::store::before_image::State;
use crate::store::history::{self, Entry};
use crate::store::intent::{self, Intent, IntentState};
use crate::store::look_again::{self, Item, Reason};
use crate::store::observation::marker_of;
use crate::store::{Transaction, held, link};

/// Which pair an operation that names none yet belongs to: operations of one group about the same
/// items are about one pair.
type Fresh = BTreeMap<(u32, String, String), LinkId>;

struct Applying<'a> {
    context: &'a mut Context,
    transaction: Transaction,
    items: &'a Items,
    former: &'a Items,
    links: &'a mut Links,
    fresh: Fresh,
    /// Pairs that lost a race.
    lost: BTreeSet<String>,
    intents: Vec<Intent>,
    entries: Vec<Entry>,
}

/// Carries out what concerns the PSA and the links, keeps the series, and gives the intents.
///
/// # Errors
/// When the lease is lost or the database refuses; then nothing of it is done.
#[tracing::instrument(skip_all)]
pub async fn apply(
    context: &mut Context,
    guarded: Guarded,
    planned: &Planned,
    links: &mut Links,
) -> Result<Vec<Intent>, CycleError> {
    let transaction = context.tenant.begin_fenced(&context.lease).await?;
    let mut applying = Applying {
        context,
        transaction,
        items: &planned.items,
        former: &planned.former,
        links,
        fresh: Fresh::new(),
        lost: BTreeSet::new(),
        intents: Vec::new(),
        entries: Vec::new(),
    };
    let Guarded {
        allowed,
        held,
        refused,
        idle_approvals,
        verdicts: _,
        stop: _,
    } = guarded;
    held::remove(&mut applying.transaction, &idle_approvals).await?;
    let mailbox = applying.context.record.mailbox.id.clone();
    planned
        .series
        .keep(&mut applying.transaction, &mailbox)
        .await?;
    for operation in allowed {
        applying.operation(operation).await?;
    }
    applying.hold(held).await?;
    for (operation, reason) in refused {
        let mut entry = entry(applying.context, &operation);
        "refused by the host".clone_into(&mut entry.outcome);
        reason.clone_into(&mut entry.remark);
        applying.entries.push(entry);
        applying.context.counts.failed += 1;
    }
    let Applying {
        mut transaction,
        intents,
        entries,
        ..
    } = applying;
    intent::prepare(&mut transaction, &intents).await?;
    history::append(&mut transaction, &entries).await?;
    transaction.commit().await?;
    Ok(intents)
}

impl Applying<'_> {
    async fn operation(&mut self, operation: Operation) -> Result<(), CycleError> {
        let id = self.link_of(&operation).await?;
        if id.as_ref().is_some_and(|id| self.lost.contains(&id.value)) {
            return Ok(());
        }
        if matches!(operation.action, Action::Nothing) {
            return self.note(&operation).await;
        }
        if is_for_exchange(&operation.action) {
            return self.intend(operation, id).await;
        }
        let before = before::of_psa(&mut self.transaction, &operation).await?;
        let (reference, version) = match self.write_psa(&operation).await? {
            Written::Row(reference, version) => (Some(reference), Some(version)),
            Written::Nothing => (None, None),
            Written::LostRace(reference) => return self.lose(&operation, id, reference).await,
        };
        if let Some(reverse) = before {
            let link = self.before(id.as_ref());
            self.note_psa_image(&operation, link, reverse, reference.as_ref())
                .await?;
        }
        self.undone(&operation, State::Undone).await?;
        let mut entry = entry(self.context, &operation);
        entry.link.clone_from(&id);
        // A row that was just made has a key of its own now.
        entry.psa = reference.clone().or(entry.psa);
        self.entries.push(entry);
        if let Some(id) = id {
            self.become_linked(&id, &operation.after, reference, version)
                .await?;
        }
        Ok(())
    }

    /// The key of an operation's pair; a fresh pair gets its row.
    async fn link_of(&mut self, operation: &Operation) -> Result<Option<LinkId>, CycleError> {
        let new = match &operation.link {
            LinkTarget::None => return Ok(None),
            LinkTarget::Existing(id) => return Ok(Some(id.clone())),
            LinkTarget::Fresh(new) => new,
        };
        let part = (
            operation.group,
            operation
                .psa
                .as_ref()
                .map_or_else(String::new, |psa| psa.id.value.clone()),
            operation
                .exchange
                .as_ref()
                .map_or_else(String::new, |id| id.value.clone()),
        );
        if let Some(id) = self.fresh.get(&part) {
            return Ok(Some(id.clone()));
        }
        let none_tried = Attempts {
            count: 0,
            version: RowVersion { number: 0 },
        };
        let link = Link {
            id: LinkId {
                value: self.transaction.new_id(),
            },
            kind: new.kind,
            origin: new.origin,
            psa: operation.psa.clone(),
            exchange: None,
            provenance: Provenance::Own,
            state: LinkState::Linked,
            generation: self.first_generation(operation),
            base: None,
            undoing: none_tried,
            remaking: none_tried,
            refused: None,
        };
        let mailbox = self.context.record.mailbox.id.clone();
        link::insert(&mut self.transaction, &mailbox, &link).await?;
        self.fresh.insert(part, link.id.clone());
        let id = link.id.clone();
        self.links.insert(id.value.clone(), link);
        Ok(Some(id))
    }

    /// Where a fresh link begins to count: after the copy that it is made for, so that copies never
    /// share a generation.
    fn first_generation(&self, operation: &Operation) -> u32 {
        let id = operation.exchange.as_ref().map(|id| id.value.as_str());
        let item = id.and_then(|id| self.items.get(id));
        item.and_then(marker_of)
            .map_or(0, |marker| marker.generation.saturating_add(1))
    }

    async fn write_psa(&mut self, operation: &Operation) -> Result<Written, CycleError> {
        let transaction = &mut self.transaction;
        let owner = &self.context.record.mailbox.owner;
        Ok(match &operation.action {
            Action::CreatePsa(creation) => {
                let (reference, version) = copy::create(transaction, owner, creation).await?;
                self.context.counts.psa_writes += 1;
                Written::Row(reference, version)
            }
            Action::UpdatePsa(update) => match copy::update(transaction, update).await? {
                Some(version) => {
                    self.context.counts.psa_writes += 1;
                    Written::Row(update.reference.clone(), version)
                }
                None => Written::LostRace(update.reference.clone()),
            },
            Action::DeletePsa(deletion) => match copy::delete(transaction, deletion).await? {
                Some(version) => {
                    self.context.counts.psa_writes += 1;
                    Written::Row(deletion.reference.clone(), version)
                }
                None => Written::LostRace(deletion.reference.clone()),
            },
            Action::NoteCopyDeleted(note) => {
                copy::note_copy_deleted(transaction, owner, note).await?;
                Written::Nothing
            }
            _ => Written::Nothing,
        })
    }

    /// The link as it is once the PSA was written.
    async fn become_linked(
        &mut self,
        id: &LinkId,
        after: &LinkChange,
        reference: Option<PsaReference>,
        version: Option<RowVersion>,
    ) -> Result<(), CycleError> {
        match after {
            LinkChange::Keep => {}
            LinkChange::Drop => {
                link::remove(&mut self.transaction, id).await?;
                self.links.remove(&id.value);
            }
            LinkChange::Become(after) => {
                let Some(known) = self.links.get_mut(&id.value) else {
                    return Ok(());
                };
                take_over(known, after);
                // A pair that is as it was before a cycle knows which rows and versions it was so.
                let is_undone = self.context.undoing.is_some();
                if reference.is_some() && !(is_undone && after.psa.is_some()) {
                    known.psa = reference;
                }
                if version.is_some() {
                    known.refused = None;
                }
                if let (Some(base), Some(version)) = (&mut known.base, version)
                    && !is_undone
                {
                    base.psa.version = version;
                }
                let mailbox = self.context.record.mailbox.id.clone();
                link::update(&mut self.transaction, &mailbox, known).await?;
            }
        }
        Ok(())
    }

    /// Notes a write to Exchange. Its link changes with the outcome; only the name of a copy that
    /// is gone is forgotten now, so that nobody takes it for the new one's, and that of a copy that
    /// was found again is known from now on, so that no other is made should the write fail.
    async fn intend(&mut self, operation: Operation, id: Option<LinkId>) -> Result<(), CycleError> {
        let Some(id) = id else {
            return Err(CycleError::BrokenContract(
                "a write to Exchange names no pair".to_owned(),
            ));
        };
        let mailbox = self.context.record.mailbox.id.clone();
        let before = self.before(Some(&id));
        let Some(known) = self.links.get_mut(&id.value) else {
            return Err(CycleError::BrokenContract(
                "a write names an unknown pair".to_owned(),
            ));
        };
        let named = target(&operation.action).cloned();
        if known.exchange.as_ref().map(|it| &it.id) != named.as_ref().map(|it| &it.id) {
            known.exchange = named;
            link::update(&mut self.transaction, &mailbox, known).await?;
        }
        let tenant = &self.context.record.mailbox.tenant;
        let name = format!("{}:{}:{}", tenant.value, id.value, known.generation);
        let is_creation = matches!(operation.action, Action::CreateExchange(_));
        let marker = known.psa.clone().filter(|_| is_creation).map(|psa| Marker {
            tenant: tenant.clone(),
            psa,
            generation: known.generation,
        });
        let generation = known.generation;
        let key = Uuid::new_v5(&KEYS, name.as_bytes()).to_string();
        if let Some(reverse) = before::of_exchange(&operation, self.former, self.items) {
            self.note_image(&operation, before, reverse, None, Some(&key))
                .await?;
        }
        self.undone(&operation, State::Undoing).await?;
        self.intents.push(Intent {
            key,
            mailbox,
            cycle: self.context.cycle.clone(),
            link: Some(id),
            generation,
            operation,
            marker,
            state: IntentState::Prepared,
            created: self.context.now,
        });
        Ok(())
    }

    async fn lose(
        &mut self,
        operation: &Operation,
        id: Option<LinkId>,
        reference: PsaReference,
    ) -> Result<(), CycleError> {
        let mailbox = self.context.record.mailbox.id.clone();
        let detail = "the PSA item changed while the cycle ran";
        let items = [
            Some(Item::Psa(reference)),
            operation.exchange.clone().map(Item::Exchange),
        ];
        for item in items.into_iter().flatten() {
            look_again::add(
                &mut self.transaction,
                &mailbox,
                &item,
                Reason::RaceLost,
                Duration::ZERO,
                detail,
            )
            .await?;
        }
        if let Some(id) = id {
            if self.fresh.values().any(|fresh| *fresh == id) {
                link::remove(&mut self.transaction, &id).await?;
                self.links.remove(&id.value);
            }
            self.lost.insert(id.value);
        }
        let mut entry = entry(self.context, operation);
        "race lost".clone_into(&mut entry.outcome);
        detail.clone_into(&mut entry.remark);
        self.entries.push(entry);
        Ok(())
    }

    /// What was not done, with its reason: once for each item and rule, not in every cycle again.
    async fn note(&mut self, operation: &Operation) -> Result<(), CycleError> {
        let told = match (&operation.exchange, &operation.psa) {
            (Some(id), _) => history::of_exchange(&mut self.transaction, id).await?,
            (None, Some(reference)) => history::of_psa(&mut self.transaction, reference).await?,
            (None, None) => return Ok(()),
        };
        if told
            .last()
            .is_none_or(|last| last.rule != Some(operation.rule))
        {
            let mut entry = entry(self.context, operation);
            "nothing done".clone_into(&mut entry.outcome);
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Deletions that wait: stored before the cursor moves, because the server announces them once.
    async fn hold(&mut self, operations: Vec<Operation>) -> Result<(), CycleError> {
        let mailbox = self.context.record.mailbox.id.clone();
        let mut held_here = Vec::new();
        for operation in operations {
            let id = self.link_of(&operation).await?;
            if let Some(known) = id.as_ref().and_then(|id| self.links.get_mut(&id.value)) {
                known.state = LinkState::Held;
                link::update(&mut self.transaction, &mailbox, known).await?;
            }
            let mut entry = entry(self.context, &operation);
            "waits for approval".clone_into(&mut entry.outcome);
            self.entries.push(entry);
            held_here.push((id, operation));
        }
        let cycle = self.context.cycle.clone();
        held::hold(&mut self.transaction, &mailbox, &cycle, &held_here).await?;
        Ok(())
    }
}

enum Written {
    Row(PsaReference, RowVersion),
    Nothing,
    LostRace(PsaReference),
}

/// The name space of idempotency keys.
const KEYS: Uuid = Uuid::from_u128(0x7a0f_58f4_9c1e_4d5c_8f0b_3d2a_6f6c_41e7);

fn is_for_exchange(action: &Action) -> bool {
    matches!(
        action,
        Action::CreateExchange(_) | Action::UpdateExchange(_) | Action::DeleteExchange(_)
    )
}

/// The item that an update or a deletion is for.
pub const fn target(action: &Action) -> Option<&ExchangeReference> {
    match action {
        Action::UpdateExchange(update) => Some(&update.target),
        Action::DeleteExchange(deletion) => Some(&deletion.target),
        _ => None,
    }
}

/// What the plan says of a link, the key and the counters that are the host's left as they are.
pub fn take_over(known: &mut Link, after: &LinkAfter) {
    known.state = after.state;
    if after.psa.is_some() {
        known.psa.clone_from(&after.psa);
    }
    known.exchange.clone_from(&after.exchange);
    known.provenance = after.provenance;
    known.base.clone_from(&after.base);
    known.undoing = after.undoing;
    known.remaking = after.remaking;
}

/// What the history keeps of an operation that was done.
pub fn entry(context: &Context, operation: &Operation) -> Entry {
    Entry {
        time: context.now,
        cycle: context.cycle.clone(),
        mailbox: context.record.mailbox.id.clone(),
        link: match &operation.link {
            LinkTarget::Existing(id) => Some(id.clone()),
            LinkTarget::Fresh(_) | LinkTarget::None => None,
        },
        psa: operation.psa.clone(),
        exchange: operation.exchange.clone(),
        plugin_digest: context.component.digest().to_owned(),
        // That a cycle is undone is no decision of the law.
        rule: context.undoing.is_none().then_some(operation.rule),
        action: name(&operation.action).to_owned(),
        fields: operation.evidence.fields.clone(),
        evidence: Some(operation.evidence.clone()),
        outcome: "done".to_owned(),
        request_id: String::new(),
        status: 0,
        remark: match &context.undoing {
            Some(undoing) => format!("undoes what the cycle {} did", undoing.cycle),
            None => operation.remark.clone(),
        },
    }
}

/// An action's name, as the contract writes it.
#[must_use]
pub fn name(action: &Action) -> &'static str {
    match action {
        Action::CreateExchange(_) => "create-exchange",
        Action::UpdateExchange(_) => "update-exchange",
        Action::DeleteExchange(_) => "delete-exchange",
        Action::CreatePsa(_) => "create-psa",
        Action::UpdatePsa(_) => "update-psa",
        Action::DeletePsa(_) => "delete-psa",
        Action::NoteCopyDeleted(_) => "note-copy-deleted",
        Action::LinkOnly => "link-only",
        Action::Nothing => "nothing",
    }
}
