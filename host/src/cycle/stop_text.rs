//! A stop in plain words: what a cycle would have done, and how to let it (behaviour, sections 6
//! and 8).

use crate::store::stop::{Extent, Reason, Stop};

/// What people are told about a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopText {
    /// A stable name of the cause, the same for all mailboxes that it concerns.
    pub cause: &'static str,
    /// What was found.
    pub text: String,
    /// What to do.
    pub hint: String,
}

/// Says a stop in words.
#[must_use]
pub fn stop_text(stop: &Stop) -> StopText {
    let Extent {
        linked,
        gone,
        changed,
        deletions,
        writes,
    } = stop.extent;
    let (cause, text) = match stop.reason {
        Reason::Emptied => (
            "mailbox-emptied",
            format!("the mailbox is empty: all {gone} items that are linked are gone from it"),
        ),
        Reason::Replaced => (
            "mailbox-replaced",
            format!(
                "none of the {gone} linked items is in the mailbox any more, though it holds others: it was \
                 moved, or is another one"
            ),
        ),
        Reason::MostChanged => (
            "most-changed",
            format!("{changed} of {linked} linked items would change at once, and no setting did"),
        ),
        Reason::NewPlugin => (
            "new-plugin",
            format!(
                "the plugin is another one than in the last cycle, and would begin with {writes} writes \
                 where {linked} items are linked"
            ),
        ),
        Reason::Undone => (
            "undone",
            format!(
                "the last cycle was undone, and the next one would make its {writes} writes again: nothing is \
                 synchronised until somebody says so"
            ),
        ),
    };
    let mut text = match stop.reason {
        Reason::Undone => text,
        _ => format!("{text}; the cycle stopped before it changed anything"),
    };
    if deletions > 0 {
        text.push_str(&format!(" ({deletions} deletions among it)"));
    }
    StopText {
        cause,
        text,
        hint: format!(
            "find out why, with a dry run for the plan (`tandem sync --dry-run`); if it is meant, let one \
             cycle do it, on its page or with `tandem approve {}`",
            stop.cycle
        ),
    }
}
