//! People in Outlook: what the owner of a mailbox does there, without counting as a request.
//!
//! Ids are immutable ids, as a client reads them with `Prefer: IdType="ImmutableId"`. Changes of meetings mail the attendees
//! here as well, marked [`By::Person`].

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use crate::delivery::deliver;
use crate::exchange::Exchange;
use crate::graph::call::Prefer;
use crate::graph::event_read::Shown;
use crate::graph::{contact_read, contact_write, event_write, extended_property};
use crate::id::{self, Form};
use crate::mailbox::contact::ContactKey;
use crate::mailbox::content::{Content, Draft, Response, WriteError};
use crate::mailbox::item::{FolderKey, Item, Series};
use crate::mailbox::mail::By;
use crate::mailbox::{Access, Mailbox, Target};
use crate::state::State;
use crate::zone::Zone;

/// Outlook, opened by the owner of a mailbox.
#[derive(Clone, Debug)]
pub struct Outlook {
    exchange: Exchange,
    address: String,
}

/// An item as it lies in a mailbox.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: String,
    /// Its id in EWS, which holds until it is moved.
    pub ews_id: String,
    pub made_by: By,
    /// The name of its calendar; `None` in Deleted Items.
    pub calendar: Option<String>,
    pub uid: String,
    pub version: u64,
    pub content: Content,
    /// What makes it repeat, if it does.
    pub series: Option<Series>,
    /// The event as Graph shows it in UTC with a text body, and all its named properties.
    pub json: Value,
}

/// One occurrence of a series as it is now.
#[derive(Clone, Debug)]
pub struct FoundOccurrence {
    pub id: String,
    /// Its id in EWS, which holds until its series is moved.
    pub ews_id: String,
    /// The pattern start in the series' zone.
    pub original: NaiveDateTime,
    pub content: Content,
}

impl Exchange {
    /// The owner of this mailbox at work.
    pub fn person(&self, address: &str) -> Outlook {
        Outlook {
            exchange: self.clone(),
            address: address.to_owned(),
        }
    }
}

impl Outlook {
    fn mailbox<T>(
        &self,
        work: impl FnOnce(&mut Mailbox, DateTime<Utc>) -> Result<T, WriteError>,
    ) -> Result<T, WriteError> {
        let mut state = self.exchange.state();
        let now = state.clock.now();
        work(state.mailbox_mut(&self.address)?, now)
    }

    /// The same for changes of whole items, which then arrive with attendees who have a mailbox here.
    fn meeting<T>(
        &self,
        work: impl FnOnce(&mut Mailbox, DateTime<Utc>) -> Result<(Target, T), WriteError>,
    ) -> Result<T, WriteError> {
        let (target, outcome) = self.mailbox(work)?;
        if let Target::Item(key) = target {
            deliver(&mut self.exchange.state(), &self.address, key);
        }
        Ok(outcome)
    }

    /// Writes an item into the default calendar and gives its id.
    pub fn create(&self, draft: &Draft) -> Result<String, WriteError> {
        self.meeting(|mailbox, now| {
            let key = mailbox.create(FolderKey::CALENDAR, draft, None, By::Person, now)?;
            let target = Target::Item(key);
            Ok((target, id::of(mailbox, target, Form::Immutable)))
        })
    }

    /// The same from the JSON of a Graph event, which may also name another `organizer` and a `responseStatus`.
    pub fn create_json(&self, event: &Value) -> Result<String, WriteError> {
        self.create(&read(event)?)
    }

    /// Changes an item or an occurrence.
    pub fn update(&self, id: &str, draft: &Draft) -> Result<(), WriteError> {
        self.meeting(|mailbox, now| {
            let target = id::parse(mailbox, id)?;
            mailbox.write(target, draft, By::Person, now)?;
            Ok((target, ()))
        })
    }

    /// The same from the JSON of a Graph event.
    pub fn update_json(&self, id: &str, event: &Value) -> Result<(), WriteError> {
        self.update(id, &read(event)?)
    }

    /// Deletes an item, which then lies in Deleted Items, or one occurrence.
    pub fn delete(&self, id: &str) -> Result<(), WriteError> {
        self.meeting(|mailbox, now| {
            let target = id::parse(mailbox, id)?;
            mailbox.delete(target, By::Person, now)?;
            Ok((target, ()))
        })
    }

    /// Removes an item for good.
    pub fn purge(&self, id: &str) -> Result<(), WriteError> {
        self.mailbox(|mailbox, _| mailbox.purge(id::parse(mailbox, id)?.key()))
    }

    /// Copies an item with its marker, and gives the copy's id.
    pub fn copy(&self, id: &str) -> Result<String, WriteError> {
        self.mailbox(|mailbox, now| {
            let key = mailbox.copy(id::parse(mailbox, id)?.key(), now)?;
            Ok(id::of(mailbox, Target::Item(key), Form::Immutable))
        })
    }

