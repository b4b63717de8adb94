//! Ids as Graph shows them.
//!
//! An immutable id names the item wherever it lies; an ordinary one also says how often the item has moved, so that it is void
//! after the next move. The id of an occurrence adds the original start. Clients must not read them.

use chrono::NaiveDateTime;

use crate::mailbox::contact::{Contact, ContactKey};
use crate::mailbox::content::WriteError;
use crate::mailbox::item::{FolderKey, ItemKey};
use crate::mailbox::{Mailbox, Target};

const IMMUTABLE: &str = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A";
const ORDINARY: &str = "AAMkADAwATM3ZmYAZS1kNTQBLTk4MjItMDACLTAwCgBGAAAD";
const EWS: &str = "AAMkAGEwcyBpdGVtIGZvciBFV1MgY2xpZW50cwBGAAAE";
const CONTACT: &str = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0C";
const ORDINARY_CONTACT: &str = "AAMkADAwATM3ZmYAZS1kNTQBLTk4MjItMDACLTAwCgBGAAAC";
const CALENDAR: &str = "AAMkAGYAQ0FMRU5EQVIAAAFz";
const END: &str = "AAA=";
const START: &str = "%Y%m%d%H%M%S";

/// The forms of an item's id that can be translated into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Immutable,
    Ordinary,
    Ews,
}

/// The id of an item or occurrence as it was after so many moves.
pub fn text(mailbox: u32, target: Target, moves: u32, form: Form) -> String {
    let key = target.key().0;
    let place = match target {
        Target::Item(_) => String::new(),
        Target::Occurrence(_, original) => format!("_{}", original.format(START)),
    };
    match form {
        Form::Immutable => format!("{IMMUTABLE}{mailbox:06x}{key:010x}{place}{END}"),
        Form::Ordinary => format!("{ORDINARY}{mailbox:06x}{key:010x}{moves:06x}{place}{END}"),
        Form::Ews => format!("{EWS}{mailbox:06x}{key:010x}{moves:06x}{place}{END}"),
    }
}

/// The id of an item or occurrence as it is now.
pub fn of(mailbox: &Mailbox, target: Target, form: Form) -> String {
    let moves = mailbox.item(target.key()).map_or(0, |item| item.moves);
    text(mailbox.number, target, moves, form)
}

/// The form that a preference asks for.
pub fn form(immutable: bool) -> Form {
    if immutable {
        Form::Immutable
    } else {
        Form::Ordinary
    }
}

/// Finds what an id names. Each form is understood, whatever the client prefers.
pub fn parse(mailbox: &Mailbox, id: &str) -> Result<Target, WriteError> {
    let (form, rest) = [
        (Form::Immutable, IMMUTABLE),
        (Form::Ordinary, ORDINARY),
        (Form::Ews, EWS),
    ]
    .into_iter()
    .find_map(|(form, prefix)| Some((form, id.strip_prefix(prefix)?)))
    .ok_or(WriteError::MalformedId)?;
    let rest = rest.strip_suffix(END).ok_or(WriteError::MalformedId)?;
    let (numbers, place) = rest
        .split_once('_')
        .map_or((rest, None), |(numbers, place)| (numbers, Some(place)));
    let number = |range| {
        numbers
            .get(range)
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .ok_or(WriteError::MalformedId)
    };
    let key = ItemKey(number(6..16)?);
    if number(0..6)? != u64::from(mailbox.number) {
        return Err(WriteError::NotFound);
    }
    let item = mailbox.item(key).ok_or(WriteError::NotFound)?;
    if form != Form::Immutable && number(16..22)? != u64::from(item.moves) {
        return Err(WriteError::NotFound);
    }
    match place {
        None => Ok(Target::Item(key)),
        Some(place) => {
            let original =
                NaiveDateTime::parse_from_str(place, START).map_err(|_| WriteError::MalformedId)?;
            item.occurrence(original).ok_or(WriteError::NotFound)?;
            Ok(Target::Occurrence(key, original))
        }
    }
}

/// The id of a calendar.
pub fn calendar(mailbox: &Mailbox, folder: FolderKey) -> String {
    format!("{CALENDAR}{:06x}{:04x}{END}", mailbox.number, folder.0)
}

/// The calendar that an id names.
pub fn parse_calendar(mailbox: &Mailbox, id: &str) -> Option<FolderKey> {
    mailbox
        .calendars
        .iter()
        .map(|known| known.key)
        .find(|key| calendar(mailbox, *key) == id)
}

/// The id of a contact. An ordinary one is void once the contact lies in Deleted Items.
pub fn contact(mailbox: &Mailbox, contact: &Contact, form: Form) -> String {
    let (number, key) = (mailbox.number, contact.key.0);
    if form == Form::Immutable {
        format!("{CONTACT}{number:06x}{key:010x}{END}")
    } else {
        let moves = u8::from(contact.deleted);
        format!("{ORDINARY_CONTACT}{number:06x}{key:010x}{moves:06x}{END}")
    }
}

/// The contact that an id names, in either form.
pub fn parse_contact(mailbox: &Mailbox, id: &str) -> Result<ContactKey, WriteError> {
    let (form, rest) = [
        (Form::Immutable, CONTACT),
        (Form::Ordinary, ORDINARY_CONTACT),
    ]
    .into_iter()
    .find_map(|(form, prefix)| Some((form, id.strip_prefix(prefix)?)))
    .ok_or(WriteError::MalformedId)?;
    let digits = rest.get(6..16).ok_or(WriteError::MalformedId)?;
    let key = u64::from_str_radix(digits, 16).map_err(|_| WriteError::MalformedId)?;
    let known = mailbox
        .contact(ContactKey(key))
        .ok_or(WriteError::NotFound)?;
    if contact(mailbox, known, form) == id {
        Ok(known.key)
    } else {
        Err(WriteError::NotFound)
    }
}

/// The id of the default contacts folder.
pub fn contacts_folder(mailbox: &Mailbox) -> String {
    format!("{CALENDAR}{:06x}c0c0{END}", mailbox.number)
}

/// The id of the mailbox's user, a GUID.
pub fn user(mailbox: &Mailbox) -> String {
    format!("5f3c9a10-0000-4000-8000-{:012x}", mailbox.number)
}
