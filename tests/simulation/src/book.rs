//! What people did: the checker's only knowledge of how things came about.
//!
//! The law speaks of what *somebody* changed. Neither side's database can tell that from what the
//! synchronisation wrote, so each deed is written down here as it is done.

use std::collections::{BTreeMap, BTreeSet};

use exchange::Content;
use tandem::contract::ItemKind;

use crate::contacts::book::Contacts;
use crate::record::Fields;
use crate::series::book::Repeating;
use crate::when::When;

/// The number of a deed or of a cycle, in their order.
pub type Step = u64;

/// Where an item was made, with its key there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// In the PSA; a service call with several users stands in the calendar of each.
    Psa(String),
    /// In Outlook.
    Outlook(String),
}

/// Where an item of Exchange was left by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the calendar that is synchronised.
    Calendar,
    /// In another calendar, or among the deleted items.
    Elsewhere(Option<String>),
    /// Gone for good.
    Purged,
}

/// What somebody did to an item: to the original, or to the copy on the other side.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// The original was made.
    Made(When),
    /// The original was moved.
    Moved(When),
    /// The original's texts were written anew.
    Rewritten,
    /// Anything else of the original was changed.
    Changed,
    /// The original was deleted, or moved to another calendar.
    Gone,
    /// It came back.
    Back,
    /// The copy was moved.
    CopyMoved(When),
    /// The copy's texts or looks were changed.
    CopyChanged,
    /// The copy was deleted, or moved to another calendar.
    CopyGone,
    /// It came back.
    CopyBack,
    /// An admin had the copy removed, with all others.
    CopyRemoved,
    /// Somebody was invited to the copy.
    CopyInvited,
    /// What the original names was changed, and reads differently on the copy now.
    Quoted,
    /// The original's own data keep it at home from now on: somebody was taken off a service call,
    /// or a to-do is of a type that the calendar does not show.
    StaysHome,
    /// They let it out again.
    TravelsAgain,
}

/// An item that somebody made, as it stands in one calendar.
#[derive(Clone, Debug)]
pub struct Thing {
    /// Whose calendar it is in.
    pub member: usize,
    /// Where it was made.
    pub home: Home,
    /// Of which kind it is.
    pub kind: ItemKind,
    /// What an original in Outlook is.
    pub content: Option<Content>,
    /// What all copies of a meeting in Outlook have in common.
    pub uid: Option<String>,
    /// What it was when somebody deleted its copy last.
    pub unwanted: Option<Content>,
    /// Where it was left.
    pub place: Place,
    /// It was pasted from an item that carries the marker of this row.
    pub pasted_from: Option<String>,
    /// All that people did, in order.
    pub acts: Vec<(Step, Act)>,
}

impl Thing {
    /// The step of the last act of a kind; 0 when there was none.
    pub fn last(&self, is: impl Fn(&Act) -> bool) -> Step {
        let mut acts = self.acts.iter().rev();
        acts.find(|(_, act)| is(act)).map_or(0, |(step, _)| *step)
    }

    /// Whether an act of a kind happened after a step.
    pub fn since(&self, step: Step, is: impl Fn(&Act) -> bool) -> bool {
        self.last(is) > step
    }

    /// All times at which people ever put the original.
    pub fn whens(&self) -> impl Iterator<Item = When> {
        self.acts.iter().filter_map(|(_, act)| match act {
            Act::Made(when) | Act::Moved(when) | Act::CopyMoved(when) => Some(*when),
            _ => None,
        })
    }
}

/// An original was made or changed.
#[must_use]
pub fn is_change(act: &Act) -> bool {
    matches!(
        act,
        Act::Made(_) | Act::Moved(_) | Act::Rewritten | Act::Changed | Act::Back
    )
}

/// How a pair stood when it was last at rest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rest {
    /// When the original took place.
    pub when: Option<When>,
    /// When its copy did, which a switched-off direction may have kept apart.
    pub copy_when: Option<When>,
    /// How many copies it had.
    pub copies: usize,
    /// The original was shown as free.
    pub free: bool,
    /// The direction in which the copy follows was switched off.
    pub off: bool,
}

/// The book.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Counts deeds and cycles.
    pub step: Step,
    /// All items that people made, once for each calendar in which they stand.
    pub things: Vec<Thing>,
    /// What each record of the PSA says, as people left it, by its key.
    pub records: BTreeMap<String, Fields>,
    /// How each stood at the last rest, by its place in `things`.
    pub rest: BTreeMap<usize, Rest>,
    /// The steps of all rests.
    pub rests: Vec<Step>,
    /// The step of the last change of settings, and of the last loss of links.
    pub resettled: Step,
    /// When links were lost last.
    pub unlinked: Step,
    /// When an earlier database came back last.
    pub restored: Step,
    /// When cycles began and ended, with their members.
    pub cycles: Vec<(Step, Step, usize)>,
    /// What people did to contacts.
    pub contacts: Contacts,
    /// What people did to series.
    pub repeating: Repeating,
    /// Items that were over when the tenant went over to EWS, by their places in `things`: nothing tells
    /// their new ids, so both sides stay as they are.
    pub unseen: BTreeSet<usize>,
    /// Copies whose PSA records a restore took away, by their keys: they are left alone.
    pub orphans: BTreeSet<String>,
}

impl Book {
    /// The next step.
    pub fn turn(&mut self) -> Step {
        self.step += 1;
        self.step
    }

    /// Writes down an act on an item.
    pub fn note(&mut self, thing: usize, act: Act) {
        let step = self.turn();
        if let Some(thing) = self.things.get_mut(thing) {
            thing.acts.push((step, act));
        }
    }

    /// The item with this home, as it stands in the calendar of a member.
    #[must_use]
    pub fn find(&self, member: usize, home: &Home) -> Option<usize> {
        let is_it = |thing: &Thing| thing.member == member && thing.home == *home;
        self.things.iter().position(is_it)
    }

    /// The item with this home, wherever it stands.
    #[must_use]
    pub fn everywhere(&self, home: &Home) -> Vec<usize> {
        let things = self.things.iter().enumerate();
        things
            .filter(|(_, thing)| thing.home == *home)
            .map(|(place, _)| place)
            .collect()
    }

    /// Somebody made an item in the PSA, or it comes into one more calendar.
    pub fn enter_from_psa(&mut self, member: usize, kind: ItemKind, id: &str, when: When) {
        let step = self.turn();
        self.things.push(Thing {
            member,
            kind,
            home: Home::Psa(id.to_owned()),
            content: None,
            uid: None,
            unwanted: None,
            place: Place::Calendar,
            pasted_from: None,
            acts: vec![(step, Act::Made(when))],
        });
    }

    /// The step of the last rest.
    #[must_use]
    pub fn rested(&self) -> Step {
        self.rests.last().copied().unwrap_or(0)
    }

    /// Whether links were lost, or put back to what they once were, since the last rest.
    #[must_use]
    pub fn lost_its_links(&self) -> bool {
        self.unlinked.max(self.restored) > self.rested()
    }

    /// Whether a cycle of a member ran at any moment between two steps.
    #[must_use]
    pub fn cycled(&self, member: usize, from: Step, to: Step) -> bool {
        self.cycles
            .iter()
            .any(|(began, ended, of)| *of == member && *began < to && *ended > from)
    }
}
