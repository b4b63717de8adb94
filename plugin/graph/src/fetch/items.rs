//! What a page of events means in its stage.

use chrono_tz::Tz;
use sync::contract::{Change, EventShape, ExchangeId, Fault, MarkerReading, Remark, Span};
use sync::kit::cursor::digest;
use sync::kit::harvest::{Harvest, remark};
use transport::Transport;

use super::collection::Collection;
use super::cursor::State;
use super::look;
use super::stage::{self, Stage};
use crate::event::{self, Reading, wire};
use crate::item::{self, Item};

/// How many all-day series of a round are remembered.
const MOST_ALL_DAY: usize = 1_000;

/// Events with all their fields, and a look at those that came without.
///
/// # Errors
/// Those of the look.
pub fn whole(
    transport: &impl Transport,
    mailbox: &str,
    collection: Collection<wire::Event>,
    state: &mut State,
    stage: Stage,
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let in_delta = matches!(stage, Stage::View | Stage::Delta);
    let way = if in_delta {
        reading.without_markers()
    } else {
        reading.clone()
    };
    let mut harvest = Harvest {
        remarks: collection.remarks,
        ..Harvest::default()
    };
    let mut look_at = collection.bare;
    let mut events = collection.items;
    days_of_series(&mut events, state);
    for event in events {
        let Some(id) = event.id.clone() else { continue };
        match event::read(event, &way) {
            Ok(found) => {
                // Only what the filter on markers found says that the filter finds anything.
                if stage == Stage::Marked && is_marked(&found.change) {
                    state.round.markers = true;
                }
                if !matches!(stage, Stage::Far | Stage::FarUnfiltered) {
                    harvest.add(found);
                } else if begins_after(&found.change, stage::far_from(state)) {
                    state.round.far = true;
                    harvest.add(found);
                }
            }
            Err(_) if in_delta => look_at.push(id),
            Err(why) => {
                let remark = remark(&id, wire::Event::UNREADABLE, why.to_owned());
                harvest.remarks.push(remark);
            }
        }
    }
    harvest.append(look::event::at(transport, mailbox, &look_at, reading)?);
    Ok(harvest)
}

/// Occurrences do not say whether they are days; their masters do, on this page or an earlier one.
fn days_of_series(events: &mut [wire::Event], state: &mut State) {
    let mut timed: Vec<String> = Vec::new();
    for event in events.iter() {
        let (Some(id), true) = (&event.id, event.kind.as_deref() == Some("seriesMaster")) else {
            continue;
        };
        let name = digest(id);
        if event.is_all_day != Some(true) {
            timed.push(name);
        } else if !state.round.all_day.contains(&name) && state.round.all_day.len() < MOST_ALL_DAY {
            state.round.all_day.push(name);
        }
    }
    for event in events.iter_mut().filter(|event| event.is_all_day.is_none()) {
        let Some(name) = event.series_master_id.as_deref().map(digest) else {
            continue;
        };
        if state.round.all_day.contains(&name) {
            event.is_all_day = Some(true);
        } else if timed.contains(&name) {
            event.is_all_day = Some(false);
        }
    }
}

fn is_marked(change: &Change) -> bool {
    matches!(change, Change::Event(event) if matches!(event.marker, MarkerReading::Present(_)))
}

/// Items that begin earlier were listed by the view; a series counts by its first occurrence.
fn begins_after(change: &Change, microseconds: i64) -> bool {
    let Change::Event(event) = change else {
        return false;
    };
    match (&event.shape, event.span) {
        (EventShape::Exception(_), _) => false,
        (_, Span::Timed(times)) => times.start.microseconds >= microseconds,
        (_, Span::AllDay(days)) => sync::zone::midnight(days.first, Tz::UTC)
            .is_some_and(|start| start.microseconds >= microseconds),
    }
}

/// Whether an event of the inventory begins so late that the filter on dates should have found it.
fn is_far(event: &wire::Event, state: &State) -> bool {
    event
        .start
        .as_ref()
        .and_then(|start| start.date_time.as_deref())
        .and_then(event::time::true_instant)
        .is_some_and(|start| start.microseconds >= stage::far_from(state))
}

/// The ids that are there, and those to look at: what had gone away and came back, and, because a
/// filter that finds nothing at all is weak evidence, what a filter should have found.
pub fn inventory(
    collection: Collection<wire::Event>,
    state: &mut State,
) -> (Vec<ExchangeId>, Vec<String>, Vec<Remark>) {
    let mut look_at = Vec::new();
    let mut present = Vec::new();
    for event in collection.items {
        let returned = event.id.as_deref().is_some_and(|id| state.came_back(id));
        let marked = stage::proves_markers(state) && item::marker_in(&event).is_some();
        let far = state.round.full && !state.round.far && is_far(&event, state);
        if returned || marked || far {
            look_at.extend(event.id.clone());
        }
        present.extend(event.id.map(|value| ExchangeId { value }));
    }
    // Without a start an event is still there.
    present.extend(
        collection
            .bare
            .into_iter()
            .map(|value| ExchangeId { value }),
    );
    (present, look_at, collection.remarks)
}
