//! Which originals have a copy: one, none, or either where two deeds met.

use exchange::{Response, ShowAs};

use super::pair::Case;
use crate::book::{Act, Home, Thing, is_change};

/// How many copies there have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Copies {
    None,
    One,
    Either,
}

/// Judges the number of copies.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    let (wanted, found, why) = match &case.thing.home {
        Home::Outlook(_) => {
            let (wanted, why) = in_psa(case);
            (wanted, case.rows().len(), why)
        }
        Home::Psa(_) => {
            let (wanted, why) = in_exchange(case);
            (wanted, case.items().len(), why)
        }
    };
    let good = match wanted {
        Copies::None => found == 0,
        Copies::One => found == 1,
        Copies::Either => true,
    };
    if good {
        Vec::new()
    } else {
        vec![format!(
            "has {found} copies where the law wants {wanted:?}: {why}"
        )]
    }
}

/// Copies of an item of Exchange (section 2, the rows of Exchange's appointments, and section 3).
fn in_psa(case: &Case<'_>) -> (Copies, &'static str) {
    let Some(item) = case.item().filter(|item| item.lives()) else {
        return (Copies::None, "the original is gone");
    };
    if let Some(row) = &case.thing.pasted_from {
        // With the marker of a row that is gone, or that has no copy of its own, it can be taken for
        // that row's copy.
        let rows = case.sides.rows.iter();
        let alone = !rows.clone().any(|it| it.id == *row && !it.deleted)
            || !case
                .sides
                .items
                .iter()
                .any(|it| it.by_program && it.lives() && it.marker.as_ref() == Some(row));
        if alone || case.unlinked() {
            return (Copies::Either, "it carries a marker");
        }
    }
    let copy_gone = case.since_rest(|act| *act == Act::CopyGone);
    let Some(_) = case.rules.import else {
        // One that was away took its copy with it, and nothing comes over again.
        let was_away = case.since_rest(|act| *act == Act::Gone);
        return match (case.resettled() || copy_gone || was_away, case.rest.copies) {
            (true, _) => (Copies::Either, ""),
            (false, 0) => (Copies::None, "nothing is imported"),
            (false, _) => (Copies::One, "what is there stays"),
        };
    };
    if item.content.cancelled || item.content.response == Response::Declined {
        return (Copies::None, "it is cancelled or declined");
    }
    if item.content.show_as == ShowAs::Free && !case.rules.send_free {
        return if case.resettled() || case.rest.free && case.rest.copies > 0 {
            (Copies::Either, "")
        } else {
            (Copies::None, "free time is not sent")
        };
    }
    if item.when.end(case.zone) <= case.rules.start {
        return before_window(case, copy_gone);
    }
    let last_gone = case.thing.last(|act| *act == Act::CopyGone);
    let undisturbed = case.rest.copies > 0 && !copy_gone && !case.unlinked();
    if last_gone == 0 && case.last_of_meeting(|act| *act == Act::CopyGone) > 0 {
        return (Copies::Either, "");
    }
    if last_gone == 0 || undisturbed {
        return (Copies::One, "it comes over");
    }
    let met = case.rest.off
            || case.unlinked()
            // A move that the server carried out and denied looks like one of the original's.
            || case.since_rest(|act| matches!(act, Act::CopyMoved(_)))
            || case
                .thing
                .since(last_gone, |act| matches!(act, Act::Gone | Act::Back))
            || last_gone > case.rested()
                && case.since_rest(is_change)
                && case.thing.acts.iter().any(|(step, act)| {
                    *step > case.rested() && *step < last_gone && is_change(act)
                });
    if met {
        return (Copies::Either, "");
    }
    match &case.thing.unwanted {
        Some(before) if says_the_same(before, &item.content) => {
            if case.rest.copies > 0 && last_gone < case.rested() {
                (Copies::Either, "it changed meanwhile, and changed back")
            } else {
                (
                    Copies::None,
                    "somebody deleted the copy, and the original is as it was",
                )
            }
        }
        _ => (
            Copies::One,
            "it changed after somebody had deleted its copy",
        ),
    }
}

