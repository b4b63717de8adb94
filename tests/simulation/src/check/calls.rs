//! What the law says of service calls alone (section 2, rows 3 and 4, and section 6): whatever is done
//! to a copy is put right three times for one version of the call, and a copy that was deleted is
//! made again once; not once the call is over, or has begun.

use tandem::contract::ItemKind;

use super::pair::Case;
use crate::book::{Act, Step, is_change};

/// How often a change of a copy is undone for one version of the call.
const UNDOINGS: usize = 3;
/// How often a deleted copy is made again for one version of the call.
const REMAKINGS: usize = 1;

impl Case<'_> {
    /// It is a service call.
    pub fn is_call(&self) -> bool {
        self.thing.kind == ItemKind::ServiceCall
    }

    /// Whether the copy has to say what its call says, whatever was done to it. A call that is over now
    /// may have been over when the next cycle saw what was done.
    pub fn is_put_right(&self) -> bool {
        let touched = self.since_changed(|act| matches!(act, Act::CopyMoved(_) | Act::CopyChanged));
        let may_be_over = self
            .when()
            .is_none_or(|when| when.end(self.zone) <= self.rules.now);
        self.is_call() && (touched == 0 || touched <= UNDOINGS && !may_be_over)
    }

    /// Whether undoing has come to its end, which has to be told: the copy was touched so often, and
    /// still takes place elsewhere before the call is over.
    pub fn has_to_be_told(&self) -> bool {
        let is_elsewhere = match self.items().as_slice() {
            [item] => self.when().is_some_and(|when| when != item.when),
            _ => false,
        };
        let is_ahead = self
            .when()
            .is_some_and(|when| when.end(self.zone) > self.rules.now);
        let is_ours = !self.ever(|act| matches!(act, Act::CopyInvited | Act::CopyBack));
        let follows = self.row_that_travels().is_some() && !self.may_be_a_pasted_one();
        self.is_call() && is_elsewhere && is_ahead && is_ours && follows
    }

    /// Whether the copy was deleted once for the call as it is, so that it is made again. None: it
    /// depends on whether the call had begun when a cycle saw it, on whether a cycle saw the call's
    /// change before the first deletion, or on counts that went with the links.
    pub fn is_made_again(&self) -> Option<bool> {
        let deleted = self.since_changed(|act| *act == Act::CopyGone);
        let may_have_begun = self
            .when()
            .is_none_or(|when| when.start(self.zone) <= self.rules.now);
        match (deleted, may_have_begun) {
            _ if !self.is_call() => Some(false),
            (0..=REMAKINGS, false) => Some(true),
            (0..=REMAKINGS, true) => None,
            _ if self.counts_are_uncertain() => None,
            _ => Some(false),
        }
    }

    fn counts_are_uncertain(&self) -> bool {
        let changed = self.thing.last(is_change);
        let deleted = self.first_since_changed(|act| *act == Act::CopyGone);
        let mut rests = self.book.rests.iter();
        let seen_apart = rests.any(|rest| (changed..deleted).contains(rest));
        !seen_apart || self.book.unlinked.max(self.book.restored) > changed
    }

    /// Whether what was done to the copy's body since its call was changed was always read. While no
    /// details come over, nobody reads bodies; and what they were then is not known afterwards.
    pub fn body_was_read(&self) -> bool {
        let edited = self.first_since_changed(|act| *act == Act::CopyChanged);
        let is_settled = edited > self.book.resettled && !self.resettled();
        edited == Step::MAX || self.rules.bodies_are_read && is_settled
    }

    /// How many acts of a kind there were since people changed the original last.
    fn since_changed(&self, is: impl Fn(&Act) -> bool) -> usize {
        let changed = self.thing.last(is_change);
        let acts = self.thing.acts.iter();
        acts.filter(|(step, act)| *step > changed && is(act))
            .count()
    }

    /// The first of them; later than all when there was none.
    fn first_since_changed(&self, is: impl Fn(&Act) -> bool) -> Step {
        let changed = self.thing.last(is_change);
        let mut acts = self.thing.acts.iter();
        let first = acts.find(|(step, act)| *step > changed && is(act));
        first.map_or(Step::MAX, |(step, _)| *step)
    }
}