    /// Moves an item to a calendar, which is made if there is none of that name. "Calendar" is the default one.
    pub fn move_to(&self, id: &str, calendar: &str) -> Result<(), WriteError> {
        self.mailbox(|mailbox, now| {
            let key = id::parse(mailbox, id)?.key();
            let known = mailbox
                .calendars
                .iter()
                .find(|known| known.name == calendar)
                .map(|known| known.key);
            let folder = known.unwrap_or_else(|| mailbox.add_calendar(calendar));
            mailbox.relocate(key, folder, now)
        })
    }

    /// The organiser calls a meeting off. An item of somebody else stays, cancelled; an own one is deleted.
    pub fn cancel(&self, id: &str) -> Result<(), WriteError> {
        self.meeting(|mailbox, now| {
            let key = id::parse(mailbox, id)?.key();
            mailbox.cancel(key, By::Person, now)?;
            Ok((Target::Item(key), ()))
        })
    }

    /// Answers an invitation. A declined item stays in the calendar, as with Outlook's "show declined meetings".
    pub fn respond(&self, id: &str, response: Response) -> Result<(), WriteError> {
        self.mailbox(|mailbox, now| {
            mailbox.respond(id::parse(mailbox, id)?.key(), response, By::Person, now)
        })
    }

    /// Whether Exchange would take a change of an item or an occurrence, which is not made.
    pub fn would_take(&self, id: &str, draft: &Draft) -> bool {
        let tried = self.mailbox(|mailbox, now| {
            let target = id::parse(mailbox, id)?;
            mailbox.clone().write(target, draft, By::Person, now)
        });
        tried.is_ok()
    }

