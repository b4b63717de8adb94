//! When a pair takes place: both sides alike, and where somebody put it (section 2).

use super::pair::Case;
use crate::book::{Act, Home, Step};
use crate::record::Fields;
use crate::when::When;

/// Judges the times of an original and its copy.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    let Some((original, copy)) = both(case) else {
        return Vec::new();
    };
    if original != copy && case.is_call() && !case.is_put_right() {
        return Vec::new();
    }
    if original != copy {
        return vec![format!("takes place {original:?}, its copy {copy:?}")];
    }
    let mut good = permitted(case);
    if case.resettled() {
        // What a switched-off direction had not done is done now.
        good.extend(case.rest.copy_when);
        good.extend(case.rest.when);
    }
    if good.contains(&original) {
        Vec::new()
    } else {
        vec![format!(
            "takes place {original:?}; people put it to {good:?}"
        )]
    }
}

/// The times of both, where both have to follow each other.
fn both(case: &Case<'_>) -> Option<(When, When)> {
    match &case.thing.home {
        Home::Outlook(_) => {
            case.rules.import?;
            let item = case.item().filter(|item| item.lives())?;
            match case.rows().as_slice() {
                [row] => Some((item.when, row.when)),
                _ => None,
            }
        }
        Home::Psa(_) => {
            let left = case.ever(|act| matches!(act, Act::CopyInvited | Act::CopyBack));
            if left || case.may_be_a_pasted_one() {
                return None;
            }
            let row = case.row_that_travels()?;
            match case.items().as_slice() {
                [item] => Some((row.when, item.when)),
                _ => None,
            }
        }
    }
}

/// Where it may take place, by what people did since both were last at rest.
fn permitted(case: &Case<'_>) -> Vec<When> {
    let last = |is: fn(&Act) -> Option<When>| -> Option<(Step, When)> {
        let acts = case.thing.acts.iter().rev();
        acts.filter(|(step, _)| *step > case.rested())
            .find_map(|(step, act)| is(act).map(|when| (*step, when)))
    };
    let original = last(|act| match act {
        Act::Made(when) | Act::Moved(when) => Some(*when),
        _ => None,
    });
    let copy = last(|act| match act {
        Act::CopyMoved(when) => Some(*when),
        _ => None,
    });
    let rest = case.rest.when;
    // A call never follows its copy.
    let Some((copy_step, copied)) = copy.filter(|_| !case.is_call()) else {
        // Nobody moved the copy: the original is where it was left.
        return original
            .map(|(_, when)| when)
            .or(rest)
            .or_else(|| recorded(case))
            .into_iter()
            .collect();
    };
    let disturbed = case.resettled()
        || case.unlinked()
        || case.since_rest(|act| {
            let ends = matches!(act, Act::CopyGone | Act::Gone | Act::StaysHome);
            ends || matches!(act, Act::Back | Act::TravelsAgain)
        });
    let all = || -> Vec<When> {
        let acts = case.thing.acts.iter();
        acts.filter(|(step, _)| *step > case.rested())
            .filter_map(|(_, act)| match act {
                Act::Made(when) | Act::Moved(when) | Act::CopyMoved(when) => Some(*when),
                _ => None,
            })
            .chain(rest)
            .collect()
    };
    match &case.thing.home {
        Home::Outlook(_) => {
            let Some(item) = case.item() else {
                return all();
            };
            if !item.is_free_to_move() || !case.exports() {
                // The copy goes back to where the original is.
                return all();
            }
            // Whoever invited somebody meanwhile may have kept it from being moved.
            let met = disturbed || case.since_rest(|act| *act == Act::Changed);
            match original {
                None if !met => vec![copied],
                Some((step, _)) if !met && !between(case, step, copy_step) => vec![copied],
                _ => all(),
            }
        }
        Home::Psa(_) => match original {
            None if !disturbed => vec![copied],
            Some((step, when)) if !disturbed && !between(case, step, copy_step) => vec![when],
            _ => all(),
        },
    }
}

/// Where a record was left by people, the one of a user included to whom it was assigned, taken back by
/// a restore, and assigned again.
fn recorded(case: &Case<'_>) -> Option<When> {
    match &case.thing.home {
        Home::Psa(id) => case.book.records.get(id).map(Fields::when),
        Home::Outlook(_) => None,
    }
}

/// Whether a cycle began between two deeds, so that one of them may have been seen alone.
fn between(case: &Case<'_>, one: Step, other: Step) -> bool {
    let (first, last) = (one.min(other), one.max(other));
    case.book.cycled(case.thing.member, first, last)
}
