//! Public folders, as an administrator makes them and looks into them, without counting as a request.

use serde_json::Value;

use crate::exchange::Exchange;
use crate::graph::call::Prefer;
use crate::graph::contact_read;
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
        let folder = parts(path)
            .try_fold(FolderKey::ROOT, |parent, name| child(public, parent, name))
            .ok_or(WriteError::NotFound)?;
        Ok(public
            .contacts(folder)
            .map(|contact| contact_read::raw(public, contact, &Prefer::of_person()))
            .collect())
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|name| !name.is_empty())
}

fn child(public: &Mailbox, parent: FolderKey, name: &str) -> Option<FolderKey> {
    let folders = public.folders_in(parent).into_iter();
    let mut named = folders.filter(|folder| folder.name.eq_ignore_ascii_case(name));
    named.next().map(|folder| folder.key)
}
