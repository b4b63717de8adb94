//! The occurrences of a series as they are.

use chrono::{DateTime, NaiveDateTime, NaiveTime, Utc};
use exchange::{Content, Exchange};

use crate::Result;
use crate::look::{Item, Row};
use crate::when::When;

/// How an occurrence is known beside its series: where the pattern put it, in a series of whole days
/// midnight UTC. None is the whole item, once it is a single one.
pub type Slot = Option<DateTime<Utc>>;

/// An occurrence, as if it were an item of its own.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// How it is known.
    pub slot: Slot,
    /// When its series puts it.
    pub by_pattern: When,
    /// What it is.
    pub item: Item,
}

/// Where the pattern of a series put an occurrence.
#[must_use]
pub fn slot(master: &Content, original: NaiveDateTime) -> DateTime<Utc> {
    match master.all_day {
        true => original.date().and_time(NaiveTime::MIN).and_utc(),
        false => master.start.zone.instant(original),
    }
}

/// When a series puts an occurrence: at the wall time of its master.
fn placed(master: &Content, original: NaiveDateTime) -> When {
    let end = original + (master.end.wall - master.start.wall);
    match master.all_day {
        true => When::Days(original.date(), end.date()),
        false => {
            let zone = &master.start.zone;
            When::Timed(zone.instant(original), zone.instant(end))
        }
    }
}

/// The occurrences of a series between two instants, or the item itself when it does not repeat.
///
/// # Errors
/// When it is not there.
pub fn occurrences(
    exchange: &Exchange,
    address: &str,
    item: &Item,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Occurrence>> {
    if item.series.is_none() {
        return Ok(vec![Occurrence {
            slot: None,
            by_pattern: item.when,
            item: item.clone(),
        }]);
    }
    let found = exchange
        .person(address)
        .occurrences(&item.id, from, to)?
        .into_iter();
    Ok(found
        .map(|found| Occurrence {
            slot: Some(slot(&item.content, found.original)),
            by_pattern: placed(&item.content, found.original),
            item: Item {
                id: found.id,
                ews_id: found.ews_id,
                when: When::of_item(&found.content),
                body: found.content.body.content.clone(),
                content: found.content,
                series: None,
                ..item.clone()
            },
        })
        .collect())
}

/// Which occurrence a row is a copy of.
#[must_use]
pub fn slot_of(row: &Row) -> Slot {
    row.slot.as_ref().map(|(_, at)| *at)
}

/// The series that a row belongs to, or the item that it is a copy of.
#[must_use]
pub fn series_of(row: &Row) -> Option<&str> {
    let master = row.slot.as_ref().map(|(master, _)| master);
    master.or(row.exchange.as_ref()).map(String::as_str)
}
