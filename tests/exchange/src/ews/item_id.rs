//! How a request names items: by id, as the n-th occurrence of a series, or as the master of an occurrence.

use super::context::Context;
use super::refusal::Refusal;
use super::sequence::{attribute, number};
use super::stores::{Store, Stores};
use super::xml::Element;
use crate::id::{self, Form};
use crate::mailbox::contact::ContactKey;
use crate::mailbox::content::WriteError;
use crate::mailbox::item::{Item, ItemKey};
use crate::mailbox::{Mailbox, Target};

/// The elements that name an item.
pub const ELEMENTS: &[&str] = &["ItemId", "OccurrenceItemId", "RecurringMasterItemId"];

/// How an item is named.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    Item(String),
    /// Occurrences count from 1, deleted ones too.
    Occurrence {
        master: String,
        index: usize,
    },
    MasterOf(String),
}

/// An item as a request names it, with the version that the client has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemName {
    name: Name,
    pub change_key: Option<String>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Calendar(Target),
    Contact(ContactKey),
}

impl ItemName {
    /// Reads one of [`ELEMENTS`].
    pub fn read(element: &Element) -> Result<Self, Refusal> {
        let text = |name| attribute(element, name).map(ToOwned::to_owned);
        let name = match element.name.as_str() {
            "OccurrenceItemId" => Name::Occurrence {
                master: text("RecurringMasterId")?,
                index: number("InstanceIndex", attribute(element, "InstanceIndex")?)?,
            },
            "RecurringMasterItemId" => Name::MasterOf(text("OccurrenceId")?),
            _ => Name::Item(text("Id")?),
        };
        Ok(Self {
            name,
            change_key: element.attribute("ChangeKey").map(ToOwned::to_owned),
        })
    }

    /// The id that stands in the name.
    fn id(&self) -> &str {
        match &self.name {
            Name::Item(id) | Name::MasterOf(id) => id,
            Name::Occurrence { master, .. } => master,
        }
    }

    /// Finds what is named.
    pub fn find(&self, stores: &Stores<'_>, context: &Context) -> Result<(Store, Thing), Refusal> {
        let store = stores.of_id(self.id())?;
        let mailbox = stores.get(store)?;
        let thing = match self.target(mailbox) {
            Ok(target) => {
                context.readable(mailbox, target)?;
                Thing::Calendar(target)
            }
            Err(refusal) => match (&self.name, id::parse_contact(mailbox, self.id())) {
                (Name::Item(_), Ok(key)) => Thing::Contact(key),
                (Name::Item(_), Err(WriteError::NotFound)) => return Err(Refusal::no_item()),
                _ => return Err(refusal),
            },
        };
        let granted = match thing {
            Thing::Calendar(_) => mailbox.access.calendars,
            Thing::Contact(_) => mailbox.access.contacts,
        };
        if granted {
            Ok((store, thing))
        } else {
            Err(Refusal::access_denied())
        }
    }

    fn target(&self, mailbox: &Mailbox) -> Result<Target, Refusal> {
        let named = id::parse(mailbox, self.id())?;
        match (&self.name, named) {
            (Name::Item(_), _) => Ok(named),
            (Name::MasterOf(_), Target::Occurrence(master, _)) => Ok(Target::Item(master)),
            (Name::MasterOf(_), Target::Item(_)) => Err(Refusal::new(
                "ErrorCalendarCannotUseIdForOccurrenceId",
                "The id is not that of an occurrence.",
            )),
            (Name::Occurrence { index, .. }, Target::Item(master)) => {
                nth_occurrence(mailbox, master, *index)
            }
            (Name::Occurrence { .. }, Target::Occurrence(..)) => Err(no_master()),
        }
    }
}

fn nth_occurrence(mailbox: &Mailbox, master: ItemKey, index: usize) -> Result<Target, Refusal> {
    let item = mailbox.item(master).ok_or_else(Refusal::no_item)?;
    let series = item.series.as_ref().ok_or_else(no_master)?;
    let original = index
        .checked_sub(1)
        .and_then(|place| all_originals(item).into_iter().nth(place))
        .ok_or_else(|| {
            Refusal::new(
                "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange",
                "Occurrence index is out of recurrence range.",
            )
        })?;
    if series.deleted.contains(&original) {
        return Err(Refusal::new(
            "ErrorCalendarOccurrenceIsDeletedFromRecurrence",
            "Occurrence with this index was previously deleted from the recurrence.",
        ));
    }
    Ok(Target::Occurrence(master, original))
}

/// The original starts of a series in order, for a century at most.
pub fn all_originals(item: &Item) -> Vec<chrono::NaiveDateTime> {
    item.originals_until(item.content.start.wall + chrono::Days::new(36_525))
}

fn no_master() -> Refusal {
    Refusal::new(
        "ErrorCalendarCannotUseIdForRecurringMasterId",
        "The id is not that of a recurring master.",
    )
}

/// The id of a calendar item under an element's name. An occurrence has the version of its series.
pub fn show(name: &str, mailbox: &Mailbox, target: Target) -> Element {
    let version = mailbox.item(target.key()).map_or(0, |item| item.version);
    Element::types(name)
        .with_attribute("Id", id::of(mailbox, target, Form::Ews))
        .with_attribute("ChangeKey", id::change_key(mailbox, version))
}

/// The id of a contact.
pub fn show_contact(mailbox: &Mailbox, key: ContactKey) -> Option<Element> {
    let contact = mailbox.contact(key)?;
    Some(
        Element::types("ItemId")
            .with_attribute("Id", id::contact(mailbox, contact, Form::Ews))
            .with_attribute("ChangeKey", id::change_key(mailbox, contact.version)),
    )
}
