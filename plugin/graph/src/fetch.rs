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
pub mod series;
pub mod stage;
pub mod translation;

use sync::contract::{Change, ExchangeId, Fault, FetchRequest, NextStep, Page, Remark, Scope};

use crate::event::Reading;
use crate::item::Found;
use crate::transport::Transport;

/// Answers a request of the host.
///
/// # Errors
/// What concerns the whole request.
pub fn page(transport: &impl Transport, request: &FetchRequest) -> Result<Page, Fault> {
    let mailbox = &request.mailbox;
    let reading = Reading::new(&request.settings, mailbox.zone.as_ref());
    let address = &mailbox.address;
    let found = match &request.scope {
        Scope::Changes(changes) => return round::next_page(transport, request, changes),
        Scope::Events(ids) => look::event::at(transport, address, &texts(ids), &reading)?,
        Scope::Series(told) => series::complete(transport, address, told, &reading)?,
        Scope::Contacts(ids) => look::contact::at(transport, address, &texts(ids))?,
        Scope::MarkedEvents(markers) => marked::event::find(transport, address, markers, &reading)?,
        Scope::MarkedContacts => marked::contact::all(transport, mailbox)?,
        Scope::Translation(ids) => {
            return Ok(Page {
                translated: translation::translate(transport, address, ids)?,
                ..empty()
            });
        }
    };
    Ok(Page {
        changes: found.changes,
        remarks: found.remarks,
        ..empty()
    })
}

fn texts(ids: &[ExchangeId]) -> Vec<String> {
    ids.iter().map(|id| id.value.clone()).collect()
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
    /// Adds an item.
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
