//! Which occurrences have a copy in the PSA: one, none, or either where two deeds met.

use std::ops::RangeInclusive;

use exchange::{Content, Response, ShowAs};

use super::occurrence::Judged;
use crate::book::{Act, is_change};
use crate::when::When;

const NONE: RangeInclusive<usize> = 0..=0;
const ONE: RangeInclusive<usize> = 1..=1;
const EITHER: RangeInclusive<usize> = 0..=1;

/// Judges the number of copies.
pub fn judge(judged: &Judged<'_>) -> Option<String> {
    let (wanted, why) = wanted(judged);
    let found = judged.copies.len();
    let when = judged.occurrence.item.when;
    (!wanted.contains(&found))
        .then(|| format!("has {found} copies where the law wants {wanted:?}: {why} ({when:?})"))
}

fn wanted(judged: &Judged<'_>) -> (RangeInclusive<usize>, &'static str) {
    let (rules, zone) = (judged.calendar.rules, &judged.calendar.who.zone);
    let item = &judged.occurrence.item;
    let copies = judged.rest.map_or(0, |rest| rest.copies);
    let is_calm = judged.is_calm();
    let is_untouched = is_calm && !judged.series.any_since(judged.rested());
    if item.when.end(zone) <= rules.start {
        return match item.when.end(zone) <= rules.earliest && stayed_where_it_was(judged) {
            true => (NONE, "it ended before any window"),
            false => (EITHER, ""),
        };
    }
    if rules.import.is_none() {
        return match (is_untouched, copies) {
            (false, _) => (EITHER, ""),
            (true, 0) => (NONE, "nothing is imported"),
            (true, _) => (ONE, "what is there stays"),
        };
    }
    if item.content.cancelled || item.content.response == Response::Declined {
        return (NONE, "it is cancelled or declined");
    }
    if item.content.show_as == ShowAs::Free && !rules.send_free {
        let was_there = judged.rest.is_some_and(|rest| rest.free) && copies > 0;
        return match is_calm && !was_there {
            true => (NONE, "free time is not sent"),
            false => (EITHER, ""),
        };
    }
    if judged.occurrence.slot.is_some() && item.when.start(zone) >= rules.end {
        return if is_untouched && copies > 0 {
            (ONE, "a linked item is followed wherever it goes")
        } else if item.when.start(zone) >= rules.latest && stayed_where_it_was(judged) {
            (NONE, "no window has come to it")
        } else {
            (EITHER, "")
        };
    }
    let gone = judged.own_last(|act| *act == Act::CopyGone);
    if was_unwanted_as_single(judged)
        || was_unwanted_as_occurrence(judged)
        || has_unwanted_twin(judged)
    {
        return (EITHER, "");
    }
    if gone == 0 || is_calm && copies > 0 && gone <= judged.rested() {
        return (ONE, "it comes over");
    }
    if may_have_met(judged, gone) {
        return (EITHER, "");
    }
    let unwanted = judged.life.and_then(|life| life.unwanted.as_ref());
    match unwanted {
        Some(before) if says_the_same(before, &item.content) => (
            NONE,
            "somebody deleted the copy, and the original is as it was",
        ),
        _ => (ONE, "it changed after somebody had deleted its copy"),
    }
}

/// Whether it was never anywhere else than where it is now.
fn stayed_where_it_was(judged: &Judged<'_>) -> bool {
    let is_move = |act: &Act| matches!(act, Act::Moved(_) | Act::CopyMoved(_));
    judged.own_last(is_move) == 0 && !judged.was_retimed() && judged.occurrence.slot.is_some()
}

/// Whether somebody deleted the copy of the single item that the series was, perhaps only before a cycle
/// saw that it repeats: one of the occurrences goes on with that wish.
fn was_unwanted_as_single(judged: &Judged<'_>) -> bool {
    let single = judged.series.lives.get(&None);
    let mut acts = single.iter().flat_map(|life| &life.acts);
    judged.series.was_unwanted || acts.any(|(_, act)| *act == Act::CopyGone)
}

/// Whether it is single now, and somebody deleted the copy of an occurrence that it was: the single item
/// goes on with that copy's wish.
fn was_unwanted_as_occurrence(judged: &Judged<'_>) -> bool {
    let mut acts = judged.series.lives.values().flat_map(|life| &life.acts);
    judged.occurrence.slot.is_none() && acts.any(|(_, act)| *act == Act::CopyGone)
}

/// Whether the same meeting is there under another id, and somebody deleted a copy of it.
fn has_unwanted_twin(judged: &Judged<'_>) -> bool {
    let series = judged.series;
    let mut all = judged.calendar.office.book.repeating.all.iter();
    all.any(|other| {
        let mut lives = other.lives.values().flat_map(|life| &life.acts);
        let is_twin = other.id != series.id && other.uid == series.uid;
        is_twin && other.member == series.member && lives.any(|(_, act)| *act == Act::CopyGone)
    })
}

/// Whether the deletion of the copy met something else, so that the order in which a cycle saw both decides.
fn may_have_met(judged: &Judged<'_>, gone: u64) -> bool {
    let rested = judged.rested();
    let is_away = |act: &Act| matches!(act, Act::Gone | Act::Back | Act::CopyRemoved);
    let changes = judged.series.acts.iter();
    let own = judged.life.map(|life| life.acts.as_slice());
    let changes = changes.chain(own.unwrap_or_default());
    let mut changes = changes.filter(|(_, act)| is_change(act));
    !judged.is_calm()
        || judged.rest.is_some_and(|rest| rest.off)
        || judged.rest.is_some_and(|rest| rest.copies > 0) && gone <= rested
        // A move that the server carried out and denied looks like one of the original's.
        || judged.own_last(|act| matches!(act, Act::CopyMoved(_))) > rested
        || judged.series_last(is_away) > gone
        || gone > rested && changes.any(|(step, _)| *step > rested && *step < gone)
}

/// Whether nothing changed that the law calls a change.
fn says_the_same(one: &Content, other: &Content) -> bool {
    one.subject == other.subject
        && one.body == other.body
        && one.location == other.location
        && one.sensitivity == other.sensitivity
        && one.show_as == other.show_as
        && When::of_item(one) == When::of_item(other)
}
