//! Who belongs to whom: a group's observations, rows and links as pairs.
//!
//! A link counts before anything else. Without one, an item is known again by its marker, then by
//! the Exchange reference in a PSA row, then, while links are being made again, by equal content
//! (behaviour, sections 1 and 5). What stays alone is new, or stays at home.

use std::cmp::Reverse;

use super::seen::{Item, Seen};
use super::series::{Heirs, Spread};
use crate::base::mails_nobody;
use crate::compose::{compose, is_of_another, kept_at_home};
use crate::contract::{
    Batch, Change, Digest, ExchangeId, ExchangeReference, Group, Link, LinkState, Marker,
    PsaContent, PsaReference, PsaRow, Rule, Side,
};
use crate::import::{digest_of_appointment, import};

/// A PSA item and an Exchange item that belong together, or one of them alone.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    pub link: Option<&'a Link>,
    pub row: Option<&'a PsaRow>,
    pub seen: Seen<'a>,
    /// How a pair without a link was found, or why an item alone gets none.
    pub found_by: Option<Rule>,
}

impl<'a> Pair<'a> {
    fn item_alone(item: Item<'a>, found_by: Option<Rule>) -> Self {
        Self {
            link: None,
            row: None,
            seen: Seen::There(item),
            found_by,
        }
    }

    fn row_alone(row: &'a PsaRow, found_by: Option<Rule>) -> Self {
        Self {
            link: None,
            row: Some(row),
            seen: Seen::Unchanged,
            found_by,
        }
    }

    fn found(row: &'a PsaRow, item: Item<'a>, found_by: Rule) -> Self {
        Self {
            link: None,
            row: Some(row),
            seen: Seen::There(item),
            found_by: Some(found_by),
        }
    }
}

/// What of a group no pair has taken yet.
struct Left<'a> {
    items: Vec<Item<'a>>,
    gone: Vec<&'a ExchangeId>,
    rows: Vec<&'a PsaRow>,
    links: &'a [Link],
}

impl<'a> Left<'a> {
    fn of(group: &'a Group) -> Self {
        let mut left = Self {
            items: Vec::new(),
            gone: Vec::new(),
            rows: Vec::new(),
            links: &group.links,
        };
        for change in &group.changes {
            match change {
                Change::Event(event) => left.items.push(Item::Event(event)),
                Change::Contact(contact) => left.items.push(Item::Contact(contact)),
                Change::Removal(removal) => left.gone.push(&removal.id),
                // Those of a series that is there were spread and are events by now.
                Change::Occurrence(_) => {}
            }
        }
        left.rows.extend(&group.rows);
        // The result must not depend on the order in which a host hands things over. Older items
        // come first: of one generation the oldest is ours.
        left.items
            .sort_by_key(|item| (item.made(), &item.id().value));
        // An item may have had several rows: the one that lives is its copy, and of tombstones the
        // latest tells what its user wanted.
        left.rows.sort_by_key(|row| {
            let buried = row.deleted.then_some(Reverse(row.version.number));
            let PsaReference { kind, id } = &row.reference;
            (buried, *kind as u8, &id.value)
        });
        left
    }

    fn take_item(&mut self, wanted: impl Fn(Item<'a>) -> bool) -> Option<Item<'a>> {
        let place = self.items.iter().position(|item| wanted(*item))?;
        Some(self.items.remove(place))
    }

    fn take_row(&mut self, wanted: impl Fn(&PsaRow) -> bool) -> Option<&'a PsaRow> {
        let place = self.rows.iter().position(|row| wanted(row))?;
        Some(self.rows.remove(place))
    }

    fn is_gone(&self, id: &ExchangeId) -> bool {
        self.gone.contains(&id)
    }
}

/// All pairs of a group, each item in exactly one.
#[must_use]
pub fn pairs<'a>(batch: &'a Batch, spread: &'a Spread<'_>) -> Vec<Pair<'a>> {
    let mut left = Left::of(&spread.group);
    let mut pairs = linked(&mut left, &spread.heirs);
    // A copy that a user pasted and that was imported carries our marker too; its row names it.
    by_reference(&mut left, &mut pairs, &Item::is_named);
    by_marker(batch, &mut left, &mut pairs);
    by_reference(&mut left, &mut pairs, &Item::shares_uid);
    by_reference(&mut left, &mut pairs, &|item, reference| {
        spread.heirs.get(&reference.id.value) == Some(item.id())
    });
    gone_by_reference(&mut left, &mut pairs);
    if batch.relinking {
        by_content(batch, &mut left, &mut pairs);
    }
    for item in left.items {
        pairs.push(Pair::item_alone(item, None));
    }
    for row in left.rows {
        if !is_of_another(row, &batch.mailbox) {
            pairs.push(Pair::row_alone(row, None));
        }
    }
    pairs
}

