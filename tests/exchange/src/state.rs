//! All that the emulator knows.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::behaviour::Behaviour;
use crate::clock::Clock;
use crate::counters::Counters;
use crate::ews::access::Account;
use crate::fault::Faults;
use crate::mailbox::Mailbox;
use crate::mailbox::content::WriteError;
use crate::token::{Credentials, Tokens};
use crate::zone::Zone;

/// How an emulator begins.
#[derive(Clone, Debug)]
pub struct Config {
    pub credentials: Credentials,
    /// Who may sign on to EWS with a password.
    pub accounts: Vec<Account>,
    pub clock: Clock,
    pub behaviour: Behaviour,
    pub token_lifetime: TimeDelta,
    /// Where clients find it, as in `http://127.0.0.1:9700`. `None`: where the request's `Host` header says.
    pub base_url: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            credentials: Credentials::default(),
            accounts: Vec::new(),
            clock: Clock::System,
            behaviour: Behaviour::default(),
            token_lifetime: TimeDelta::seconds(3599),
            base_url: None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct State {
    pub credentials: Credentials,
    pub accounts: Vec<Account>,
    pub clock: Clock,
    pub behaviour: Behaviour,
    pub token_lifetime: TimeDelta,
    pub base_url: Option<String>,
    pub faults: Faults,
    pub counters: Counters,
    pub tokens: Tokens,
    pub mailboxes: Vec<Mailbox>,
    /// The public folders, which lie in a mailbox of their own.
    pub public: Mailbox,
    /// Requests so far, from which the request ids come.
    pub requests: u64,
    recent: BTreeMap<u32, VecDeque<DateTime<Utc>>>,
}

impl State {
    pub fn new(config: Config) -> Self {
        Self {
            credentials: config.credentials,
            accounts: config.accounts,
            clock: config.clock,
            behaviour: config.behaviour,
            token_lifetime: config.token_lifetime,
            base_url: config.base_url,
            faults: Faults::default(),
            counters: Counters::default(),
            tokens: Tokens::default(),
            mailboxes: Vec::new(),
            public: Mailbox::public(),
            requests: 0,
            recent: BTreeMap::new(),
        }
    }

    /// Adds a mailbox; one that is there already gets the zone.
    pub fn add_mailbox(&mut self, address: &str, zone: Zone) {
        if let Ok(mailbox) = self.mailbox_mut(address) {
            mailbox.zone = zone;
            return;
        }
        let number = self.fresh_number();
        self.mailboxes.push(Mailbox::new(number, address, zone));
    }

    /// A number that no mailbox has.
    pub fn fresh_number(&self) -> u32 {
        let numbers = self.mailboxes.iter().map(|mailbox| mailbox.number);
        numbers.max().unwrap_or_default() + 1
    }

    pub fn mailbox(&self, address: &str) -> Result<&Mailbox, WriteError> {
        self.mailboxes
            .iter()
            .find(|mailbox| names(mailbox, address))
            .ok_or_else(|| WriteError::NoMailbox(address.to_owned()))
    }

    pub fn mailbox_mut(&mut self, address: &str) -> Result<&mut Mailbox, WriteError> {
        self.mailboxes
            .iter_mut()
            .find(|mailbox| names(mailbox, address))
            .ok_or_else(|| WriteError::NoMailbox(address.to_owned()))
    }

    /// Counts a request against the mailbox's limit; `Some` is the time to wait, in seconds, when it is used up.
    pub fn throttled(&mut self, mailbox: u32) -> Option<u64> {
        let now = self.clock.now();
        let window = TimeDelta::minutes(10);
        let limit = usize::try_from(self.behaviour.requests_in_ten_minutes).unwrap_or(usize::MAX);
        let recent = self.recent.entry(mailbox).or_default();
        while recent
            .front()
            .is_some_and(|at| *at + window <= now || *at > now)
        {
            recent.pop_front();
        }
        match recent.front() {
            Some(oldest) if recent.len() >= limit => Some(
                u64::try_from((*oldest + window - now).num_seconds())
                    .unwrap_or(0)
                    .max(1),
            ),
            _ => {
                recent.push_back(now);
                None
            }
        }
    }
}

fn names(mailbox: &Mailbox, address: &str) -> bool {
    mailbox.address.eq_ignore_ascii_case(address)
        || (!address.contains('@') && crate::id::user(mailbox) == address)
}
