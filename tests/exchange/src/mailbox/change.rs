//! What changed in a mailbox, in order. A cursor is a place in this list.

use std::collections::{BTreeMap, BTreeSet};

use super::item::{FolderKey, ItemKey};

/// What an entry says about an item and the calendar it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Made or changed there.
    Kept,
    /// Deleted or moved away from there.
    Left,
    /// Moved back to where it had been before. Graph never announces that; in EWS it is another item by then.
    Returned,
}

/// One change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub folder: FolderKey,
    pub key: ItemKey,
    /// How often the item had moved by then, which its former id depends on.
    pub moves: u32,
    pub what: What,
}

impl Entry {
    /// The moves with which the item lies in the folder after this change, if it does.
    fn lies(&self) -> Option<u32> {
        (self.what != What::Left).then_some(self.moves)
    }
}

/// An item in a folder before and after a stretch of changes: the number of its moves where it lay there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub before: Option<u32>,
    pub after: Option<u32>,
}

/// All changes of a mailbox.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
    known: BTreeSet<(FolderKey, ItemKey)>,
}

impl Log {
    pub fn add(&mut self, folder: FolderKey, key: ItemKey, moves: u32, what: What) {
        self.known.insert((folder, key));
        self.entries.push(Entry {
            folder,
            key,
            moves,
            what,
        });
    }

    /// Whether the calendar ever had the item.
    pub fn knows(&self, folder: FolderKey, key: ItemKey) -> bool {
        self.known.contains(&(folder, key))
    }

    /// The place after the last entry.
    pub fn end(&self) -> usize {
        self.entries.len()
    }

    /// What Graph announces: the last entry of each item of a calendar between two places, by item. That one came back is not
    /// among them.
    pub fn between(&self, folder: FolderKey, from: usize, to: usize) -> BTreeMap<ItemKey, Entry> {
        self.entries
            .get(from..to.min(self.entries.len()))
            .unwrap_or_default()
            .iter()
            .filter(|entry| entry.folder == folder && entry.what != What::Returned)
            .map(|entry| (entry.key, *entry))
            .collect()
    }

    /// How each item that changed between two places lay in a folder at the first and at the second: by the number of its
    /// moves until then, or not at all.
    pub fn steps(&self, folder: FolderKey, from: usize, to: usize) -> BTreeMap<ItemKey, Step> {
        let at = |places: std::ops::Range<usize>| {
            let entries = self.entries.get(places).unwrap_or_default().iter();
            entries
                .filter(|entry| entry.folder == folder)
                .map(|entry| (entry.key, entry.lies()))
                .collect::<BTreeMap<_, _>>()
        };
        let to = to.min(self.entries.len());
        let before = at(0..from.min(to));
        at(from.min(to)..to)
            .into_iter()
            .map(|(key, after)| {
                let before = before.get(&key).copied().flatten();
                (key, Step { before, after })
            })
            .collect()
    }
}
