//! What an item is in now: linked or not, what it waits for, when it is looked at next.

use serde::Serialize;

use crate::api::time::instant_text;
use crate::contract::{Link, LinkState};
use crate::store::held::Held;
use crate::store::intent::Intent;
use crate::store::lease::CycleResult;
use crate::store::look_again::{Item, LookAgain, Reason};
use crate::store::mailbox::MailboxRecord;

/// An item's state in one mailbox.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    /// The mailbox's address.
    pub mailbox: String,
    /// `linked`, `copy_deleted`, `released`, `held`, `set_aside` or `not_linked`.
    pub state: &'static str,
    /// The same in words.
    pub meaning: &'static str,
    /// The partner in Exchange; null when there is none.
    pub exchange: Option<String>,
    /// Deletions that wait.
    pub held: Vec<HeldView>,
    /// Why it is on the list to look at again.
    pub look_again: Vec<LookAgainView>,
    /// Writes that may have been sent and whose outcome nobody knows yet.
    pub pending_writes: usize,
    /// Why the mailbox's cycles stop before they do anything, and what to do; null when they do not.
    pub stopped: Option<String>,
    /// When the mailbox's next cycle is due; null when it does not synchronise.
    pub next_cycle: Option<String>,
}

/// A deletion that waits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeldView {
    /// Which cycle holds it, for `tandem approve`.
    pub cycle: String,
    /// Since when.
    pub since: String,
    /// When it was approved; null while it waits.
    pub approved: Option<String>,
}

/// An entry of the list to look at again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookAgainView {
    /// `psa` or `exchange`: whose item.
    pub side: &'static str,
    /// Why.
    pub reason: &'static str,
    /// The same in words.
    pub meaning: &'static str,
    /// How often it failed in a row.
    pub failures: u32,
    /// From when on; null for what waits for somebody.
    pub due: Option<String>,
    /// What went wrong; may be empty.
    pub detail: String,
}

/// The state in a mailbox, of all that is noted there about the item.
#[must_use]
pub fn state(
    record: &MailboxRecord,
    link: Option<&Link>,
    held: &[&Held],
    look_again: &[&LookAgain],
    pending: &[&Intent],
) -> State {
    let (state, meaning) = link.map_or(
        ("not_linked", "It has no partner on the other side."),
        facts,
    );
    let synchronises = record.enabled && record.profile.is_some();
    State {
        mailbox: record.mailbox.address.clone(),
        state,
        meaning,
        exchange: link
            .and_then(|link| link.exchange.as_ref())
            .map(|reference| reference.id.value.clone()),
        held: held.iter().map(|it| held_view(it)).collect(),
        look_again: look_again.iter().map(|it| look_again_view(it)).collect(),
        pending_writes: pending.len(),
        stopped: match record.last_result {
            Some(CycleResult::Stopped) => record.last_error.clone(),
            _ => None,
        },
        next_cycle: synchronises.then(|| instant_text(record.next_due)),
    }
}

fn facts(link: &Link) -> (&'static str, &'static str) {
    match (link.state, &link.exchange) {
        (LinkState::Linked, Some(_)) => ("linked", "Both items exist and follow each other."),
        (LinkState::Linked, None) => ("linked", "The copy in Exchange is about to be made."),
        (LinkState::CopyDeleted, _) => (
            "copy_deleted",
            "The copy was deleted by its user; it is made again once the original changes.",
        ),
        (LinkState::Released, _) => (
            "released",
            "Others were invited to our copy; it is left to them and never written again.",
        ),
        (LinkState::Held, _) => (
            "held",
            "A deletion waits for approval; nothing else is done meanwhile.",
        ),
        (LinkState::SetAside, _) => (
            "set_aside",
            "It failed too often and waits for somebody to look into it.",
        ),
    }
}

fn held_view(held: &Held) -> HeldView {
    HeldView {
        cycle: held.cycle.clone(),
        since: instant_text(held.created),
        approved: held.approved.map(instant_text),
    }
}

fn look_again_view(entry: &LookAgain) -> LookAgainView {
    let (reason, meaning) = match entry.reason {
        Reason::Failed => (
            "failed",
            "it could not be written or read, and is tried again",
        ),
        Reason::RaceLost => ("race_lost", "it changed meanwhile, or was interrupted"),
        Reason::Held => ("held", "its deletion was held or has just been approved"),
        Reason::SetAside => ("set_aside", "it failed too often and waits for somebody"),
        Reason::Undone => ("undone", "what a cycle wrote to it was undone"),
    };
    LookAgainView {
        side: match entry.item {
            Item::Psa(_) => "psa",
            Item::Exchange(_) => "exchange",
        },
        reason,
        meaning,
        failures: entry.failures,
        due: (entry.reason != Reason::SetAside).then(|| instant_text(entry.due)),
        detail: entry.detail.clone(),
    }
}
