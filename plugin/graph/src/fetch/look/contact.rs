//! Looking at contacts, and at whether they lie in the contacts folder.
//!
//! An immutable id may answer from the deleted items. A contact names its folder by an id, and the
//! list of contacts holds those of the default folder only, so any of its rows names that one. A
//! list without a row proves nothing: then an item that answers is believed to be in its place.

use sync::contract::Fault;
use sync::kit::harvest::Harvest;
use transport::Transport;

use super::{Look, answers, read, told};
use crate::contact::{self, wire};
use crate::fault::permission;
use crate::fetch::collection::{self, Collection};
use crate::request::{Request, ask};
use crate::{address, batch};

/// The request for one contact with its marker.
#[must_use]
pub fn request(mailbox: &str, id: &str) -> Request {
    Request::get(address::query(
        &address::contact(mailbox, id),
        &[
            ("$select", contact::SELECT),
            ("$expand", &contact::expand()),
        ],
    ))
}

/// The request for one row of the list of contacts, which names the default folder.
#[must_use]
pub fn folder_request(mailbox: &str) -> Request {
    Request::get(address::query(
        &address::contacts(mailbox),
        &[("$top", "1"), ("$select", "id,parentFolderId")],
    ))
}

/// Looks at these contacts.
///
/// # Errors
/// What concerns the mailbox or the moment, and a full batch of which no item was answered for.
pub fn at(transport: &impl Transport, mailbox: &str, ids: &[String]) -> Result<Harvest, Fault> {
    let mut looks: Vec<Look<wire::Contact>> = Vec::new();
    for chunk in ids.chunks(batch::LARGEST) {
        let parts: Vec<Request> = chunk.iter().map(|id| request(mailbox, id)).collect();
        let answers = answers::<wire::Contact>(transport, &parts)?;
        looks.append(&mut read(chunk, &answers)?);
    }
    let folder = if looks.iter().any(|look| matches!(look, Look::There(_))) {
        default_folder(transport, mailbox)?
    } else {
        None
    };
    let mut harvest = Harvest::default();
    for (id, look) in ids.iter().zip(looks) {
        harvest.append(told(id, placed(look, folder.as_deref()), contact::read));
    }
    Ok(harvest)
}

/// The id of the folder whose contacts are listed; none where the list does not tell.
fn default_folder(transport: &impl Transport, mailbox: &str) -> Result<Option<String>, Fault> {
    let answer = ask(transport, folder_request(mailbox), permission::CONTACTS)?;
    let page: Collection<wire::Contact> = collection::read(&answer)?;
    let mut rows = page.items.into_iter();
    Ok(rows.find_map(|row| row.parent_folder_id))
}

fn placed(look: Look<wire::Contact>, folder: Option<&str>) -> Look<wire::Contact> {
    match &look {
        Look::There(contact)
            if contact
                .parent_folder_id
                .as_deref()
                .zip(folder)
                .is_some_and(|(lies, default)| lies != default) =>
        {
            Look::Elsewhere
        }
        _ => look,
    }
}
