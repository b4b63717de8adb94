//! All that is known about what a cycle has to decide: the closure of what was observed and of what
//! changed in the PSA, over links, rows and series.

use std::collections::{BTreeMap, BTreeSet};

use super::group::Known;
use super::observe::{Breadth, Observed};
use super::run::{Context, CycleError};
use super::series::in_play::{self, InPlay};
use crate::contract::{Change, ExchangeId, Link, PsaReference, PsaRow, RowVersion, Uid};
use crate::psa::feed;
use crate::store::link;
use crate::store::look_again::Item;
use crate::store::master::KnownSeries;
use crate::store::observation::{item_of, marker_of, read_marker};

/// Gathers it. A link brings its row, a row its link, an observation both, and each of them all of
/// its series; the PSA's changes come since the last cycle's version.
///
/// # Errors
/// When the database does not answer.
pub async fn gather(context: &Context, observed: &Observed) -> Result<(Known, InPlay), CycleError> {
    let mut rows = rows_concerned(context, observed).await?;
    let mut changes = observed.staged.changes.clone();
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
    // Rows lead to links and links to rows, and either to all of a series: until nothing new is
    // found.
    let mut masters = in_play::masters(context, observed).await?;
    let mut gathered = BTreeSet::new();
    let mut series = Vec::new();
    loop {
        let before = (rows.len(), links.len());
        masters.extend(masters_named(&rows, &links));
        let new: Vec<String> = masters.difference(&gathered).cloned().collect();
        if !new.is_empty() {
            remember(&mut links, link::by_masters(tenant, mailbox, &new).await?);
            take(
                &mut rows,
                feed::by_masters(tenant, owner, &new, reader.web).await?,
            );
            series.extend(in_play::known(context, observed, &new).await?);
            gathered.extend(new);
        }
        let mut wanted: BTreeSet<(u8, String)> = BTreeSet::new();
        let references = rows
            .values()
            .map(|row: &PsaRow| &row.reference)
            .chain(links.values().filter_map(|link: &Link| link.psa.as_ref()))
            .chain(marked(&changes, &series));
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
        if (rows.len(), links.len()) == before {
            break;
        }
    }
    let in_play = InPlay::after(&changes, series);
    changes.extend(in_play.remembered());
    let known = Known {
        changes,
        rows: rows.into_values().collect(),
        links: links.into_values().collect(),
        masters: in_play.masters(),
        relinking: observed.relinking(),
    };
    Ok((known, in_play))
}

/// The masters of the occurrences that rows and links name.
fn masters_named(rows: &Rows, links: &BTreeMap<String, Link>) -> Vec<String> {
    let named = rows.values().filter_map(|row| row.exchange.as_ref());
    let linked = links.values().filter_map(|link| link.exchange.as_ref());
    let slots = named.chain(linked).filter_map(|name| name.slot.as_ref());
    slots.map(|slot| slot.master_id.clone()).collect()
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

fn marked<'a>(
    changes: &'a [Change],
    series: &'a [KnownSeries],
) -> impl Iterator<Item = &'a PsaReference> {
    let markers = changes.iter().filter_map(marker_of);
    let kept = series.iter().map(|series| &series.master.marker);
    markers
        .chain(kept.filter_map(read_marker))
        .map(|marker| &marker.psa)
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
