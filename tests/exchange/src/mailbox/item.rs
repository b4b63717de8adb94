//! One calendar item with its identity and, if it repeats, its exceptions.
//!
//! An occurrence is known by its master and its original start (wall time in the series' own zone). Its id is made from both: a
//! series that is set to another time therefore has other occurrence ids, as in Exchange.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDateTime, Utc};

use super::content::{Content, Draft, Moment, WriteError};
use super::mail::By;
use super::recurrence::Recurrence;

/// Counts the items of the whole model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey(pub u64);

/// A folder of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FolderKey(pub u32);

impl FolderKey {
    /// The default calendar.
    pub const CALENDAR: Self = Self(1);
    /// Deleted Items, no calendar.
    pub const DELETED: Self = Self(0);
    /// The default contacts folder.
    pub const CONTACTS: Self = Self(0xc0c0);
    /// The root of everything; also that of the public folders.
    pub const ROOT: Self = Self(0xf000);
    /// The folder that holds what people see in Outlook.
    pub const TOP: Self = Self(0xf001);
    pub const INBOX: Self = Self(0xf002);
}

/// An occurrence that was changed by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    pub content: Content,
    pub version: u64,
    pub modified: DateTime<Utc>,
}

/// What makes an item repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub recurrence: Recurrence,
    /// By original start.
    pub exceptions: BTreeMap<NaiveDateTime, Exception>,
    /// Original starts of occurrences that were deleted.
    pub deleted: BTreeSet<NaiveDateTime>,
}

/// A single item or the master of a series.
#[derive(Clone, Debug)]
pub struct Item {
    pub key: ItemKey,
    pub folder: FolderKey,
    /// How often it changed its folder: ids that are not immutable change with it.
    pub moves: u32,
    pub version: u64,
    pub created: DateTime<Utc>,
    pub modified: DateTime<Utc>,
    pub uid: String,
    /// Who made it; what lies here because it was sent, pasted or loaded counts as people's.
    pub made_by: By,
    /// The key by which a create can be repeated without making a second item.
    pub transaction: Option<String>,
    pub content: Content,
    pub series: Option<Series>,
}

/// One occurrence as it is now.
#[derive(Clone, Debug)]
pub struct Occurrence {
    pub original: NaiveDateTime,
    pub content: Content,
    pub exception: bool,
    pub version: u64,
    pub modified: DateTime<Utc>,
}

impl Item {
    /// The occurrence that the pattern has at `original`, unless it was deleted.
    pub fn occurrence(&self, original: NaiveDateTime) -> Option<Occurrence> {
        let series = self.series.as_ref()?;
        let known = self.originals_until(original).contains(&original)
            && !series.deleted.contains(&original);
        known.then(|| self.occurrence_at(series, original))
    }

