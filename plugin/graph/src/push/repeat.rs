//! Creates that were tried before.
//!
//! Graph knows a create again by its `transactionId`, but not in one way: it answers with the first
//! event as if it had just been made, or refuses with `ErrorDuplicateTransactionId`, with or
//! without the first event's id. And the content may have changed since the first try. So the
//! event is found, compared with what is wanted now, and the difference is written.

use serde_json::Value;
use sync::contract::{Change, EventContent, Fault, Marker, MarkerReading, Outcome, PushOperation};
use transport::{Response, Transport};

use super::amend::amended;
use super::build::{Folder, Write};
use super::judge::Verdict;
use super::{Push, Written};
use crate::event::write as fields;
use crate::fault::{self, permission};
use crate::fetch::marked::event as marked;

/// The field of the refusal that names the first event.
const EXISTING: &str = "@event.existingEventId";

/// The event that an earlier try made.
///
/// # Errors
/// What keeps it from being looked up.
pub(crate) fn find<T: Transport>(
    push: &Push<'_, T>,
    operation: &PushOperation,
    refusal: &Response,
) -> Result<Verdict, Fault> {
    let found = match (existing(refusal), &operation.marker) {
        (Some(id), _) => Some(id),
        (None, Some(marker)) => by_marker(push, marker)?,
        (None, None) => None,
    };
    Ok(match found {
        Some(id) => Verdict::Written(Written {
            id,
            folder: Folder::Calendar,
            is_new: true,
            answer: refusal.clone(),
            writes: 1,
        }),
        // Its user took it away before anybody knew of it. Under this key the server would refuse
        // for ever: the next try is another write.
        None => Verdict::is(Outcome::Conflict(fault::read(
            refusal,
            permission::CALENDARS,
        ))),
    })
}

/// The first event's id, wherever in the refusal it stands.
fn existing(refusal: &Response) -> Option<String> {
    fn within(value: &Value) -> Option<String> {
        let fields = value.as_object()?;
        match fields.get(EXISTING) {
            Some(Value::String(id)) if !id.is_empty() => Some(id.clone()),
            _ => fields.values().find_map(within),
        }
    }
    within(&serde_json::from_slice(&refusal.body).ok()?)
}

/// The event with this very marker. Copies that users made carry it too, so the oldest is ours.
fn by_marker<T: Transport>(push: &Push<'_, T>, marker: &Marker) -> Result<Option<String>, Fault> {
    let wanted = std::slice::from_ref(marker);
    let harvest = marked::find(push.transport, push.mailbox, wanted, &push.reading)?;
    if harvest.changes.is_empty()
        && let Some(remark) = harvest
            .remarks
            .iter()
            .find(|it| it.code == marked::CUT_SHORT)
    {
        return Err(Fault::NotUnderstood(remark.text.clone()));
    }
    let found = harvest
        .changes
        .into_iter()
        .filter_map(|change| match change {
            Change::Event(event) => Some(event),
            _ => None,
        });
    Ok(found
        .filter(|event| {
            matches!(&event.marker, MarkerReading::Present(read)
                if read.generation == marker.generation)
        })
        .min_by_key(|event| event.created.map_or(i64::MAX, |made| made.microseconds))
        .map(|event| event.id.value))
}

/// Writes what an existing event lacks, unless somebody was invited to it meanwhile.
pub(crate) fn completed<T: Transport>(
    push: &Push<'_, T>,
    write: &Write<'_>,
    wanted: &EventContent,
    outcome: Outcome,
) -> Outcome {
    // Where that fails the next cycle sees the difference.
    amended(push, write, outcome, "completion", |event| {
        // A new body would lose the join link that a user gave to our copy.
        let bodies = push.reading.details && !event.meeting.online;
        Some(fields::difference(wanted, event, bodies))
    })
}
