//! Which series an occurrence belongs to.
//!
//! EWS does not say it of an occurrence; but all of a series have one UID. So the masters' ids are kept
//! by their UIDs, and those that nobody kept are asked for.

use std::collections::BTreeMap;

use sync::contract::Fault;
use sync::kit::cursor::digest;
use transport::Transport;

use crate::event::wire::CalendarItem;
use crate::event::{self, Kind};
use crate::operation::get_item::{self, LOT};
use crate::operation::shape;
use crate::server::Server;

/// The name under which the masters are kept.
const NAME: &str = "masters";

/// How many are kept: an id is about 200 characters long, and a value holds a million.
const MOST: usize = 3_000;

/// The ids of masters by the digests of their UIDs.
#[derive(Debug, Default)]
pub struct Masters {
    known: BTreeMap<String, String>,
    is_changed: bool,
}

impl Masters {
    /// Those that were kept.
    pub fn recalled(transport: &impl Transport) -> Self {
        let kept = transport.recall(NAME);
        let known = kept.and_then(|kept| serde_json::from_slice(&kept).ok());
        Self {
            known: known.unwrap_or_default(),
            is_changed: false,
        }
    }

    /// Keeps them, where there is anything new.
    pub fn keep(&self, transport: &impl Transport) {
        if self.is_changed
            && let Ok(value) = serde_json::to_vec(&self.known)
        {
            transport.keep(NAME, value);
        }
    }

    /// Takes note of a master; of other items nothing.
    pub fn note(&mut self, item: &CalendarItem) {
        if event::kind(item) != Kind::Master {
            return;
        }
        let Some(uid) = &item.uid else { return };
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let id = item.item_id.id.clone();
        let before = self.known.insert(digest(uid), id);
        self.is_changed |= before.as_ref() != Some(&item.item_id.id);
    }

    /// The id of the master of an occurrence.
    #[must_use]
    pub fn of(&self, item: &CalendarItem) -> Option<&str> {
        let uid = item.uid.as_deref()?;
        self.known.get(&digest(uid)).map(String::as_str)
    }

    /// Asks for the masters of those of these items whose masters nobody kept, one item of each series.
    ///
    /// # Errors
    /// What concerns the mailbox or the moment.
    pub fn find<T: Transport>(
        &mut self,
        server: &Server<'_, T>,
        items: &[CalendarItem],
    ) -> Result<(), Fault> {
        let mut unknown: BTreeMap<&str, &String> = BTreeMap::new();
        for item in items {
            let in_series = matches!(event::kind(item), Kind::Occurrence | Kind::Exception);
            if let (true, None, Some(uid)) = (in_series, self.of(item), item.uid.as_deref()) {
                unknown.entry(uid).or_insert(&item.item_id.id);
            }
        }
        let occurrences: Vec<&String> = unknown.into_values().collect();
        for lot in occurrences.chunks(LOT) {
            let request = get_item::masters(shape::MASTER, lot.iter().copied());
            for message in server.ask(request)?.messages {
                // One that the server does not give has gone meanwhile: the next round tells.
                for item in message.items.events() {
                    self.note(&item);
                }
            }
        }
        Ok(())
    }
}
