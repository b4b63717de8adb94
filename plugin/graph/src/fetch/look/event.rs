//! Looking at events, and at the calendar that holds each.
//!
//! A delta's `@removed` may mean deleted, moved to another calendar, moved out of the window, or
//! moved out and back; only a look tells. Each id is asked for inside the default calendar. Whether
//! that path alone keeps items of other folders out is not documented, so the calendar that holds
//! the item is expanded as well; a server that does not expand it is asked for it by itself, and
//! only one that cannot say is believed the path.

use sync::contract::{Fault, MissingThing, NotFound};
use sync::kit::harvest::Harvest;
use transport::{Response, Transport};

use super::{Look, answers, is_malformed, read, told, unanswered};
use crate::event::{self, Reading, wire};
use crate::fault::{self, permission};
use crate::request::{self, Request};
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
    let path = format!("{}/calendar", address::event_anywhere(mailbox, id));
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
        if with_calendar && looks.iter().any(is_refused) {
            with_calendar = false;
            looks = seen(transport, mailbox, chunk, with_calendar)?;
        }
        let placed = placed(transport, mailbox, chunk, read(chunk, &looks)?)?;
        for (id, look) in chunk.iter().zip(placed) {
            harvest.append(told(id, look, |event| event::read(event, reading)));
        }
    }
    Ok(harvest)
}

/// Whether a server refuses the question, which may be because of the calendar in it.
#[must_use]
pub fn is_refused(look: &Response) -> bool {
    look.status == 400 && !is_malformed(look)
}

/// Those of these events, by the answers to [`request`], that lie in another calendar or among the
/// deleted items.
///
/// # Errors
/// When that cannot be told.
pub fn elsewhere(
    transport: &impl Transport,
    mailbox: &str,
    ids: &[String],
    given: &[Response],
) -> Result<Vec<String>, Fault> {
    let placed = placed(transport, mailbox, ids, read(ids, given)?)?;
    let elsewhere = ids.iter().zip(placed);
    Ok(elsewhere
        .filter(|(_, look)| matches!(look, Look::Elsewhere))
        .map(|(id, _)| id.clone())
        .collect())
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
    answers::<wire::Event>(transport, &parts)
}

/// The same looks once it is known where the items lie: asked about those whose answer did not say.
fn placed(
    transport: &impl Transport,
    mailbox: &str,
    ids: &[String],
    mut looks: Vec<Look<wire::Event>>,
) -> Result<Vec<Look<wire::Event>>, Fault> {
    let mut open: Vec<(&String, &mut Look<wire::Event>)> = Vec::new();
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
    let calendars = answers::<wire::Event>(transport, &parts)?;
    for ((_, look), answer) in open.into_iter().zip(calendars) {
        if let Some(other) = other_place(&answer)? {
            *look = other;
        }
    }
    Ok(looks)
}

/// What an item is if its calendar is not the default one, or cannot be told. Without a calendar it
/// lies among the deleted items.
fn other_place(answer: &Response) -> Result<Option<Look<wire::Event>>, Fault> {
    if answer.is_good() {
        let calendar: wire::Calendar = request::json(answer, "a calendar")?;
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