/// Whether nothing changed that the law calls a change.
fn says_the_same(one: &exchange::Content, other: &exchange::Content) -> bool {
    one.subject == other.subject
        && one.body == other.body
        && one.location == other.location
        && one.sensitivity == other.sensitivity
        && one.show_as == other.show_as
        && crate::when::When::of_item(one) == crate::when::When::of_item(other)
}

/// What ends before the window is neither imported nor exported, but followed once it is linked.
fn before_window(case: &Case<'_>, copy_gone: bool) -> (Copies, &'static str) {
    // A meeting that was sent again has the copy of the one before.
    let mut whens = case
        .others_of_meeting()
        .chain([case.thing])
        .flat_map(Thing::whens);
    let never = whens.all(|when| when.end(case.zone) <= case.rules.earliest);
    // One that turned free, was declined or stayed at home may have gone before the window passed it
    // by.
    let left = case.since_rest(|act| {
        matches!(
            act,
            Act::Gone | Act::Changed | Act::StaysHome | Act::CopyRemoved
        )
    });
    if case.rest.copies > 0 && !copy_gone && !left {
        (Copies::One, "a linked item is followed wherever it goes")
    } else if never && case.rest.copies == 0 {
        (Copies::None, "it ended before the window's start")
    } else {
        (Copies::Either, "")
    }
}

/// Copies of a row of the PSA (section 2, the first two rows, and section 4).
fn in_exchange(case: &Case<'_>) -> (Copies, &'static str) {
    let ever = |kind: Act| case.ever(|act| *act == kind);
    if ever(Act::CopyInvited) || ever(Act::CopyBack) || case.may_be_a_pasted_one() {
        return (Copies::Either, "");
    }
    let Some(row) = case.row() else {
        return (Copies::Either, "");
    };
    let copy_gone = case.since_rest(|act| *act == Act::CopyGone);
    if row.deleted || !case.business.lets_out(&row.fields, case.user) {
        let left = |act: &Act| matches!(act, Act::Gone | Act::StaysHome);
        return if !case.exports()
            || case.resettled()
            || case.unlinked()
            || case.rest.copies > 0 && !case.since_rest(left)
        {
            (Copies::Either, "")
        } else {
            (Copies::None, "the original is gone, or stays at home")
        };
    }
    if !case.exports() {
        return match (case.resettled() || copy_gone, case.rest.copies) {
            (true, _) => (Copies::Either, ""),
            (false, 0) => (Copies::None, "nothing is exported"),
            (false, _) => (Copies::One, "what is there stays"),
        };
    }
    if row.when.end(case.zone) <= case.rules.start {
        return before_window(case, copy_gone);
    }
    let last_gone = case.thing.last(|act| *act == Act::CopyGone);
    let last_change = case.thing.last(is_change);
    if last_gone == 0 || case.rest.copies > 0 && !copy_gone {
        (Copies::One, "it goes out")
    } else if last_change > last_gone {
        (Copies::One, "it changed after its copy had been deleted")
    } else if last_change > case.rested()
        // A copy that went with an original that stayed at home for a while was not only its user's to
        // delete.
        || case.thing.since(last_change, |act| *act == Act::StaysHome)
        || case.rest.off
        // A copy that was made again since, which a restore made forgotten.
        || case.since_rest(|act| matches!(act, Act::CopyMoved(_) | Act::CopyChanged))
        || case.unlinked() && last_gone > case.rested()
    {
        (Copies::Either, "")
    } else {
        match case.is_made_again() {
            Some(true) => (Copies::One, "the copy of a call is made again once"),
            None => (Copies::Either, ""),
            Some(false) => (
                Copies::None,
                "somebody deleted the copy, and the original is as it was",
            ),
        }
    }
}
