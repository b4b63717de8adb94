//! What a cycle saw of an Exchange item.

use crate::base::{exchange_base, exchange_contact_base};
use crate::contract::{
    EventShape, ExchangeBase, ExchangeContact, ExchangeEvent, ExchangeId, ExchangeReference,
    ItemKind, Marker, MarkerReading, PsaReference, Slot, Uid,
};
use crate::series::slot;

/// An item of Exchange as it is now.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    Event(&'a ExchangeEvent),
    Contact(&'a ExchangeContact),
}

/// What became of a pair's Exchange item.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// Nothing: it is as it was.
    Unchanged,
    /// Its state now.
    There(Item<'a>),
    /// The server confirmed that it is gone.
    Gone,
}

impl<'a> Item<'a> {
    pub fn id(self) -> &'a ExchangeId {
        match self {
            Self::Event(event) => &event.id,
            Self::Contact(contact) => &contact.id,
        }
    }

    pub fn uid(self) -> Option<&'a Uid> {
        match self {
            Self::Event(event) => event.uid.as_ref(),
            Self::Contact(_) => None,
        }
    }

    /// When it was made, in microseconds; what does not tell is younger than all that does.
    pub fn made(self) -> i64 {
        match self {
            Self::Event(event) => event.created.map_or(i64::MAX, |made| made.microseconds),
            Self::Contact(_) => i64::MAX,
        }
    }

    /// Our marker, where it names an item that can have such a copy.
    pub fn marker(self) -> Option<&'a Marker> {
        let reading = match self {
            Self::Event(event) => &event.marker,
            Self::Contact(contact) => &contact.marker,
        };
        match reading {
            MarkerReading::Present(marker) => Some(marker).filter(|it| self.can_copy(&it.psa)),
            MarkerReading::NotRead | MarkerReading::Absent | MarkerReading::Unreadable(_) => None,
        }
    }

    /// Contacts are copies of contacts, and events of everything else.
    pub fn can_copy(self, reference: &PsaReference) -> bool {
        matches!(self, Self::Contact(_)) == (reference.kind == ItemKind::Contact)
    }

    /// It is a series: of those that are spread only a copy of ours is left.
    pub fn is_master(self) -> bool {
        matches!(self, Self::Event(event) if matches!(event.shape, EventShape::Master(_)))
    }

    /// Exchange's half of a base, as the item is now.
    pub fn base(self) -> ExchangeBase {
        match self {
            Self::Event(event) => exchange_base(event),
            Self::Contact(contact) => exchange_contact_base(contact),
        }
    }

    /// The item's names.
    pub fn reference(self) -> ExchangeReference {
        ExchangeReference {
            id: self.id().clone(),
            uid: self.uid().cloned(),
            slot: self.slot().cloned(),
        }
    }

    /// Which occurrence of a series it is.
    pub fn slot(self) -> Option<&'a Slot> {
        match self {
            Self::Event(event) => slot::of_event(event),
            Self::Contact(_) => None,
        }
    }

    /// Whether a name is this item's: an occurrence's is its slot, whatever its id.
    pub fn is_named(self, reference: &ExchangeReference) -> bool {
        match (self, &reference.slot) {
            (Self::Event(event), Some(_)) => same_slot(event, reference),
            (Self::Contact(_), Some(_)) => false,
            (_, None) => *self.id() == reference.id && self.slot().is_none(),
        }
    }

    /// Whether a name shares this item's UID, and for an occurrence also its place in the series.
    pub fn shares_uid(self, reference: &ExchangeReference) -> bool {
        let is_shared = self.uid().is_some() && self.uid() == reference.uid.as_ref();
        let place = |slot: &Slot| slot.original_start;
        is_shared && self.slot().map(place) == reference.slot.as_ref().map(place)
    }
}

/// Whether an event is the occurrence that a name means. A series that came back under another id
/// is known by its UID.
pub fn same_slot(event: &ExchangeEvent, reference: &ExchangeReference) -> bool {
    match (slot::of_event(event), &reference.slot) {
        (Some(is), Some(was)) => {
            let shares_uid = event.uid.is_some() && event.uid == reference.uid;
            is.original_start == was.original_start && (is.master_id == was.master_id || shares_uid)
        }
        _ => false,
    }
}
