//! What a cycle saw of an Exchange item.

use crate::base::{exchange_base, exchange_contact_base};
use crate::contract::{
    EventShape, ExchangeBase, ExchangeContact, ExchangeEvent, ExchangeId, ExchangeReference,
    ItemKind, Marker, MarkerReading, PsaReference, Uid,
};

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

    /// It stands alone, and is no part of a series.
    pub fn is_single(self) -> bool {
        match self {
            Self::Event(event) => matches!(event.shape, EventShape::Single),
            Self::Contact(_) => true,
        }
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
            slot: None,
        }
    }
}
