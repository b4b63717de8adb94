//! Looking at items by their ids.
//!
//! A delta's `@removed` may mean deleted, moved to another calendar, moved out of the window, or
//! moved out and back; only a look tells. Each id is asked for inside the default calendar. Whether
//! that path alone keeps items of other folders out is not documented, so the calendar that holds
//! the item is expanded as well; a server that does not expand it is asked for it by itself, and
//! only one that cannot say is believed the path.
//!
//! One id that the server cannot answer for stops no other: it is left without an answer, with a
//! remark. A whole batch of such ids is the server's trouble and no item's, and fails.

use serde::de::IgnoredAny;
use sync::contract::{Change, ExchangeId, Fault, MissingThing, NotFound, Removal, RemovalProof};

use super::Harvest;
use crate::event::{self, Reading, wire};
use crate::fault::{self, permission};
use crate::transport::{Request, Response, Transport};
use crate::{address, batch, marker};

/// The remark about an item for which the server gave an error of its own.
pub const UNANSWERED: &str = "item-unanswered";

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
/// What concerns the mailbox or the moment, and a full batch of which no item was answered for.
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
        let answers = chunk.iter().zip(&looks);
        let found: Vec<Look> = answers
            .map(|(id, answer)| read(id, answer))
            .collect::<Result<_, _>>()?;
        if let Some(answer) = looks.first().filter(|_| is_trouble(&found)) {
            return Err(fault::read(answer, permission::CALENDARS));
        }
        let placed = placed(transport, mailbox, chunk, found)?;
        for (id, look) in chunk.iter().zip(placed) {
            harvest.append(told(id, look, reading));
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

/// Whether the server is in trouble, and not some items: of a full batch none is answered for.
fn is_trouble(looks: &[Look]) -> bool {
    looks.len() == batch::LARGEST
        && looks
            .iter()
            .all(|look| matches!(look, Look::Unknown(UNANSWERED, _)))
}

/// The same looks once it is known where the items lie: asked about those whose answer did not say.
fn placed(
    transport: &impl Transport,
    mailbox: &str,
    ids: &[String],
    mut looks: Vec<Look>,
) -> Result<Vec<Look>, Fault> {
    let mut open: Vec<(&String, &mut Look)> = Vec::new();
    for (id, look) in ids.iter().zip(&mut looks) {
        let Look::There(event) = &*look else { continue };
        match event
            .calendar
            .as_ref()
            .and_then(|one| one.is_default_calendar)
        {
            Some(true) => {}
            Some(false) => *look = Look::Elsewhere,
            None => open.push((id, look)),
        }
    }
    if open.is_empty() {
        return Ok(looks);
    }
    let parts: Vec<Request> = open
        .iter()
        .map(|(id, _)| calendar_request(mailbox, id))
        .collect();
    let id = transport.fresh_id();
    let answers = batch::ask(transport, &parts, id, permission::CALENDARS)?;
    for ((_, look), answer) in open.into_iter().zip(answers) {
        if let Some(other) = other_place(&batch::given(answer)?)? {
            *look = other;
        }
    }
    Ok(looks)
}

/// What an item is if its calendar is not the default one, or cannot be told. Without a calendar it
/// lies among the deleted items.
fn other_place(answer: &Response) -> Result<Option<Look>, Fault> {
    if answer.is_good() {
        let calendar: wire::Calendar = answer.json("a calendar")?;
        let is_other = calendar.is_default_calendar == Some(false);
        return Ok(is_other.then_some(Look::Elsewhere));
    }
    match fault::read(answer, permission::CALENDARS) {
        Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        }) => Ok(Some(Look::Elsewhere)),
        // A server that does not know the question.
        Fault::Refused(_)
        | Fault::NotFound(NotFound {
            thing: MissingThing::Service,
            ..
        }) => Ok(None),
        fault => unanswered(answer, fault).map(Some),
    }
}

fn is_malformed(answer: &Response) -> bool {
    fault::answer(answer).code == "ErrorInvalidIdMalformed"
}

/// What the answer about one event says.
enum Look {
    /// It is there, if it lies in the default calendar.
    There(Box<wire::Event>),
    /// It is there, and in no calendar of ours.
    Elsewhere,
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
        fault => unanswered(answer, fault),
    }
}

/// An error that may be one item's own, such as one that the server itself cannot read. What says
/// that the server is busy, or concerns the credentials or the mailbox, is every item's.
fn unanswered(answer: &Response, fault: Fault) -> Result<Look, Fault> {
    match fault {
        Fault::Other(_) | Fault::Unreachable(_) if answer.status >= 500 => {}
        Fault::Refused(_) => {}
        fault => return Err(fault),
    }
    let said = fault::answer(answer);
    let text = format!(
        "the server could not say what became of it (status {}, {}, request {})",
        said.status, said.code, said.request_id
    );
    Ok(Look::Unknown(UNANSWERED, text))
}

fn told(id: &str, look: Look, reading: &Reading) -> Harvest {
    let mut harvest = Harvest::default();
    match look {
        Look::Elsewhere => harvest.changes.push(removal(id, RemovalProof::Elsewhere)),
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
