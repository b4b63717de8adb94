//! Reading a mailbox: what is asked for decides who answers.
//!
//! Every function here sends a bounded number of requests and returns one page. What has to be
//! remembered between pages stands in the [`cursor`], never in memory.

pub mod cursor;
pub mod look;
pub mod marked;
pub mod masters;
pub mod round;
pub mod series;
pub mod translation;
pub mod view;
pub mod zone;

use sync::contract::{ExchangeId, Fault, FetchRequest, Page, Scope};
use sync::kit::harvest::empty_page;
use transport::Transport;

use crate::event::Reading;
use crate::public_folder;
use crate::server::Server;

/// Answers a request of the host.
///
/// # Errors
/// What concerns the whole request.
pub fn page(transport: &impl Transport, request: &FetchRequest) -> Result<Page, Fault> {
    let mailbox = &request.mailbox;
    let server = Server::of_mailbox(transport, &request.settings, mailbox);
    let reading = Reading::new(&request.settings, mailbox.zone.as_ref());
    let found = match &request.scope {
        Scope::Changes(changes) if server.is_public() => return Ok(public_folder::round(changes)),
        Scope::Changes(changes) => return round::next_page(&server, request, changes),
        Scope::Events(ids) => look::events(&server, &texts(ids), &reading)?,
        Scope::Series(told) => series::complete(&server, told, &reading)?,
        Scope::Contacts(ids) => look::contacts(&server, &texts(ids))?,
        Scope::MarkedEvents(markers) => marked::events(&server, markers, &reading)?,
        Scope::MarkedContacts => marked::contacts(&server, &mailbox.tenant)?,
        Scope::Translation(ids) => {
            return Ok(Page {
                translated: translation::translate(&server, ids)?,
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
