//! Series, told to their end: what is missing of them is asked for.
//!
//! A master names its exceptions and its deleted occurrences. So the master is asked first, together
//! with the linked occurrences of which nothing was told; then the exceptions that are missing; and
//! only what is open after that is looked for in a view of the calendar.

use sync::contract::{Fault, ToldSeries};
use sync::kit::harvest::{Found, Harvest, remark};
use sync::series::open::Open;
use transport::Transport;

use super::cursor::Stretch;
use super::look::{self, EVENT_UNREADABLE, Look};
use super::view;
use crate::event::wire::CalendarItem;
use crate::event::{self, Kind, Reading};
use crate::operation::get_item::LOT;
use crate::operation::shape;
use crate::server::Server;

/// How many parts of a view are read for one series.
const MOST_PARTS: usize = 100;

/// Tells these series to their end.
///
/// # Errors
/// What concerns the mailbox or the moment; what concerns one series is a remark on its master.
pub fn complete<T: Transport>(
    server: &Server<'_, T>,
    told: &[ToldSeries],
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let open: Vec<Open<'_>> = told
        .iter()
        .map(|told| Open::of(told, reading.zone))
        .filter(Open::lacks_something)
        .collect();
    let ids: Vec<String> = open.iter().flat_map(asked).collect();
    let mut said = looked_at(server, &ids)?.into_iter();
    let mut harvest = Harvest::default();
    for series in open {
        let mut completion = Completion {
            server,
            series,
            reading,
            harvest: &mut harvest,
        };
        let exceptions = completion.hear(&mut said);
        completion.exceptions(&exceptions)?;
        if completion.series.has_open_days() {
            completion.expand()?;
        }
        let closed = completion.series.close();
        harvest.changes.extend(closed);
    }
    Ok(harvest)
}

/// The ids that are asked for: the master's, and those of its linked occurrences.
fn asked(series: &Open<'_>) -> Vec<String> {
    let untold = series.untold().iter().map(|it| it.id.value.clone());
    std::iter::once(series.master().id.value.clone())
        .chain(untold)
        .collect()
}

fn looked_at<T: Transport>(server: &Server<'_, T>, ids: &[String]) -> Result<Vec<Look>, Fault> {
    let mut looks = Vec::new();
    for lot in ids.chunks(LOT) {
        looks.extend(look::at(server, shape::EVENT, lot)?);
    }
    Ok(looks)
}

/// A series on its way to its end.
struct Completion<'a, 'b, T> {
    server: &'b Server<'b, T>,
    series: Open<'a>,
    reading: &'b Reading,
    harvest: &'b mut Harvest,
}

impl<T: Transport> Completion<'_, '_, T> {
    /// The answers to what was asked; gives the ids of exceptions that are missing.
    fn hear(&mut self, said: &mut impl Iterator<Item = Look>) -> Vec<String> {
        let exceptions = match said.next() {
            Some(Look::There(message)) => match message.items.events().next() {
                Some(master) if event::kind(&master) == Kind::Master => self.master(&master),
                // It is none any more: the next round tells.
                _ => {
                    self.series.unanswered();
                    Vec::new()
                }
            },
            Some(Look::Gone) => {
                let gone = self.series.is_gone();
                self.harvest.changes.push(gone);
                Vec::new()
            }
            Some(Look::Unknown(code, text)) => {
                self.unanswered(code, text);
                Vec::new()
            }
            None => {
                self.series.unanswered();
                Vec::new()
            }
        };
        for reference in self.series.untold() {
            match said.next() {
                Some(Look::There(message)) => {
                    if let Some(item) = message.items.events().next() {
                        self.take(item);
                    }
                }
                Some(Look::Gone) => self.series.not_found(reference),
                Some(Look::Unknown(code, text)) => self.unanswered(code, text),
                None => {}
            }
        }
        exceptions
    }

    fn master(&mut self, master: &CalendarItem) -> Vec<String> {
        self.series
            .know_cancelled(event::cancelled(master, self.reading));
        event::exceptions(master, self.reading)
            .into_iter()
            .filter(|(_, start)| self.series.misses(*start))
            .map(|(id, _)| id)
            .collect()
    }

    fn unanswered(&mut self, code: &str, text: String) {
        self.series.unanswered();
        let remark = remark(&self.series.master().id.value, code, text);
        self.harvest.remarks.push(remark);
    }

    /// The exceptions that are missing.
    fn exceptions(&mut self, ids: &[String]) -> Result<(), Fault> {
        for look in looked_at(self.server, ids)? {
            if let Look::There(message) = look {
                for item in message.items.events() {
                    self.take(item);
                }
            }
        }
        Ok(())
    }

    /// What the server itself makes of the series around the days that are open.
    fn expand(&mut self) -> Result<(), Fault> {
        let within = self.series.stretch();
        let mut left = vec![Stretch {
            from: within.start.microseconds,
            to: within.end.microseconds,
        }];
        let uid = self.series.master().uid.clone();
        for _ in 0..MOST_PARTS {
            let Some(stretch) = left.pop() else { break };
            let Some(items) = view::all(self.server, stretch)? else {
                let [first, second] = stretch.halves();
                left.extend([second, first]);
                continue;
            };
            let is_its = |item: &CalendarItem| {
                item.uid.as_ref() == uid.as_ref().map(|uid| &uid.value)
                    && matches!(event::kind(item), Kind::Occurrence | Kind::Exception)
            };
            let mut exceptions = Vec::new();
            for item in items.into_iter().filter(is_its) {
                if event::kind(&item) == Kind::Exception {
                    exceptions.push(item.item_id.id);
                } else {
                    self.take(item);
                }
            }
            self.exceptions(&exceptions)?;
        }
        if left.is_empty() {
            self.series.is_expanded();
        } else {
            self.series.unanswered();
        }
        Ok(())
    }

    /// An occurrence that is there after all.
    fn take(&mut self, item: CalendarItem) {
        let id = item.item_id.id.clone();
        let master = &self.series.master().id.value;
        match event::read(item, Some(master), self.reading) {
            Ok(found) => self.add(found),
            Err(why) => {
                let remark = remark(&id, EVENT_UNREADABLE, why.to_owned());
                self.harvest.remarks.push(remark);
                self.series.unanswered();
            }
        }
    }

    fn add(&mut self, found: Found) {
        if self.series.take(&found.change) {
            self.harvest.add(found);
        }
    }
}
