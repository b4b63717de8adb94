//! "Remove all copies that Tandem made": what an admin asks for once items no longer travel
//! (behaviour, section 6).
//!
//! A link knows our copy. Without one each row that came from Exchange is a copy all the same; but a
//! marked item is ours only while links are made again (section 5), and otherwise one that a user
//! made of our copy. A copy that nobody can name waits until it is found; the PSA's need no name.

use super::case::Case;
use super::{copy, exchange_item, hand_over};
use crate::contract::{
    Action, Link, LinkState, LinkTarget, NewLink, Operation, PsaRow, Rule, Side,
};

pub fn decide(case: &Case<'_>) -> Vec<Operation> {
    match (case.pair.link, case.pair.row) {
        (Some(link), Some(row)) => linked(case, link, row),
        (None, Some(row)) if !row.deleted => unlinked(case, row),
        (_, Some(_) | None) => Vec::new(),
    }
}

fn linked(case: &Case<'_>, link: &Link, row: &PsaRow) -> Vec<Operation> {
    match (link.state, link.origin) {
        (LinkState::Held | LinkState::SetAside, _) => case.waits(),
        (_, Side::Psa) if hand_over::is_unknown(case) => vec![hand_over::waits(case)],
        (LinkState::Linked, Side::Psa) if case.exchange_reference().is_some() => {
            vec![copy::remove(case, row, Rule::RemovedByAdmin)]
        }
        (LinkState::Linked, Side::Exchange) if !row.deleted => {
            vec![exchange_item::delete_copy(case, row, Rule::RemovedByAdmin)]
        }
        (LinkState::Linked | LinkState::CopyDeleted | LinkState::Released, _) => Vec::new(),
    }
}

fn unlinked(case: &Case<'_>, row: &PsaRow) -> Vec<Operation> {
    match row.origin {
        Side::Exchange => vec![exchange_item::delete_copy(case, row, Rule::RemovedByAdmin)],
        Side::Psa if case.batch.relinking && case.pair.found_by == Some(Rule::RelinkedByMarker) => {
            let mut operation = copy::remove(case, row, Rule::RemovedByAdmin);
            if matches!(operation.action, Action::DeleteExchange(_)) {
                // A write to Exchange belongs to a pair, and this one has lost its name.
                operation.link = LinkTarget::Fresh(NewLink {
                    kind: row.reference.kind,
                    origin: Side::Psa,
                });
            }
            vec![operation]
        }
        Side::Psa => Vec::new(),
    }
}
