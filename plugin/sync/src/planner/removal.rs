//! "Remove all copies that Tandem made": what an admin asks for once items have left the filter
//! (behaviour, section 6).
//!
//! Only what a link knows is removed: without one nobody can tell our copy from a user's.

use super::case::Case;
use super::{copy, exchange_item};
use crate::contract::{LinkState, Operation, Rule, Side};

pub fn decide(case: &Case<'_>) -> Vec<Operation> {
    let (Some(link), Some(row)) = (case.pair.link, case.pair.row) else {
        return Vec::new();
    };
    match (link.state, link.origin) {
        (LinkState::Held | LinkState::SetAside, _) => case.waits(),
        (LinkState::Linked, Side::Psa) if link.exchange.is_some() => {
            vec![copy::remove(case, row, Rule::RemovedByAdmin)]
        }
        (LinkState::Linked, Side::Exchange) if !row.deleted => {
            vec![exchange_item::delete_copy(case, row, Rule::RemovedByAdmin)]
        }
        (LinkState::Linked | LinkState::CopyDeleted | LinkState::Released, _) => Vec::new(),
    }
}
