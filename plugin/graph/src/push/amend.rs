//! A further change of an event that was just written, by what was read back of it.

use sync::contract::{Echo, EchoedItem, EventPatch, ExchangeEvent, Outcome};
use transport::{Method, Transport};

use super::build::Write;
use super::read_back::ReadBack;
use super::{Push, Written, request_id};
use crate::address;
use crate::event::write as fields;
use crate::request::{Request, send};

/// Writes what the event as it was read back still lacks, unless somebody was invited to it
/// meanwhile. Where that fails the event is there all the same: the first outcome stands.
pub(crate) fn amended<T: Transport>(
    push: &Push<'_, T>,
    write: &Write<'_>,
    outcome: Outcome,
    step: &str,
    lacking: impl FnOnce(&ExchangeEvent) -> Option<EventPatch>,
) -> Outcome {
    let Outcome::Done(Echo {
        item: EchoedItem::Event(event),
        writes,
        ..
    }) = &outcome
    else {
        return outcome;
    };
    let mails = !event.meeting.attendees.is_empty() || !event.meeting.owner_organizes;
    let body = lacking(event).and_then(|patch| fields::change(&patch));
    let Some(body) = body.filter(|_| !mails && !event.version.tag.is_empty()) else {
        return outcome;
    };
    let request = Request::send(
        Method::Patch,
        address::event_anywhere(push.mailbox, &event.id.value),
        body,
    )
    .with("If-Match", event.version.tag.as_str());
    let id = request_id(std::iter::once(write.operation), step);
    let writes = writes.saturating_add(1);
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
        _ => with_writes(outcome, writes),
    }
}

fn with_writes(outcome: Outcome, writes: u32) -> Outcome {
    match outcome {
        Outcome::Done(echo) => Outcome::Done(Echo { writes, ..echo }),
        other => other,
    }
}
