//! `SyncFolderItems`: what changed in a folder since a state that the server gave. Occurrences are not
//! told of; an exception is a change of its master.

use super::Folder;
use super::message::{Change, Message};
use super::shape;
use crate::event;
use crate::xml::Element;

/// How many changes a page should have; the server gives 512 at most.
const MOST: u32 = 100;

/// The request for what changed in the calendar since a state; since the beginning without one.
#[must_use]
pub fn request(state: Option<&str>) -> Element {
    let parts = [
        shape::element(shape::CHANGED_EVENT),
        Element::holding("m:SyncFolderId", [Folder::Calendar.id()]),
    ];
    let state = state.map(|state| Element::text("m:SyncState", state));
    let most = Element::text("m:MaxChangesReturned", &MOST.to_string());
    Element::holding(
        "m:SyncFolderItems",
        parts.into_iter().chain(state).chain([most]),
    )
}

/// A page of changes.
#[derive(Debug)]
pub struct Page {
    /// In order.
    pub changes: Vec<Change>,
    /// Where the next page, or the next synchronisation, goes on.
    pub state: String,
    /// There are no more.
    pub is_last: bool,
}

/// Reads a page.
///
/// # Errors
/// What was expected.
pub fn read(message: Message) -> Result<Page, &'static str> {
    let state = message.sync_state.filter(|state| !state.is_empty());
    Ok(Page {
        changes: message.changes.list,
        state: state.ok_or("where the synchronisation goes on")?,
        is_last: message
            .includes_last_item_in_range
            .as_deref()
            .and_then(event::boolean)
            .ok_or("whether that were all changes")?,
    })
}
