//! Series, told to their end: what is missing of them is asked for.

use sync::contract::{Fault, MissingThing, NotFound, ToldSeries, Window};
use sync::kit::harvest::{Harvest, remark};
use sync::series::open::Open;
use transport::Transport;

use super::look::Look;
use super::look::occurrence::{self, Question};
use crate::event::{self, Reading, wire};
use crate::item::Item;

/// Tells these series to their end.
///
/// # Errors
/// What concerns the mailbox or the moment; what concerns one series is a remark on its master.
pub fn complete(
    transport: &impl Transport,
    mailbox: &str,
    told: &[ToldSeries],
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let reading = reading.without_markers();
    let open: Vec<Open<'_>> = told
        .iter()
        .map(|told| Open::of(told, reading.zone))
        .filter(Open::lacks_something)
        .collect();
    let questions: Vec<Question> = open.iter().flat_map(questions).collect();
    let mut said = occurrence::ask_all(transport, mailbox, &questions)?.into_iter();
    let mut harvest = Harvest::default();
    for mut series in open {
        hear(&mut series, &mut said, &reading, &mut harvest);
        if series.has_open_days() {
            let master = &series.master().id.value;
            match instances(transport, mailbox, master, &series.stretch())? {
                Some(found) => {
                    series.is_expanded();
                    take(&mut series, found, &reading, &mut harvest);
                }
                None => harvest.changes.push(series.is_gone()),
            }
        }
        harvest.changes.extend(series.close());
    }
    Ok(harvest)
}

fn questions(series: &Open<'_>) -> Vec<Question> {
    let cancelled = Question::Cancelled {
        master: series.master().id.value.clone(),
    };
    let occurrences = series
        .untold()
        .iter()
        .map(|reference| Question::Occurrence {
            id: reference.id.value.clone(),
        });
    std::iter::once(cancelled).chain(occurrences).collect()
}

/// The answers to its questions.
fn hear(
    series: &mut Open<'_>,
    said: &mut impl Iterator<Item = Look<wire::Event>>,
    reading: &Reading,
    harvest: &mut Harvest,
) {
    match said.next() {
        Some(Look::There(event)) => {
            let names = event.cancelled_occurrences.unwrap_or_default();
            series.cancel(&occurrence::days(&names));
        }
        Some(Look::Gone | Look::Elsewhere) => harvest.changes.push(series.is_gone()),
        Some(Look::Unknown(code, text)) => unanswered(series, code, text, harvest),
        None => series.unanswered(),
    }
    for reference in series.untold() {
        match said.next() {
            Some(Look::There(event)) => take(series, vec![*event], reading, harvest),
            Some(Look::Gone | Look::Elsewhere) => series.not_found(reference),
            Some(Look::Unknown(code, text)) => unanswered(series, code, text, harvest),
            None => {}
        }
    }
}

fn unanswered(series: &mut Open<'_>, code: &str, text: String, harvest: &mut Harvest) {
    series.unanswered();
    let remark = remark(&series.master().id.value, code, text);
    harvest.remarks.push(remark);
}

/// The server's own expansion; none when the master is gone.
fn instances(
    transport: &impl Transport,
    mailbox: &str,
    master: &str,
    within: &Window,
) -> Result<Option<Vec<wire::Event>>, Fault> {
    match occurrence::instances(transport, mailbox, master, within) {
        Ok(found) => Ok(Some(found)),
        Err(Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        })) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Occurrences that are there after all.
fn take(series: &mut Open<'_>, events: Vec<wire::Event>, reading: &Reading, harvest: &mut Harvest) {
    for event in events {
        let Some(id) = event.id.clone() else { continue };
        match event::read(event, reading) {
            Ok(found) if series.take(&found.change) => harvest.add(found),
            Ok(_) => {}
            Err(why) => {
                let code = wire::Event::UNREADABLE;
                harvest.remarks.push(remark(&id, code, why.to_owned()));
                series.unanswered();
            }
        }
    }
}
