//! Times that land where they were to.
//!
//! A time is written by the wall clock of a zone, and servers learn of new rules of zones before
//! programs do. So what is read back is held against what was meant: where all of it is off by what
//! a zone can differ, it is to be written once more, in UTC, of which there is one reading only.

use crate::contract::{
    EventPatch, ExchangeContent, ExchangePatch, PushAction, PushOperation, Span, Zone,
};

/// The smallest step by which rules of a zone differ, in microseconds: a quarter of an hour.
const STEP: i64 = 900_000_000;
/// By how much they differ at most: three hours.
const MOST: i64 = 12 * STEP;

/// When the item was to take place, if that was written.
#[must_use]
pub const fn meant(operation: &PushOperation) -> Option<Span> {
    match &operation.action {
        PushAction::Create(ExchangeContent::Event(content)) => Some(content.span),
        PushAction::Update(update) => match &update.patch {
            ExchangePatch::Event(patch) => patch.span,
            ExchangePatch::Contact(_) => None,
        },
        PushAction::Create(ExchangeContent::Contact(_)) | PushAction::Delete(_) => None,
    }
}

/// What puts a time right that landed elsewhere; none where it did not, or where no zone explains it.
#[must_use]
pub fn correction(wanted: Span, there: Span) -> Option<EventPatch> {
    let (Span::Timed(meant), Span::Timed(there)) = (wanted, there) else {
        return None;
    };
    let off = there.start.microseconds - meant.start.microseconds;
    let is_off_by_a_zone = off != 0
        && off == there.end.microseconds - meant.end.microseconds
        && off % STEP == 0
        && off.abs() <= MOST;
    is_off_by_a_zone.then(|| EventPatch {
        subject: None,
        location: None,
        body: None,
        span: Some(wanted),
        zone: Zone {
            name: "UTC".to_owned(),
        },
        sensitivity: None,
        show_as: None,
    })
}
