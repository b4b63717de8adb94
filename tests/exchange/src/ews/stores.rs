//! Where a request may look: the mailbox that it acts for, and the public folders.

use super::refusal::Refusal;
use super::sequence::attribute;
use super::xml::Element;
use crate::id;
use crate::mailbox::Mailbox;
use crate::mailbox::folder::FolderClass;
use crate::mailbox::item::FolderKey;

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    Own,
    Public,
}

/// A folder in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub store: Store,
    pub folder: FolderKey,
}

pub struct Stores<'a> {
    /// `None` for an account without a mailbox.
    own: Option<&'a mut Mailbox>,
    public: &'a mut Mailbox,
}

/// The elements that name a folder.
pub const FOLDER_IDS: &[&str] = &["FolderId", "DistinguishedFolderId"];

/// The folders that have a name in every mailbox.
const DISTINGUISHED: &[(&str, Store, FolderKey)] = &[
    ("root", Store::Own, FolderKey::ROOT),
    ("msgfolderroot", Store::Own, FolderKey::TOP),
    ("calendar", Store::Own, FolderKey::CALENDAR),
    ("contacts", Store::Own, FolderKey::CONTACTS),
    ("deleteditems", Store::Own, FolderKey::DELETED),
    ("inbox", Store::Own, FolderKey::INBOX),
    ("publicfoldersroot", Store::Public, FolderKey::ROOT),
];

impl<'a> Stores<'a> {
    pub fn new(own: Option<&'a mut Mailbox>, public: &'a mut Mailbox) -> Self {
        Self { own, public }
    }

    pub fn get(&self, store: Store) -> Result<&Mailbox, Refusal> {
        match store {
            Store::Public => Ok(self.public),
            Store::Own => self.own.as_deref().ok_or_else(no_address),
        }
    }

    pub fn get_mut(&mut self, store: Store) -> Result<&mut Mailbox, Refusal> {
        match store {
            Store::Public => Ok(self.public),
            Store::Own => self.own.as_deref_mut().ok_or_else(no_address),
        }
    }

    /// The store that an id is of.
    pub fn of_id(&self, id: &str) -> Result<Store, Refusal> {
        match id::mailbox_number(id) {
            None => Err(Refusal::malformed_id()),
            Some(number) if number == self.public.number => Ok(Store::Public),
            Some(_) => Ok(Store::Own),
        }
    }

    /// The folder that an element names, as far as it may be looked at.
    pub fn place(&self, element: &Element) -> Result<Place, Refusal> {
        let place = if element.name == "FolderId" {
            let id = element.attribute("Id").unwrap_or_default();
            let store = self.of_id(id)?;
            let mailbox = self.get(store)?;
            let folder = mailbox
                .folders()
                .into_iter()
                .find(|folder| id::folder(mailbox, folder.key) == id)
                .ok_or_else(Refusal::no_folder)?;
            Place {
                store,
                folder: folder.key,
            }
        } else {
            self.distinguished(element)?
        };
        self.permitted(place)?;
        Ok(place)
    }

    fn distinguished(&self, element: &Element) -> Result<Place, Refusal> {
        let name = attribute(element, "Id")?;
        let (_, store, folder) = DISTINGUISHED
            .iter()
            .find(|(known, _, _)| *known == name)
            .ok_or_else(Refusal::no_folder)?;
        let owner = element
            .child("Mailbox")
            .and_then(|mailbox| mailbox.child_text("EmailAddress"));
        if let (Some(owner), Store::Own) = (owner, store) {
            let own = self.get(Store::Own)?;
            if !own.address.eq_ignore_ascii_case(owner.trim()) {
                return Err(Refusal::access_denied());
            }
        }
        Ok(Place {
            store: *store,
            folder: *folder,
        })
    }

    fn permitted(&self, place: Place) -> Result<(), Refusal> {
        let mailbox = self.get(place.store)?;
        let class = mailbox.folder(place.folder).map(|folder| folder.class);
        let granted = match class {
            Some(FolderClass::Calendar) => mailbox.access.calendars,
            Some(FolderClass::Contacts) => mailbox.access.contacts,
            Some(FolderClass::Plain) | None => true,
        };
        if granted {
            Ok(())
        } else {
            Err(Refusal::access_denied())
        }
    }

    /// Refuses writes where nothing may be written.
    pub fn writable(&self, store: Store) -> Result<(), Refusal> {
        if self.get(store)?.access.read_only {
            Err(Refusal::access_denied())
        } else {
            Ok(())
        }
    }
}

/// The name that a folder has in every mailbox.
pub fn distinguished_name(place: Place) -> Option<&'static str> {
    let known = DISTINGUISHED
        .iter()
        .find(|(_, store, folder)| *store == place.store && *folder == place.folder);
    known.map(|(name, _, _)| *name)
}

fn no_address() -> Refusal {
    Refusal::new(
        "ErrorMissingEmailAddress",
        "When making a request as an account that does not have a mailbox, you must specify the mailbox primary SMTP address \
         for any distinguished folder Ids.",
    )
}
