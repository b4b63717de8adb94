//! What a dry run foresees, one row for each operation: what, which item, when, why, and which
//! fields differ. The JSON form is this struct; its names never change.

use serde::Serialize;

use super::change::{Change, Words, changes};
use super::title::{self, Shown};
use super::{action, rule};
use crate::api::span::When;
use crate::api::text::{PsaItem, side};
use crate::contract::{
    Action, ExchangeContent, Operation, PsaReference, PsaRow, Rule, Sensitivity, Span,
};
use crate::cycle::{Foreseen, Verdict};
use crate::psa::WebAddress;
use crate::store::{StoreError, Tenant};

/// One thing that a cycle would do, or why it would do nothing.
#[derive(Clone, Debug, Serialize)]
pub struct PlanRow {
    /// What, such as `update_exchange`.
    pub action: String,
    /// Which side it writes to, `psa` or `exchange`; null for neither.
    pub side: Option<&'static str>,
    /// To which item of the PSA; null for one that is not there yet.
    pub psa: Option<PsaItem>,
    /// To which item of Exchange; null for one that is not there yet.
    pub exchange: Option<String>,
    /// The title that the PSA shows, or will show; null for a private item.
    pub title: Option<String>,
    /// Either side calls the item private.
    pub private: bool,
    /// When it takes place, as it is now or will be made; null for one that has no time.
    pub when: Option<When>,
    /// Which rule decided, such as `psa_item_moved`.
    pub rule: &'static str,
    /// The same in words.
    pub why: &'static str,
    /// Names of the fields that make the difference.
    pub fields: Vec<String>,
    /// The same, from what to what where that may be said.
    pub changes: Vec<Change>,
    /// `allowed`, `waits_for_approval` or `refused`.
    pub verdict: &'static str,
    /// Why the host would refuse it; null when it would not.
    pub refused_because: Option<&'static str>,
    /// A sentence for people; may be empty.
    pub remark: String,
    /// For the table.
    #[serde(skip)]
    pub shown: ForPeople,
}

/// What the table needs beside the written form.
#[derive(Clone, Debug)]
pub struct ForPeople {
    /// What would be done, in words.
    pub what: &'static str,
    /// When.
    pub span: Option<Span>,
    /// Which rule.
    pub rule: Rule,
    /// It writes to either side.
    pub writes: bool,
}

/// Explains a plan, with the titles that the PSA shows.
///
/// # Errors
/// When the database does not answer.
pub async fn explain(
    web: &WebAddress,
    tenant: &Tenant,
    plan: &[Foreseen],
) -> Result<Vec<PlanRow>, StoreError> {
    let references: Vec<PsaReference> = plan
        .iter()
        .filter_map(|foreseen| action::psa(&foreseen.operation).cloned())
        .collect();
    let shown = Shown::read(web, tenant, &references).await?;
    Ok(plan
        .iter()
        .map(|foreseen| {
            let reference = action::psa(&foreseen.operation);
            row(foreseen, reference.and_then(|it| shown.row(it)))
        })
        .collect())
}

/// Explains one operation on an item whose PSA row is given where there is one.
#[must_use]
pub fn row(foreseen: &Foreseen, psa_row: Option<&PsaRow>) -> PlanRow {
    let Foreseen {
        operation,
        verdict,
        subject,
    } = foreseen;
    let private = title::is_private(operation, psa_row);
    let title = psa_row
        .and_then(title::of_row)
        .or_else(|| created_title(operation))
        .filter(|_| !private);
    let words = Words {
        open: !private,
        title: title.as_deref(),
        subject: subject.as_deref(),
    };
    let span = span(operation, psa_row);
    let (verdict, refused_because) = match verdict {
        Verdict::Allowed => ("allowed", None),
        Verdict::Held => ("waits_for_approval", None),
        Verdict::Refused(reason) => ("refused", Some(*reason)),
    };
    let written = action::side(&operation.action);
    PlanRow {
        action: action::name(&operation.action),
        side: written.map(side),
        psa: action::psa(operation).cloned().map(Into::into),
        exchange: action::exchange(operation).map(|id| id.value.clone()),
        changes: changes(operation, words),
        title,
        private,
        when: span.map(Into::into),
        rule: rule::name(operation.rule),
        why: rule::sentence(operation.rule),
        fields: operation.evidence.fields.clone(),
        verdict,
        refused_because,
        remark: operation.remark.clone(),
        shown: ForPeople {
            what: action::intention(crate::cycle::apply::name(&operation.action)),
            span,
            rule: operation.rule,
            writes: written.is_some(),
        },
    }
}

/// The title that a new copy will show.
fn created_title(operation: &Operation) -> Option<String> {
    match &operation.action {
        Action::CreatePsa(creation) => Some(creation.appointment.title.clone()),
        // A copy that is made again of an item that is gone, as when a cycle is undone.
        Action::CreateExchange(ExchangeContent::Event(content))
            if content.sensitivity == Sensitivity::Normal =>
        {
            Some(content.subject.clone())
        }
        _ => None,
    }
}

/// When the item takes place: what is made says it, else the side that is written, else the other.
fn span(operation: &Operation, row: Option<&PsaRow>) -> Option<Span> {
    let evidence = &operation.evidence;
    let psa = evidence.psa.as_ref().map(|digest| digest.span);
    let exchange = evidence.exchange.as_ref().map(|digest| digest.span);
    let base = evidence.base.as_ref();
    let either = match &operation.action {
        Action::CreateExchange(ExchangeContent::Event(content)) => return Some(content.span),
        Action::CreateExchange(ExchangeContent::Contact(_)) => return None,
        Action::CreatePsa(creation) => return Some(creation.appointment.span),
        Action::UpdateExchange(_) | Action::DeleteExchange(_) => {
            exchange.or(base.map(|it| it.exchange.digest.span)).or(psa)
        }
        _ => psa.or(exchange),
    };
    either
        .or_else(|| row.and_then(title::span_of_row))
        .or(base.map(|it| it.psa.digest.span))
}
