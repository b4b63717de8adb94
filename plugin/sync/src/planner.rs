//! The law: what has to be done so that both sides agree again.
//!
//! The planner is a pure function of a batch. Each group is decided by itself and, in it, each
//! pair: first whose item it is, then whether both sides still exist, then when it takes place,
//! then what it says. The rules themselves stand in the files below; this one is their order.

mod case;
mod exchange_item;
mod pair;
mod psa_item;
mod text;
mod time;

use crate::contract::{
    Batch, EventShape, ItemKind, LinkState, Operation, Plan, PsaContent, Rule, Side, Span, Zone,
};
use crate::zone;
use case::Case;
use pair::{Pair, Seen};

/// Plans a batch. The same batch gives the same plan.
#[must_use]
pub fn plan(batch: &Batch) -> Plan {
    let mut operations = Vec::new();
    for (number, group) in (0_u32..).zip(&batch.groups) {
        for pair in pair::pairs(batch, group) {
            operations.extend(decide(&Case {
                batch,
                group: number,
                pair,
            }));
        }
    }
    Plan { operations }
}

fn decide(case: &Case<'_>) -> Vec<Operation> {
    if let Some(rule) = left_alone(case) {
        return vec![case.nothing(rule)];
    }
    if let Seen::Event(event) = case.pair.seen
        && !matches!(event.shape, EventShape::Single)
    {
        return vec![case.series_left_out(event)];
    }
    match case.pair.link.map(|link| link.state) {
        Some(LinkState::Held | LinkState::SetAside) => case.waits(),
        Some(LinkState::Released) => psa_item::released(case),
        Some(LinkState::Linked | LinkState::CopyDeleted) | None => match case.origin() {
            Side::Psa => psa_item::decide(case),
            Side::Exchange => exchange_item::decide(case),
        },
    }
}

/// Items that nobody may touch, because it is not clear whose they are; and kinds of item that
/// this version leaves at home.
fn left_alone(case: &Case<'_>) -> Option<Rule> {
    match (&case.pair, case.pair.found_by) {
        (_, Some(rule @ (Rule::ContentAmbiguous | Rule::MarkedWithoutRecord))) => Some(rule),
        (
            Pair {
                link: None,
                row: Some(row),
                ..
            },
            _,
        ) if row.reference.kind != ItemKind::Appointment => Some(match &row.content {
            PsaContent::ToDo(to_do) if !to_do.on_calendar => Rule::KeptAtHome,
            _ => Rule::NotSupported,
        }),
        _ => None,
    }
}

/// The mailbox's zone; UTC as long as nobody has read it.
fn mailbox_zone(batch: &Batch) -> Zone {
    batch.mailbox.zone.clone().unwrap_or_else(|| Zone {
        name: "UTC".to_owned(),
    })
}

/// Whether an item ends at or before the window's start: then it is neither imported nor exported
/// unless it is linked already (behaviour, section 3).
fn ends_before_window(batch: &Batch, span: &Span) -> bool {
    let end = zone::end(span, &mailbox_zone(batch));
    end.is_some_and(|end| end.microseconds <= batch.window.start.microseconds)
}

#[cfg(test)]
mod tests;
