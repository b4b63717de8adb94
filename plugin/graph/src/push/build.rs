//! The request of an operation.
//!
//! Whatever would mail people is refused here, although the host has checked it too: an update or a
//! deletion of an event needs the proof that nobody is invited, for the very version that
//! `If-Match` names. Nobody is invited to a contact, and its copy is overwritten and deleted
//! whatever its user made of it, without having been read: so its version is not asked for.

use sync::contract::{
    AttendeeProof, ExchangeContent, ExchangePatch, ExchangeVersion, Fault, ItemKind, PushAction,
    PushOperation,
};
use sync::kit::answer::own;
use transport::Method;

use super::request_id;
use crate::fault::permission;
use crate::request::Request;
use crate::{address, contact, event};

/// Where an item lies, and so how it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// The calendar: events.
    Calendar,
    /// The contacts folder.
    Contacts,
}

impl Folder {
    /// The right that a write takes.
    #[must_use]
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Calendar => permission::CALENDARS,
            Self::Contacts => permission::CONTACTS,
        }
    }
}

/// What a write does, as far as its answer means different things.
#[derive(Clone, Copy)]
pub enum Kind<'a> {
    /// Makes an item.
    Create(&'a ExchangeContent),
    /// Changes an item.
    Update,
    /// Deletes an item.
    Delete,
}

/// A write that may be sent.
pub struct Write<'a> {
    /// What it carries out.
    pub operation: &'a PushOperation,
    /// What it does.
    pub kind: Kind<'a>,
    /// Where.
    pub folder: Folder,
    /// The item's id; none for one that is to be made.
    pub target: Option<String>,
    /// The request; none when nothing differs.
    pub request: Option<Request>,
}

/// The write of an operation.
///
/// # Errors
/// Why an operation is not sent at all.
pub fn write<'a>(mailbox: &str, operation: &'a PushOperation) -> Result<Write<'a>, Fault> {
    let id = request_id(std::iter::once(operation), "part").to_string();
    let marker = operation.marker.as_ref();
    let (kind, folder, target, request) = match &operation.action {
        PushAction::Create(content) => {
            let (folder, path, body) = match content {
                ExchangeContent::Event(event) => (
                    Folder::Calendar,
                    format!("{}/calendar/events", address::mailbox(mailbox)),
                    event::write::creation(event, marker, &operation.key),
                ),
                ExchangeContent::Contact(contact) => (
                    Folder::Contacts,
                    address::contacts(mailbox),
                    contact::write::creation(contact, marker),
                ),
            };
            let request = Request::send(Method::Post, path, body);
            (Kind::Create(content), folder, None, Some(request))
        }
        PushAction::Update(update) => {
            let id = &update.target.id.value;
            let (folder, request) = match &update.patch {
                ExchangePatch::Event(patch) => {
                    proven(&update.proof, &update.version)?;
                    let request = event::write::change(patch).map(|body| {
                        Request::send(Method::Patch, address::event_anywhere(mailbox, id), body)
                            .with("If-Match", update.version.tag.as_str())
                    });
                    (Folder::Calendar, request)
                }
                ExchangePatch::Contact(contact) => {
                    let body = contact::write::change(contact);
                    let path = address::contact(mailbox, id);
                    let request = Request::send(Method::Patch, path, body);
                    (Folder::Contacts, Some(request))
                }
            };
            (Kind::Update, folder, Some(id.clone()), request)
        }
        PushAction::Delete(deletion) => {
            let id = &deletion.target.id.value;
            let (folder, request) = if deletion.kind == ItemKind::Contact {
                let request = Request::delete(address::contact(mailbox, id));
                (Folder::Contacts, request)
            } else {
                proven(&deletion.proof, &deletion.version)?;
                let request = Request::delete(address::event_anywhere(mailbox, id))
                    .with("If-Match", deletion.version.tag.as_str());
                (Folder::Calendar, request)
            };
            (Kind::Delete, folder, Some(id.clone()), Some(request))
        }
    };
    Ok(Write {
        operation,
        kind,
        folder,
        target,
        request: request.map(|request| request.with("client-request-id", id)),
    })
}

fn proven(proof: &AttendeeProof, version: &ExchangeVersion) -> Result<(), Fault> {
    let holds = proof.attendees == 0
        && proof.owner_organizes
        && proof.version == *version
        && !version.tag.is_empty();
    if holds {
        Ok(())
    } else {
        Err(Fault::Refused(own(
            "attendees-not-disproved",
            "nothing was sent: there is no proof for this version that nobody would be mailed",
        )))
    }
}
