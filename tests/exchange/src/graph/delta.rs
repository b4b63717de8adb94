//! `calendarView/delta`: what changed in a calendar since the last round.
//!
//! The first request fixes a window; all later links carry it. A round reports every change of the calendar. An item with a
//! part inside the window comes in full; one that lies outside, was deleted or moved away comes as a bare `@removed`, and so
//! does one that was moved out and back, of which nothing more is said. A series comes as its master with all instances
//! inside the window; a deleted occurrence is simply not among them.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::calendar_view;
use super::call::Call;
use super::context::Context;
use super::cursor::{Cursor, Stage};
use super::error::Refusal;
use super::event_read::Shown;
use super::user::set_context;
use crate::answer::Answer;
use crate::behaviour::Order;
use crate::id;
use crate::mailbox::change::What;
use crate::mailbox::item::{FolderKey, Item, ItemKey};
use crate::mailbox::{Mailbox, Target};

/// One line of a round, not yet shown.
#[derive(Clone, Debug)]
enum Line {
    Item(ItemKey),
    Instance(ItemKey, NaiveDateTime),
    Removed {
        key: ItemKey,
        moves: u32,
        reason: String,
    },
}

const REFUSED: [&str; 6] = [
    "$select", "$filter", "$expand", "$orderby", "$search", "$top",
];

/// `GET …/calendarView/delta`.
pub fn get(
    mailbox: &Mailbox,
    folder: FolderKey,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let unsupported: Vec<&str> = call
        .query
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| REFUSED.contains(name))
        .collect();
    if !unsupported.is_empty() {
        return Err(Refusal::new(
            400,
            "ErrorInvalidUrlQuery",
            format!(
                "The following parameters are not supported with change tracking over the 'CalendarView' resource: '{}'.",
                unsupported.join(", ")
            ),
        ));
    }
    let cursor = match call.query("$skiptoken").or(call.query("$deltatoken")) {
        Some(token) => continued(mailbox, token, context)?,
        None => {
            let (from, to) = calendar_view::window(call)?;
            Cursor::first(mailbox, folder, from, to, context.now)
        }
    };
    Ok(page(mailbox, &cursor, call, context))
}

fn continued(mailbox: &Mailbox, token: &str, context: &Context) -> Result<Cursor, Refusal> {
    let lifetime = TimeDelta::hours(context.behaviour.cursor_lifetime_hours);
    Cursor::parse(token)
        .filter(|cursor| cursor.mailbox == mailbox.number && cursor.epoch == mailbox.cursor_epoch)
        .filter(|cursor| context.now - cursor.issued <= lifetime)
        .map(|cursor| cursor.in_round(mailbox.log.end()))
        .ok_or_else(lost)
}

/// How a cursor is refused that is unknown or too old.
pub fn lost() -> Refusal {
    Refusal::new(
        410,
        "SyncStateNotFound",
        "The sync state generation is not found; continue with a full synchronisation.",
    )
}

fn page(mailbox: &Mailbox, cursor: &Cursor, call: &Call, context: &Context) -> Answer {
    let lines = round(mailbox, cursor, context);
    let behaviour = &context.behaviour;
    let size = call
        .prefer
        .page_size
        .unwrap_or(behaviour.delta_page_size)
        .clamp(1, behaviour.delta_page_limit.max(1));
    let ahead: Vec<&(u64, Line)> = lines
        .iter()
        .filter(|(rank, _)| *rank >= cursor.place)
        .collect();
    let shown: Vec<Value> = ahead
        .iter()
        .take(size)
        .filter_map(|(_, line)| show(mailbox, line, call))
        .collect();
    let more = ahead.get(size).map(|(rank, _)| *rank);
    let next = match more {
        Some(_) if behaviour.delta_repeats_pages && !cursor.repeated => cursor.repeat(context.now),
        Some(rank) => cursor.at(rank, context.now),
        None if behaviour.delta_never_ends && !lines.is_empty() => cursor.at(0, context.now),
        None => cursor.done(context.now),
    };
    let (name, parameter) = match next.stage {
        Stage::Within => ("@odata.nextLink", "$skiptoken"),
        Stage::Done => ("@odata.deltaLink", "$deltatoken"),
    };
    let link = format!(
        "{}/users/{}/calendarView/delta?{parameter}={}",
        context.base,
        id::user(mailbox),
        next.text()
    );
    let mut value = json!({ "value": shown });
    set_context(&mut value, &context.base, mailbox, "calendarView");
    if let Some(fields) = value.as_object_mut() {
        if let Some(Value::String(context)) = fields.get_mut("@odata.context") {
            *context = context.replace("#users", "#Collection(event)/users");
        }
        fields.insert(name.to_owned(), link.into());
    }
    Answer::json(200, value)
}

