//! One occurrence with its copies, and what people did to it.

use crate::book::{Act, Rest, Step};
use crate::check::texts::{self, Written};
use crate::look::Row;
use crate::series::book::{Life, Series, last};
use crate::series::look::Occurrence;

use super::{Calendar, Verdict, copies, times};

/// An occurrence and all that has to be known to judge it.
pub struct Judged<'a> {
    /// The calendar in which it stands.
    pub calendar: &'a Calendar<'a>,
    /// Its series.
    pub series: &'a Series,
    /// What people did to it alone.
    pub life: Option<&'a Life>,
    /// How it stood at the last rest; none when there was none.
    pub rest: Option<Rest>,
    /// What it is.
    pub occurrence: &'a Occurrence,
    /// Its living copies.
    pub copies: Vec<&'a Row>,
}

impl Judged<'_> {
    /// It failed too often, and waits for somebody.
    pub fn is_set_aside(&self) -> bool {
        let aside = self.calendar.aside;
        let mut copies = self.copies.iter();
        aside.contains(&self.occurrence.item.id) || copies.any(|row| aside.contains(&row.id))
    }

    /// Judges all of it.
    pub fn judge(&self, verdict: &mut Verdict) {
        let mut broken: Vec<String> = copies::judge(self).into_iter().collect();
        if let [row] = self.copies.as_slice()
            && !self.is_left_behind(row)
            && let Some(mode) = self.calendar.rules.import
        {
            let (wrong, has_to_be_told) = times::judge(self, row);
            broken.extend(wrong);
            if has_to_be_told {
                verdict.to_be_told.push(row.reference());
            }
            let recurs = self.occurrence.slot.is_some();
            let item = &self.occurrence.item;
            broken.extend(texts::of_copy(item, row, mode, recurs, self.written()));
        }
        let name = format!(
            "series {}: {:?} ({})",
            self.series.id, self.occurrence.slot, self.occurrence.item.id
        );
        let broken = broken.into_iter();
        let broken = broken.map(|what| format!("{name}: {what}"));
        verdict.broken.extend(broken);
    }

    /// Both it and its copy lie before the window: nobody looks there any more.
    fn is_left_behind(&self, row: &Row) -> bool {
        let (zone, start) = (&self.calendar.who.zone, self.calendar.rules.start);
        self.occurrence.item.when.end(zone) <= start && row.when.end(zone) <= start
    }

    /// When texts were written last. In a series that got other occurrences, any copy may have become
    /// this one's; what an exception says of itself is not written with its master.
    fn written(&self) -> Written {
        let is = |kind: Act| move |act: &Act| *act == kind;
        let own = |kind: Act| self.life.map_or(0, |life| last(&life.acts, is(kind)));
        let lives = self.series.lives.values();
        let any = lives.map(|life| last(&life.acts, is(Act::CopyChanged)));
        let original = self.series.series.as_ref();
        let has_exceptions = original.is_some_and(|it| !it.exceptions.is_empty());
        let of_series = match has_exceptions && own(Act::Rewritten) > 0 {
            true => 0,
            false => last(&self.series.acts, is(Act::Rewritten)),
        };
        Written {
            original: own(Act::Rewritten).max(of_series),
            copy: match self.was_retimed() {
                true => any.max().unwrap_or(0),
                false => own(Act::CopyChanged),
            },
        }
    }

    /// Whether its series ever got other occurrences.
    pub fn was_retimed(&self) -> bool {
        last(&self.series.acts, |act| matches!(act, Act::Moved(_))) > 0
    }

    /// The step of the last rest.
    pub fn rested(&self) -> Step {
        self.calendar.office.book.rested()
    }

    /// Nothing happened since the last rest that leaves more than one outcome: neither settings nor
    /// links were touched.
    pub fn is_calm(&self) -> bool {
        let book = &self.calendar.office.book;
        book.resettled <= self.rested() && !book.lost_its_links()
    }

    /// The step of the last act of a kind on its series.
    pub fn series_last(&self, is: impl Fn(&Act) -> bool) -> Step {
        last(&self.series.acts, is)
    }

    /// The step of the last act of a kind on itself or its copy.
    pub fn own_last(&self, is: impl Fn(&Act) -> bool) -> Step {
        self.life.map_or(0, |life| last(&life.acts, is))
    }
}
