//! Looking at items by their ids.
//!
//! A delta's `@removed` may mean deleted, moved to another calendar, moved out of the window, or
//! moved out and back; only a look tells. Each id is asked for inside the default calendar. Whether
//! that path alone keeps items of other folders out is not documented, so the calendar that holds
//! the item is expanded as well; a server that does not expand it is asked for it by itself, and
//! only one that cannot say is believed the path.

use serde::de::IgnoredAny;
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

/// The request for the calendar that holds an event.
#[must_use]
pub fn calendar_request(mailbox: &str, id: &str) -> Request {
    let path = format!(
        "{}/events/{}/calendar",
        address::mailbox(mailbox),
        address::encode(id)
    );
    Request::get(address::query(
        &path,
        &[("$select", "id,isDefaultCalendar")],
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
        let mut looks = seen(transport, mailbox, chunk, with_calendar)?;
        let refused = |look: &Response| look.status == 400 && !is_malformed(look);
        if with_calendar && looks.iter().any(refused) {
            with_calendar = false;
            looks = seen(transport, mailbox, chunk, with_calendar)?;
        }
        let looks: Vec<Look> = chunk
            .iter()
            .zip(&looks)
            .map(|(id, answer)| read(id, answer))
            .collect::<Result<_, _>>()?;
        let elsewhere = placed(transport, mailbox, chunk, &looks)?;
        for (id, look) in chunk.iter().zip(looks) {
            harvest.append(told(id, look, elsewhere.contains(id), reading));
        }
    }
    Ok(harvest)
}

fn seen(
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

/// Which of the items that answered lie elsewhere: asked about those whose answer did not say.
fn placed(
    transport: &impl Transport,
    mailbox: &str,
    ids: &[String],
    looks: &[Look],
) -> Result<Vec<String>, Fault> {
    let mut elsewhere = Vec::new();
    let mut open: Vec<&String> = Vec::new();
    for (id, look) in ids.iter().zip(looks) {
        let Look::There(event) = look else { continue };
        match event
            .calendar
            .as_ref()
            .and_then(|one| one.is_default_calendar)
        {
            Some(true) => {}
            Some(false) => elsewhere.push(id.clone()),
            None => open.push(id),
        }
    }
    if open.is_empty() {
        return Ok(elsewhere);
    }
    let parts: Vec<Request> = open
        .iter()
        .map(|id| calendar_request(mailbox, id))
        .collect();
    let id = transport.fresh_id();
    let answers = batch::ask(transport, &parts, id, permission::CALENDARS)?;
    for (id, answer) in open.into_iter().zip(answers) {
        if lies_elsewhere(&batch::given(answer)?)? {
            elsewhere.push(id.clone());
        }
    }
    Ok(elsewhere)
}

/// Whether the calendar of an item is not the default one. Without a calendar it lies among the
/// deleted items.
fn lies_elsewhere(answer: &Response) -> Result<bool, Fault> {
    if answer.is_good() {
        let calendar: wire::Calendar = answer.json("a calendar")?;
        return Ok(calendar.is_default_calendar == Some(false));
    }
    match fault::read(answer, permission::CALENDARS) {
        Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        }) => Ok(true),
        // A server that does not know the question.
        Fault::Refused(_)
        | Fault::NotFound(NotFound {
            thing: MissingThing::Service,
            ..
        }) => Ok(false),
        fault => Err(fault),
    }
}

fn is_malformed(answer: &Response) -> bool {
    fault::answer(answer).code == "ErrorInvalidIdMalformed"
}

/// What the answer about one event says.
enum Look {
    /// It is there, if it lies in the default calendar.
    There(Box<wire::Event>),
    /// There is no such item.
    Gone,
    /// Nothing can be said about it, for this reason.
    Unknown(&'static str, String),
}

fn read(id: &str, answer: &Response) -> Result<Look, Fault> {
    if answer.is_good() {
        return match serde_json::from_slice(&answer.body) {
            Ok(event) => Ok(Look::There(Box::new(event))),
            Err(error) => {
                // An event that is there but cannot be read is neither lost nor in the way.
                let _: IgnoredAny = answer.json("an event")?;
                let text = format!("it could not be read (column {})", error.column());
                Ok(Look::Unknown("event-unreadable", text))
            }
        };
    }
    if answer.status == 400 && is_malformed(answer) {
        let text = format!(
            "the server takes {} characters for no id of its own",
            id.len()
        );
        return Ok(Look::Unknown("id-malformed", text));
    }
    match fault::read(answer, permission::CALENDARS) {
        Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        }) => Ok(Look::Gone),
        fault => Err(fault),
    }
}

fn told(id: &str, look: Look, elsewhere: bool, reading: &Reading) -> Harvest {
    let mut harvest = Harvest::default();
    match look {
        Look::There(_) if elsewhere => {
            harvest.changes.push(removal(id, RemovalProof::Elsewhere));
        }
        Look::There(event) => match event::read(*event, reading) {
            Ok(found) => harvest.add(found),
            Err(why) => harvest
                .remarks
                .push(event::remark(id, "event-unreadable", why.to_owned())),
        },
        Look::Gone => harvest.changes.push(removal(id, RemovalProof::NotFound)),
        Look::Unknown(code, text) => harvest.remarks.push(event::remark(id, code, text)),
    }
    harvest
}

fn removal(id: &str, proof: RemovalProof) -> Change {
    Change::Removal(Removal {
        id: ExchangeId {
            value: id.to_owned(),
        },
        proof,
    })
}
