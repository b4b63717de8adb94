//! Reading a mailbox: what is asked for decides who answers.
//!
//! Every function here sends a bounded number of requests and returns one page. What has to be
//! remembered between pages stands in the [`cursor`], never in memory.

pub mod collection;
pub mod cursor;
pub mod items;
pub mod look;
pub mod mailbox;
pub mod marked;
pub mod round;
pub mod stage;
pub mod translation;

use sync::contract::{Change, Fault, FetchRequest, NextStep, Page, Remark, Scope};

use crate::event::{Found, Reading};
use crate::fault;
use crate::transport::Transport;

/// Answers a request of the host.
///
/// # Errors
/// What concerns the whole request.
pub fn page(transport: &impl Transport, request: &FetchRequest) -> Result<Page, Fault> {
    let mailbox = &request.mailbox;
    let reading = Reading::new(&request.settings, mailbox.zone.as_ref());
    match &request.scope {
        Scope::Changes(changes) => round::next_page(transport, request, changes),
        Scope::Events(ids) => {
            let ids: Vec<String> = ids.iter().map(|id| id.value.clone()).collect();
            let found = look::at(transport, &mailbox.address, &ids, &reading)?;
            Ok(done(found))
        }
        Scope::MarkedEvents(markers) => {
            let found = marked::find(transport, &mailbox.address, markers, &reading)?;
            Ok(done(found))
        }
        Scope::Translation(ids) => Ok(Page {
            translated: translation::translate(transport, &mailbox.address, ids)?,
            ..empty()
        }),
        Scope::Contacts(_) | Scope::MarkedContacts => Err(fault::not_supported("contacts")),
    }
}

/// Changes and what the history should know, of some items.
#[derive(Debug, Default)]
pub struct Harvest {
    /// What was found.
    pub changes: Vec<Change>,
    /// What the history should know.
    pub remarks: Vec<Remark>,
}

impl Harvest {
    /// Adds an event.
    pub fn add(&mut self, found: Found) {
        self.changes.push(found.change);
        self.remarks.extend(found.remarks);
    }

    /// Adds all of another.
    pub fn append(&mut self, mut other: Self) {
        self.changes.append(&mut other.changes);
        self.remarks.append(&mut other.remarks);
    }
}

fn done(harvest: Harvest) -> Page {
    Page {
        changes: harvest.changes,
        remarks: harvest.remarks,
        ..empty()
    }
}

fn empty() -> Page {
    Page {
        changes: Vec::new(),
        present: Vec::new(),
        next: NextStep::None,
        zone: None,
        translated: Vec::new(),
        remarks: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
