//! Ids that came from elsewhere. `ConvertId` knows nothing of the ids of Graph that stay the same when an
//! item moves; an id of another server, which may be this one under another name, is right where it answers.

use std::collections::BTreeSet;

use sync::contract::{ExchangeId, Fault, ForeignId, ProviderKind, TranslatedId};
use transport::Transport;

use super::look::{self, Look};
use crate::operation::get_item::LOT;
use crate::operation::shape;
use crate::server::Server;

/// Translates ids, in their order.
///
/// # Errors
/// What concerns the mailbox or the moment.
pub fn translate<T: Transport>(
    server: &Server<'_, T>,
    ids: &[ForeignId],
) -> Result<Vec<TranslatedId>, Fault> {
    let asked: Vec<String> = ids
        .iter()
        .filter(|foreign| foreign.provider == ProviderKind::Other)
        .map(|foreign| foreign.value.clone())
        .collect();
    let mut known = BTreeSet::new();
    for lot in asked.chunks(LOT) {
        let looks = match look::at(server, shape::MARKED, lot) {
            // The ids may name the mailbox that was.
            Err(Fault::NotFound(_) | Fault::Refused(_)) => continue,
            looks => looks?,
        };
        let there = lot.iter().zip(looks);
        known.extend(
            there
                .filter(|(_, look)| matches!(look, Look::There(_)))
                .map(|(id, _)| id.clone()),
        );
    }
    Ok(ids
        .iter()
        .map(|foreign| TranslatedId {
            foreign: foreign.clone(),
            id: known.contains(&foreign.value).then(|| ExchangeId {
                value: foreign.value.clone(),
            }),
        })
        .collect())
}
