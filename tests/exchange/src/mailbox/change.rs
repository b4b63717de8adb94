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

    /// The last entry of each item of a calendar between two places, by item.
    pub fn between(&self, folder: FolderKey, from: usize, to: usize) -> BTreeMap<ItemKey, Entry> {
        self.entries
            .get(from..to.min(self.entries.len()))
            .unwrap_or_default()
            .iter()
            .filter(|entry| entry.folder == folder)
            .map(|entry| (entry.key, *entry))
            .collect()
    }
}
