//! `.ics` files into mailboxes: all of a file or nothing of it.
//!
//! The `ical` crate splits the file; here its parts become items. Several events with one UID stay several items, as they do when
//! Outlook imports them; only those with a `RECURRENCE-ID` belong to the series of their UID.

mod event;
mod fields;
mod lines;
mod rule;
mod zones;

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::path::Path;

use ical::parser::ParserError;
use ical::property::PropertyError;

use self::event::Event;
use self::lines::Unfolded;
use self::zones::Zones;
use crate::exchange::Exchange;
use crate::mailbox::Mailbox;
use crate::mailbox::item::{Exception, Series};

/// What a file brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Single items and series.
    pub items: usize,
    pub series: usize,
    /// Occurrences that differ from their series.
    pub exceptions: usize,
}

/// Why nothing of a file was loaded.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    #[error("{file}: cannot be opened: {source}; check the path")]
    Open {
        file: String,
        source: std::io::Error,
    },
    #[error("{file}, line {line}: {problem}; {remedy}; nothing was loaded")]
    Content {
        file: String,
        line: usize,
        problem: String,
        remedy: &'static str,
    },
    #[error("there is no mailbox {0}; add it first")]
    NoMailbox(String),
}

/// A fault in the text, at a line of the file as an editor shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub line: usize,
    pub problem: String,
    pub remedy: &'static str,
}

impl Exchange {
    /// Loads an `.ics` file into a mailbox.
    pub fn load_calendar(&self, file: &Path, mailbox: &str) -> Result<Loaded, CalendarError> {
        let name = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|source| CalendarError::Open {
            file: name.clone(),
            source,
        })?;
        self.load_calendar_text(&name, &String::from_utf8_lossy(&bytes), mailbox)
    }

    /// Loads the text of an `.ics` file; `name` is how errors call it.
    pub fn load_calendar_text(
        &self,
        name: &str,
        text: &str,
        mailbox: &str,
    ) -> Result<Loaded, CalendarError> {
        let mut state = self.state();
        let now = state.clock.now();
        let mailbox = state
            .mailbox_mut(mailbox)
            .map_err(|_| CalendarError::NoMailbox(mailbox.to_owned()))?;
        let mut changed = mailbox.clone();
        let loaded = load(text, &mut changed, now).map_err(|fault| CalendarError::Content {
            file: name.to_owned(),
            line: fault.line,
            problem: fault.problem,
            remedy: fault.remedy,
        })?;
        *mailbox = changed;
        Ok(loaded)
    }
}

fn load(
    text: &str,
    mailbox: &mut Mailbox,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Loaded, Fault> {
    if !text.contains("BEGIN:VCALENDAR") {
        return Err(Fault {
            line: 1,
            problem: "there is no BEGIN:VCALENDAR".to_owned(),
            remedy: "give a file in iCalendar format",
        });
    }
    let unfolded = Unfolded::new(text);
    let mut loaded = Loaded::default();
    let mut seen = 0;
    for calendar in ical::IcalParser::new(BufReader::new(unfolded.text().as_bytes())) {
        let calendar = calendar.map_err(|error| parse_fault(&error, &unfolded))?;
        let zones = Zones::read(&calendar.timezones, &mailbox.zone);
        let mut events = Vec::new();
        for (place, parsed) in calendar.events.iter().enumerate() {
            let at = unfolded.event(seen + place);
            events.push(Event::read(parsed, &zones, mailbox, &at)?);
        }
        seen += events.len();
        put(mailbox, events, &mut loaded, now);
    }
    Ok(loaded)
}

/// Puts masters and singles in, each with the exceptions that name its UID.
fn put(
    mailbox: &mut Mailbox,
    events: Vec<Event>,
    loaded: &mut Loaded,
    now: chrono::DateTime<chrono::Utc>,
) {
    let (exceptions, masters): (Vec<Event>, Vec<Event>) = events
        .into_iter()
        .partition(|event| event.original.is_some());
    let mut by_uid: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for exception in exceptions {
        by_uid
            .entry(exception.uid.clone())
            .or_default()
            .push(exception);
    }
    for master in masters {
        loaded.items += 1;
        let Some(recurrence) = master.recurrence.clone() else {
            mailbox.import(&master.uid, master.content, None, now);
            continue;
        };
        loaded.series += 1;
        let time = master.content.start.wall.time();
        let own = by_uid.remove(&master.uid).unwrap_or_default();
        let mut series = Series {
            recurrence,
            exceptions: BTreeMap::new(),
            deleted: master
                .excluded
                .iter()
                .map(|date| date.and_time(time))
                .collect::<BTreeSet<_>>(),
        };
        for exception in own {
            let Some(original) = exception.original else {
                continue;
            };
            loaded.exceptions += 1;
            series.exceptions.insert(
                original.and_time(time),
                Exception {
                    content: exception.content,
                    version: 1,
                    modified: now,
                },
            );
        }
        mailbox.import(&master.uid, master.content, Some(series), now);
    }
    // an occurrence whose series is not in the file is an item by itself
    for stray in by_uid.into_values().flatten() {
        loaded.items += 1;
        mailbox.import(&stray.uid, stray.content, None, now);
    }
}

fn parse_fault(error: &ParserError, unfolded: &Unfolded) -> Fault {
    let (line, remedy) = match error {
        ParserError::PropertyError(property) => {
            let (PropertyError::MissingName { line }
            | PropertyError::MissingClosingQuote { line }
            | PropertyError::MissingDelimiter { line, .. }
            | PropertyError::MissingContentAfter { line, .. }
            | PropertyError::MissingParamKey { line }) = property;
            (
                unfolded.original_line(*line),
                "write the line as NAME;PARAMETER=VALUE:CONTENT",
            )
        }
        ParserError::InvalidComponent => (
            unfolded.unknown_component(),
            "take the unknown component out, from its BEGIN to its END",
        ),
        ParserError::NotComplete => (unfolded.last_line(), "add the END lines that are missing"),
        ParserError::MissingHeader => (1, "begin the file with BEGIN:VCALENDAR"),
    };
    Fault {
        line,
        problem: error.to_string(),
        remedy,
    }
}
