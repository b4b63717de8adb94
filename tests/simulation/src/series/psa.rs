//! What people do in the PSA to the copies of occurrences.

use chrono::{DateTime, Utc};

use super::look::{Occurrence, Slot, occurrences, slot_of};
use crate::Result;
use crate::book::Act;
use crate::look::Row;
use crate::office::Office;

/// What somebody did to a row stands in the book, if it is the copy of a series' occurrence.
///
/// # Errors
/// When there is no such mailbox.
pub fn note(office: &mut Office, member: usize, row: &Row, act: &Act) -> Result<bool> {
    let Some(place) = office.book.repeating.of_row(member, row) else {
        return Ok(false);
    };
    let who = office.member(member)?;
    let outlook = office.exchange.person(&who.address);
    let is_refused = match (act, &row.exchange) {
        (Act::CopyMoved(when), Some(id)) => !outlook.would_take(id, &when.draft(&who.zone)),
        _ => false,
    };
    let slot = slot_of(row);
    let unwanted = match act {
        Act::CopyGone => original(office, place, slot)?,
        _ => None,
    };
    if is_refused {
        office.trace.say("    (Exchange would not take it)");
    }
    if let Some(life) = office.book.note_occurrence(place, slot, act.clone()) {
        if is_refused {
            life.refused.extend(life.acts.last().map(|(step, _)| *step));
        }
        if *act == Act::CopyGone {
            life.unwanted = unwanted.map(|it| it.item.content);
        }
    }
    Ok(true)
}

/// The occurrence at a slot, as it is.
fn original(office: &Office, place: usize, slot: Slot) -> Result<Option<Occurrence>> {
    let Some(series) = office.book.repeating.all.get(place) else {
        return Ok(None);
    };
    let member = office.member(series.member)?;
    let items = office.items(series.member)?;
    let Some(item) = items.iter().find(|item| item.id == series.id) else {
        return Ok(None);
    };
    let (from, to): (DateTime<Utc>, _) = everywhere(office, series.member)?;
    let all = occurrences(&office.exchange, &member.address, item, from, to)?;
    Ok(all.into_iter().find(|it| it.slot == slot))
}

/// Where the occurrences lie that a cycle can ever have seen, and where people can have moved them from there.
///
/// # Errors
/// When there is no such member.
pub fn everywhere(office: &Office, member: usize) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    let rules = office.rules(&office.member(member)?);
    let far = chrono::TimeDelta::days(120);
    Ok((rules.earliest - far, rules.latest + far))
}
