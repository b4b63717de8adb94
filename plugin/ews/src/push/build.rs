//! The write of an operation.
//!
//! Whatever would change a meeting is refused here, although the host has checked it too: an update or
//! a deletion of an event needs the proof that nobody is invited, for the very version that is sent.
//! Nobody is invited to a contact, and its copy is overwritten and deleted whatever its user made of
//! it, without having been read: so its version is not asked for.

use sync::contract::{
    AttendeeProof, ExchangeContent, ExchangePatch, ExchangeVersion, Fault, ItemKind, PushAction,
    PushOperation,
};
use sync::kit::answer::own;

use crate::operation::Folder;
use crate::operation::update_item::Conflict;
use crate::operation::{create_item, delete_item, update_item};
use crate::xml::Element;
use crate::{contact, event};

/// What a write does. Writes of one kind go in one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Makes an item.
    Create,
    /// Changes an item.
    Update,
    /// Deletes an item.
    Delete,
}

/// The item that is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// The version that was planned on, where it counts.
    pub version: Option<String>,
}

/// What is sent of a write.
pub enum Content {
    /// The new item.
    Item(Element),
    /// The changes of fields; none where nothing differs.
    Updates(Vec<Element>),
    /// Nothing but the item's name.
    None,
}

/// A write that may be sent.
pub struct Write<'a> {
    /// What it carries out.
    pub operation: &'a PushOperation,
    /// What it does.
    pub kind: Kind,
    /// Where.
    pub folder: Folder,
    /// The item; none for one that is to be made.
    pub target: Option<Target>,
    /// What is sent.
    pub content: Content,
}

/// The write of an operation.
///
/// # Errors
/// Why an operation is not sent at all.
pub fn write(operation: &PushOperation) -> Result<Write<'_>, Fault> {
    let marker = operation.marker.as_ref();
    let (kind, folder, target, content) = match &operation.action {
        PushAction::Create(ExchangeContent::Event(event)) => {
            let item = event::write::creation(event, marker);
            (Kind::Create, Folder::Calendar, None, Content::Item(item))
        }
        PushAction::Create(ExchangeContent::Contact(contact)) => {
            let item = contact::write::creation(contact, marker);
            (Kind::Create, Folder::Contacts, None, Content::Item(item))
        }
        PushAction::Update(update) => {
            let id = &update.target.id.value;
            let (folder, target, updates) = match &update.patch {
                ExchangePatch::Event(patch) => {
                    let target = proven(id, &update.proof, &update.version)?;
                    (Folder::Calendar, target, event::write::change(patch))
                }
                ExchangePatch::Contact(contact) => {
                    let updates = contact::write::change(contact);
                    (Folder::Contacts, unread(id), updates)
                }
            };
            let updates = Content::Updates(updates);
            (Kind::Update, folder, Some(target), updates)
        }
        PushAction::Delete(deletion) => {
            let id = &deletion.target.id.value;
            let (folder, target) = if deletion.kind == ItemKind::Contact {
                (Folder::Contacts, unread(id))
            } else {
                let target = proven(id, &deletion.proof, &deletion.version)?;
                (Folder::Calendar, target)
            };
            (Kind::Delete, folder, Some(target), Content::None)
        }
    };
    Ok(Write {
        operation,
        kind,
        folder,
        target,
        content,
    })
}

fn unread(id: &str) -> Target {
    Target {
        id: id.to_owned(),
        version: None,
    }
}

fn proven(id: &str, proof: &AttendeeProof, version: &ExchangeVersion) -> Result<Target, Fault> {
    let holds = proof.attendees == 0
        && proof.owner_organizes
        && proof.version == *version
        && !version.tag.is_empty();
    if holds {
        Ok(Target {
            id: id.to_owned(),
            version: Some(version.tag.clone()),
        })
    } else {
        Err(Fault::Refused(own(
            "attendees-not-disproved",
            "nothing was sent: there is no proof for this version that nobody would be mailed",
        )))
    }
}

impl Write<'_> {
    /// Nothing is to be sent, because nothing differs.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        matches!(&self.content, Content::Updates(updates) if updates.is_empty())
    }
}

/// The request that makes these items in a folder.
#[must_use]
pub fn creations(folder: Element, writes: &[&Write<'_>]) -> Element {
    let items = writes.iter().filter_map(|write| match &write.content {
        Content::Item(item) => Some(item.clone()),
        Content::Updates(_) | Content::None => None,
    });
    create_item::request(folder, items)
}

/// The request that changes these items, which lie in one folder.
#[must_use]
pub fn updates(folder: Folder, writes: &[&Write<'_>]) -> Element {
    let conflict = match folder {
        Folder::Calendar => Conflict::LeftAlone,
        Folder::Contacts => Conflict::Overwritten,
    };
    let changes = named(writes).map(|(target, write)| {
        let updates = match &write.content {
            Content::Updates(updates) => updates.clone(),
            Content::Item(_) | Content::None => Vec::new(),
        };
        update_item::change(&target.id, target.version.as_deref(), updates)
    });
    update_item::request(conflict, changes)
}

/// The request that deletes these items.
#[must_use]
pub fn deletions(into: delete_item::Into, writes: &[&Write<'_>]) -> Element {
    let items = named(writes).map(|(it, _)| (it.id.as_str(), it.version.as_deref()));
    delete_item::request(into, items)
}

fn named<'a>(writes: &'a [&Write<'_>]) -> impl Iterator<Item = (&'a Target, &'a Write<'a>)> {
    writes
        .iter()
        .filter_map(|write| Some((write.target.as_ref()?, *write)))
}
