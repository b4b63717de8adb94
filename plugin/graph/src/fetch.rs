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

use sync::contract::{ExchangeId, Fault, FetchRequest, MailboxKind, Page, Scope};
use sync::kit::answer::own;
use sync::kit::harvest::empty_page;
use transport::Transport;

use crate::event::Reading;

/// Answers a request of the host.
///
/// # Errors
/// What concerns the whole request.
pub fn page(transport: &impl Transport, request: &FetchRequest) -> Result<Page, Fault> {
    let mailbox = &request.mailbox;
    if mailbox.kind == MailboxKind::PublicContacts {
        return Err(Fault::Refused(own(
            "public-folder-unsupported",
            "public folders cannot be reached by Microsoft Graph",
        )));
    }
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
                ..empty_page()
            });
        }
    };
    Ok(found.page())
}

fn texts(ids: &[ExchangeId]) -> Vec<String> {
    ids.iter().map(|id| id.value.clone()).collect()
}

#[cfg(test)]
mod tests;
