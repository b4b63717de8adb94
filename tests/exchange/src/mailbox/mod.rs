//! One mailbox: calendars, items, what changed when, and the mails that went out. Both faces and people in Outlook use it.
//!
//! Every change of an item raises the mailbox's version and leaves an entry in its [`change::Log`]; a client's cursor is a place
//! in that log. Deleting moves to Deleted Items, as Outlook does: the item keeps its key, its calendar forgets it.

pub mod change;
pub mod contact;
pub mod content;
pub mod folder;
pub mod item;
pub mod mail;
pub mod recurrence;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};

use self::change::{Log, What};
use self::contact::{Contact, ContactKey};
use self::content::{Attendee, Content, Draft, Person, Response, WriteError};
use self::folder::Folder;
use self::item::{FolderKey, Item, ItemKey, Series, settle_on_first_date};
use self::mail::{By, Mail, MailKind};
use crate::zone::Zone;

/// What the application may do with a mailbox, and whether there is one at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Access {
    /// Off: the user exists but has no licence.
    pub licensed: bool,
    /// The mailbox lives on a server of its own: only EWS leads to it.
    pub on_premises: bool,
    /// Off: the user may not be reached by EWS, as with some licences.
    pub ews: bool,
    pub calendars: bool,
    /// Items may be looked at and not written.
    pub read_only: bool,
    pub mailbox_settings: bool,
    pub contacts: bool,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            licensed: true,
            on_premises: false,
            ews: true,
            calendars: true,
            read_only: false,
            mailbox_settings: true,
            contacts: true,
        }
    }
}

/// A calendar folder.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub key: FolderKey,
    pub name: String,
}

/// An item, or one occurrence of it by original start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Item(ItemKey),
    Occurrence(ItemKey, NaiveDateTime),
}

