//! What a dry run found: what would be done, to which items, and why.
//!
//! Only names stand here, of rules, actions and fields. An operation's texts stay behind, so that
//! the plan for a private item tells no more than that for any other.

use serde::Serialize;

use super::problem::Problem;
use super::text::{PsaItem, choice};
use crate::contract::{Action, ExchangeId, Operation, PsaReference};
use crate::cycle::apply;

/// One thing that would be done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedView {
    /// What, such as `update_exchange`.
    pub action: String,
    /// Which rule decided, such as `psa_item_moved`.
    pub rule: String,
    /// To which item of the PSA; null for one that is not there yet.
    pub psa: Option<PsaItem>,
    /// To which item of Exchange; null for one that is not there yet.
    pub exchange: Option<String>,
    /// Names of the fields that make the difference.
    pub fields: Vec<String>,
    /// A sentence for people; may be empty.
    pub remark: String,
}

/// An operation without its texts.
///
/// # Errors
/// 500, should a rule have no name.
pub fn view(operation: Operation) -> Result<PlannedView, Problem> {
    Ok(PlannedView {
        action: apply::name(&operation.action).replace('-', "_"),
        rule: choice(&operation.rule)?,
        psa: psa(&operation).cloned().map(Into::into),
        exchange: exchange(&operation).map(|id| id.value.clone()),
        fields: operation.evidence.fields,
        remark: operation.remark,
    })
}

/// The item that is named, or else the one that is written.
fn psa(operation: &Operation) -> Option<&PsaReference> {
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

fn exchange(operation: &Operation) -> Option<&ExchangeId> {
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
