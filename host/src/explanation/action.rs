//! What can be done to an item, in words.

use crate::contract::{Action, ExchangeId, Operation, PsaReference, Side};
use crate::cycle::apply;

/// The name by which programs know an action, such as `update_exchange`.
#[must_use]
pub fn name(action: &Action) -> String {
    apply::name(action).replace('-', "_")
}

/// Which side an action writes to; none for one that writes to neither.
#[must_use]
pub const fn side(action: &Action) -> Option<Side> {
    match action {
        Action::CreateExchange(_) | Action::UpdateExchange(_) | Action::DeleteExchange(_) => {
            Some(Side::Exchange)
        }
        Action::CreatePsa(_)
        | Action::UpdatePsa(_)
        | Action::DeletePsa(_)
        | Action::NoteCopyDeleted(_) => Some(Side::Psa),
        Action::LinkOnly | Action::Nothing => None,
    }
}

/// What an action would do, by the name that the contract and the history give it.
#[must_use]
pub fn intention(name: &str) -> &str {
    match name {
        "create-exchange" => "make in Exchange",
        "update-exchange" => "change in Exchange",
        "delete-exchange" => "delete in Exchange",
        "create-psa" => "make in the PSA",
        "update-psa" => "change in the PSA",
        "delete-psa" => "delete in the PSA",
        "note-copy-deleted" => "note in the PSA",
        "link-only" => "note the pair",
        "nothing" => "leave alone",
        other => other,
    }
}

/// The same of something that was tried.
#[must_use]
pub fn attempt(name: &str) -> &str {
    match name {
        "create-exchange" => "make a copy in Exchange",
        "update-exchange" => "change the item in Exchange",
        "delete-exchange" => "delete the item in Exchange",
        "create-psa" => "make a copy in the PSA",
        "update-psa" => "change the item in the PSA",
        "delete-psa" => "delete the item in the PSA",
        "note-copy-deleted" => "note on the PSA's row that the copy was deleted",
        "link-only" => "note what both sides agree on",
        "nothing" => "nothing",
        other => other,
    }
}

/// The PSA item that an operation is about, or else the one that it writes.
#[must_use]
pub fn psa(operation: &Operation) -> Option<&PsaReference> {
    operation.psa.as_ref().or(match &operation.action {
        Action::UpdatePsa(update) => Some(&update.reference),
        Action::DeletePsa(deletion) => Some(&deletion.reference),
        Action::NoteCopyDeleted(note) => Some(&note.reference),
        Action::CreateExchange(_)
        | Action::UpdateExchange(_)
        | Action::DeleteExchange(_)
        | Action::CreatePsa(_)
        | Action::LinkOnly
        | Action::Nothing => None,
    })
}

/// The item of Exchange that an operation is about, or else the one that it writes.
#[must_use]
pub fn exchange(operation: &Operation) -> Option<&ExchangeId> {
    operation.exchange.as_ref().or(match &operation.action {
        Action::UpdateExchange(update) => Some(&update.target.id),
        Action::DeleteExchange(deletion) => Some(&deletion.target.id),
        Action::CreatePsa(creation) => Some(&creation.exchange.id),
        Action::CreateExchange(_)
        | Action::UpdatePsa(_)
        | Action::DeletePsa(_)
        | Action::NoteCopyDeleted(_)
        | Action::LinkOnly
        | Action::Nothing => None,
    })
}
