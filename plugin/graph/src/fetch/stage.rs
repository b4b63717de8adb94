//! The stages of a round, and how each asks for its next page.

use serde::{Deserialize, Serialize};
use sync::contract::Instant;

use super::cursor::{State, Stretch};
use crate::request::Request;
use crate::{address, event, marker};

/// How many whole items a page should have.
const ITEMS: u32 = 200;
/// How many ids a page should have.
const IDS: u32 = 1_000;
/// How far before the end of the stretch the far items begin, in microseconds: a day and the hours
/// by which a day can begin elsewhere.
const OVERLAP: i64 = 38 * 3_600 * 1_000_000;

/// What a round does, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The mailbox's settings and its calendar.
    Mailbox,
    /// A delta of a new stretch from its beginning: all that touches it.
    View,
    /// What begins after the stretch.
    Far,
    /// The same, where the server refuses to filter by date: everything, and dates are compared
    /// here.
    FarUnfiltered,
    /// All items that carry a marker.
    Marked,
    /// What changed since the last round.
    Delta,
    /// The ids of everything.
    Inventory,
}

/// The request for a stage's first page, or for the page at the link. The mailbox's own stage is a
/// batch and is asked for elsewhere.
#[must_use]
pub fn request(stage: Stage, state: &State, mailbox: &str, tenant: &str) -> Request {
    let events = format!("{}/calendar/events", address::mailbox(mailbox));
    let expand = marker::expand();
    let size = match stage {
        Stage::Inventory if !proves_markers(state) => IDS,
        _ => ITEMS,
    };
    if let Some(link) = &state.link {
        return Request::list(link.clone(), size);
    }
    let top = size.to_string();
    let whole = [
        ("$select", event::SELECT),
        ("$expand", expand.as_str()),
        ("$top", top.as_str()),
    ];
    let filtered = |filter: &str| {
        let [select, expand, top] = whole;
        address::query(&events, &[("$filter", filter), select, expand, top])
    };
    let target = match stage {
        Stage::View => {
            let Stretch { from, to } = state.round.stretch;
            address::query(
                &format!("{}/calendarView/delta", address::mailbox(mailbox)),
                &[("startDateTime", &at(from)), ("endDateTime", &at(to))],
            )
        }
        Stage::Far => {
            let beginning = at(far_from(state));
            let text = address::quoted(beginning.trim_end_matches('Z'));
            filtered(&format!("start/dateTime ge {text}"))
        }
        Stage::FarUnfiltered => address::query(&events, &whole),
        Stage::Marked => filtered(&marker::filter(&format!("{tenant}:"))),
        Stage::Inventory => {
            let select = ("$select", "id,type,start,end");
            let top = ("$top", top.as_str());
            if proves_markers(state) {
                address::query(&events, &[select, ("$expand", expand.as_str()), top])
            } else {
                address::query(&events, &[select, top])
            }
        }
        Stage::Delta | Stage::Mailbox => state.delta.clone().unwrap_or_default(),
    };
    Request::list(target, size)
}

/// That a filter found no marker at all is weak evidence, since a filter that a server does not
/// like finds nothing either: then the inventory asks each item.
#[must_use]
pub const fn proves_markers(state: &State) -> bool {
    state.round.full && !state.round.markers
}

/// From where on items are far, in microseconds.
#[must_use]
pub const fn far_from(state: &State) -> i64 {
    state.round.stretch.to.saturating_sub(OVERLAP)
}

fn at(microseconds: i64) -> String {
    address::instant(Instant { microseconds })
}
