//! All that is known about what a cycle has to decide: the closure of what was observed and of what
//! changed in the PSA, over links and rows.

use std::collections::{BTreeMap, BTreeSet};

use super::group::Known;
use super::observe::{Breadth, Observed};
use super::run::{Context, CycleError};
use crate::contract::{Change, ExchangeId, Link, PsaReference, PsaRow, RowVersion, Uid};
use crate::psa::feed;
use crate::store::link;
use crate::store::look_again::Item;
use crate::store::observation::{item_of, marker_of};

/// Gathers it. A link brings its row, a row its link, an observation both; the PSA's changes come
/// since the last cycle's version.
///
/// # Errors
/// When the database does not answer.
pub async fn gather(context: &Context, observed: &Observed) -> Result<Known, CycleError> {
    let mut rows = rows_concerned(context, observed).await?;
    let changes = observed.staged.changes.clone();
    let mut links = BTreeMap::new();
    let mailbox = &context.record.mailbox.id;
    let tenant = &context.tenant;
    let owner = &context.record.mailbox.owner;
    let reader = context.reader();
    if matches!(observed.breadth, Breadth::Everything { .. }) {
        remember(&mut links, link::of_mailbox(tenant, mailbox).await?);
    }
    let ids: Vec<ExchangeId> = changes.iter().map(item_of).cloned().collect();
    remember(
        &mut links,
        link::by_exchange_ids(tenant, mailbox, &ids).await?,
    );
    remember(
        &mut links,
        link::by_uids(tenant, mailbox, &uids(&changes)).await?,
    );
    // Rows lead to links and links to rows; the second time nothing new is found.
    for _ in 0..2 {
        let mut wanted: BTreeSet<(u8, String)> = BTreeSet::new();
        let references = rows
            .values()
            .map(|row: &PsaRow| &row.reference)
            .chain(links.values().filter_map(|link: &Link| link.psa.as_ref()))
            .chain(marked(&changes));
        let mut all: Vec<PsaReference> = Vec::new();
        for reference in references {
            if wanted.insert((reference.kind as u8, reference.id.value.clone())) {
                all.push(reference.clone());
            }
        }
        remember(&mut links, link::by_psa(tenant, mailbox, &all).await?);
        let missing: Vec<PsaReference> = all
            .into_iter()
            .filter(|reference| !rows.contains_key(&key(reference)))
            .collect();
        take(
            &mut rows,
            feed::by_references(tenant, &missing, &reader).await?,
        );
        let unlinked = unlinked(&changes, &links);
        take(
            &mut rows,
            feed::by_exchange(tenant, owner, &unlinked.0, &unlinked.1, reader.web).await?,
        );
    }
    Ok(Known {
        changes,
        rows: rows.into_values().collect(),
        links: links.into_values().collect(),
        relinking: observed.relinking(),
    })
}

/// How many rows are read at once.
const ROWS: u32 = 500;

type Rows = BTreeMap<String, PsaRow>;

fn key(reference: &PsaReference) -> String {
    format!("{:?}:{}", reference.kind, reference.id.value)
}

fn take(rows: &mut Rows, more: Vec<PsaRow>) {
    for row in more {
        rows.insert(key(&row.reference), row);
    }
}

fn remember(links: &mut BTreeMap<String, Link>, more: Vec<Link>) {
    for link in more {
        links.insert(link.id.value.clone(), link);
    }
}

/// Rows that changed since the last cycle, as far as they are to be planned, and those on the list
/// to look at again.
async fn rows_concerned(context: &Context, observed: &Observed) -> Result<Rows, CycleError> {
    let mut rows = match observed.breadth {
        Breadth::Items => Rows::new(),
        Breadth::Changes => changed_rows(context, context.record.psa_cursor).await?,
        Breadth::Everything { .. } => changed_rows(context, None).await?,
    };
    let again: Vec<PsaReference> = observed
        .looked_at
        .iter()
        .filter_map(|entry| match &entry.item {
            Item::Psa(reference) => Some(reference.clone()),
            Item::Exchange(_) => None,
        })
        .collect();
    let reader = context.reader();
    take(
        &mut rows,
        feed::by_references(&context.tenant, &again, &reader).await?,
    );
    Ok(rows)
}

async fn changed_rows(context: &Context, since: Option<RowVersion>) -> Result<Rows, CycleError> {
    let mut rows = Rows::new();
    let reader = context.reader();
    loop {
        let after = rows
            .values()
            .map(|row: &PsaRow| row.version)
            .max_by_key(|it| it.number);
        let more = feed::changes_since(&context.tenant, &reader, after.or(since), ROWS).await?;
        let is_last = more.len() < ROWS as usize;
        take(&mut rows, more);
        if is_last {
            return Ok(rows);
        }
    }
}

fn uids(changes: &[Change]) -> Vec<Uid> {
    changes
        .iter()
        .filter_map(|change| match change {
            Change::Event(event) => event.uid.clone(),
            _ => None,
        })
        .collect()
}

fn marked(changes: &[Change]) -> impl Iterator<Item = &PsaReference> {
    let markers = changes.iter().filter_map(marker_of);
    markers.map(|marker| &marker.psa)
}

/// Names of observed items that no link knows: rows may know them.
fn unlinked(changes: &[Change], links: &BTreeMap<String, Link>) -> (Vec<ExchangeId>, Vec<Uid>) {
    let linked: BTreeSet<&str> = links
        .values()
        .filter_map(|link| link.exchange.as_ref())
        .map(|exchange| exchange.id.value.as_str())
        .collect();
    let unlinked: Vec<Change> = changes
        .iter()
        .filter(|change| !linked.contains(item_of(change).value.as_str()))
        .cloned()
        .collect();
    (
        unlinked.iter().map(item_of).cloned().collect(),
        uids(&unlinked),
    )
}
