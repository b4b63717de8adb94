//! What is the same for all operations while one request runs.

use chrono::{DateTime, Utc};

use super::refusal::Refusal;
use crate::behaviour::Behaviour;
use crate::id;
use crate::mailbox::{Mailbox, Target};
use crate::zone::Zone;

#[derive(Clone, Debug)]
pub struct Context {
    pub now: DateTime<Utc>,
    pub behaviour: Behaviour,
    /// The zone that the request's header names: what times without an offset are in.
    pub zone: Option<Zone>,
    /// The addresses of all mailboxes.
    pub addresses: Vec<String>,
    /// The items that a fault keeps from being read, by id, with the code of the refusal.
    pub unreadable: Option<(String, String)>,
    /// A fault makes lists come empty, as if they were complete.
    pub empty_lists: bool,
}

impl Context {
    /// Refuses an item that a fault keeps from being read.
    pub fn readable(&self, mailbox: &Mailbox, target: Target) -> Result<(), Refusal> {
        match &self.unreadable {
            Some((id, code)) if id::parse(mailbox, id) == Ok(target) => Err(Refusal::of_code(code)),
            _ => Ok(()),
        }
    }
}
