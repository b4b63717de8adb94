//! What a dry run found: what would be done, to which items, and why.
//!
//! Only names stand here, of rules, actions and fields. An operation's texts stay behind, so that
//! the plan for a private item tells no more than that for any other.

use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use super::text::{PsaItem, choice};
use crate::contract::Operation;
use crate::cycle::{Foreseen, Verdict};
use crate::explanation::action;

/// One thing that would be done.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
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
    /// Why it would not be done, or cannot be undone; null when it would be done, or wait.
    pub refused_because: Option<&'static str>,
}

/// What a run foresees, without texts.
///
/// # Errors
/// 500, should a rule have no name.
pub fn foreseen(foreseen: Foreseen) -> Result<PlannedView, Problem> {
    let refused_because = match foreseen.verdict {
        Verdict::Refused(reason) => Some(reason),
        Verdict::Allowed | Verdict::Held => None,
    };
    Ok(PlannedView {
        refused_because,
        ..view(foreseen.operation)?
    })
}

/// An operation without its texts.
///
/// # Errors
/// 500, should a rule have no name.
pub fn view(operation: Operation) -> Result<PlannedView, Problem> {
    Ok(PlannedView {
        action: action::name(&operation.action),
        rule: choice(&operation.rule)?,
        psa: action::psa(&operation).cloned().map(Into::into),
        exchange: action::exchange(&operation).map(|id| id.value.clone()),
        fields: operation.evidence.fields,
        remark: operation.remark,
        refused_because: None,
    })
}
