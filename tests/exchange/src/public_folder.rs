//! Public folders, as an administrator makes them and people work in them, without counting as a request.

use serde_json::Value;

use crate::exchange::Exchange;
use crate::graph::call::Prefer;
use crate::graph::contact_read;
use crate::id;
use crate::mailbox::Mailbox;
use crate::mailbox::content::WriteError;
use crate::mailbox::folder::FolderClass;
use crate::mailbox::item::FolderKey;

impl Exchange {
    /// Makes a public folder for contacts, with those that it lies in: `Company/Customers`. What is there already stays.
    pub fn add_public_contacts(&self, path: &str) {
        let mut state = self.state();
        let public = &mut state.public;
        let mut parent = FolderKey::ROOT;
        let mut names = parts(path).peekable();
        while let Some(name) = names.next() {
            let class = if names.peek().is_some() {
                FolderClass::Plain
            } else {
                FolderClass::Contacts
            };
            parent = child(public, parent, name)
                .unwrap_or_else(|| public.add_folder(parent, name, class));
        }
    }

    /// The contacts of a public folder with their named properties, oldest first, as the JSON of Graph.
    pub fn public_contacts(&self, path: &str) -> Result<Vec<Value>, WriteError> {
        let state = self.state();
        let public = &state.public;
        let folder = at(public, path)?;
        Ok(public
            .contacts(folder)
            .map(|contact| contact_read::raw(public, contact, &Prefer::of_person()))
            .collect())
    }

    /// Gives a public folder another name.
    pub fn rename_public_folder(&self, path: &str, name: &str) -> Result<(), WriteError> {
        let mut state = self.state();
        let folder = at(&state.public, path)?;
        state.public.rename_folder(folder, name)
    }

    /// Deletes a contact of a public folder; nobody gets it back.
    pub fn delete_public_contact(&self, id: &str) -> Result<(), WriteError> {
        let mut state = self.state();
        let key = id::parse_contact(&state.public, id)?;
        state.public.purge_contact(key)
    }

    /// Copies a contact of a public folder there, with its marker.
    pub fn copy_public_contact(&self, id: &str) -> Result<(), WriteError> {
        let mut state = self.state();
        let now = state.clock.now();
        let key = id::parse_contact(&state.public, id)?;
        let source = state.public.contact(key).ok_or(WriteError::NotFound)?;
        let folder = source.folder;
        let copy = state.public.copy_contact(key, now)?;
        state.public.relocate_contact(copy, folder, now)
    }
}

fn at(public: &Mailbox, path: &str) -> Result<FolderKey, WriteError> {
    parts(path)
        .try_fold(FolderKey::ROOT, |parent, name| child(public, parent, name))
        .ok_or(WriteError::NotFound)
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|name| !name.is_empty())
}

fn child(public: &Mailbox, parent: FolderKey, name: &str) -> Option<FolderKey> {
    let folders = public.folders_in(parent).into_iter();
    let mut named = folders.filter(|folder| folder.name.eq_ignore_ascii_case(name));
    named.next().map(|folder| folder.key)
}
