//! Ids and versions as both faces show them.
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
const EWS_CONTACT: &str = "AAMkAGEwcyBpdGVtIGZvciBFV1MgY2xpZW50cwBGAAAC";
const FOLDER: &str = "AAMkAGYAQ0FMRU5EQVIAAAFz";
const CHANGE_KEY: &str = "DwAAABYAAAC";
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

/// The immutable id of what an id names, or named before it was moved or went for good; none where it is no id of a calendar
/// item.
pub fn immutable(id: &str) -> Option<String> {
    if id.starts_with(IMMUTABLE) {
        return Some(id.to_owned());
    }
    let rest = [ORDINARY, EWS]
        .into_iter()
        .find_map(|prefix| id.strip_prefix(prefix))?;
    let (item, place) = (rest.get(..16)?, rest.get(22..)?);
    Some(format!("{IMMUTABLE}{item}{place}"))
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

/// The id of a folder.
pub fn folder(mailbox: &Mailbox, folder: FolderKey) -> String {
    format!("{FOLDER}{:06x}{:04x}{END}", mailbox.number, folder.0)
}

/// The calendar that an id names.
pub fn parse_calendar(mailbox: &Mailbox, id: &str) -> Option<FolderKey> {
    mailbox
        .calendars
        .iter()
        .map(|known| known.key)
        .find(|key| folder(mailbox, *key) == id)
}

/// The id of a contact. One that is not immutable is void once the contact has moved.
pub fn contact(mailbox: &Mailbox, contact: &Contact, form: Form) -> String {
    contact_text(mailbox.number, contact.key, contact.moves, form)
}

/// The id of a contact as it was after so many moves.
pub fn contact_text(mailbox: u32, key: ContactKey, moves: u32, form: Form) -> String {
    let key = key.0;
    match form {
        Form::Immutable => format!("{CONTACT}{mailbox:06x}{key:010x}{END}"),
        Form::Ordinary => format!("{ORDINARY_CONTACT}{mailbox:06x}{key:010x}{moves:06x}{END}"),
        Form::Ews => format!("{EWS_CONTACT}{mailbox:06x}{key:010x}{moves:06x}{END}"),
    }
}

/// The number of the mailbox that an id of either face is of.
pub fn mailbox_number(id: &str) -> Option<u32> {
    let prefixes = [
        IMMUTABLE,
        ORDINARY,
        EWS,
        CONTACT,
        ORDINARY_CONTACT,
        EWS_CONTACT,
        FOLDER,
    ];
    let rest = prefixes.iter().find_map(|prefix| id.strip_prefix(prefix))?;
    u32::from_str_radix(rest.get(..6)?, 16).ok()
}

/// The contact that an id names, in whichever form.
pub fn parse_contact(mailbox: &Mailbox, id: &str) -> Result<ContactKey, WriteError> {
    let (form, rest) = [
        (Form::Immutable, CONTACT),
        (Form::Ordinary, ORDINARY_CONTACT),
        (Form::Ews, EWS_CONTACT),
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

/// The change key of a version, alike in both faces.
pub fn change_key(mailbox: &Mailbox, version: u64) -> String {
    format!("{CHANGE_KEY}{:06x}{version:012x}==", mailbox.number)
}

/// Whether a text was given out as a change key.
pub fn is_change_key(text: &str) -> bool {
    text.starts_with(CHANGE_KEY)
}

/// The id of the mailbox's user, a GUID.
pub fn user(mailbox: &Mailbox) -> String {
    format!("5f3c9a10-0000-4000-8000-{:012x}", mailbox.number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::item::ItemKey;

    #[test]
    fn an_id_that_is_void_still_leads_to_the_immutable_one() {
        let original = NaiveDateTime::parse_from_str("20260105090000", START).unwrap();
        let (item, occurrence) = (
            Target::Item(ItemKey(7)),
            Target::Occurrence(ItemKey(7), original),
        );
        for target in [item, occurrence] {
            let wanted = text(3, target, 0, Form::Immutable);
            for (moves, form) in [(0, Form::Ews), (5, Form::Ews), (5, Form::Ordinary)] {
                let id = text(3, target, moves, form);
                assert_eq!(immutable(&id).as_ref(), Some(&wanted));
            }
            assert_eq!(immutable(&wanted), Some(wanted.clone()));
        }
        assert_eq!(immutable("AAMkOfAnotherKind"), None);
    }
}
