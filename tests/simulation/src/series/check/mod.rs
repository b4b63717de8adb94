//! The judge of series: section 3 of the law, occurrence by occurrence, against the emulator's own
//! expansion.
//!
//! Every occurrence inside the window has one copy, and no copy inside it lacks its occurrence. Copies
//! that the window has left behind are nobody's business any more.

mod copies;
mod left;
mod occurrence;
mod times;

use std::collections::{BTreeMap, BTreeSet};

use exchange::ShowAs;
use tandem::contract::PsaReference;

use self::occurrence::Judged;
use super::book::{Series, last};
use super::look::{Occurrence, Slot, occurrences, series_of, slot_of};
use super::psa::everywhere;
use crate::Result;
use crate::book::{Act, Rest};
use crate::look::{Item, Row};
use crate::office::{Member, Office, Rules};

/// What is never broken: a series of a person is as it was left, and no occurrence has two copies.
#[must_use]
pub fn always(office: &Office, member: usize, rows: &[Row], items: &[Item]) -> Vec<String> {
    let mut broken = Vec::new();
    let all = office.book.repeating.all.iter();
    for series in all.filter(|series| series.member == member) {
        let item = items.iter().find(|item| item.id == series.id);
        broken.extend(left::judge(series, item));
        let mut seen = BTreeSet::new();
        for row in copies_of(rows, series) {
            let slot = slot_of(row);
            if !seen.insert(slot) {
                let id = &series.id;
                broken.push(format!("series {id} has a second copy of {slot:?}"));
            }
        }
    }
    broken
}

/// The living copies of a series' occurrences.
fn copies_of<'a>(rows: &'a [Row], series: &'a Series) -> impl Iterator<Item = &'a Row> {
    let rows = rows.iter();
    rows.filter(|row| !row.of_psa && !row.deleted && series_of(row) == Some(&series.id))
}

/// The calendar of a member, and what has to be known to judge its series.
pub struct Calendar<'a> {
    /// Everybody and everything.
    pub office: &'a Office,
    /// Whose it is, by number.
    pub member: usize,
    /// Whose it is.
    pub who: &'a Member,
    /// What is in force.
    pub rules: Rules,
    /// The PSA's rows.
    pub rows: &'a [Row],
    /// The items of Exchange.
    pub items: &'a [Item],
    /// Keys of items that failed too often.
    pub aside: &'a BTreeSet<String>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What was broken.
    pub broken: Vec<String>,
    /// Rows of which the history has to say why they went back.
    pub to_be_told: Vec<PsaReference>,
}

impl Calendar<'_> {
    /// Judges all series at rest.
    ///
    /// # Errors
    /// When there is no such mailbox.
    pub fn judge(&self) -> Result<Verdict> {
        let mut verdict = Verdict::default();
        let all = self.office.book.repeating.all.iter();
        for series in all.filter(|series| series.member == self.member) {
            self.judge_series(series, &mut verdict)?;
        }
        Ok(verdict)
    }

    fn judge_series(&self, series: &Series, verdict: &mut Verdict) -> Result<()> {
        let occurrences = visible(self.office, self.member, series, self.items)?;
        let copies: Vec<&Row> = copies_of(self.rows, series).collect();
        for occurrence in &occurrences {
            let copies = copies.iter().copied();
            let copies = copies.filter(|row| slot_of(row) == occurrence.slot);
            let judged = Judged {
                calendar: self,
                series,
                life: series.lives.get(&occurrence.slot),
                rest: series.rest.get(&occurrence.slot).copied(),
                occurrence,
                copies: copies.collect(),
            };
            if !judged.is_set_aside() {
                judged.judge(verdict);
            }
        }
        let there: BTreeSet<Slot> = occurrences.iter().map(|it| it.slot).collect();
        // While nothing comes over, a series that was set to another time keeps the copies that it had.
        let stays = self.rules.import.is_none()
            && last(&series.acts, |act| matches!(act, Act::Moved(_))) > 0;
        for row in copies.into_iter().filter(|_| !stays) {
            let is_past = row.when.end(&self.who.zone) <= self.rules.start;
            if !there.contains(&slot_of(row)) && !is_past && !self.aside.contains(&row.id) {
                let said = format!(
                    "series {}: row {} at {:?} is a copy of {:?}, which is not there",
                    series.id,
                    row.id,
                    row.when,
                    slot_of(row)
                );
                verdict.broken.push(said);
            }
        }
        Ok(())
    }
}

/// The occurrences of a series that people see in the calendar.
fn visible(
    office: &Office,
    member: usize,
    series: &Series,
    items: &[Item],
) -> Result<Vec<Occurrence>> {
    let Some(item) = items
        .iter()
        .find(|item| item.id == series.id && item.lives())
    else {
        return Ok(Vec::new());
    };
    let address = office.member(member)?.address;
    let (from, to) = everywhere(office, member)?;
    occurrences(&office.exchange, &address, item, from, to)
}

/// Remembers how all series of a member stand.
///
/// # Errors
/// When there is no such mailbox.
pub fn rested(office: &mut Office, member: usize, rows: &[Row], items: &[Item]) -> Result<()> {
    let rules = office.rules(&office.member(member)?);
    let forgets = office.book.lost_its_links();
    let mut stood = Vec::new();
    for (place, series) in office.book.repeating.all.iter().enumerate() {
        if series.member != member {
            continue;
        }
        let seen = visible(office, member, series, items)?;
        let mut rest = BTreeMap::new();
        for occurrence in &seen {
            let mut copies = copies_of(rows, series).filter(|row| slot_of(row) == occurrence.slot);
            let copy = copies.next();
            let now = Rest {
                when: Some(occurrence.item.when),
                copy_when: copy.map(|row| row.when),
                copies: usize::from(copy.is_some()) + copies.count(),
                free: occurrence.item.content.show_as == ShowAs::Free,
                off: rules.import.is_none(),
            };
            rest.insert(occurrence.slot, now);
        }
        stood.push((place, rest, seen));
    }
    for (place, rest, seen) in stood {
        let Some(series) = office.book.repeating.all.get_mut(place) else {
            continue;
        };
        series.keep(items.iter().find(|item| item.id == series.id));
        if forgets {
            // Who lost the links compares what nobody wanted with what it is from now on.
            for occurrence in seen {
                if let Some(life) = series.lives.get_mut(&occurrence.slot)
                    && rest.get(&occurrence.slot).is_some_and(|it| it.copies == 0)
                    && life.unwanted.is_some()
                {
                    life.unwanted = Some(occurrence.item.content);
                }
            }
        }
        series.rest = rest;
    }
    Ok(())
}
