//! Times that land where they were to.
//!
//! A time is written by the wall clock of a zone, and servers learn of new rules of zones before
//! programs do. So what is read back is held against what was meant: where all of it is off by what
//! a zone can differ, it is written once more, in UTC, of which there is one reading only.

use serde_json::Value;
use sync::contract::{
    Echo, EchoedItem, EventPatch, ExchangeContent, ExchangePatch, Outcome, PushAction, Span, Zone,
};

use super::build::Write;
use super::read_back::ReadBack;
use super::{Push, Written, request_id};
use crate::address;
use crate::event::write as fields;
use crate::transport::{Method, Request, Transport, send};

/// The smallest step by which rules of a zone differ, in microseconds: a quarter of an hour.
const STEP: i64 = 900_000_000;
/// By how much they differ at most: three hours.
const MOST: i64 = 12 * STEP;

/// Writes the time once more where the server reckons the zone otherwise.
pub(crate) fn put_right<T: Transport>(
    push: &Push<'_, T>,
    write: &Write<'_>,
    outcome: Outcome,
) -> Outcome {
    let (Some(wanted), Outcome::Done(echo)) = (meant(write), &outcome) else {
        return outcome;
    };
    let EchoedItem::Event(event) = &echo.item else {
        return outcome;
    };
    let mails = !event.meeting.attendees.is_empty() || !event.meeting.owner_organizes;
    if mails || event.version.tag.is_empty() || !is_off_by_a_zone(wanted, event.span) {
        return outcome;
    }
    let Some(body) = in_utc(wanted) else {
        return outcome;
    };
    let path = address::event_anywhere(push.mailbox, &event.id.value);
    let request =
        Request::send(Method::Patch, path, body).with("If-Match", event.version.tag.as_str());
    let id = request_id(std::iter::once(write.operation), "landing");
    let writes = echo.writes.saturating_add(1);
    match send(push.transport, request, id) {
        Ok(answer) if answer.is_good() => {
            let written = Written {
                id: event.id.value.clone(),
                folder: write.folder,
                is_new: false,
                answer,
                writes,
            };
            let read = push.read_back(std::slice::from_ref(&written)).pop();
            push.echo(&written, read.unwrap_or(ReadBack::Unanswered))
        }
        // It stays where it is, and both sides agree on that until one of them is moved.
        _ => Outcome::Done(Echo {
            writes,
            ..echo.clone()
        }),
    }
}

/// When the item was to take place, if that was written.
fn meant(write: &Write<'_>) -> Option<Span> {
    match &write.operation.action {
        PushAction::Create(ExchangeContent::Event(content)) => Some(content.span),
        PushAction::Update(update) => match &update.patch {
            ExchangePatch::Event(patch) => patch.span,
            ExchangePatch::Contact(_) => None,
        },
        PushAction::Create(ExchangeContent::Contact(_)) | PushAction::Delete(_) => None,
    }
}

fn is_off_by_a_zone(wanted: Span, there: Span) -> bool {
    let (Span::Timed(wanted), Span::Timed(there)) = (wanted, there) else {
        return false;
    };
    let off = there.start.microseconds - wanted.start.microseconds;
    off != 0
        && off == there.end.microseconds - wanted.end.microseconds
        && off % STEP == 0
        && off.abs() <= MOST
}

fn in_utc(span: Span) -> Option<Value> {
    fields::change(&EventPatch {
        subject: None,
        location: None,
        body: None,
        span: Some(span),
        zone: Zone {
            name: "UTC".to_owned(),
        },
        sensitivity: None,
        show_as: None,
    })
}
