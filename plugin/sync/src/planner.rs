//! The law: what has to be done so that both sides agree again.
//!
//! The planner is a pure function of a batch. Each group is decided by itself and, in it, once its
//! series are [spread](series), each pair: first whose item it is, then whether both sides still exist, then when it takes place,
//! then what it says. The rules themselves stand in the files below; this one is their order.

mod case;
mod contact;
mod copy;
mod exchange_item;
mod hand_over;
mod pair;
mod psa_item;
mod removal;
mod seen;
mod series;
mod service_call;
mod text;
mod time;

use crate::contract::{Batch, LinkState, Operation, Plan, Rule, Side, Span};
use crate::zone;
use case::Case;
use seen::Item;

/// Plans a batch. The same batch gives the same plan.
#[must_use]
pub fn plan(batch: &Batch) -> Plan {
    let mut operations = Vec::new();
    for (number, group) in (0_u32..).zip(&batch.groups) {
        let spread = series::spread(batch, group);
        for pair in pair::pairs(batch, &spread) {
            let base = hand_over::base(batch, &pair);
            operations.extend(decide(&Case {
                batch,
                group: number,
                pair,
                base: base.as_deref(),
            }));
        }
    }
    Plan { operations }
}

fn decide(case: &Case<'_>) -> Vec<Operation> {
    if case.batch.removing {
        return removal::decide(case);
    }
    if hand_over::is_unknown(case) {
        return vec![hand_over::waits(case)];
    }
    if let Some(rule @ (Rule::ContentAmbiguous | Rule::MarkedWithoutRecord)) = case.pair.found_by {
        // Nobody may touch an item of which it is not clear whose it is.
        return vec![case.nothing(rule)];
    }
    match case.item() {
        Some(item) if item.is_master() => return vec![case.nothing(Rule::CopyIsSeries)],
        // Contacts go out and never come over: one that is no copy of ours is its user's.
        Some(Item::Contact(_)) if case.pair.link.is_none() && case.pair.row.is_none() => {
            return Vec::new();
        }
        _ => {}
    }
    match case.pair.link.map(|link| link.state) {
        Some(LinkState::Held | LinkState::SetAside) => case.waits(),
        Some(LinkState::Released) => copy::released(case),
        Some(LinkState::Linked | LinkState::CopyDeleted) | None => match case.origin() {
            Side::Psa => psa_item::decide(case),
            Side::Exchange => exchange_item::decide(case),
        },
    }
}

/// Whether an item ends at or before the window's start: then it is neither imported nor exported
/// unless it is linked already (behaviour, section 3).
fn ends_before_window(batch: &Batch, span: &Span) -> bool {
    let end = zone::end(span, &zone::of_mailbox(&batch.mailbox));
    end.is_some_and(|end| end.microseconds <= batch.window.start.microseconds)
}

#[cfg(test)]
pub(crate) mod tests;
