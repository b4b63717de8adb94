//! Times that land where they were to.
//!
//! A time is written by the wall clock of a zone, and servers learn of new rules of zones before
//! programs do. So what is read back is held against what was meant: where all of it is off by what
//! a zone can differ, it is written once more, in UTC, of which there is one reading only.

use sync::contract::{EventPatch, ExchangeContent, ExchangePatch, Outcome, PushAction, Span, Zone};

use super::Push;
use super::amend::amended;
use super::build::Write;
use crate::transport::Transport;

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
    let Some(wanted) = meant(write) else {
        return outcome;
    };
    // Where that fails it stays where it is, and both sides agree on that until one is moved.
    amended(push, write, outcome, "landing", |event| {
        is_off_by_a_zone(wanted, event.span).then(|| in_utc(wanted))
    })
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

fn in_utc(span: Span) -> EventPatch {
    EventPatch {
        subject: None,
        location: None,
        body: None,
        span: Some(span),
        zone: Zone {
            name: "UTC".to_owned(),
        },
        sensitivity: None,
        show_as: None,
    }
}
