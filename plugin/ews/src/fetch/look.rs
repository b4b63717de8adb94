//! Looking at items by their ids.
//!
//! One id that the server cannot answer for stops no other: it is left without an answer, with a
//! remark. A whole lot of such ids is the server's trouble and no item's, and fails.
//!
//! An item that moves to another folder gets another id there. So what answers lies where it did when
//! its id was read, and what does not answer is gone from that folder.

use sync::contract::{Fault, Remark, RemovalProof};
use sync::kit::harvest::{Found, Harvest, remark, removal};
use transport::{Response, Transport};

use super::masters::Masters;
use crate::event::wire::CalendarItem;
use crate::event::{self, Reading};
use crate::operation::get_item::{self, LOT};
use crate::operation::message::Message;
use crate::operation::shape::{self, Shape};
use crate::server::{Answer, Server};
use crate::{contact, fault};

/// The remark about an item for which the server gave an error of its own.
pub const UNANSWERED: &str = "item-unanswered";
/// The remark about an event that cannot be read.
pub const EVENT_UNREADABLE: &str = "event-unreadable";
/// The remark about a contact that cannot be read.
pub const CONTACT_UNREADABLE: &str = "contact-unreadable";

/// What the answer about one item says.
pub enum Look {
    /// It is there.
    There(Box<Message>),
    /// There is no such item.
    Gone,
    /// Nothing can be said about it, for this reason.
    Unknown(&'static str, String),
}

/// Looks at these events; one of a series whose master is not known is asked for that first.
///
/// # Errors
/// What concerns the mailbox or the moment, and a full lot of which no item was answered for.
pub fn events<T: Transport>(
    server: &Server<'_, T>,
    ids: &[String],
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let mut masters = Masters::recalled(server.transport);
    let harvest = events_of(server, ids, reading, &mut masters)?;
    masters.keep(server.transport);
    Ok(harvest)
}

/// The same where the masters are at hand.
///
/// # Errors
/// Those of [`events`].
pub fn events_of<T: Transport>(
    server: &Server<'_, T>,
    ids: &[String],
    reading: &Reading,
    masters: &mut Masters,
) -> Result<Harvest, Fault> {
    let mut harvest = Harvest::default();
    for lot in ids.chunks(LOT) {
        let looks = at(server, shape::EVENT, lot)?;
        let mut items: Vec<CalendarItem> = Vec::new();
        for (id, look) in lot.iter().zip(looks) {
            match look {
                Look::There(message) => match message.items.events().next() {
                    Some(item) => {
                        masters.note(&item);
                        items.push(item);
                    }
                    None => harvest.remarks.push(no_event(id)),
                },
                other => told_without(id, other, &mut harvest),
            }
        }
        masters.find(server, &items)?;
        for item in items {
            let id = item.item_id.id.clone();
            let master = masters.of(&item).map(str::to_owned);
            match event::read(item, master.as_deref(), reading) {
                Ok(found) => harvest.add(found),
                Err(why) => {
                    let why = why.to_owned();
                    harvest.remarks.push(remark(&id, EVENT_UNREADABLE, why));
                }
            }
        }
    }
    Ok(harvest)
}

fn no_event(id: &str) -> Remark {
    remark(id, EVENT_UNREADABLE, "it is no event".to_owned())
}

/// Looks at these contacts.
///
/// # Errors
/// What concerns the mailbox or the moment, and a full lot of which no item was answered for.
pub fn contacts<T: Transport>(server: &Server<'_, T>, ids: &[String]) -> Result<Harvest, Fault> {
    let mut harvest = Harvest::default();
    for lot in ids.chunks(LOT) {
        let looks = at(server, shape::CONTACT, lot)?;
        for (id, look) in lot.iter().zip(looks) {
            match look {
                Look::There(message) => match contact_in(*message) {
                    Ok(found) => harvest.add(found),
                    Err(why) => {
                        let remark = remark(id, CONTACT_UNREADABLE, why.to_owned());
                        harvest.remarks.push(remark);
                    }
                },
                other => told_without(id, other, &mut harvest),
            }
        }
    }
    Ok(harvest)
}

fn contact_in(message: Message) -> Result<Found, &'static str> {
    let contact = message.items.contacts().next();
    contact::read(contact.ok_or("it is no contact")?)
}

