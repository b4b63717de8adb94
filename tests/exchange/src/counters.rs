//! How often the emulator was asked, and for what.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::operation::Operation;

/// Operations by kind, also those that were refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Operations {
    pub reads: u64,
    pub creates: u64,
    pub updates: u64,
    pub deletes: u64,
}

impl Operations {
    fn count(&mut self, operation: Operation) {
        match operation {
            Operation::Round | Operation::Look | Operation::Read => self.reads += 1,
            Operation::Create => self.creates += 1,
            Operation::Update => self.updates += 1,
            Operation::Delete => self.deletes += 1,
        }
    }

    /// Creates, updates and deletes together.
    pub fn writes(&self) -> u64 {
        self.creates + self.updates + self.deletes
    }
}

/// All counts since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// HTTP requests to Graph, refused ones included; a batch is one. Tokens and the control end point are not in it.
    pub requests: u64,
    /// Parts inside batches.
    pub batch_parts: u64,
    /// Requests to the token end point.
    pub tokens: u64,
    pub operations: Operations,
    /// By address.
    pub mailboxes: BTreeMap<String, Operations>,
}

impl Counters {
    pub fn operation(&mut self, operation: Operation, mailbox: Option<&str>) {
        self.operations.count(operation);
        if let Some(address) = mailbox {
            self.mailboxes
                .entry(address.to_owned())
                .or_default()
                .count(operation);
        }
    }
}
