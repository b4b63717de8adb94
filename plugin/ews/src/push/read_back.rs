//! What was written, as it is now: the answer to a write names the item and its version, and nothing
//! else.

use sync::base;
use sync::contract::{Change, Echo, EchoedItem, ExchangeBase, ExchangeEvent, Fault, Outcome};
use sync::kit::answer::own;
use transport::Transport;

use super::{Push, Written};
use crate::contact;
use crate::event::{self, wire::CalendarItem};
use crate::fetch::look::{self, Look};
use crate::operation::get_item::LOT;
use crate::operation::message::Message;
use crate::operation::{Folder, shape};

impl<T: Transport> Push<'_, T> {
    /// The outcomes of writes that were done, in order.
    pub(crate) fn read_back(&self, written: &[Written]) -> Vec<Outcome> {
        let mut outcomes: Vec<Option<Outcome>> = vec![None; written.len()];
        for folder in [Folder::Calendar, Folder::Contacts] {
            let (places, ids): (Vec<usize>, Vec<String>) = written
                .iter()
                .enumerate()
                .filter(|(_, one)| one.folder == folder)
                .map(|(place, one)| (place, one.id.clone()))
                .unzip();
            for (places, ids) in places.chunks(LOT).zip(ids.chunks(LOT)) {
                let shape = match folder {
                    Folder::Calendar => shape::EVENT,
                    Folder::Contacts => shape::CONTACT,
                };
                let mut looks = look::at(self.server, shape, ids)
                    .unwrap_or_default()
                    .into_iter();
                for place in places {
                    let outcome = written
                        .get(*place)
                        .map(|written| self.echo(written, looks.next()));
                    super::set(&mut outcomes, *place, outcome);
                }
            }
        }
        outcomes
            .into_iter()
            .map(|outcome| outcome.unwrap_or_else(unread))
            .collect()
    }

    fn echo(&self, written: &Written, look: Option<Look>) -> Outcome {
        let item = match look {
            Some(Look::There(message)) => self.item_of(written.folder, *message),
            // Somebody took it away at once.
            Some(Look::Gone) => {
                return Outcome::Conflict(Fault::Conflict(own(
                    "gone-after-write",
                    "the item was written, and is gone already",
                )));
            }
            Some(Look::Unknown(..)) | None => None,
        };
        match item {
            Some((item, base)) => Outcome::Done(Echo {
                item,
                base: Some(base),
                writes: written.writes,
                request_id: written.response.request_id(),
                status: written.response.status,
            }),
            None => unread(),
        }
    }

    /// The item that a result shows, with its half of a base.
    fn item_of(&self, folder: Folder, message: Message) -> Option<(EchoedItem, ExchangeBase)> {
        match folder {
            Folder::Calendar => {
                let event = self.event_of(message.items.events().next()?)?;
                let base = base::exchange_base(&event);
                Some((EchoedItem::Event(event), base))
            }
            Folder::Contacts => {
                let contact = message.items.contacts().next()?;
                match contact::read(contact).ok()?.change {
                    Change::Contact(contact) => {
                        let base = base::exchange_contact_base(&contact);
                        Some((EchoedItem::Contact(contact), base))
                    }
                    Change::Event(_) | Change::Occurrence(_) | Change::Removal(_) => None,
                }
            }
        }
    }

    /// The event that an item is. An occurrence is read with all its fields, whether they are its own
    /// or its master's.
    pub(crate) fn event_of(&self, mut item: CalendarItem) -> Option<ExchangeEvent> {
        let master = self.masters.get(&item.item_id.id).map(String::as_str);
        if event::kind(&item) == event::Kind::Occurrence {
            item.calendar_item_type = Some("Exception".to_owned());
        }
        match event::read(item, master, &self.reading).ok()?.change {
            Change::Event(event) => Some(event),
            Change::Contact(_) | Change::Occurrence(_) | Change::Removal(_) => None,
        }
    }
}

/// It is there, and nobody knows as what.
pub(crate) fn unread() -> Outcome {
    Outcome::Unknown(Fault::NotUnderstood(
        "it was written, but could not be read back".to_owned(),
    ))
}
