//! A series counts once (behaviour, section 6): to delete or to re-time it is one deed, however many
//! occurrences of it are linked.

use std::collections::BTreeSet;

use super::link_of;
use crate::contract::{Link, Operation};
use crate::cycle::plan::{Links, Planned};
use crate::cycle::series;

/// What counts as one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deed<'a> {
    /// All that concerns the series with this master.
    Series(&'a str),
    /// All that concerns this link.
    Link(&'a str),
    /// An operation by itself, by its place.
    Operation(usize),
}

fn of_link(link: &Link) -> Deed<'_> {
    series::of_link(link).map_or(Deed::Link(&link.id.value), Deed::Series)
}

/// How many links these are.
pub fn links<'a>(links: impl Iterator<Item = &'a Link>) -> usize {
    links.map(of_link).collect::<BTreeSet<_>>().len()
}

/// How many links these are the keys of.
pub fn keys<'a>(keys: impl IntoIterator<Item = &'a str>, links: &'a Links) -> usize {
    let deed = |key| links.get(key).map_or(Deed::Link(key), of_link);
    keys.into_iter().map(deed).collect::<BTreeSet<_>>().len()
}

/// How many operations these are; several on one item that is in no series are as many.
pub fn operations(operations: &[&Operation], links: &Links, planned: &Planned) -> usize {
    let deeds: BTreeSet<Deed<'_>> = operations
        .iter()
        .enumerate()
        .map(|(place, operation)| {
            master(operation, links, planned).map_or(Deed::Operation(place), Deed::Series)
        })
        .collect();
    deeds.len()
}

/// The master of the series that an operation concerns, as its link, its item or its copy knows it.
fn master<'a>(operation: &'a Operation, links: &'a Links, planned: &'a Planned) -> Option<&'a str> {
    let of_link = || series::of_link(links.get(link_of(operation)?)?);
    let of_item = || {
        let item = planned.items.get(&operation.exchange.as_ref()?.value)?;
        Some(series::slot_of(item)?.master_id.as_str())
    };
    let of_copy = || planned.copies.get(&operation.psa.as_ref()?.id.value);
    of_link()
        .or_else(of_item)
        .or_else(|| of_copy().map(String::as_str))
}
