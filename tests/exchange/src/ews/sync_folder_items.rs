//! `SyncFolderItems`: what changed in a folder since a state.
//!
//! Series come as their masters, occurrences never. What was moved out is a deletion; what was moved out and back is a
//! deletion and a creation, because its id is another. Public folders have no such thing.

use super::context::Context;
use super::item_id::Thing;
use super::refusal::Refusal;
use super::response;
use super::sequence::{Sequence, invalid, number};
use super::shape::Shape;
use super::stores::{FOLDER_IDS, Store, Stores};
use super::sync_state::SyncState;
use super::thing;
use super::xml::{Element, Space};
use crate::id::{self, Form};
use crate::mailbox::change::Step;
use crate::mailbox::contact::ContactKey;
use crate::mailbox::item::{FolderKey, ItemKey};
use crate::mailbox::{Mailbox, Target};

/// The most changes that one answer brings.
const MOST_CHANGES: usize = 512;

struct Request<'a> {
    shape: Shape,
    folder: &'a Element,
    state: Option<&'a str>,
    most: usize,
}

pub fn answer(
    request: &Element,
    stores: &Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    let mut sequence = Sequence::of(request, Space::Messages);
    let shape = Shape::read(sequence.need("ItemShape")?)?;
    let folder = Sequence::of(sequence.need("SyncFolderId")?, Space::Types).need_any(FOLDER_IDS)?;
    let state = sequence.take("SyncState").map(|state| state.text.as_str());
    sequence.take("Ignore");
    let text = &sequence.need("MaxChangesReturned")?.text;
    let most = number("MaxChangesReturned", text)?;
    if !(1..=MOST_CHANGES).contains(&most) {
        return Err(invalid("MaxChangesReturned", text));
    }
    sequence.take("SyncScope");
    sequence.done()?;
    let request = Request {
        shape,
        folder,
        state,
        most,
    };
    Ok(response::of(
        "SyncFolderItems",
        [changes(request, stores, context)],
    ))
}

/// How a state is refused that is unknown or void.
pub fn lost() -> Refusal {
    Refusal::new(
        "ErrorInvalidSyncStateData",
        "Synchronization state data is corrupt or otherwise invalid.",
    )
}

fn changes(
    request: Request<'_>,
    stores: &Stores<'_>,
    context: &Context,
) -> Result<Vec<Element>, Refusal> {
    let shape = request.shape.in_changes();
    let place = stores.place(request.folder)?;
    if place.store == Store::Public {
        return Err(Refusal::new(
            "ErrorInvalidOperation",
            "Public folders cannot be synchronised.",
        ));
    }
    let mailbox = stores.get(place.store)?;
    let state = match request.state.filter(|text| !text.is_empty()) {
        Some(text) => SyncState::read(text, mailbox, place.folder).ok_or_else(lost)?,
        None => SyncState::first(mailbox, place.folder),
    };
    let (since, until) = state.round(mailbox.log.end());
    let lines: Vec<Line> = mailbox
        .log
        .steps(place.folder, since, until)
        .into_iter()
        .flat_map(|(key, step)| lines(key, step))
        .filter(|line| !state.is_told(line.rank()))
        .collect();
    let page = lines.get(..request.most).unwrap_or(&lines);
    let complete = page.len() == lines.len() || context.empty_lists;
    let next = match page.last() {
        Some(last) if !complete => state.after_page(until, last.rank()),
        _ => state.after_round(until),
    };
    let mut shown = Vec::new();
    for line in page.iter().filter(|_| !context.empty_lists) {
        shown.extend(show(mailbox, place.folder, *line, &shape, context)?);
    }
    Ok(vec![
        Element::messages("SyncState").with_text(next.text()),
        Element::messages("IncludesLastItemInRange").with_text(complete.to_string()),
        Element::messages("Changes").with_all(shown),
    ])
}

/// One change of a round.
#[derive(Clone, Copy, Debug)]
struct Line {
    key: ItemKey,
    change: Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// With the number of moves that its id had.
    Delete(u32),
    Create,
    Update,
}

impl Line {
    /// Orders the lines of a round, and is remembered by the state between two pages. Never 0.
    fn rank(&self) -> u64 {
        2 * self.key.0 + u64::from(!matches!(self.change, Change::Delete(_)))
    }
}

/// The changes of one item, of which there may be two.
fn lines(key: ItemKey, step: Step) -> Vec<Line> {
    let changes = match (step.before, step.after) {
        (None, None) => vec![],
        (None, Some(_)) => vec![Change::Create],
        (Some(before), None) => vec![Change::Delete(before)],
        (Some(before), Some(after)) if before == after => vec![Change::Update],
        (Some(before), Some(_)) => vec![Change::Delete(before), Change::Create],
    };
    changes
        .into_iter()
        .map(|change| Line { key, change })
        .collect()
}

/// A change as it is told; nothing where the item left after the end of the round, which the next one tells.
fn show(
    mailbox: &Mailbox,
    folder: FolderKey,
    line: Line,
    shape: &Shape,
    context: &Context,
) -> Result<Option<Element>, Refusal> {
    let contact = ContactKey(line.key.0);
    let target = Target::Item(line.key);
    let name = match line.change {
        Change::Delete(moves) => {
            let id = if folder == FolderKey::CONTACTS {
                id::contact_text(mailbox.number, contact, moves, Form::Ews)
            } else {
                id::text(mailbox.number, target, moves, Form::Ews)
            };
            let id = Element::types("ItemId").with_attribute("Id", id);
            return Ok(Some(Element::types("Delete").with(id)));
        }
        Change::Create => "Create",
        Change::Update => "Update",
    };
    let here = if mailbox.item(line.key).is_some() {
        Thing::Calendar(target)
    } else {
        Thing::Contact(contact)
    };
    match thing::show(mailbox, here, shape, context) {
        Ok(shown) => Ok(Some(Element::types(name).with(shown))),
        Err(refusal) if refusal == Refusal::no_item() => Ok(None),
        Err(refusal) => Err(refusal),
    }
}