fn linked<'a>(left: &mut Left<'a>, heirs: &Heirs) -> Vec<Pair<'a>> {
    let mut links: Vec<&Link> = left.links.iter().collect();
    links.sort_by(|one, other| one.id.value.cmp(&other.id.value));
    // First by id, for all links; only then may an item stand in for one that is gone.
    let mut pairs: Vec<Pair<'a>> = links
        .into_iter()
        .map(|link| {
            let name = link.exchange.as_ref();
            let item = name.and_then(|name| left.take_item(|item| item.is_named(name)));
            let seen = match (item, name) {
                (Some(item), _) => Seen::There(item),
                (None, Some(name)) if left.is_gone(&name.id) => Seen::Gone,
                (None, _) => Seen::Unchanged,
            };
            let row = link
                .psa
                .as_ref()
                .and_then(|reference| left.take_row(|row| row.reference == *reference));
            Pair {
                link: Some(link),
                row,
                seen,
                found_by: None,
            }
        })
        .collect();
    for pair in &mut pairs {
        let name = pair.link.and_then(|link| link.exchange.as_ref());
        let (Some(name), Seen::Gone | Seen::Unchanged) = (name, pair.seen) else {
            continue;
        };
        let heir = heirs.get(&name.id.value);
        let heir = heir.and_then(|id| left.take_item(|item| item.id() == id));
        if let Some(item) = heir {
            pair.seen = Seen::There(item);
        // Moved out of the calendar and back, where the server gives a new id for that.
        } else if matches!(pair.seen, Seen::Gone)
            && let Some(item) = left.take_item(|item| item.shares_uid(name) && !item.is_master())
        {
            pair.seen = Seen::There(item);
            pair.found_by = Some(Rule::RelinkedByReference);
        }
    }
    pairs
}

fn by_marker<'a>(batch: &Batch, left: &mut Left<'a>, pairs: &mut Vec<Pair<'a>>) {
    let mut alone: Vec<Item<'a>> = Vec::new();
    let mut items = std::mem::take(&mut left.items);
    // One that a user pasted has the generation of the copy that it was pasted from. A copy that was
    // made again has a later one.
    items.sort_by_key(|item| Reverse(item.marker().map(|marker| marker.generation)));
    for item in items {
        let ours = item
            .marker()
            .filter(|marker| marker.tenant == batch.mailbox.tenant);
        let Some(marker) = ours else {
            alone.push(item);
            continue;
        };
        if let Some(pair) = pairs.iter_mut().find(|pair| names(pair.link, &marker.psa)) {
            if awaits_its_copy(pair, item, marker) {
                pair.seen = Seen::There(item);
                pair.found_by = Some(Rule::RelinkedByMarker);
            } else {
                pairs.push(Pair::item_alone(item, Some(Rule::CopiedItemIsNew)));
            }
        } else if pairs.iter().any(|pair| {
            pair.found_by == Some(Rule::RelinkedByMarker)
                && pair.row.is_some_and(|row| row.reference == marker.psa)
        }) {
            // A later or older item was taken already: this one is a user's copy.
            pairs.push(Pair::item_alone(item, Some(Rule::CopiedItemIsNew)));
        } else if is_a_colleagues(&left.rows, &marker.psa, batch) {
            // Pasted from a calendar that somebody shares.
            pairs.push(Pair::item_alone(item, Some(Rule::CopiedItemIsNew)));
        } else if let Some(row) = left
            .take_row(|row| row.reference == marker.psa && row.origin == Side::Psa && !row.deleted)
        {
            pairs.push(Pair::found(row, item, Rule::RelinkedByMarker));
        } else {
            pairs.push(Pair::item_alone(item, Some(Rule::MarkedWithoutRecord)));
        }
    }
    left.items = alone;
}

fn is_a_colleagues(rows: &[&PsaRow], reference: &PsaReference, batch: &Batch) -> bool {
    let mut named = rows.iter().filter(|row| row.reference == *reference);
    named.any(|row| is_of_another(row, &batch.mailbox))
}

fn names(link: Option<&Link>, reference: &PsaReference) -> bool {
    link.is_some_and(|link| link.origin == Side::Psa && link.psa.as_ref() == Some(reference))
}

/// A link whose copy is not known: it was just made, or its user deleted it and brought it back as
/// it was. A marked item that differs is one that somebody pasted. But one of a generation that the
/// link has not come to is ours in any case: it was made after the moment to which the database was
/// put back.
fn awaits_its_copy(pair: &Pair<'_>, item: Item<'_>, marker: &Marker) -> bool {
    let Some(link) = pair.link else {
        return false;
    };
    let is_unknown = link.exchange.is_none() && matches!(pair.seen, Seen::Unchanged);
    if marker.generation >= link.generation {
        return is_unknown || matches!(pair.seen, Seen::Gone);
    }
    is_unknown
        && match link.state {
            LinkState::Linked | LinkState::Released => true,
            LinkState::CopyDeleted => link.base.as_ref().is_some_and(|base| {
                let (was, is) = (&base.exchange.digest, item.base().digest);
                was.span == is.span && was.subject == is.subject
            }),
            LinkState::Held | LinkState::SetAside => false,
        }
}

