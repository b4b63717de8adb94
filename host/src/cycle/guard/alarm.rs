//! When a cycle stops and asks (behaviour, section 6): the mailbox is empty or another one, almost
//! everything changes at once, or a new plugin begins with more than a few writes.

use super::SMALLEST;
use crate::store::stop::{Extent, Reason};

/// With fewer links than this that most of them change is an ordinary day.
const LINKS: usize = 20;
/// One write for so many links is a small share.
const SMALL_SHARE: usize = 20;

/// What surrounds a plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances {
    /// The mailbox holds items that are not among those that are gone.
    pub holds_items: bool,
    /// Everything is read and compared anew, because an admin asked for it or settings changed.
    pub other_settings: bool,
    /// The plugin's digest is not that of the last cycle.
    pub other_plugin: bool,
    /// An admin asked for all copies to be removed: what is gone already was to go.
    pub removing: bool,
    /// An admin asked for a cycle to be undone, and the plan is the host's own.
    pub undoing: bool,
}

/// Why a plan of this extent must not be carried out unasked. Besides what the extent counts there
/// are so many linked `contacts`, which a new plugin may write too.
pub const fn reason(
    extent: &Extent,
    contacts: usize,
    circumstances: Circumstances,
) -> Option<Reason> {
    let Extent {
        linked,
        gone,
        changed,
        deletions: _,
        writes,
    } = *extent;
    if circumstances.removing || circumstances.undoing {
        None
    } else if gone >= SMALLEST && gone >= linked {
        Some(match circumstances.holds_items {
            true => Reason::Replaced,
            false => Reason::Emptied,
        })
    } else if circumstances.other_plugin
        && writes > SMALLEST
        && writes.saturating_mul(SMALL_SHARE) > linked.saturating_add(contacts)
    {
        Some(Reason::NewPlugin)
    } else if !circumstances.other_settings && linked >= LINKS && changed.saturating_mul(2) > linked
    {
        Some(Reason::MostChanged)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Circumstances = Circumstances {
        holds_items: false,
        other_settings: false,
        other_plugin: false,
        removing: false,
        undoing: false,
    };
    const NEW: Circumstances = Circumstances {
        other_plugin: true,
        ..QUIET
    };

    fn gone(gone: usize, linked: usize) -> Extent {
        Extent {
            linked,
            gone,
            ..Extent::default()
        }
    }

    fn changed(changed: usize, linked: usize) -> Extent {
        Extent {
            linked,
            changed,
            writes: changed,
            ..Extent::default()
        }
    }

    #[test]
    fn five_or_more_links_without_any_item_left_stop() {
        assert_eq!(reason(&gone(5, 5), 0, QUIET), Some(Reason::Emptied));
        assert_eq!(reason(&gone(6, 5), 0, QUIET), Some(Reason::Emptied));
        assert_eq!(reason(&gone(4, 4), 0, QUIET), None);
        assert_eq!(reason(&gone(5, 6), 0, QUIET), None);
        assert_eq!(reason(&gone(0, 0), 0, QUIET), None);
    }

    #[test]
    fn what_is_gone_already_stops_no_removal_of_all_copies() {
        let removing = Circumstances {
            removing: true,
            ..QUIET
        };
        assert_eq!(reason(&gone(5, 5), 0, removing), None);
    }

    #[test]
    fn nothing_stops_the_undoing_of_a_cycle() {
        let undoing = Circumstances {
            undoing: true,
            ..QUIET
        };
        assert_eq!(reason(&gone(5, 5), 0, undoing), None);
        assert_eq!(reason(&changed(20, 20), 0, undoing), None);
    }

    #[test]
    fn other_items_in_the_place_of_all_linked_ones_mean_another_mailbox() {
        let others = Circumstances {
            holds_items: true,
            ..QUIET
        };
        assert_eq!(reason(&gone(5, 5), 0, others), Some(Reason::Replaced));
        assert_eq!(reason(&gone(5, 6), 0, others), None);
    }

    #[test]
    fn more_than_half_of_at_least_twenty_links_stop_under_unchanged_settings() {
        assert_eq!(
            reason(&changed(11, 20), 0, QUIET),
            Some(Reason::MostChanged)
        );
        assert_eq!(reason(&changed(10, 20), 0, QUIET), None);
        assert_eq!(reason(&changed(19, 19), 0, QUIET), None);
        let other = Circumstances {
            other_settings: true,
            ..QUIET
        };
        assert_eq!(reason(&changed(20, 20), 0, other), None);
        assert_eq!(reason(&gone(20, 20), 0, other), Some(Reason::Emptied));
    }

    #[test]
    fn a_new_plugin_may_write_five_items_or_a_twentieth() {
        assert_eq!(reason(&changed(6, 119), 0, NEW), Some(Reason::NewPlugin));
        assert_eq!(reason(&changed(6, 120), 0, NEW), None);
        assert_eq!(reason(&changed(5, 5), 0, NEW), None);
        assert_eq!(reason(&changed(6, 119), 0, QUIET), None);
        let both = Circumstances {
            other_settings: true,
            ..NEW
        };
        assert_eq!(reason(&changed(6, 0), 0, both), Some(Reason::NewPlugin));
    }
}
