//! Looking at the occurrences of a series: which of them are cancelled, what became of one, and what
//! the server's own expansion lists.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sync::contract::{Fault, Window};
use transport::Transport;

use super::{Look, answers, read};
use crate::event::{self, wire};
use crate::fault::permission;
use crate::fetch::collection::{self, After};
use crate::request::{Request, ask};
use crate::{address, batch};

/// How many instances a page should have.
const INSTANCES: u32 = 200;
/// More pages of one series than this have no end.
const MOST_PAGES: usize = 50;

/// What one question about a series is.
#[derive(Clone, Debug)]
pub enum Question {
    /// The days of its cancelled occurrences.
    Cancelled {
        /// Its master's id.
        master: String,
    },
    /// What became of an occurrence.
    Occurrence {
        /// The id that it had last.
        id: String,
    },
}

impl Question {
    fn id(&self) -> &String {
        match self {
            Self::Cancelled { master: id } | Self::Occurrence { id } => id,
        }
    }

    fn request(&self, mailbox: &str) -> Request {
        let select = match self {
            Self::Cancelled { .. } => "id,cancelledOccurrences",
            Self::Occurrence { .. } => event::SELECT,
        };
        let path = address::event(mailbox, self.id());
        Request::get(address::query(&path, &[("$select", select)]))
    }
}

/// Asks these questions, and gives the answers in their order.
///
/// # Errors
/// What concerns the mailbox or the moment.
pub fn ask_all(
    transport: &impl Transport,
    mailbox: &str,
    questions: &[Question],
) -> Result<Vec<Look<wire::Event>>, Fault> {
    let mut looks = Vec::new();
    for chunk in questions.chunks(batch::LARGEST) {
        let parts: Vec<Request> = chunk.iter().map(|one| one.request(mailbox)).collect();
        let ids: Vec<String> = chunk.iter().map(|one| one.id().clone()).collect();
        looks.extend(read(&ids, &answers::<wire::Event>(transport, &parts)?)?);
    }
    Ok(looks)
}

/// The days that the names of cancelled occurrences end with.
#[must_use]
pub fn days(names: &[String]) -> BTreeSet<NaiveDate> {
    let day = |name: &String| name.rsplit('.').next()?.parse().ok();
    names.iter().filter_map(day).collect()
}

/// The server's own expansion of a series inside a stretch of time, exceptions included.
///
/// # Errors
/// Whatever keeps it from being read to its end.
pub fn instances(
    transport: &impl Transport,
    mailbox: &str,
    master: &str,
    within: &Window,
) -> Result<Vec<wire::Event>, Fault> {
    let path = format!("{}/instances", address::event_anywhere(mailbox, master));
    let size = INSTANCES.to_string();
    let mut target = address::query(
        &path,
        &[
            ("startDateTime", &address::instant(within.start)),
            ("endDateTime", &address::instant(within.end)),
            ("$select", event::SELECT),
            ("$top", &size),
        ],
    );
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES {
        let request = Request::list(target, INSTANCES);
        let response = ask(transport, request, permission::CALENDARS)?;
        let page = collection::read::<wire::Event>(&response)?;
        found.extend(page.items);
        match page.after {
            After::Next(link) => target = link,
            After::Delta(_) | After::End => return Ok(found),
        }
    }
    Err(Fault::NotUnderstood(
        "expected a list of occurrences with an end".to_owned(),
    ))
}
