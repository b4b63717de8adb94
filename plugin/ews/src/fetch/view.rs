//! A view of the calendar: what the server makes of series inside a stretch.
//!
//! A synchronisation tells of a series, and never of its occurrences. So the calendar is viewed when a
//! series was told, and when the window has moved on. A view says nothing of bodies and people, so an
//! exception is read by itself where it may be news.

use sync::contract::{ExchangeId, Fault, Page};
use sync::kit::harvest::{empty_page, remark};
use transport::Transport;

use super::cursor::{State, Stretch};
use super::look::{self, EVENT_UNREADABLE};
use super::masters::Masters;
use crate::event::wire::CalendarItem;
use crate::event::{self, Kind, Reading, time};
use crate::operation::find_item;
use crate::server::Server;

/// The shortest stretch that is split, in microseconds: an hour.
const SHORTEST: i64 = 3_600_000_000;

/// The next part of the view.
///
/// # Errors
/// What keeps it from being read.
pub fn page<T: Transport>(
    server: &Server<'_, T>,
    state: &mut State,
    reading: &Reading,
) -> Result<Page, Fault> {
    let Some(stretch) = state.round.left.pop() else {
        state.next_stage();
        return Ok(empty_page());
    };
    let Some(items) = all(server, stretch)? else {
        let [first, second] = stretch.halves();
        state.round.left.extend([second, first]);
        return Ok(empty_page());
    };
    let mut masters = Masters::recalled(server.transport);
    masters.find(server, &items)?;
    let mut page = empty_page();
    let mut unread: Vec<String> = Vec::new();
    for item in items {
        let id = item.item_id.id.clone();
        let kind = event::kind(&item);
        let master = masters.of(&item).map(str::to_owned);
        match (kind, &master) {
            (Kind::Occurrence, Some(_)) => {
                told(item, master.as_deref(), reading, &mut page);
            }
            (Kind::Exception, Some(master)) if is_news(&item, master, state) => unread.push(id),
            // It went meanwhile: the next round tells.
            (Kind::Occurrence | Kind::Exception, None) => {
                let text = "the server does not say to which series it belongs".to_owned();
                page.remarks.push(remark(&id, EVENT_UNREADABLE, text));
            }
            _ => page.present.push(ExchangeId { value: id }),
        }
        page.present
            .extend(master.map(|value| ExchangeId { value }));
    }
    let harvest = look::events_of(server, &unread, reading, &mut masters)?;
    masters.keep(server.transport);
    page.changes.extend(harvest.changes);
    page.remarks.extend(harvest.remarks);
    page.present.dedup_by(|one, other| one.value == other.value);
    if state.round.left.is_empty() {
        state.round.viewed = true;
        state.next_stage();
    }
    Ok(page)
}

fn told(item: CalendarItem, master: Option<&str>, reading: &Reading, page: &mut Page) {
    let id = item.item_id.id.clone();
    match event::read(item, master, reading) {
        Ok(found) => {
            page.changes.push(found.change);
            page.remarks.extend(found.remarks);
        }
        Err(why) => page
            .remarks
            .push(remark(&id, EVENT_UNREADABLE, why.to_owned())),
    }
}

/// Whether an exception may be another than it was told last: its series was told in this round, or it
/// lies where the last view did not reach.
fn is_news(item: &CalendarItem, master: &str, state: &State) -> bool {
    let seen = state.stretch;
    let start = item.start.as_deref().and_then(time::instant);
    let is_inside = start.is_some_and(|start| (seen.from..seen.to).contains(&start.microseconds));
    state.round.full || !is_inside || state.told_series(master)
}

/// All that touches a stretch; none where there is more than a view holds, so that the stretch has to be
/// split.
///
/// # Errors
/// What keeps it from being read, and a stretch that is full and too short to be split.
pub fn all<T: Transport>(
    server: &Server<'_, T>,
    stretch: Stretch,
) -> Result<Option<Vec<CalendarItem>>, Fault> {
    let within = stretch.window();
    let message = server.one(find_item::view(within.start, within.end))?;
    let found = find_item::read(message)
        .map_err(|expected| Fault::NotUnderstood(format!("expected {expected}")))?;
    if found.is_last {
        return Ok(Some(found.items.events().collect()));
    }
    if stretch.to - stretch.from <= SHORTEST {
        return Err(Fault::NotUnderstood(
            "expected fewer than 1,000 items in an hour".to_owned(),
        ));
    }
    Ok(None)
}
