//! What a provider read, and what the history should know of it.

use crate::contract::{Change, ExchangeId, NextStep, Page, Remark, Removal, RemovalProof};

/// An item that was read, and what the history should know about it.
#[derive(Debug, PartialEq)]
pub struct Found {
    /// What it is.
    pub change: Change,
    /// Each about this item.
    pub remarks: Vec<Remark>,
}

/// Changes and what the history should know, of some items.
#[derive(Debug, Default)]
pub struct Harvest {
    /// What was found.
    pub changes: Vec<Change>,
    /// What the history should know.
    pub remarks: Vec<Remark>,
}

impl Harvest {
    /// Adds an item.
    pub fn add(&mut self, found: Found) {
        self.changes.push(found.change);
        self.remarks.extend(found.remarks);
    }

    /// Adds all of another.
    pub fn append(&mut self, mut other: Self) {
        self.changes.append(&mut other.changes);
        self.remarks.append(&mut other.remarks);
    }

    /// The page that holds just this.
    #[must_use]
    pub fn page(self) -> Page {
        Page {
            changes: self.changes,
            remarks: self.remarks,
            ..empty_page()
        }
    }
}

/// A page without anything on it, after which nothing comes.
#[must_use]
pub const fn empty_page() -> Page {
    Page {
        changes: Vec::new(),
        present: Vec::new(),
        next: NextStep::None,
        zone: None,
        translated: Vec::new(),
        remarks: Vec::new(),
    }
}

/// A remark about an item.
#[must_use]
pub fn remark(id: &str, code: &str, text: String) -> Remark {
    Remark {
        item: Some(ExchangeId {
            value: id.to_owned(),
        }),
        code: code.to_owned(),
        text,
    }
}

/// An item that is gone, and how that is known.
#[must_use]
pub fn removal(id: &str, proof: RemovalProof) -> Change {
    Change::Removal(Removal {
        id: ExchangeId {
            value: id.to_owned(),
        },
        proof,
    })
}