/// All lines of the round that the cursor stands in, each with a rank that orders them and that the cursor remembers. It
/// depends on the line alone: what changes between two pages moves no other line over their border.
fn round(mailbox: &Mailbox, cursor: &Cursor, context: &Context) -> Vec<(u64, Line)> {
    let behaviour = &context.behaviour;
    let lines: Vec<Line> = match cursor.since {
        None => mailbox
            .items(cursor.folder)
            .flat_map(|item| within(item, cursor.from, cursor.to))
            .collect(),
        Some(since) => changes(mailbox, cursor, since, &behaviour.outside_window_reason),
    };
    let mut ranked: Vec<(u64, Line)> = lines
        .into_iter()
        .map(|line| (rank(&line, behaviour.delta_order), line))
        .collect();
    if behaviour.delta_repeats_items {
        let again: Vec<_> = ranked
            .iter()
            .map(|(rank, line)| (SECOND_TIME + rank, line.clone()))
            .collect();
        ranked.extend(again);
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked
}

/// Ranks are smaller than this; those of repeated lines are larger.
const SECOND_TIME: u64 = 1 << 61;

fn rank(line: &Line, order: Order) -> u64 {
    let (key, occurrence) = match line {
        Line::Item(key) | Line::Removed { key, .. } => (key.0, 0),
        Line::Instance(key, original) => (key.0, original.and_utc().timestamp() / 60),
    };
    // an item's lines stand together: the master, then its occurrences by time
    let plain = (key << 28) + (u64::try_from(occurrence).unwrap_or_default() & 0x0fff_ffff);
    match order {
        Order::AsAsked => plain,
        Order::Reversed => SECOND_TIME - 1 - plain,
        Order::Shuffled => {
            plain
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(29)
                .wrapping_mul(0xbf58_476d_1ce4_e5b9)
                >> 3
        }
    }
}

fn changes(mailbox: &Mailbox, cursor: &Cursor, since: usize, outside: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for entry in mailbox
        .log
        .between(cursor.folder, since, cursor.until)
        .into_values()
    {
        let removed = |reason: &str| Line::Removed {
            key: entry.key,
            moves: entry.moves,
            reason: reason.to_owned(),
        };
        let here = mailbox
            .item(entry.key)
            .filter(|item| item.folder == cursor.folder && entry.what == What::Kept);
        match here {
            None => lines.push(removed("deleted")),
            Some(item) => {
                let inside = within(item, cursor.from, cursor.to);
                if inside.is_empty() {
                    lines.push(removed(outside));
                }
                lines.extend(inside);
            }
        }
    }
    lines
}

/// The lines of an item with a part inside the window: none where it has no such part.
fn within(item: &Item, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Line> {
    if item.series.is_none() {
        return if item.content.overlaps(from, to) {
            vec![Line::Item(item.key)]
        } else {
            Vec::new()
        };
    }
    let mut lines: Vec<Line> = item
        .occurrences(from, to)
        .into_iter()
        .map(|occurrence| Line::Instance(item.key, occurrence.original))
        .collect();
    if !lines.is_empty() {
        lines.insert(0, Line::Item(item.key));
    }
    lines
}

/// What a line shows; nothing if the occurrence went away between two pages.
fn show(mailbox: &Mailbox, line: &Line, call: &Call) -> Option<Value> {
    let prefer = &call.prefer;
    let removed = |key: ItemKey, moves: u32, reason: &str| {
        let id = id::text(
            mailbox.number,
            Target::Item(key),
            moves,
            id::form(prefer.immutable_ids),
        );
        json!({ "@odata.type": "#microsoft.graph.event", "id": id, "@removed": { "reason": reason } })
    };
    match line {
        Line::Removed { key, moves, reason } => Some(removed(*key, *moves, reason)),
        Line::Item(key) => {
            let item = mailbox.item(*key)?;
            let shown = Shown {
                mailbox,
                item,
                occurrence: None,
            };
            Some(typed(shown.full(prefer)))
        }
        Line::Instance(key, original) => {
            let item = mailbox.item(*key)?;
            let occurrence = item.occurrence(*original)?;
            let shown = Shown {
                mailbox,
                item,
                occurrence: Some(&occurrence),
            };
            Some(if occurrence.exception {
                typed(shown.full(prefer))
            } else {
                shown.brief(prefer)
            })
        }
    }
}

fn typed(mut event: serde_json::Map<String, Value>) -> Value {
    event.insert("@odata.type".to_owned(), "#microsoft.graph.event".into());
    event.into()
}