    /// The occurrences any part of which lies between the two instants, as they are now, in the order of their original starts.
    pub fn occurrences(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Occurrence> {
        let Some(series) = &self.series else {
            return Vec::new();
        };
        let length = self.content.end.wall - self.content.start.wall;
        // an exception may have moved here from a later date, up to the last one there is
        let latest = series
            .exceptions
            .keys()
            .next_back()
            .copied()
            .unwrap_or_default();
        let last = self.zoned(to).max(latest);
        let early = self.zoned(from) - length - chrono::Duration::days(2);
        self.originals_until(last)
            .into_iter()
            .filter(|original| *original >= early || series.exceptions.contains_key(original))
            .filter(|original| !series.deleted.contains(original))
            .map(|original| self.occurrence_at(series, original))
            .filter(|occurrence| occurrence.content.overlaps(from, to))
            .collect()
    }

    /// All original starts of the pattern up to `last`, deleted ones included.
    pub fn originals_until(&self, last: NaiveDateTime) -> Vec<NaiveDateTime> {
        let Some(series) = &self.series else {
            return Vec::new();
        };
        let time = self.content.start.wall.time();
        series
            .recurrence
            .dates_until(last.date())
            .into_iter()
            .map(|date| date.and_time(time))
            .collect()
    }

    fn zoned(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        self.content.start.zone.wall(instant)
    }

    fn occurrence_at(&self, series: &Series, original: NaiveDateTime) -> Occurrence {
        if let Some(exception) = series.exceptions.get(&original) {
            return Occurrence {
                original,
                content: exception.content.clone(),
                exception: true,
                version: exception.version,
                modified: exception.modified,
            };
        }
        Occurrence {
            original,
            content: self.placed(original),
            exception: false,
            version: self.version,
            modified: self.modified,
        }
    }

    /// The master's content at an original start. Its properties stay with the master.
    fn placed(&self, original: NaiveDateTime) -> Content {
        let length = self.content.end.wall - self.content.start.wall;
        let mut content = self.content.clone();
        content.start = Moment::new(original, self.content.start.zone.clone());
        content.end = Moment::new(original + length, self.content.end.zone.clone());
        content.properties.clear();
        content
    }

    /// Writes a draft into the occurrence at `original`, which becomes an exception.
    pub fn except(
        &mut self,
        original: NaiveDateTime,
        draft: &Draft,
        version: u64,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        if matches!(draft.recurrence, Some(Some(_))) {
            return Err(WriteError::OccurrenceRepeats);
        }
        let occurrence = self.occurrence(original).ok_or(WriteError::NotFound)?;
        let before = occurrence.content.start.clone();
        let mut content = occurrence.content;
        draft.apply(&mut content)?;
        if content.start != before && !self.stays_between_neighbours(original, &content) {
            return Err(WriteError::CrossesBoundary);
        }
        if let Some(series) = &mut self.series {
            series.exceptions.insert(
                original,
                Exception {
                    content,
                    version,
                    modified: now,
                },
            );
        }
        self.version = version;
        self.modified = now;
        Ok(())
    }

    /// Exchange keeps occurrences in order: none may reach the day of the one before or after it.
    fn stays_between_neighbours(&self, original: NaiveDateTime, content: &Content) -> bool {
        let Some(series) = &self.series else {
            return true;
        };
        let day = |moment: &Moment| self.zoned(moment.instant()).date();
        let (start, horizon) = (day(&content.start), original + Days::new(800));
        let mut before = None;
        let mut after = None;
        for other in self
            .originals_until(horizon)
            .into_iter()
            .filter(|o| !series.deleted.contains(o))
        {
            if other < original {
                before = Some(other);
            } else if other > original {
                after = Some(other);
                break;
            }
        }
        let day_of = |other: Option<NaiveDateTime>| {
            other.map(|o| day(&self.occurrence_at(series, o).content.start))
        };
        day_of(before).is_none_or(|neighbour| neighbour < start)
            && day_of(after).is_none_or(|neighbour| start < neighbour)
    }

    /// Takes one occurrence out. `false` when there is none.
    pub fn drop_occurrence(
        &mut self,
        original: NaiveDateTime,
        version: u64,
        now: DateTime<Utc>,
    ) -> bool {
        if self.occurrence(original).is_none() {
            return false;
        }
        if let Some(series) = &mut self.series {
            series.exceptions.remove(&original);
            series.deleted.insert(original);
        }
        self.version = version;
        self.modified = now;
        true
    }

    /// Writes a draft into the item itself. A master that gets another time or pattern loses its exceptions.
    pub fn write(
        &mut self,
        draft: &Draft,
        version: u64,
        now: DateTime<Utc>,
    ) -> Result<(), WriteError> {
        let mut content = self.content.clone();
        draft.apply(&mut content)?;
        let mut series = self.series.clone();
        match &draft.recurrence {
            None => {}
            Some(None) => series = None,
            Some(Some(recurrence)) => {
                series = Some(Series {
                    recurrence: recurrence.clone(),
                    exceptions: BTreeMap::new(),
                    deleted: BTreeSet::new(),
                });
            }
        }
        if let Some(series) = &mut series {
            if content.start != self.content.start && draft.recurrence.is_none() {
                series.recurrence.start = content.start.wall.date();
            }
            if content.start != self.content.start {
                series.exceptions.clear();
                series.deleted.clear();
            }
            settle_on_first_date(&mut content, series)?;
            for exception in series.exceptions.values_mut() {
                inherit(&mut exception.content, &self.content, &content);
            }
        }
        self.content = content;
        self.series = series;
        self.version = version;
        self.modified = now;
        Ok(())
    }
}

/// An exception follows its master in what it did not change itself.
fn inherit(exception: &mut Content, before: &Content, after: &Content) {
    fn follow<T: PartialEq + Clone>(own: &mut T, before: &T, after: &T) {
        if own == before {
            own.clone_from(after);
        }
    }
    follow(&mut exception.subject, &before.subject, &after.subject);
    follow(&mut exception.body, &before.body, &after.body);
    follow(&mut exception.location, &before.location, &after.location);
    follow(&mut exception.show_as, &before.show_as, &after.show_as);
    follow(
        &mut exception.sensitivity,
        &before.sensitivity,
        &after.sensitivity,
    );
    follow(
        &mut exception.attendees,
        &before.attendees,
        &after.attendees,
    );
}

/// A master begins where its pattern first falls, whatever start it was given.
pub(super) fn settle_on_first_date(
    content: &mut Content,
    series: &mut Series,
) -> Result<(), WriteError> {
    let first = series
        .recurrence
        .first_date()
        .ok_or(WriteError::EmptyPattern)?;
    let length = content.end.wall - content.start.wall;
    content.start.wall = first.and_time(content.start.wall.time());
    content.end.wall = content.start.wall + length;
    series.recurrence.start = first;
    Ok(())
}
