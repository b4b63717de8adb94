//! When an occurrence and its copy take place: both alike, and where somebody put them (section 2); past a
//! neighbour Exchange takes no occurrence, and then the copy goes back (section 3).

use tandem::contract::ItemKind;

use super::occurrence::Judged;
use crate::book::{Act, Step};
use crate::look::Row;
use crate::series::look::slot;
use crate::when::When;

/// Judges the times, and tells whether the history has to say why the copy went back.
pub fn judge(judged: &Judged<'_>, row: &Row) -> (Vec<String>, bool) {
    let now = judged.occurrence.item.when;
    if row.when != now {
        let said = format!("takes place {now:?}, its copy {:?}", row.when);
        return (vec![said], false);
    }
    let (good, has_to_be_told) = permitted(judged);
    if good.is_empty() || good.contains(&now) {
        return (Vec::new(), has_to_be_told);
    }
    let said = format!("takes place {now:?}; people put it to {good:?}");
    (vec![said], false)
}

/// Where it may take place; nothing where that cannot be told.
fn permitted(judged: &Judged<'_>) -> (Vec<When>, bool) {
    let rested = judged.rested();
    let Some(left) = left(judged).filter(|_| judged.is_calm()) else {
        return (Vec::new(), false);
    };
    let lives = judged.series.lives.values().flat_map(|life| &life.acts);
    let mut copies = lives.filter(|(_, act)| matches!(act, Act::CopyMoved(_)));
    if judged.series_last(|act| matches!(act, Act::Moved(_))) > rested
        && copies.any(|(step, _)| *step > rested)
    {
        // Any occurrence may go on with a copy that somebody moved.
        return (Vec::new(), false);
    }
    let acts = judged.life.map(|life| life.acts.as_slice());
    let acts: Vec<_> = acts
        .unwrap_or_default()
        .iter()
        .filter(|(step, _)| *step > rested)
        .collect();
    let mut moves = acts.iter().filter_map(|(step, act)| match act {
        Act::CopyMoved(when) => Some((*step, *when)),
        _ => None,
    });
    let Some((step, copied)) = moves.next() else {
        return (vec![left], false);
    };
    if !is_alone(judged, step) {
        return (Vec::new(), false);
    }
    let item = &judged.occurrence.item;
    if !item.is_free_to_move() || !judged.calendar.rules.exports(ItemKind::Appointment) {
        return (vec![left], false);
    }
    let is_refused = judged.life.is_some_and(|life| life.refused.contains(&step));
    match is_refused {
        true => (vec![left], true),
        false => (vec![copied], false),
    }
}

/// Whether a move met nothing since the last rest: neither another deed on the occurrence or on the whole
/// series, nor one that puts a neighbour elsewhere.
fn is_alone(judged: &Judged<'_>, step: Step) -> bool {
    let slot = judged.occurrence.slot;
    let is_met = |is_own: bool, act: &Act| {
        let stays = matches!(
            act,
            Act::Rewritten | Act::Changed | Act::CopyChanged | Act::CopyGone
        );
        is_own || !stays
    };
    let lives = judged.series.lives.iter();
    let lives = lives.flat_map(|(of, life)| life.acts.iter().map(move |act| (*of == slot, act)));
    let whole = judged.series.acts.iter().map(|act| (true, act));
    let mut since = whole.chain(lives);
    !since.any(|(is_own, (at, act))| *at > judged.rested() && *at != step && is_met(is_own, act))
}

/// Where people left the occurrence in Outlook, or where it was at the last rest.
fn left(judged: &Judged<'_>) -> Option<When> {
    let series = judged.series;
    let Some(wanted) = judged.occurrence.slot else {
        return Some(When::of_item(&series.content));
    };
    let exceptions = &series.series.as_ref()?.exceptions;
    let mut exceptions = exceptions.iter();
    let exception = exceptions.find(|(original, _)| slot(&series.content, **original) == wanted);
    Some(match exception {
        Some((_, exception)) => When::of_item(&exception.content),
        None => judged.occurrence.by_pattern,
    })
}
