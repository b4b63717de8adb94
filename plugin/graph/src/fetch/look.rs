//! Looking at items by their ids.
//!
//! A delta's `@removed` may mean deleted, moved to another calendar, moved out of the window, or
//! moved out and back; only a look tells. Each id is asked for inside the default calendar. Whether
//! that path alone keeps items of other folders out is not documented, so the calendar that holds
//! the item is asked for as well; a server that does not expand it is asked once more without.

use serde_json::Value;
use sync::contract::{Change, ExchangeId, Fault, MissingThing, NotFound, Removal, RemovalProof};

use super::Harvest;
use crate::event::{self, Reading, wire};
use crate::fault::{self, permission};
use crate::transport::{Request, Response, Transport};
use crate::{address, batch, marker};

/// The request for one event with its marker.
#[must_use]
pub fn request(mailbox: &str, id: &str, with_calendar: bool) -> Request {
    let expand = if with_calendar {
        format!(
            "{},calendar($select=id,isDefaultCalendar)",
            marker::expand()
        )
    } else {
        marker::expand()
    };
    Request::get(address::query(
        &address::event(mailbox, id),
        &[("$select", event::SELECT), ("$expand", &expand)],
    ))
}

/// Looks at these events.
///
/// # Errors
/// What concerns the mailbox, and any answer that tells neither that an item is there nor that it
/// is gone.
pub fn at(
    transport: &impl Transport,
    mailbox: &str,
    ids: &[String],
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let mut harvest = Harvest::default();
    let mut with_calendar = true;
    for chunk in ids.chunks(batch::LARGEST) {
        let mut answers = ask(transport, mailbox, chunk, with_calendar)?;
        let refused = |answer: &Response| answer.status == 400 && !is_malformed(answer);
        if with_calendar && answers.iter().any(refused) {
            with_calendar = false;
            answers = ask(transport, mailbox, chunk, with_calendar)?;
        }
        for (id, answer) in chunk.iter().zip(&answers) {
            harvest.append(read(id, answer, reading)?);
        }
    }
    Ok(harvest)
}

fn ask(
    transport: &impl Transport,
    mailbox: &str,
    ids: &[String],
    with_calendar: bool,
) -> Result<Vec<Response>, Fault> {
    let parts: Vec<Request> = ids
        .iter()
        .map(|id| request(mailbox, id, with_calendar))
        .collect();
    batch::ask(
        transport,
        &parts,
        transport.fresh_id(),
        permission::CALENDARS,
    )?
    .into_iter()
    .map(batch::given)
    .collect()
}

fn is_malformed(answer: &Response) -> bool {
    fault::answer(answer).code == "ErrorInvalidIdMalformed"
}

/// Reads the answer about one event.
///
/// # Errors
/// An answer that tells nothing about the item.
pub fn read(id: &str, answer: &Response, reading: &Reading) -> Result<Harvest, Fault> {
    let mut harvest = Harvest::default();
    if answer.is_good() {
        let event: wire::Event = match serde_json::from_slice(&answer.body) {
            Ok(event) => event,
            Err(error) => {
                // An event that is there but cannot be read is neither lost nor in the way.
                let _: Value = answer.json("an event")?;
                let text = format!("it could not be read (column {})", error.column());
                harvest
                    .remarks
                    .push(event::remark(id, "event-unreadable", text));
                return Ok(harvest);
            }
        };
        let here = event
            .calendar
            .as_ref()
            .and_then(|calendar| calendar.is_default_calendar);
        if here == Some(false) {
            harvest.changes.push(removal(id, RemovalProof::Elsewhere));
            return Ok(harvest);
        }
        match event::read(event, reading) {
            Ok(found) => harvest.add(found),
            Err(why) => harvest
                .remarks
                .push(event::remark(id, "event-unreadable", why.to_owned())),
        }
        return Ok(harvest);
    }
    if answer.status == 400 && is_malformed(answer) {
        let text = "the server does not take this id for one of its own".to_owned();
        harvest
            .remarks
            .push(event::remark(id, "id-malformed", text));
        return Ok(harvest);
    }
    match fault::read(answer, permission::CALENDARS) {
        Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        }) => {
            harvest.changes.push(removal(id, RemovalProof::NotFound));
            Ok(harvest)
        }
        fault => Err(fault),
    }
}

fn removal(id: &str, proof: RemovalProof) -> Change {
    Change::Removal(Removal {
        id: ExchangeId {
            value: id.to_owned(),
        },
        proof,
    })
}
