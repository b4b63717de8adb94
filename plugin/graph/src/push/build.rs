//! The request of an operation.
//!
//! Whatever would mail people is refused here, although the host has checked it too: an update or a
//! deletion needs the proof that nobody is invited, for the very version that `If-Match` names.

use sync::contract::{
    AttendeeProof, EventContent, ExchangeContent, ExchangePatch, ExchangeReference,
    ExchangeVersion, Fault, ItemKind, PushAction, PushOperation,
};

use super::request_id;
use crate::address;
use crate::event::write as fields;
use crate::fault;
use crate::transport::{Method, Request};

/// What a write does, as far as its answer means different things.
#[derive(Clone, Copy)]
pub enum Kind<'a> {
    /// Makes an item.
    Create(&'a EventContent),
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
    let (kind, target, request) = match &operation.action {
        PushAction::Create(ExchangeContent::Event(content)) => {
            let body = fields::creation(content, operation.marker.as_ref(), &operation.key);
            let path = format!("{}/calendar/events", address::mailbox(mailbox));
            let request = Request::send(Method::Post, path, body);
            (Kind::Create(content), None, Some(request))
        }
        PushAction::Update(update) => {
            let ExchangePatch::Event(patch) = &update.patch else {
                return Err(fault::not_supported("contacts"));
            };
            let id = target(&update.target)?;
            proven(&update.proof, &update.version)?;
            let request = fields::change(patch).map(|body| {
                Request::send(Method::Patch, path(mailbox, id), body)
                    .with("If-Match", update.version.tag.as_str())
            });
            (Kind::Update, Some(id.to_owned()), request)
        }
        PushAction::Delete(deletion) => {
            if deletion.kind == ItemKind::Contact {
                return Err(fault::not_supported("contacts"));
            }
            let id = target(&deletion.target)?;
            proven(&deletion.proof, &deletion.version)?;
            let request =
                Request::delete(path(mailbox, id)).with("If-Match", deletion.version.tag.as_str());
            (Kind::Delete, Some(id.to_owned()), Some(request))
        }
        PushAction::Create(ExchangeContent::Contact(_)) => {
            return Err(fault::not_supported("contacts"));
        }
    };
    Ok(Write {
        operation,
        kind,
        target,
        request: request.map(|request| request.with("client-request-id", id)),
    })
}

/// Immutable ids answer under the mailbox, wherever the item lies.
pub(crate) fn path(mailbox: &str, id: &str) -> String {
    format!(
        "{}/events/{}",
        address::mailbox(mailbox),
        address::encode(id)
    )
}

/// An occurrence is known by its slot and never by its id, and slots are not written yet.
fn target(reference: &ExchangeReference) -> Result<&str, Fault> {
    if reference.slot.is_some() {
        return Err(fault::not_supported("one occurrence of a series"));
    }
    Ok(&reference.id.value)
}

fn proven(proof: &AttendeeProof, version: &ExchangeVersion) -> Result<(), Fault> {
    let holds = proof.attendees == 0
        && proof.owner_organizes
        && proof.version == *version
        && !version.tag.is_empty();
    if holds {
        Ok(())
    } else {
        Err(Fault::Refused(fault::own(
            "attendees-not-disproved",
            "nothing was sent: there is no proof for this version that nobody would be mailed",
        )))
    }
}
