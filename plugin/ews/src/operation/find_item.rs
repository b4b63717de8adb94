//! `FindItem`: a view of the calendar, in which series are expanded, and lists of a folder, in which
//! they are not.

use sync::contract::Instant;

use super::Folder;
use super::message::{Items, Message};
use super::shape::{self, Shape};
use crate::event::time;
use crate::xml::Element;

/// How many items a view may have before it has to be split.
const MOST_IN_VIEW: u32 = 1_000;

/// The request for all that touches a stretch of the calendar, at most two years long. A view takes
/// no restriction and has no pages.
#[must_use]
pub fn view(from: Instant, to: Instant) -> Element {
    let view = Element::empty("m:CalendarView")
        .with("MaxEntriesReturned", MOST_IN_VIEW.to_string())
        .with("StartDate", time::utc(from))
        .with("EndDate", time::utc(to));
    find(Folder::Calendar.id(), shape::OCCURRENCE, view, None)
}

/// The request for a page of a folder, from an offset on; a restriction keeps out what is not sought.
#[must_use]
pub fn list(
    folder: Element,
    shape: Shape,
    offset: usize,
    most: u32,
    restriction: Option<Element>,
) -> Element {
    let page = Element::empty("m:IndexedPageItemView")
        .with("MaxEntriesReturned", most.to_string())
        .with("Offset", offset.to_string())
        .with("BasePoint", "Beginning");
    find(folder, shape, page, restriction)
}

/// A restriction to the items whose marker begins with one of these texts.
#[must_use]
pub fn marked(beginnings: &[String]) -> Option<Element> {
    let mut each: Vec<Element> = beginnings
        .iter()
        .map(|beginning| {
            Element::holding(
                "t:Contains",
                [
                    shape::path(shape::MARKER),
                    Element::empty("t:Constant").with("Value", beginning.as_str()),
                ],
            )
            .with("ContainmentMode", "Prefixed")
            .with("ContainmentComparison", "IgnoreCase")
        })
        .collect();
    let sought = match each.len() {
        0 => return None,
        1 => each.remove(0),
        _ => Element::holding("t:Or", each),
    };
    Some(Element::holding("m:Restriction", [sought]))
}

fn find(folder: Element, shape: Shape, view: Element, restriction: Option<Element>) -> Element {
    let parts = [shape::element(shape), view]
        .into_iter()
        .chain(restriction)
        .chain([Element::holding("m:ParentFolderIds", [folder])]);
    Element::holding("m:FindItem", parts).with("Traversal", "Shallow")
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// The items.
    pub items: Items,
    /// There are no more.
    pub is_last: bool,
    /// Where the next page begins, where the server tells.
    pub next_offset: Option<usize>,
}

/// Reads what was found.
///
/// # Errors
/// What was expected.
pub fn read(message: Message) -> Result<Found, &'static str> {
    let root = message.root_folder.ok_or("a folder with what was found")?;
    let is_last = root
        .includes_last_item_in_range
        .as_deref()
        .and_then(crate::event::boolean)
        .ok_or("whether that was all that there is")?;
    Ok(Found {
        items: root.items,
        is_last,
        next_offset: root
            .indexed_paging_offset
            .and_then(|offset| offset.trim().parse().ok()),
    })
}
