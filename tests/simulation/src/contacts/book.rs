//! What people did to contacts, on either side.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::book::Step;

/// A contact of the PSA, by its key, in the mailbox of a member.
pub type InMailbox = (usize, String);

/// The contacts' part of the book.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    /// When people made or changed a contact of the PSA last, deleted ones among them.
    pub changed: BTreeMap<String, Step>,
    /// When a user wrote on the copy last.
    pub edited: BTreeMap<InMailbox, Step>,
    /// When a user deleted the copy last.
    pub gone: BTreeMap<InMailbox, Step>,
    /// What users pasted from copies, by its id in Exchange, with the contact whose marker it carries.
    pub pasted: BTreeMap<InMailbox, String>,
    /// What users entered themselves, by its id in Exchange, as it was left.
    pub own: BTreeMap<InMailbox, Value>,
}

impl Contacts {
    /// Whether the copy in a mailbox was deleted after a step.
    #[must_use]
    pub fn any_gone_since(&self, step: Step) -> bool {
        self.gone.values().any(|gone| *gone > step)
    }

    /// Whether something in a mailbox was pasted from a contact's copy.
    #[must_use]
    pub fn was_pasted(&self, member: usize, contact: &str) -> bool {
        let mut pasted = self.pasted.iter();
        pasted.any(|((of, _), from)| *of == member && from == contact)
    }

    /// The same after the PSA's records were put back to what they then were.
    #[must_use]
    pub fn put_back(&self, then: &Self) -> Self {
        Self {
            changed: then.changed.clone(),
            ..self.clone()
        }
    }
}
