//! Items that came back without being announced.
//!
//! What leaves the calendar and returns to it is never announced again by a delta. So the host asks
//! for such items itself: when a round has listed everything, for those that it took for deleted
//! and that are listed; and when a PSA item changes whose copy its user had deleted, for that copy,
//! before another one is made.

use std::collections::BTreeSet;

use super::run::{Context, CycleError};
use crate::contract::{
    Coverage, ExchangeId, ItemKind, Link, LinkState, PsaReference, RoundEnd, RowVersion, Rule, Side,
};
use crate::psa::feed;
use crate::store::history;
use crate::store::link;
use crate::store::observation::Staged;

/// The ids to ask for. `linked` are the ids that links know.
///
/// # Errors
/// When the database does not answer.
pub async fn ids(
    context: &Context,
    end: &RoundEnd,
    staged: &Staged,
    linked: &BTreeSet<&str>,
) -> Result<Vec<ExchangeId>, CycleError> {
    let mut ids = copies_of_changed_items(context).await?;
    if matches!(end.coverage, Coverage::Everything) {
        for id in &staged.present {
            if !linked.contains(id.value.as_str()) && was_taken_for_deleted(context, id).await? {
                ids.push(id.clone());
            }
        }
    }
    Ok(ids)
}

async fn was_taken_for_deleted(context: &Context, id: &ExchangeId) -> Result<bool, CycleError> {
    let told = history::of_exchange(&context.tenant, id).await?;
    let mailbox = &context.record.mailbox.id;
    let last = told.iter().rfind(|entry| entry.mailbox == *mailbox);
    Ok(last.is_some_and(|entry| {
        matches!(
            entry.rule,
            Some(Rule::ExchangeItemDeleted | Rule::CopyDeletedByUser)
        )
    }))
}

/// Copies that their users deleted, of PSA items that changed since the last cycle.
async fn copies_of_changed_items(context: &Context) -> Result<Vec<ExchangeId>, CycleError> {
    let mailbox = &context.record.mailbox.id;
    let deleted: Vec<Link> = link::by_state(&context.tenant, mailbox, LinkState::CopyDeleted)
        .await?
        .into_iter()
        .filter(|link| {
            // A contact's copy is made again at a full re-synchronisation only, which looks for all.
            link.kind != ItemKind::Contact && link.origin == Side::Psa && link.exchange.is_none()
        })
        .collect();
    if deleted.is_empty() {
        return Ok(Vec::new());
    }
    let references: Vec<PsaReference> =
        deleted.iter().filter_map(|link| link.psa.clone()).collect();
    let since = context
        .record
        .psa_cursor
        .unwrap_or(RowVersion { number: 0 });
    let reader = context.reader();
    let changed: Vec<PsaReference> = feed::by_references(&context.tenant, &references, &reader)
        .await?
        .into_iter()
        .filter(|row| row.version.number > since.number)
        .map(|row| row.reference)
        .collect();
    let mut ids = Vec::new();
    for link in deleted {
        if link.psa.as_ref().is_some_and(|psa| changed.contains(psa)) {
            let mut told = history::of_link(&context.tenant, &link.id).await?;
            // Another provider's names mean nothing to this one.
            told.retain(|entry| {
                let since = context.record.handed_over;
                since.is_none_or(|since| entry.time.microseconds >= since.microseconds)
            });
            ids.extend(told.into_iter().rev().find_map(|entry| entry.exchange));
        }
    }
    Ok(ids)
}
