//! Series in a cycle.
//!
//! An occurrence is known by its [slot](Slot): its master and where the rule put it. Its id changes
//! when the series is re-timed, so nothing is asked for by it. A series is looked at as a whole,
//! through its master, and [completed](complete()) where a round left it open; what was told is
//! [kept](in_play), and planned again when the window lets more of it in.

mod complete;
pub mod in_play;
#[cfg(test)]
pub mod sample;

use std::collections::{BTreeMap, BTreeSet};

use super::run::{Context, CycleError};
use crate::contract::{
    Change, EventShape, ExchangeEvent, ExchangeId, ExchangeOccurrence, ExchangeReference, Link,
    MarkerReading, Slot,
};
use crate::store::observation::item_of;
use crate::store::{link, master};

pub use complete::{complete, only_linked};

/// Which occurrence was told.
#[must_use]
pub const fn slot_of(change: &Change) -> Option<&Slot> {
    match change {
        Change::Event(ExchangeEvent {
            shape: EventShape::Exception(slot),
            ..
        }) => Some(slot),
        Change::Occurrence(occurrence) => Some(&occurrence.slot),
        Change::Event(_) | Change::Contact(_) | Change::Removal(_) => None,
    }
}

/// The master that was told.
#[must_use]
pub const fn master_of(change: &Change) -> Option<&ExchangeEvent> {
    match change {
        Change::Event(event) if matches!(event.shape, EventShape::Master(_)) => Some(event),
        _ => None,
    }
}

/// The id of the series' master to which a link's occurrence belongs.
#[must_use]
pub fn of_link(link: &Link) -> Option<&str> {
    let slot = link.exchange.as_ref()?.slot.as_ref()?;
    Some(&slot.master_id)
}

/// The id by which an item is asked for: an occurrence's is its master's.
#[must_use]
pub fn asked_by(reference: &ExchangeReference) -> &str {
    match &reference.slot {
        Some(slot) => &slot.master_id,
        None => &reference.id.value,
    }
}

/// An occurrence as an event of its own: what its master says, at its own time and version.
#[must_use]
pub fn as_event(occurrence: &ExchangeOccurrence, master: &ExchangeEvent) -> ExchangeEvent {
    ExchangeEvent {
        id: occurrence.id.clone(),
        version: occurrence.version.clone(),
        shape: EventShape::Exception(occurrence.slot.clone()),
        span: occurrence.span,
        marker: MarkerReading::Absent,
        ..master.clone()
    }
}

/// The ids to ask for in the place of these: masters' for occurrences'.
///
/// # Errors
/// When the database does not answer.
pub async fn through_masters(
    context: &Context,
    ids: impl IntoIterator<Item = ExchangeId>,
) -> Result<Vec<ExchangeId>, CycleError> {
    let ids: Vec<ExchangeId> = ids.into_iter().collect();
    let masters = masters_of(context, &ids).await?;
    let asked: BTreeSet<String> = ids
        .into_iter()
        .map(|id| masters.get(&id.value).cloned().unwrap_or(id.value))
        .collect();
    Ok(asked
        .into_iter()
        .map(|value| ExchangeId { value })
        .collect())
}

/// The masters' ids of those of these items that are occurrences, by the occurrences' ids, as links
/// know them or as they were last told.
///
/// # Errors
/// When the database does not answer.
pub async fn masters_of(
    context: &Context,
    ids: &[ExchangeId],
) -> Result<BTreeMap<String, String>, CycleError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mailbox = &context.record.mailbox.id;
    let mut masters = BTreeMap::new();
    let mut unknown: BTreeSet<&str> = ids.iter().map(|id| id.value.as_str()).collect();
    let links = link::by_exchange_ids(&context.tenant, mailbox, ids).await?;
    for link in &links {
        let Some(exchange) = &link.exchange else {
            continue;
        };
        unknown.remove(exchange.id.value.as_str());
        if let Some(master) = of_link(link) {
            masters.insert(exchange.id.value.clone(), master.to_owned());
        }
    }
    if unknown.is_empty() {
        return Ok(masters);
    }
    for series in master::of_mailbox(&context.tenant, mailbox).await? {
        let ids = series.instances.iter().map(|it| &item_of(it).value);
        let its = ids.filter(|id| unknown.contains(id.as_str()));
        masters.extend(its.map(|id| (id.clone(), series.master.id.value.clone())));
    }
    Ok(masters)
}

#[cfg(test)]
mod tests {
    use super::sample::{master, occurrence};
    use super::*;

    #[test]
    fn an_occurrence_says_what_its_master_says_at_its_own_time_and_version() {
        let told = ExchangeOccurrence {
            version: crate::contract::ExchangeVersion {
                tag: "2".to_owned(),
            },
            ..occurrence("a", 3)
        };
        let marked = ExchangeEvent {
            marker: MarkerReading::NotRead,
            ..master("a")
        };
        let event = as_event(&told, &marked);
        assert_eq!((&event.id, &event.version), (&told.id, &told.version));
        assert_eq!(event.span, told.span);
        assert_eq!(event.subject, marked.subject);
        assert!(matches!(event.marker, MarkerReading::Absent));
        assert_eq!(
            slot_of(&Change::Event(event)).map(|slot| slot.original_start),
            Some(told.slot.original_start)
        );
    }
}
