//! Step 3: may this plan be carried out? (behaviour, sections 4 and 6)
//!
//! The host trusts no plugin with the promises that users fear for most. It checks from its own
//! observations that a write [mails nobody](mailing), holds deletions [beyond a ceiling](ceiling)
//! until an admin approves them, all of them, and [stops](alarm) a cycle that would do what hardly
//! anybody can have meant. It counts a series [once](once), whatever it does to its occurrences.

mod alarm;
mod ceiling;
mod mailing;
mod once;

use std::collections::{BTreeMap, BTreeSet};

use super::observe::Observed;
use super::plan::{Links, Planned};
use super::run::{Context, CycleError};
use super::series;
use crate::contract::{
    Action, Change, ExchangeId, ItemKind, Link, LinkState, LinkTarget, Operation, PsaReference,
    Rule,
};
use crate::store::look_again::{self, Item, LookAgain};
use crate::store::stop::{self, Extent, Stop};
use crate::store::{held, link};
use alarm::Circumstances;

/// Fewer items than this never wait and never stop a cycle.
const SMALLEST: usize = 5;

/// What the guard says of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// To be carried out.
    Allowed,
    /// Waits for approval.
    Held,
    /// Not to be carried out, with the reason.
    Refused(&'static str),
}

/// A plan, weighed.
#[derive(Debug, Default)]
pub struct Guarded {
    /// To be carried out.
    pub allowed: Vec<Operation>,
    /// Wait for approval.
    pub held: Vec<Operation>,
    /// Not to be carried out, with the reason.
    pub refused: Vec<(Operation, &'static str)>,
    /// Keys of the approvals whose deletion the plan no longer wants.
    pub idle_approvals: Vec<String>,
    /// One for each operation, in the order of the plan.
    pub verdicts: Vec<Verdict>,
    /// Nothing at all may be carried out before somebody approves.
    pub stop: Option<Stop>,
}

/// Weighs a plan.
///
/// # Errors
/// When the database does not answer.
#[tracing::instrument(skip_all)]
pub async fn guard(
    context: &Context,
    observed: &Observed,
    planned: &Planned,
    links: &Links,
) -> Result<Guarded, CycleError> {
    let tenant = &context.tenant;
    let record = &context.record;
    let mailbox = &record.mailbox.id;
    let mut approved = BTreeMap::new();
    let mut approved_rows = Vec::new();
    let held = held::list(tenant, Some(mailbox)).await?;
    for held in held.into_iter().filter(|held| held.approved.is_some()) {
        match held.link {
            Some(link) => {
                approved.insert(link.value, held.id);
            }
            None => approved_rows.extend(held.operation.psa),
        }
    }
    let linked = link::count_linked(tenant, mailbox).await?;
    let silent = silent(observed);
    let masters: Vec<String> = silent.iter().map(|id| id.value.clone()).collect();
    let mut silent = link::by_exchange_ids(tenant, mailbox, &silent).await?;
    silent.extend(link::by_masters(tenant, mailbox, &masters).await?);
    let listed = look_again::list(tenant, mailbox).await?;
    let weighing = Weighing {
        approved,
        approved_rows: &approved_rows,
        linked: usize::try_from(linked.calendar).unwrap_or(usize::MAX),
        contacts: usize::try_from(linked.contacts).unwrap_or(usize::MAX),
        links,
        silent: &silent,
        failed: &failed(listed),
        circumstances: Circumstances {
            holds_items: holds_items(observed),
            other_settings: context.options.full || record.relink || record.cursor.is_none(),
            other_plugin: record
                .plugin_digest
                .as_ref()
                .is_some_and(|digest| digest != context.component.digest()),
            removing: context.options.removing,
            undoing: context.options.undoing.is_some(),
        },
        asked: stop::of_mailbox(tenant, mailbox).await?,
        cycle: &context.cycle,
    };
    Ok(weighing.weigh(observed, planned))
}

/// Ids of which the server says neither that the item is there nor that it is gone.
fn silent(observed: &Observed) -> Vec<ExchangeId> {
    let present = &observed.staged.present;
    let ids = observed.unanswered.keys();
    ids.map(|value| ExchangeId {
        value: value.clone(),
    })
    .filter(|id| !present.contains(id))
    .collect()
}

/// Items of Exchange that failed in an earlier cycle.
fn failed(listed: Vec<LookAgain>) -> BTreeSet<String> {
    let failed = listed.into_iter().filter(|entry| entry.failures > 0);
    failed
        .filter_map(|entry| match entry.item {
            Item::Exchange(id) => Some(id.value),
            Item::Psa(_) => None,
        })
        .collect()
}

fn holds_items(observed: &Observed) -> bool {
    let staged = &observed.staged;
    let is_there = |change: &Change| !matches!(change, Change::Removal(_));
    !staged.present.is_empty() || staged.changes.iter().any(is_there)
}

/// What a plan is weighed against.
struct Weighing<'a> {
    /// Links whose deletion an admin approved, with the keys of the approvals.
    approved: BTreeMap<String, String>,
    /// Rows without a link whose deletion an admin approved, as when links were lost.
    approved_rows: &'a [PsaReference],
    /// How many links have an item of the calendar on both sides.
    linked: usize,
    /// How many have a contact on both sides.
    contacts: usize,
    /// The links that the plan is about.
    links: &'a Links,
    /// Links to items of which the server says neither that they are there nor that they are gone.
    silent: &'a [Link],
    /// Items that failed in an earlier cycle, by their ids.
    failed: &'a BTreeSet<String>,
    circumstances: Circumstances,
    /// What an earlier cycle asked.
    asked: Option<Stop>,
    /// This cycle, should it have to ask.
    cycle: &'a str,
}