    /// The occurrences of a series any part of which lies between the two instants, by original start.
    pub fn occurrences(
        &self,
        master: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<FoundOccurrence>, WriteError> {
        self.mailbox(|mailbox, _| {
            let key = id::parse(mailbox, master)?.key();
            let item = mailbox.item(key).ok_or(WriteError::NotFound)?;
            let found = item.occurrences(from, to).into_iter();
            Ok(found
                .map(|found| FoundOccurrence {
                    id: id::of(
                        mailbox,
                        Target::Occurrence(key, found.original),
                        Form::Immutable,
                    ),
                    ews_id: id::of(mailbox, Target::Occurrence(key, found.original), Form::Ews),
                    original: found.original,
                    content: found.content,
                })
                .collect())
        })
    }

    /// The id of the occurrence whose pattern start is this wall time of the series' zone.
    pub fn occurrence(&self, master: &str, original: NaiveDateTime) -> Result<String, WriteError> {
        self.mailbox(|mailbox, _| {
            let key = id::parse(mailbox, master)?.key();
            let item = mailbox.item(key).ok_or(WriteError::NotFound)?;
            item.occurrence(original).ok_or(WriteError::NotFound)?;
            Ok(id::of(
                mailbox,
                Target::Occurrence(key, original),
                Form::Immutable,
            ))
        })
    }

    /// The id of an item, an occurrence or a contact as EWS shows it now: another one after each move.
    pub fn ews_id(&self, id: &str) -> Result<String, WriteError> {
        self.mailbox(|mailbox, _| match id::parse(mailbox, id) {
            Ok(target) => Ok(id::of(mailbox, target, Form::Ews)),
            Err(error) => {
                let contact = id::parse_contact(mailbox, id).map_err(|_| error)?;
                let contact = mailbox.contact(contact).ok_or(WriteError::NotFound)?;
                Ok(id::contact(mailbox, contact, Form::Ews))
            }
        })
    }

    /// Everything in the mailbox, also in other calendars and in Deleted Items, oldest first. Series are masters.
    pub fn events(&self) -> Result<Vec<Found>, WriteError> {
        self.mailbox(|mailbox, _| {
            Ok(mailbox
                .all_items()
                .map(|item| found(mailbox, item))
                .collect())
        })
    }

    /// One item or the master of an occurrence.
    pub fn event(&self, id: &str) -> Result<Found, WriteError> {
        self.mailbox(|mailbox, _| {
            let key = id::parse(mailbox, id)?.key();
            mailbox
                .item(key)
                .map(|item| found(mailbox, item))
                .ok_or(WriteError::NotFound)
        })
    }

    /// All contacts of the default folder with their named properties, oldest first.
    pub fn contacts(&self) -> Result<Vec<Value>, WriteError> {
        self.mailbox(|mailbox, _| {
            Ok(mailbox
                .contacts(FolderKey::CONTACTS)
                .map(|one| contact_read::raw(mailbox, one, &Prefer::of_person()))
                .collect())
        })
    }

    /// Makes a contact from the JSON of a Graph contact, and gives its id.
    pub fn create_contact(&self, contact: &Value) -> Result<String, WriteError> {
        let draft = contact_write::as_person(contact)?;
        self.mailbox(|mailbox, now| {
            let key = mailbox.create_contact(FolderKey::CONTACTS, &draft, now);
            contact_id(mailbox, key)
        })
    }

    /// Changes a contact's fields.
    pub fn update_contact(&self, id: &str, contact: &Value) -> Result<(), WriteError> {
        let draft = contact_write::as_person(contact)?;
        self.mailbox(|mailbox, now| {
            let key = id::parse_contact(mailbox, id)?;
            mailbox.write_contact(key, &draft, now)
        })
    }

    /// Deletes a contact, which then lies in Deleted Items.
    pub fn delete_contact(&self, id: &str) -> Result<(), WriteError> {
        self.mailbox(|mailbox, now| {
            let key = id::parse_contact(mailbox, id)?;
            mailbox.delete_contact(key, now)
        })
    }

    /// Copies a contact with its marker, and gives the copy's id.
    pub fn copy_contact(&self, id: &str) -> Result<String, WriteError> {
        self.mailbox(|mailbox, now| {
            let key = id::parse_contact(mailbox, id)?;
            let copy = mailbox.copy_contact(key, now)?;
            contact_id(mailbox, copy)
        })
    }

    /// The mailbox comes to another server: all that is in it is the same under other ids.
    pub fn move_to_another_server(&self) -> Result<(), WriteError> {
        let fresh = self.exchange.state().fresh_number();
        self.mailbox(|mailbox, _| {
            mailbox.number = fresh;
            Ok(())
        })
    }

    /// Raises an item's version without changing it, as servers do.
    pub fn bump(&self, id: &str) -> Result<(), WriteError> {
        self.mailbox(|mailbox, _| {
            let key = id::parse(mailbox, id)?.key();
            mailbox.bump(key);
            Ok(())
        })
    }

    /// Sets licence and permissions.
    pub fn set_access(&self, access: Access) -> Result<(), WriteError> {
        self.mailbox(|mailbox, _| {
            mailbox.access = access;
            Ok(())
        })
    }

    /// Sets the zone of the mailbox by its Windows or IANA name.
    pub fn set_zone(&self, zone: &str) -> Result<(), WriteError> {
        let zone = Zone::parse(zone)
            .ok_or_else(|| WriteError::Malformed(format!("'{zone}' is no zone")))?;
        self.mailbox(|mailbox, _| {
            mailbox.zone = zone;
            Ok(())
        })
    }

    /// Empties the mailbox as a failed migration does: everything is gone and every cursor void.
    pub fn empty(&self) -> Result<(), WriteError> {
        self.mailbox(|mailbox, _| {
            let keys: Vec<_> = mailbox.all_items().map(|item| item.key).collect();
            for key in keys {
                mailbox.purge(key)?;
            }
            mailbox.purge_contacts();
            mailbox.cursor_epoch += 1;
            Ok(())
        })
    }
}

fn read(event: &Value) -> Result<Draft, WriteError> {
    event_write::as_person(event).map_err(|refusal| WriteError::Malformed(refusal.message))
}

fn contact_id(mailbox: &Mailbox, key: ContactKey) -> Result<String, WriteError> {
    let contact = mailbox.contact(key).ok_or(WriteError::NotFound)?;
    Ok(id::contact(mailbox, contact, Form::Immutable))
}

fn found(mailbox: &Mailbox, item: &Item) -> Found {
    let prefer = Prefer::of_person();
    let shown = Shown {
        mailbox,
        item,
        occurrence: None,
    };
    let mut json = shown.full(&prefer);
    json.insert(
        "singleValueExtendedProperties".to_owned(),
        extended_property::all(&item.content.properties),
    );
    if let Some(cancelled) = shown.cancelled_occurrences(&prefer) {
        json.insert("cancelledOccurrences".to_owned(), cancelled);
    }
    let calendar = mailbox
        .calendars
        .iter()
        .find(|known| known.key == item.folder);
    Found {
        id: id::of(mailbox, Target::Item(item.key), Form::Immutable),
        ews_id: id::of(mailbox, Target::Item(item.key), Form::Ews),
        made_by: item.made_by,
        calendar: calendar.map(|known| known.name.clone()),
        uid: item.uid.clone(),
        version: item.version,
        content: item.content.clone(),
        series: item.series.clone(),
        json: json.into(),
    }
}

impl State {
    /// The addresses of all mailboxes.
    pub fn addresses(&self) -> Vec<String> {
        self.mailboxes
            .iter()
            .map(|mailbox| mailbox.address.clone())
            .collect()
    }
}