/// What the host is told of an item that is not there, or of which nothing can be said.
fn told_without(id: &str, look: Look, harvest: &mut Harvest) {
    match look {
        Look::There(_) => {}
        Look::Gone => harvest.changes.push(removal(id, RemovalProof::NotFound)),
        Look::Unknown(code, text) => harvest.remarks.push(remark(id, code, text)),
    }
}

/// What the server says of these items, at most [`LOT`], in their order.
///
/// # Errors
/// What concerns the mailbox or the moment, and a full lot of which no item was answered for.
pub fn at<T: Transport>(
    server: &Server<'_, T>,
    shape: Shape,
    ids: &[String],
) -> Result<Vec<Look>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let Answer { messages, response } = match server.ask(get_item::request(shape, ids)) {
        // One id may have spoilt the whole request.
        Err(Fault::Refused(_) | Fault::Other(_)) if ids.len() > 1 => {
            let one_by_one = ids
                .iter()
                .map(|id| at(server, shape, std::slice::from_ref(id)));
            let looks: Result<Vec<Vec<Look>>, Fault> = one_by_one.collect();
            let looks: Vec<Look> = looks?.into_iter().flatten().collect();
            return if is_trouble(&looks) {
                Err(Fault::NotUnderstood(
                    "expected an answer about at least one item of a lot".to_owned(),
                ))
            } else {
                Ok(looks)
            };
        }
        Err(fault) if ids.len() == 1 => return Ok(vec![unanswered(fault)?]),
        answer => answer?,
    };
    let first = messages
        .iter()
        .find(|message| !message.is_good())
        .map(|message| server.fault(message, &response));
    let mut messages = messages.into_iter();
    let looks: Vec<Look> = ids
        .iter()
        .map(|id| one(server, id, messages.next(), &response))
        .collect::<Result<_, _>>()?;
    match first {
        Some(fault) if is_trouble(&looks) => Err(fault),
        _ => Ok(looks),
    }
}

fn one<T: Transport>(
    server: &Server<'_, T>,
    id: &str,
    message: Option<Message>,
    response: &Response,
) -> Result<Look, Fault> {
    let Some(message) = message else {
        let text = "the server gave no result for it".to_owned();
        return Ok(Look::Unknown(UNANSWERED, text));
    };
    if message.is_good() {
        return Ok(Look::There(Box::new(message)));
    }
    if fault::is_malformed_id(&message.response_code) {
        let text = format!(
            "the server takes {} characters for no id of its own",
            id.chars().count()
        );
        return Ok(Look::Unknown("id-malformed", text));
    }
    let fault = server.fault(&message, response);
    if fault::is_no_item(&fault) {
        return Ok(Look::Gone);
    }
    unanswered(fault)
}

/// An error that may be one item's own, such as one that the server itself cannot read. What says
/// that the server is busy, or concerns the credentials or the mailbox, is every item's.
fn unanswered(fault: Fault) -> Result<Look, Fault> {
    match fault {
        Fault::Other(said) | Fault::Refused(said) if fault::is_malformed_id(&said.code) => {
            let text = "the server takes it for no id of its own".to_owned();
            Ok(Look::Unknown("id-malformed", text))
        }
        Fault::Other(said) | Fault::Refused(said) => {
            let text = format!(
                "the server could not say what became of it (status {}, {}, request {})",
                said.status, said.code, said.request_id
            );
            Ok(Look::Unknown(UNANSWERED, text))
        }
        fault => Err(fault),
    }
}

/// Whether the server is in trouble, and not some items: of a full lot none is answered for.
fn is_trouble(looks: &[Look]) -> bool {
    looks.len() == LOT
        && looks
            .iter()
            .all(|look| matches!(look, Look::Unknown(UNANSWERED, _)))
}
