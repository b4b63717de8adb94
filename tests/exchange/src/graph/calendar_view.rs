//! `calendarView` and `instances`: what a person sees between two instants, series expanded.

use chrono::{DateTime, TimeDelta, Utc};

use super::call::Call;
use super::context::Context;
use super::error::Refusal;
use super::event_read::Shown;
use super::filter::{Filter, instant};
use super::list;
use super::query::Shape;
use crate::answer::Answer;
use crate::mailbox::Mailbox;
use crate::mailbox::item::{FolderKey, Item, ItemKey, Occurrence};

/// No view may be wider.
const WIDEST: TimeDelta = TimeDelta::days(1825);

/// The window that the query names. Times without zone are UTC.
pub fn window(call: &Call) -> Result<(DateTime<Utc>, DateTime<Utc>), Refusal> {
    let bound = |name: &str| {
        let text = call.query(name).ok_or_else(|| {
            Refusal::new(
                400,
                "ErrorInvalidParameter",
                format!("This request requires a time window: '{name}' is missing."),
            )
        })?;
        instant(text).ok_or_else(|| {
            Refusal::new(
                400,
                "ErrorInvalidParameter",
                format!("'{text}' is no valid time."),
            )
        })
    };
    let (from, to) = (bound("startDateTime")?, bound("endDateTime")?);
    if to < from {
        return Err(Refusal::new(
            400,
            "ErrorInvalidParameter",
            "The end of the window lies before its start.",
        ));
    }
    if to - from > WIDEST {
        return Err(Refusal::new(
            400,
            "ErrorCalendarViewRangeTooBig",
            "The requested time range is too big. It may have 1825 days.",
        ));
    }
    Ok((from, to))
}

/// An item with the occurrence that is meant, if it repeats.
type Row<'a> = (&'a Item, Option<Occurrence>);

fn shown<'a>(mailbox: &'a Mailbox, rows: &'a [Row<'a>]) -> Vec<Shown<'a>> {
    rows.iter()
        .map(|(item, occurrence)| Shown {
            mailbox,
            item,
            occurrence: occurrence.as_ref(),
        })
        .collect()
}

/// `GET …/calendarView`. Extended properties cannot be had here, and a filter on the last change silently finds nothing.
pub fn list(
    mailbox: &Mailbox,
    folder: FolderKey,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let (from, to) = window(call)?;
    let mut rows: Vec<Row<'_>> = Vec::new();
    for item in mailbox.items(folder) {
        if item.series.is_some() {
            rows.extend(
                item.occurrences(from, to)
                    .into_iter()
                    .map(|occurrence| (item, Some(occurrence))),
            );
        } else if item.content.overlaps(from, to) {
            rows.push((item, None));
        }
    }
    let by_change = call
        .query("$filter")
        .and_then(Filter::parse)
        .is_some_and(|filter| filter.looks_at("lastModifiedDateTime"));
    if by_change {
        rows.clear();
    }
    let mut plain = call.clone();
    plain.query.retain(|(name, _)| name != "$expand");
    list::answer(
        mailbox,
        &shown(mailbox, &rows),
        &Shape::read(&plain)?,
        call,
        context,
    )
}

/// `GET …/events/{master}/instances`.
pub fn instances(
    mailbox: &Mailbox,
    key: ItemKey,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let (from, to) = window(call)?;
    let item = mailbox.item(key).ok_or_else(Refusal::no_item)?;
    if item.series.is_none() {
        return Err(Refusal::new(
            400,
            "ErrorInvalidRecurringMasterId",
            "The event is not the master of a series, so it has no instances.",
        ));
    }
    let rows: Vec<Row<'_>> = item
        .occurrences(from, to)
        .into_iter()
        .map(|o| (item, Some(o)))
        .collect();
    list::answer(
        mailbox,
        &shown(mailbox, &rows),
        &Shape::read(call)?,
        call,
        context,
    )
}
