//! A round: from one cursor to the next, a page at a time.
//!
//! A round is usually one request: what changed since the server's state. It tells of singles and
//! masters, and its deletions can be believed. What changed is read in lots. When a series is among it,
//! or the window has moved on, the calendar is [viewed](view) besides.

use sync::contract::{
    Change, ChangesRequest, Coverage, EventShape, ExchangeId, Fault, FetchRequest, MarkerReading,
    NextStep, Page, Remark, RemovalProof, RoundEnd, Zone,
};
use sync::kit::harvest::{empty_page, removal};
use transport::Transport;

use super::cursor::{Stage, State};
use super::masters::Masters;
use super::{look, view, zone};
use crate::event::wire::CalendarItem;
use crate::event::{self, Kind, Reading, time};
use crate::operation::message::{self, Item};
use crate::operation::sync_folder_items;
use crate::server::Server;

/// The next page of a round.
///
/// # Errors
/// What keeps the page from being read; the cursor stays where it was.
pub fn next_page<T: Transport>(
    server: &Server<'_, T>,
    request: &FetchRequest,
    changes: &ChangesRequest,
) -> Result<Page, Fault> {
    let window = &changes.window;
    let now = server.transport.now();
    let mut state = State::of(request, changes.cursor.as_ref(), window);
    state.begin(now, window);
    let before = state.clone();
    let read = if state.turn() {
        staged(server, request, &mut state)
    } else {
        Err(endless())
    };
    let page = match read {
        Ok(page) => page,
        Err(fault @ Fault::CursorGone(_)) => {
            return restarted(before.restart(now, window, fault)?);
        }
        Err(fault) if fault == endless() => {
            return restarted(before.restart(now, window, fault)?);
        }
        Err(fault) => return Err(fault),
    };
    if !state.todo.is_empty() {
        return Ok(Page {
            next: NextStep::More(state.cursor()?),
            ..page
        });
    }
    let round = state.rest();
    let coverage = match (round.full, round.viewed) {
        (true, _) => Coverage::Everything,
        (false, true) => Coverage::Within(state.stretch.window()),
        (false, false) => Coverage::ChangesOnly,
    };
    Ok(Page {
        next: NextStep::Complete(RoundEnd {
            cursor: state.cursor()?,
            coverage,
            series_within: state.stretch.window(),
            markers_listed: round.full,
        }),
        ..page
    })
}

/// A round that would have no end.
fn endless() -> Fault {
    Fault::NotUnderstood("expected a round with an end; the server repeats its pages".to_owned())
}

/// Everything is read again, beginning with the next page.
fn restarted(state: State) -> Result<Page, Fault> {
    Ok(Page {
        next: NextStep::More(state.cursor()?),
        remarks: vec![Remark {
            item: None,
            code: "read-again".to_owned(),
            text: "the server lost the place of the last round, so everything is read again"
                .to_owned(),
        }],
        ..empty_page()
    })
}

/// The next page of the stage.
fn staged<T: Transport>(
    server: &Server<'_, T>,
    request: &FetchRequest,
    state: &mut State,
) -> Result<Page, Fault> {
    let known = state.zone.clone().map(|name| Zone { name });
    let mailbox_zone = known.as_ref().or(request.mailbox.zone.as_ref());
    let reading = Reading::new(&request.settings, mailbox_zone);
    match state.todo.first() {
        Some(Stage::Zone) | None => {
            let (zone, remark) = zone::of(server)?;
            state.zoned(
                server.transport.now(),
                zone.as_ref().map(|zone| zone.name.clone()),
            );
            state.next_stage();
            Ok(Page {
                zone,
                remarks: remark.into_iter().collect(),
                ..empty_page()
            })
        }
        Some(Stage::Changes) => changed(server, state, &reading),
        Some(Stage::View) => view::page(server, state, &reading),
    }
}

/// A page of what changed.
fn changed<T: Transport>(
    server: &Server<'_, T>,
    state: &mut State,
    reading: &Reading,
) -> Result<Page, Fault> {
    let message = server.one(sync_folder_items::request(state.sync.as_deref()))?;
    let told = sync_folder_items::read(message)
        .map_err(|expected| Fault::NotUnderstood(format!("expected {expected}")))?;
    let mut page = empty_page();
    let mut unread: Vec<String> = Vec::new();
    for change in told.changes {
        match change {
            message::Change::Create(changed) | message::Change::Update(changed) => {
                let Item::CalendarItem(item) = changed.item else {
                    continue;
                };
                let id = item.item_id.id.clone();
                if state.round.full && is_past(&item, state) {
                    page.present.push(ExchangeId { value: id });
                } else if !unread.contains(&id) {
                    unread.push(id);
                }
            }
            message::Change::Delete(deleted) => {
                let id = deleted.item_id.id;
                unread.retain(|other| *other != id);
                page.changes.push(removal(&id, RemovalProof::Announced));
            }
            message::Change::Other => {}
        }
    }
    let mut masters = Masters::recalled(server.transport);
    let harvest = look::events_of(server, &unread, reading, &mut masters)?;
    masters.keep(server.transport);
    for change in &harvest.changes {
        if let Change::Event(event) = change
            && matches!(event.shape, EventShape::Master(_))
        {
            state.tell_series(&event.id.value);
        }
    }
    page.changes.extend(harvest.changes);
    page.remarks.extend(harvest.remarks);
    if !state.go_on(told.state, told.is_last) {
        return Err(endless());
    }
    Ok(page)
}

/// Whether an item is of no use to a read of everything: on its own, over before the stretch begins, and
/// without a marker. What is linked is looked at by its id.
fn is_past(item: &CalendarItem, state: &State) -> bool {
    let end = item.end.as_deref().and_then(time::instant);
    event::kind(item) == Kind::Single
        && end.is_some_and(|end| end.microseconds <= state.round.stretch.from)
        && event::marker_of(&item.extended_property) == MarkerReading::Absent
}