impl Target {
    /// The item, or the master of the occurrence.
    pub fn key(self) -> ItemKey {
        match self {
            Self::Item(key) | Self::Occurrence(key, _) => key,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Its place in the model, from 1.
    pub number: u32,
    pub address: String,
    pub zone: Zone,
    pub access: Access,
    pub calendars: Vec<Calendar>,
    pub log: Log,
    pub mails: Vec<Mail>,
    /// Rises when all cursors of the mailbox are made void.
    pub cursor_epoch: u32,
    made_folders: Vec<Folder>,
    items: BTreeMap<ItemKey, Item>,
    contacts: BTreeMap<ContactKey, Contact>,
    transactions: BTreeMap<String, ItemKey>,
    last_key: u64,
    version: u64,
}

impl Mailbox {
    pub fn new(number: u32, address: &str, zone: Zone) -> Self {
        Self {
            number,
            address: address.to_owned(),
            zone,
            access: Access::default(),
            calendars: vec![Calendar {
                key: FolderKey::CALENDAR,
                name: "Calendar".to_owned(),
            }],
            log: Log::default(),
            mails: Vec::new(),
            cursor_epoch: 0,
            made_folders: Vec::new(),
            items: BTreeMap::new(),
            contacts: BTreeMap::new(),
            transactions: BTreeMap::new(),
            last_key: 0,
            version: 0,
        }
    }

    /// The mailbox that the public folders lie in. Nobody owns it.
    pub fn public() -> Self {
        Self {
            calendars: Vec::new(),
            ..Self::new(0, "public folders", Zone::utc())
        }
    }

    pub(crate) fn is_public(&self) -> bool {
        self.number == 0
    }

    /// The owner, as organiser and attendee of meetings.
    pub fn owner(&self) -> Person {
        Person::at(&self.address)
    }

    pub fn item(&self, key: ItemKey) -> Option<&Item> {
        self.items.get(&key)
    }

    /// The items of a folder, oldest first.
    pub fn items(&self, folder: FolderKey) -> impl Iterator<Item = &Item> {
        self.items
            .values()
            .filter(move |item| item.folder == folder)
    }

    /// All items, also deleted ones, oldest first.
    pub fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// The item that was created under this key and still lies in a calendar.
    pub fn by_transaction(&self, transaction: &str) -> Option<&Item> {
        let key = self.transactions.get(transaction)?;
        self.items
            .get(key)
            .filter(|item| item.folder != FolderKey::DELETED)
    }

    pub fn add_calendar(&mut self, name: &str) -> FolderKey {
        let key = self.free_folder_key();
        self.calendars.push(Calendar {
            key,
            name: name.to_owned(),
        });
        key
    }

    fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    /// Makes an item in a calendar. Its times must be given.
    pub fn create(
        &mut self,
        folder: FolderKey,
        draft: &Draft,
        transaction: Option<&str>,
        by: By,
        now: DateTime<Utc>,
    ) -> Result<ItemKey, WriteError> {
        let (Some(start), Some(end)) = (&draft.start, &draft.end) else {
            return Err(WriteError::NoTime);
        };
        let key = ItemKey(self.last_key + 1);
        let mut item = Item {
            key,
            folder,
            moves: 0,
            version: 0,
            created: now,
            modified: now,
            uid: draft.uid.clone().unwrap_or_else(|| {
                format!(
                    "040000008200E00074C5B7101A82E00800000000{:08X}{:016X}",
                    self.number, key.0
                )
            }),
            made_by: by,
            transaction: transaction.map(ToOwned::to_owned),
            content: Content::new(start.clone(), end.clone(), self.owner()),
            series: None,
        };
        item.write(draft, self.version + 1, now)?;
        self.last_key = key.0;
        self.next_version();
        if let Some(transaction) = transaction {
            self.transactions.insert(transaction.to_owned(), key);
        }
        self.mail(MailKind::Invitation, &item.content.clone(), &[], by, now);
        self.insert(item);
        Ok(key)
    }

    /// Puts an item with its exceptions in as it is: what a calendar file brings.
    pub fn import(
        &mut self,
        uid: &str,
        mut content: Content,
        mut series: Option<Series>,
        now: DateTime<Utc>,
    ) -> ItemKey {
        if let Some(series) = &mut series {
            // a pattern without any date stays as it is and shows nothing
            let _ = settle_on_first_date(&mut content, series);
        }
        let key = ItemKey(self.last_key + 1);
        self.last_key = key.0;
        let version = self.next_version();
        self.insert(Item {
            key,
            folder: FolderKey::CALENDAR,
            moves: 0,
            version,
            created: now,
            modified: now,
            uid: uid.to_owned(),
            made_by: By::Person,
            transaction: None,
            content,
            series,
        });
        key
    }

    /// Replaces what an item says, as an update from its organiser does.
    pub fn replace(
        &mut self,
        key: ItemKey,
        content: Content,
        series: Option<Series>,
        now: DateTime<Utc>,
    ) {
        let version = self.version + 1;
        if let Some(item) = self.items.get_mut(&key) {
            item.content = content;
            item.series = series;
            item.version = version;
            item.modified = now;
            self.touched(key);
        }
    }

    fn insert(&mut self, item: Item) {
        self.log.add(item.folder, item.key, item.moves, What::Kept);
        self.items.insert(item.key, item);
    }

    /// Writes fields into an item or an occurrence.
    pub fn write(
        &mut self,
        target: Target,
        draft: &Draft,
        by: By,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        let version = self.version + 1;
        let item = self
            .items
            .get_mut(&target.key())
            .ok_or(WriteError::NotFound)?;
        let before = match target {
            Target::Item(_) => item.content.clone(),
            Target::Occurrence(_, original) => {
                item.occurrence(original)
                    .ok_or(WriteError::NotFound)?
                    .content
            }
        };
        match target {
            Target::Item(_) => item.write(draft, version, now)?,
            Target::Occurrence(_, original) => item.except(original, draft, version, now)?,
        }
        let after = match target {
            Target::Item(_) => item.content.clone(),
            Target::Occurrence(_, original) => item
                .occurrence(original)
                .map_or(before.clone(), |o| o.content),
        };
        self.touched(target.key());
        self.mail(MailKind::Update, &after, &before.attendees, by, now);
        Ok(())
    }

    /// Raises the version of an item without changing it, as servers do now and then. Cursors do not notice.
    pub fn bump(&mut self, key: ItemKey) {
        let version = self.next_version();
        if let Some(item) = self.items.get_mut(&key) {
            item.version = version;
        }
    }

    fn touched(&mut self, key: ItemKey) {
        self.next_version();
        if let Some(item) = self.items.get(&key) {
            self.log.add(item.folder, key, item.moves, What::Kept);
        }
    }

    /// Deletes: an item goes to Deleted Items, an occurrence leaves its series.
    pub fn delete(&mut self, target: Target, by: By, now: DateTime<Utc>) -> Result<(), WriteError> {
        let version = self.version + 1;
        let item = self
            .items
            .get_mut(&target.key())
            .ok_or(WriteError::NotFound)?;
        if item.folder == FolderKey::DELETED {
            return Err(WriteError::NotFound);
        }
        let gone = match target {
            Target::Item(_) => item.content.clone(),
            Target::Occurrence(_, original) => {
                item.occurrence(original)
                    .ok_or(WriteError::NotFound)?
                    .content
            }
        };
        match target {
            Target::Occurrence(key, original) => {
                item.drop_occurrence(original, version, now);
                self.touched(key);
            }
            Target::Item(key) => self.relocate(key, FolderKey::DELETED, now)?,
        }
        let kind = if gone.is_organizer() {
            MailKind::Cancellation
        } else {
            MailKind::Response
        };
        self.mail(kind, &gone, &[], by, now);
        Ok(())
    }

    /// Moves an item to another folder. Graph never announces that it came back to a calendar that announced it as gone.
    pub fn relocate(
        &mut self,
        key: ItemKey,
        folder: FolderKey,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        let version = self.version + 1;
        let item = self.items.get_mut(&key).ok_or(WriteError::NotFound)?;
        if item.folder == folder {
            return Ok(());
        }
        self.log.add(item.folder, key, item.moves, What::Left);
        item.folder = folder;
        item.moves += 1;
        item.version = version;
        item.modified = now;
        let moves = item.moves;
        self.next_version();
        if folder != FolderKey::DELETED {
            let what = if self.log.knows(folder, key) {
                What::Returned
            } else {
                What::Kept
            };
            self.log.add(folder, key, moves, what);
        }
        Ok(())
    }

    /// Removes an item for good, also from Deleted Items.
    pub fn purge(&mut self, key: ItemKey) -> Result<(), WriteError> {
        let item = self.items.remove(&key).ok_or(WriteError::NotFound)?;
        self.next_version();
        if item.folder != FolderKey::DELETED {
            self.log.add(item.folder, key, item.moves, What::Left);
        }
        Ok(())
    }

    /// Copies an item as Outlook does: all fields and named properties, another UID.
    pub fn copy(&mut self, key: ItemKey, now: DateTime<Utc>) -> Result<ItemKey, WriteError> {
        let source = self.items.get(&key).ok_or(WriteError::NotFound)?;
        let mut content = source.content.clone();
        content.attendees.clear();
        content.organizer = self.owner();
        content.response = Response::Organizer;
        let series = source.series.clone();
        let uid = format!(
            "040000008200E00074C5B7101A82E008000000C0{:08X}{:016X}",
            self.number,
            self.last_key + 1
        );
        Ok(self.import(&uid, content, series, now))
    }

    /// The organiser calls the meeting off. For the organiser's own copy it is a deletion with mails.
    pub fn cancel(&mut self, key: ItemKey, by: By, now: DateTime<Utc>) -> Result<(), WriteError> {
        let version = self.version + 1;
        let item = self.items.get_mut(&key).ok_or(WriteError::NotFound)?;
        if item.content.is_organizer() {
            return self.delete(Target::Item(key), by, now);
        }
        item.content.cancelled = true;
        item.content.subject = format!("Canceled: {}", item.content.subject);
        item.version = version;
        item.modified = now;
        self.touched(key);
        Ok(())
    }

    /// The owner answers an invitation; the organiser gets a mail.
    pub fn respond(
        &mut self,
        key: ItemKey,
        response: Response,
        by: By,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        let version = self.version + 1;
        let owner = self.address.clone();
        let item = self.items.get_mut(&key).ok_or(WriteError::NotFound)?;
        item.content.response = response;
        for attendee in &mut item.content.attendees {
            if attendee.person.address.eq_ignore_ascii_case(&owner) {
                attendee.response = response;
            }
        }
        item.version = version;
        item.modified = now;
        let content = item.content.clone();
        self.touched(key);
        self.mail(MailKind::Response, &content, &[], by, now);
        Ok(())
    }

    /// Does what `work` does, and tells nobody by mail.
    pub fn quietly<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let sent = self.mails.len();
        let outcome = work(self);
        self.mails.truncate(sent);
        outcome
    }

    /// Notes the mail that a change sends, if it sends one.
    fn mail(
        &mut self,
        kind: MailKind,
        content: &Content,
        also: &[Attendee],
        by: By,
        now: DateTime<Utc>,
    ) {
        let mut to: Vec<String> = if kind == MailKind::Response {
            vec![content.organizer.address.clone()]
        } else {
            content
                .attendees
                .iter()
                .chain(also)
                .map(|a| a.person.address.clone())
                .collect()
        };
        to.sort_unstable();
        to.dedup();
        let nobody_else = content.attendees.is_empty() && also.is_empty();
        if to.is_empty() || nobody_else {
            return;
        }
        self.mails.push(Mail {
            at: now,
            mailbox: self.address.clone(),
            kind,
            to,
            subject: content.subject.clone(),
            by,
        });
    }
}