/// The item that a row was imported from.
fn original_of(row: &PsaRow) -> Option<&ExchangeReference> {
    row.exchange
        .as_ref()
        .filter(|_| row.origin == Side::Exchange)
}

fn by_reference<'a>(
    left: &mut Left<'a>,
    pairs: &mut Vec<Pair<'a>>,
    is_named: &dyn Fn(Item<'a>, &ExchangeReference) -> bool,
) {
    let mut rest = Vec::new();
    for row in std::mem::take(&mut left.rows) {
        let item = original_of(row).and_then(|reference| {
            left.take_item(|item| !item.is_master() && is_named(item, reference))
        });
        match item {
            Some(item) => pairs.push(Pair::found(row, item, Rule::RelinkedByReference)),
            None => rest.push(row),
        }
    }
    left.rows = rest;
}

fn gone_by_reference<'a>(left: &mut Left<'a>, pairs: &mut Vec<Pair<'a>>) {
    let mut rest = Vec::new();
    for row in std::mem::take(&mut left.rows) {
        if original_of(row).is_some_and(|reference| left.is_gone(&reference.id)) {
            pairs.push(Pair {
                link: None,
                row: Some(row),
                seen: Seen::Gone,
                found_by: Some(Rule::RelinkedByReference),
            });
        } else {
            rest.push(row);
        }
    }
    left.rows = rest;
}

/// Equal content, one to one; where more than one item or row is equal, none of them is linked.
fn by_content<'a>(batch: &Batch, left: &mut Left<'a>, pairs: &mut Vec<Pair<'a>>) {
    let equal: Vec<Vec<usize>> = left
        .items
        .iter()
        .map(|item| {
            let rows = left.rows.iter().enumerate();
            rows.filter(|(_, row)| has_equal_content(batch, *item, row))
                .map(|(at, _)| at)
                .collect()
        })
        .collect();
    let mut taken_rows = vec![None; left.rows.len()];
    for (item_at, rows) in equal.iter().enumerate() {
        for row_at in rows {
            if let Some(slot) = taken_rows.get_mut(*row_at) {
                let items: &mut Vec<usize> = slot.get_or_insert_with(Vec::new);
                items.push(item_at);
            }
        }
    }
    let mut free_items = Vec::new();
    for (item, rows) in left.items.iter().copied().zip(&equal) {
        match rows.as_slice() {
            [] => free_items.push(item),
            [only]
                if taken_rows
                    .get(*only)
                    .is_some_and(|it| it.as_ref().is_some_and(|items| items.len() == 1)) =>
            {
                pairs.push(Pair {
                    row: left.rows.get(*only).copied(),
                    ..Pair::item_alone(item, Some(Rule::RelinkedByContent))
                });
            }
            _ => pairs.push(Pair::item_alone(item, Some(Rule::ContentAmbiguous))),
        }
    }
    let mut free_rows = Vec::new();
    for (row, items) in left.rows.iter().copied().zip(&taken_rows) {
        let ambiguous = items.as_ref().is_some_and(|items| {
            items.len() > 1
                || items
                    .iter()
                    .any(|at| equal.get(*at).is_some_and(|rows| rows.len() > 1))
        });
        if ambiguous {
            pairs.push(Pair::row_alone(row, Some(Rule::ContentAmbiguous)));
        } else if items.is_none() {
            free_rows.push(row);
        }
    }
    left.items = free_items;
    left.rows = free_rows;
}

fn has_equal_content(batch: &Batch, item: Item<'_>, row: &PsaRow) -> bool {
    if row.deleted
        || kept_at_home(row, &batch.mailbox).is_some()
        || item.slot().is_some()
        || item.is_master()
    {
        return false;
    }
    match (row.origin, item, &row.content) {
        // Contacts take no time, by which equal items meet in a group; and a user's own contact of
        // the same person is none of ours.
        (Side::Psa, Item::Event(_), _) => {
            let there = item.base();
            item.can_copy(&row.reference)
                && mails_nobody(&there)
                && says_the_same(&compose(row, batch).digest(), &there.digest)
        }
        (Side::Exchange, Item::Event(event), PsaContent::Appointment(appointment)) => {
            digest_of_appointment(&import(event, batch.settings.import_mode))
                == digest_of_appointment(appointment)
        }
        (Side::Psa | Side::Exchange, ..) => false,
    }
}

fn says_the_same(wanted: &Digest, there: &Digest) -> bool {
    wanted.span == there.span && wanted.subject == there.subject && wanted.body == there.body
}