impl Weighing<'_> {
    fn weigh(&self, observed: &Observed, planned: &Planned) -> Guarded {
        let refusals: Vec<Option<&'static str>> = planned
            .operations
            .iter()
            .map(|operation| mailing::would_mail(operation, planned, self.links))
            .collect();
        let counted: Vec<&Operation> = planned
            .operations
            .iter()
            .zip(&refusals)
            .filter(|(operation, refusal)| refusal.is_none() && self.is_unasked(operation))
            .map(|(operation, _)| operation)
            .collect();
        let deletions = counted.iter().filter(|it| ceiling::is_deletion(it));
        let (of_contacts, of_calendar): (Vec<&Operation>, Vec<&Operation>) =
            deletions.partition(|operation| self.is_contact(operation));
        let of_contacts = of_contacts.len();
        let of_calendar = once::operations(&of_calendar, self.links, planned);
        let of_contacts_wait = ceiling::exceeds(of_contacts, self.contacts);
        let of_calendar_wait = ceiling::exceeds(of_calendar, self.linked);
        let waits = |operation: &Operation| {
            ceiling::is_deletion(operation)
                && match self.is_contact(operation) {
                    true => of_contacts_wait,
                    false => of_calendar_wait,
                }
        };
        let changed: BTreeSet<&str> = counted
            .iter()
            .filter(|operation| !waits(operation) && !self.is_contact(operation))
            .filter_map(|operation| link_of(operation))
            .collect();
        let approved = self.approved.keys().map(String::as_str);
        let extent = Extent {
            linked: self
                .linked
                .saturating_sub(once::keys(approved, self.links))
                .saturating_sub(once::links(self.silent_links(true))),
            gone: self.gone(observed),
            changed: once::keys(changed, self.links),
            deletions: of_contacts + of_calendar,
            writes: once::operations(&counted, self.links, planned),
        };
        let is_approved = self
            .asked
            .as_ref()
            .is_some_and(|stop| stop.approved && stop.extent.covers(&extent));
        let mut guarded = Guarded {
            idle_approvals: self.idle_approvals(planned),
            stop: alarm::reason(&extent, self.contacts, self.circumstances)
                .filter(|_| !is_approved)
                .map(|reason| self.question(reason, extent)),
            ..Guarded::default()
        };
        for (operation, refusal) in planned.operations.iter().zip(refusals) {
            let verdict = if let Some(reason) = refusal {
                guarded.refused.push((operation.clone(), reason));
                Verdict::Refused(reason)
            } else if waits(operation) && self.is_unasked(operation) && !is_approved {
                guarded.held.push(operation.clone());
                Verdict::Held
            } else {
                guarded.allowed.push(operation.clone());
                Verdict::Allowed
            };
            guarded.verdicts.push(verdict);
        }
        guarded
    }

    /// Contacts are counted by themselves: there may be so many that a whole calendar is a small share
    /// beside them.
    fn is_contact(&self, operation: &Operation) -> bool {
        let known = link_of(operation).and_then(|link| self.links.get(link));
        let kind = known.map(|link| link.kind);
        let named = operation.psa.as_ref().map(|reference| reference.kind);
        kind.or(named) == Some(ItemKind::Contact)
    }

    /// A write that no admin asked for or approved. That one asked is known here, whatever the
    /// plugin says.
    fn is_unasked(&self, operation: &Operation) -> bool {
        let is_removal = self.circumstances.removing && operation.rule == Rule::RemovedByAdmin;
        let is_asked = is_removal || self.circumstances.undoing;
        is_write(operation)
            && !is_asked
            && !(ceiling::is_deletion(operation) && self.is_approved(operation))
    }

    fn is_approved(&self, operation: &Operation) -> bool {
        match (link_of(operation), &operation.psa) {
            (Some(link), _) => self.approved.contains_key(link),
            (None, Some(row)) => self.approved_rows.contains(row),
            (None, None) => false,
        }
    }

    /// How many linked items are gone of which no admin has approved that. What came back under another
    /// id, as an item does with EWS that was moved out of the calendar and back, is not.
    fn gone(&self, observed: &Observed) -> usize {
        let mut removed: BTreeSet<&str> = BTreeSet::new();
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for change in &observed.staged.changes {
            match change {
                Change::Removal(removal) => {
                    removed.insert(removal.id.value.as_str());
                }
                Change::Event(event) => {
                    told.extend(event.uid.as_ref().map(|uid| uid.value.as_str()));
                }
                Change::Occurrence(_) | Change::Contact(_) => {}
            }
        }
        // Of a series all is gone with its master, and with nothing less.
        let is_removed = |link: &&Link| {
            link.exchange.as_ref().is_some_and(|exchange| {
                let uid = exchange.uid.as_ref();
                removed.contains(series::asked_by(exchange))
                    && !uid.is_some_and(|uid| told.contains(uid.value.as_str()))
            })
        };
        let removed = self.links.values().filter(is_removed);
        let removed = removed.filter(|link| self.counts(link));
        once::links(removed.chain(self.silent_links(false)))
    }

    /// A pair of the calendar that follows changes, and that no admin approved to part.
    fn counts(&self, link: &Link) -> bool {
        link.state == LinkState::Linked
            && link.kind != ItemKind::Contact
            && !self.approved.contains_key(&link.id.value)
    }

    /// Links whose items do not answer: those of which that is known since an earlier cycle, which
    /// was not stopped or was approved, or the others.
    fn silent_links(&self, known: bool) -> impl Iterator<Item = &Link> {
        let is_known = |link: &Link| {
            let exchange = link.exchange.as_ref();
            exchange.is_some_and(|exchange| {
                self.failed.contains(&exchange.id.value)
                    || self.failed.contains(series::asked_by(exchange))
            })
        };
        let silent = self.silent.iter().filter(|link| self.counts(link));
        silent.filter(move |link| is_known(link) == known)
    }

    /// Approvals of what was looked at and is not to be deleted any more: they must not outlast
    /// what they were given for. Of an item that does not answer nobody knows that yet.
    fn idle_approvals(&self, planned: &Planned) -> Vec<String> {
        let wanted: BTreeSet<&str> = planned
            .operations
            .iter()
            .filter(|operation| ceiling::is_deletion(operation))
            .filter_map(link_of)
            .collect();
        self.approved
            .iter()
            .filter(|(link, _)| planned.links.contains(*link) && !wanted.contains(link.as_str()))
            .filter(|(link, _)| !self.silent.iter().any(|silent| silent.id.value == **link))
            .map(|(_, approval)| approval.clone())
            .collect()
    }

    /// The question to ask; the one that is open already if the plan does no more than that.
    fn question(&self, reason: stop::Reason, extent: Extent) -> Stop {
        match &self.asked {
            Some(asked) if !asked.approved && asked.extent.covers(&extent) => asked.clone(),
            _ => Stop {
                cycle: self.cycle.to_owned(),
                reason,
                extent,
                approved: false,
            },
        }
    }
}

/// Whether an operation changes an item, or what is remembered of it on the PSA's row.
const fn is_write(operation: &Operation) -> bool {
    !matches!(operation.action, Action::LinkOnly | Action::Nothing)
}

fn link_of(operation: &Operation) -> Option<&str> {
    match &operation.link {
        LinkTarget::Existing(id) => Some(id.value.as_str()),
        LinkTarget::Fresh(_) | LinkTarget::None => None,
    }
}

#[cfg(test)]
mod tests;
