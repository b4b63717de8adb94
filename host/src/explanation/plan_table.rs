//! The plan of a dry run as a table for people.
//!
//! What would be written comes as rows, with the fields that differ beneath. What is left alone for
//! reasons that nobody has to look into is only counted, one line for each rule: a calendar has
//! thousands of past items.

use std::collections::BTreeMap;

use super::change::{Change, Value};
use super::plan::PlanRow;
use super::rule;
use super::text::{cut, plain, table};
use super::time::Shown;
use crate::contract::Span;

/// How much of a title is shown.
const TITLE: usize = 40;

/// The table's lines, without a line for the mailbox itself.
#[must_use]
pub fn lines(rows: &[PlanRow], zone: Shown) -> Vec<String> {
    let (listed, counts) = split(rows);
    let mut lines = Vec::new();
    if listed.is_empty() {
        lines.push("nothing would be written".to_owned());
    } else {
        lines.extend(with_changes(&listed, zone));
    }
    for (number, why) in counts {
        lines.push(format!("{number} more left alone: {why}"));
    }
    lines
}

/// What people look through, and how much more is left alone for which reason.
#[must_use]
pub fn split(rows: &[PlanRow]) -> (Vec<&PlanRow>, Vec<(usize, &'static str)>) {
    let (listed, counted): (Vec<&PlanRow>, Vec<&PlanRow>) = rows
        .iter()
        .partition(|row| row.shown.writes || !rule::is_routine(row.shown.rule));
    let mut counts: BTreeMap<&str, (usize, &'static str)> = BTreeMap::new();
    for row in counted {
        counts.entry(row.rule).or_insert((0, row.why)).0 += 1;
    }
    (listed, counts.into_values().collect())
}

fn with_changes(listed: &[&PlanRow], zone: Shown) -> Vec<String> {
    let cells: Vec<[String; 4]> = listed
        .iter()
        .map(|row| {
            let when = row.shown.span.as_ref().map(|span| zone.span(span));
            [
                row.shown.what.to_owned(),
                item(row),
                when.unwrap_or_default(),
                why(row),
            ]
        })
        .collect();
    let when = format!("WHEN ({})", zone.name());
    let mut table = table(["WHAT", "ITEM", &when, "WHY"], &cells).into_iter();
    let mut lines: Vec<String> = table.next().into_iter().collect();
    for (line, row) in table.zip(listed) {
        lines.push(line);
        lines.extend(
            row.changes
                .iter()
                .map(|it| format!("    {}", change(it, zone))),
        );
        if !row.remark.is_empty() {
            lines.push(format!("    {}", plain(&row.remark)));
        }
    }
    lines
}

/// The title where it may be said, and a key by which `tandem explain` finds the item.
fn item(row: &PlanRow) -> String {
    let name = match &row.title {
        Some(title) => format!("\"{}\"", cut(&plain(title), TITLE)),
        None if row.private => "(private)".to_owned(),
        None => String::new(),
    };
    let key = match (&row.psa, &row.exchange) {
        (Some(psa), _) => psa.id.clone(),
        (None, Some(id)) => format!("exchange:{}", plain(id)),
        (None, None) => String::new(),
    };
    match name.is_empty() {
        true => key,
        false => format!("{name} {key}"),
    }
}

/// Why, and what comes of it.
#[must_use]
pub fn why(row: &PlanRow) -> String {
    match (row.verdict, row.refused_because) {
        ("waits_for_approval", _) => format!("{} Waits for approval.", row.why),
        (_, Some(reason)) if !row.shown.writes => format!("{} It stays: {reason}.", row.why),
        (_, Some(reason)) => format!("{} The host refuses it: {reason}.", row.why),
        _ => row.why.to_owned(),
    }
}

/// A field that changes, from what to what where that may be said.
#[must_use]
pub fn change(change: &Change, zone: Shown) -> String {
    let name = change.field.replace('_', " ");
    let say = |value: &Option<Value>, span: Option<Span>| match (value, span) {
        (_, Some(span)) => Some(zone.span(&span)),
        (Some(Value::Title(title)), None) => Some(format!("\"{}\"", plain(title))),
        (Some(Value::Time(_)) | None, None) => None,
    };
    let (old_span, new_span) = change.spans;
    match (say(&change.old, old_span), say(&change.new, new_span)) {
        (Some(old), Some(new)) => format!("{name}: {old} → {new}"),
        (None, Some(new)) => format!("{name}: → {new}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests;
