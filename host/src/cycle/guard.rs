//! Step 3: may this plan be carried out? (behaviour, sections 4 and 6)
//!
//! The host trusts no plugin with the two promises that users fear for most. It checks from its own
//! observations that a write mails nobody, and it holds deletions that are more than a day's work
//! until an admin approves them, all of them.

use super::plan::{Links, Planned};
use super::run::{Context, CycleError};
use crate::contract::{
    Action, AttendeeProof, ExchangeEvent, ExchangeVersion, LinkTarget, Operation, Rule,
};
use crate::store::held::{self, Held};
use crate::store::link;

/// More deletions than this wait.
const DELETIONS: usize = 20;
/// More than one of so many linked items, and …
const SHARE: usize = 5;
/// … at least this many, wait too.
const SHARE_FROM: usize = 5;

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
    /// Keys of the approvals that this plan makes use of.
    pub used_approvals: Vec<String>,
    /// One for each operation, in the order of the plan.
    pub verdicts: Vec<Verdict>,
}

/// Weighs a plan.
///
/// # Errors
/// When the database does not answer.
pub async fn guard(
    context: &Context,
    planned: &Planned,
    links: &Links,
) -> Result<Guarded, CycleError> {
    let mailbox = &context.record.mailbox.id;
    let approved: Vec<Held> = held::list(&context.tenant, Some(mailbox))
        .await?
        .into_iter()
        .filter(|held| held.approved.is_some())
        .collect();
    let linked = link::count_linked(&context.tenant, mailbox).await?;
    let is_counted = |operation: &Operation| {
        let is_approved = approved
            .iter()
            .any(|held| is_about_the_same(&held.operation, operation));
        is_deletion(operation) && !is_approved
    };
    let deletions = planned
        .operations
        .iter()
        .filter(|operation| is_counted(operation))
        .count();
    let hold = exceeds(deletions, usize::try_from(linked).unwrap_or(usize::MAX));
    let mut guarded = Guarded {
        used_approvals: approved
            .iter()
            .filter(|held| {
                planned
                    .operations
                    .iter()
                    .any(|it| is_about_the_same(&held.operation, it))
            })
            .map(|held| held.id.clone())
            .collect(),
        ..Guarded::default()
    };
    for operation in &planned.operations {
        let verdict = if let Some(reason) = would_mail(operation, planned, links) {
            guarded.refused.push((operation.clone(), reason));
            Verdict::Refused(reason)
        } else if hold && is_counted(operation) {
            guarded.held.push(operation.clone());
            Verdict::Held
        } else {
            guarded.allowed.push(operation.clone());
            Verdict::Allowed
        };
        guarded.verdicts.push(verdict);
    }
    Ok(guarded)
}

/// More than 20, or more than 20 % and at least 5.
fn exceeds(deletions: usize, linked: usize) -> bool {
    deletions > DELETIONS || (deletions >= SHARE_FROM && deletions * SHARE > linked)
}

/// Deletions on either side count, those that an admin asked for not.
fn is_deletion(operation: &Operation) -> bool {
    operation.rule != Rule::RemovedByAdmin
        && matches!(
            operation.action,
            Action::DeleteExchange(_) | Action::DeletePsa(_)
        )
}

/// What was approved was this deletion, whichever cycle planned it.
fn is_about_the_same(held: &Operation, operation: &Operation) -> bool {
    held.psa == operation.psa && held.exchange == operation.exchange
}

/// Why a write to Exchange could mail somebody, by the host's own knowledge of the item.
fn would_mail(operation: &Operation, planned: &Planned, links: &Links) -> Option<&'static str> {
    let (target, version, proof) = match &operation.action {
        Action::UpdateExchange(update) => (&update.target, &update.version, &update.proof),
        Action::DeleteExchange(deletion) => (&deletion.target, &deletion.version, &deletion.proof),
        _ => return None,
    };
    let own = match planned.events.get(&target.id.value) {
        Some(event) => Some(proof_of(event)),
        None => match &operation.link {
            LinkTarget::Existing(id) => links
                .get(&id.value)
                .and_then(|link| link.base.as_ref())
                .map(|base| base.exchange.proof.clone()),
            LinkTarget::Fresh(_) | LinkTarget::None => None,
        },
    };
    mails_nobody(version, proof, own.as_ref()).err()
}

fn proof_of(event: &ExchangeEvent) -> AttendeeProof {
    AttendeeProof {
        version: event.version.clone(),
        attendees: u32::try_from(event.meeting.attendees.len()).unwrap_or(u32::MAX),
        owner_organizes: event.meeting.owner_organizes,
    }
}

fn mails_nobody(
    version: &ExchangeVersion,
    claimed: &AttendeeProof,
    own: Option<&AttendeeProof>,
) -> Result<(), &'static str> {
    let Some(own) = own else {
        return Err("nothing is known here of whom the change would mail");
    };
    if own.attendees > 0 || claimed.attendees > 0 {
        Err("the item has attendees, who would be mailed")
    } else if !own.owner_organizes || !claimed.owner_organizes {
        Err("somebody else organises the item")
    } else if own.version != *version || claimed.version != *version {
        Err("that nobody is mailed was proved of another version of the item")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(tag: &str, attendees: u32, owner_organizes: bool) -> AttendeeProof {
        AttendeeProof {
            version: version(tag),
            attendees,
            owner_organizes,
        }
    }

    fn version(tag: &str) -> ExchangeVersion {
        ExchangeVersion {
            tag: tag.to_owned(),
        }
    }

    #[test]
    fn a_write_needs_the_hosts_own_proof_for_the_same_version() {
        let good = proof("1", 0, true);
        assert!(mails_nobody(&version("1"), &good, Some(&good)).is_ok());
        assert!(mails_nobody(&version("1"), &good, None).is_err());
        assert!(mails_nobody(&version("2"), &good, Some(&good)).is_err());
        assert!(mails_nobody(&version("1"), &good, Some(&proof("1", 1, true))).is_err());
        assert!(mails_nobody(&version("1"), &good, Some(&proof("1", 0, false))).is_err());
        assert!(mails_nobody(&version("1"), &proof("1", 1, true), Some(&good)).is_err());
    }

    #[test]
    fn deletions_wait_above_twenty_or_above_a_fifth_of_at_least_five() {
        assert!(!exceeds(20, 1_000));
        assert!(exceeds(21, 1_000));
        assert!(!exceeds(4, 4));
        assert!(exceeds(5, 24));
        assert!(!exceeds(5, 25));
    }
}
