//! What people did to series and to their occurrences.

use std::collections::{BTreeMap, BTreeSet};

use exchange::Content;

use super::look::{Slot, series_of};
use crate::book::{Act, Book, Home, Place, Rest, Step, Thing};
use crate::look::{Item, Row};

/// What people did to one occurrence, or to its copy.
#[derive(Clone, Debug, Default)]
pub struct Life {
    /// All of it, in order.
    pub acts: Vec<(Step, Act)>,
    /// Moves of the copy that Exchange would not have taken when they were made.
    pub refused: BTreeSet<Step>,
    /// What the occurrence was when somebody deleted its copy last.
    pub unwanted: Option<Content>,
}

/// A series that somebody made, as it stands in one calendar.
#[derive(Clone, Debug)]
pub struct Series {
    /// Whose calendar it is in.
    pub member: usize,
    /// Its key in Outlook.
    pub id: String,
    /// What all copies of a meeting have in common.
    pub uid: String,
    /// Where it was left.
    pub place: Place,
    /// What its master says.
    pub content: Content,
    /// How it repeats, with its exceptions; none once it is a single item.
    pub series: Option<exchange::Series>,
    /// What people did to the whole of it, in order; [`Act::Moved`] is whatever gives it other
    /// occurrences.
    pub acts: Vec<(Step, Act)>,
    /// What they did to single occurrences.
    pub lives: BTreeMap<Slot, Life>,
    /// How its occurrences stood at the last rest.
    pub rest: BTreeMap<Slot, Rest>,
    /// It was a single item before, whose copy somebody had deleted.
    pub was_unwanted: bool,
}

/// The step of the last act of a kind; 0 when there was none.
#[must_use]
pub fn last(acts: &[(Step, Act)], is: impl Fn(&Act) -> bool) -> Step {
    let mut acts = acts.iter().rev();
    acts.find(|(_, act)| is(act)).map_or(0, |(step, _)| *step)
}

/// Whether an act is one on the copy, in the PSA.
#[must_use]
pub fn is_on_copy(act: &Act) -> bool {
    matches!(act, Act::CopyMoved(_) | Act::CopyChanged | Act::CopyGone)
}

impl Series {
    /// Keeps how people left it.
    pub fn keep(&mut self, item: Option<&Item>) {
        match item {
            Some(item) => {
                self.place = item.place.clone();
                self.content = item.content.clone();
                self.series.clone_from(&item.series);
                self.uid.clone_from(&item.uid);
            }
            None => self.place = Place::Purged,
        }
    }

    /// Whether people did anything to it, or to any of its occurrences, after a step.
    #[must_use]
    pub fn any_since(&self, step: Step) -> bool {
        let lives = self.lives.values().flat_map(|life| &life.acts);
        self.acts.iter().chain(lives).any(|(at, _)| *at > step)
    }

    /// The copies' lives after an earlier database came back: what was done to them since never happened.
    fn put_back(&mut self, then: Option<&Self>, step: Step) {
        for (slot, life) in &mut self.lives {
            let before = then.and_then(|then| then.lives.get(slot));
            life.acts
                .retain(|(at, act)| *at <= step || !is_on_copy(act));
            life.refused.retain(|at| *at <= step);
            life.unwanted = before.and_then(|before| before.unwanted.clone());
        }
        self.rest = then.map(|then| then.rest.clone()).unwrap_or_default();
    }
}

/// The series' part of the book.
#[derive(Clone, Debug, Default)]
pub struct Repeating {
    /// All items that repeat or once did, once for each calendar in which they stand.
    pub all: Vec<Series>,
}

impl Repeating {
    /// The place of a series, by its key.
    #[must_use]
    pub fn find(&self, member: usize, id: &str) -> Option<usize> {
        let mut all = self.all.iter();
        all.position(|it| it.member == member && it.id == id)
    }

    /// The place of the series that a row is a copy of.
    #[must_use]
    pub fn of_row(&self, member: usize, row: &Row) -> Option<usize> {
        self.find(member, series_of(row)?)
    }

    /// Whether a series was away and came back after a step.
    #[must_use]
    pub fn any_back_since(&self, step: Step) -> bool {
        let mut all = self.all.iter();
        all.any(|it| last(&it.acts, |act| *act == Act::Back) > step)
    }

    /// The same after the PSA's records were put back to what they were at a step.
    #[must_use]
    pub fn put_back(&self, then: &Self, step: Step) -> Self {
        let mut now = self.clone();
        for series in &mut now.all {
            let before = then.find(series.member, &series.id);
            series.put_back(before.and_then(|at| then.all.get(at)), step);
        }
        now
    }
}

impl Book {
    /// Whether a thing became a series, and is judged as one since.
    #[must_use]
    pub fn is_of_series(&self, thing: &Thing) -> bool {
        match &thing.home {
            Home::Outlook(id) => self.repeating.find(thing.member, id).is_some(),
            Home::Psa(_) => false,
        }
    }

    /// Writes down an act on a whole series.
    pub fn note_series(&mut self, place: usize, act: Act) {
        let step = self.turn();
        if let Some(series) = self.repeating.all.get_mut(place) {
            series.acts.push((step, act));
        }
    }

    /// Writes down an act on an occurrence or its copy, and gives what was done to it so far.
    pub fn note_occurrence(&mut self, place: usize, slot: Slot, act: Act) -> Option<&mut Life> {
        let step = self.turn();
        let series = self.repeating.all.get_mut(place)?;
        let life = series.lives.entry(slot).or_default();
        life.acts.push((step, act));
        Some(life)
    }
}
