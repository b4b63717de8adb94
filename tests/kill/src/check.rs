//! The judge: the law of `behaviour`, sections 2 to 5, for single appointments at rest.
//!
//! It compares what people did with what both sides show through their public doors. It knows nothing
//! of links, plans and bases, and shares no code with the planner.

use std::collections::{BTreeMap, BTreeSet};

use exchange::{By, Exchange, Sensitivity};
use simulation::look::{Item, items, lasting};
use simulation::when::When;

use crate::Result;
use crate::book::{Book, Fate, Home, Texts, Thing};
use crate::interface::Entry;
use crate::place::{Member, Place};
use crate::row::Row;

#[cfg(test)]
mod tests;

/// One member's side of both.
pub struct Side {
    rows: Vec<Row>,
    items: Vec<Item>,
    /// What the history tells of each row, the oldest first.
    history: BTreeMap<String, Vec<Entry>>,
}

/// Both sides of all members.
pub struct Sides(Vec<Side>);

impl Sides {
    /// All rows of the PSA, deleted ones too.
    #[must_use]
    pub fn rows(&self) -> Vec<&Row> {
        self.0.iter().flat_map(|side| &side.rows).collect()
    }

    /// Cycles with deletions that wait for an admin.
    #[must_use]
    pub fn waiting(&self) -> BTreeSet<&str> {
        let histories = self.0.iter().flat_map(|side| side.history.values());
        let waiting = histories.filter_map(|entries| {
            let last = entries.last()?;
            let waits = last.waits() || last.rule.as_deref() == Some("waiting");
            entries.iter().rfind(|entry| waits && entry.waits())
        });
        waiting.map(|entry| entry.run.as_str()).collect()
    }

    /// How many appointments the PSA has.
    #[must_use]
    pub fn living_rows(&self) -> usize {
        self.rows().iter().filter(|row| !row.deleted).count()
    }

    /// How many items are in the calendars.
    #[must_use]
    pub fn living_items(&self) -> usize {
        let items = self.0.iter().flat_map(|side| &side.items);
        items.filter(|item| item.lives()).count()
    }
}

/// Looks at both sides through their public doors.
///
/// # Errors
/// When one of them does not answer.
pub async fn look(place: &Place, host: usize, book: &Book) -> Result<Sides> {
    let mut sides = Vec::new();
    for Member { user, address, .. } in &place.members {
        let rows = place.interface.rows(host, user).await?;
        let mut history = BTreeMap::new();
        let in_book = |row: &Row| book.things.iter().any(|thing| thing.id == row.id);
        for row in rows.iter().filter(|row| !row.deleted || in_book(row)) {
            let entries = place.interface.history(host, &row.id).await?;
            history.insert(row.id.clone(), entries);
        }
        sides.push(Side {
            rows,
            items: items(&place.exchange, address)?,
            history,
        });
    }
    Ok(Sides(sides))
}

/// Says what is broken; what was unclear in the book is now what both sides show.
pub fn judge(exchange: &Exchange, sides: &Sides, book: &mut Book) -> Vec<String> {
    let mut broken = nobody_is_mailed(exchange);
    settle(sides, book);
    for thing in &mut book.things {
        let Some(side) = sides.0.get(thing.member) else {
            continue;
        };
        let complaints = match thing.home {
            Home::Psa => made_in_psa(thing, side),
            Home::Outlook => made_in_outlook(thing, side),
        };
        let name = format!("{:?} {} ({})", thing.home, thing.id, thing.title_begins());
        broken.extend(complaints.into_iter().map(|what| format!("{name} {what}")));
        thing.touched = false;
    }
    for (number, side) in sides.0.iter().enumerate() {
        broken.extend(nothing_more(number, side, book));
    }
    book.things.retain(|thing| thing.original != Fate::Gone);
    broken
}

fn nobody_is_mailed(exchange: &Exchange) -> Vec<String> {
    let mails = exchange.mails();
    mails
        .iter()
        .filter(|mail| mail.by == By::Api)
        .map(|mail| format!("somebody was mailed: {mail:?}"))
        .collect()
}

/// Appointments of which nobody knew whether the PSA had made them.
fn settle(sides: &Sides, book: &mut Book) {
    for mut thing in std::mem::take(&mut book.unclear) {
        let rows = sides.0.get(thing.member).map(|side| side.rows.as_slice());
        let begins = thing.title_begins();
        let made = rows
            .unwrap_or_default()
            .iter()
            .find(|row| row.is_of_psa() && row.title.starts_with(&begins));
        if let Some(row) = made {
            thing.id.clone_from(&row.id);
            book.things.push(thing);
        }
    }
}

fn made_in_psa(thing: &mut Thing, side: &Side) -> Vec<String> {
    let Some(row) = side.rows.iter().find(|row| row.id == thing.id) else {
        return vec!["is lost".to_owned()];
    };
    if !thing.original.permits(usize::from(!row.deleted)) {
        return vec![format!("is deleted: {}", row.deleted)];
    }
    let (living, deleted): (Vec<&Item>, Vec<&Item>) = side
        .items
        .iter()
        .filter(|item| item.by_program && item.marker.as_ref() == Some(&thing.id))
        .partition(|item| item.lives());
    if deleted.len() > thing.copies_deleted + usize::from(row.deleted) {
        return vec![format!("has {} deleted copies", deleted.len())];
    }
    thing.original = fate(!row.deleted);
    let wanted = if row.deleted { Fate::Gone } else { thing.copy };
    if !wanted.permits(living.len()) {
        return vec![format!("has {} copies, wanted {wanted:?}", living.len())];
    }
    thing.copy = fate(!living.is_empty());
    if row.deleted {
        return Vec::new();
    }
    let mut broken = said_and_placed(thing, row, &living.first().map(|item| item.when));
    let Some(item) = living.first() else {
        return broken;
    };
    if item.content.subject != row.title || !item.body.starts_with(&row.description) {
        broken.push(format!("says {row:?}, its copy {:?}", item.content));
    }
    let private = item.content.sensitivity == Sensitivity::Private;
    if private != thing.private || row.private != thing.private {
        broken.push(format!("is private {}, its copy {private}", row.private));
    }
    if side.named(&row.id).all(|id| id != item.id) {
        broken.push(format!("has the copy {}, unknown to history", item.id));
    }
    broken
}

/// The row says what people wrote and is where people put it; so is its copy.
fn said_and_placed(thing: &mut Thing, row: &Row, copy: &Option<When>) -> Vec<String> {
    let mut broken = Vec::new();
    let texts = Texts {
        title: row.title.clone(),
        body: row.description.clone(),
    };
    if !thing.texts.contains(&texts) {
        broken.push(format!("says {texts:?}, people wrote {:?}", thing.texts));
    }
    thing.texts = vec![texts];
    broken.extend(placed(thing, row.when(), copy));
    broken
}

fn placed(thing: &mut Thing, original: Result<When>, copy: &Option<When>) -> Vec<String> {
    let when = match original {
        Ok(when) => when,
        Err(error) => return vec![error.to_string()],
    };
    let mut broken = Vec::new();
    if !thing.times.permit(when) {
        broken.push(format!("is at {when:?}, people chose {:?}", thing.times));
    }
    if copy.is_some_and(|copy| copy != when) {
        broken.push(format!("is at {when:?}, its copy at {copy:?}"));
    }
    thing.times = crate::book::Times::at(when);
    broken
}

fn made_in_outlook(thing: &mut Thing, side: &Side) -> Vec<String> {
    let Some(item) = side.items.iter().find(|item| item.id == thing.id) else {
        return vec!["is lost".to_owned()];
    };
    if !thing.original.permits(usize::from(item.lives())) {
        return vec![format!("lies in {:?}", item.place)];
    }
    let copies = side.copies(&thing.id);
    let wanted = match item.lives() {
        true => thing.copy,
        false => Fate::Gone,
    };
    if !wanted.permits(copies.len()) {
        return vec![format!("has {} copies, wanted {wanted:?}", copies.len())];
    }
    thing.copy = fate(!copies.is_empty());
    if !item.lives() {
        return Vec::new();
    }
    let mut broken = Vec::new();
    let texts = Texts {
        title: item.content.subject.clone(),
        body: item.body.trim_end().to_owned(),
    };
    if !thing.texts.contains(&texts) {
        broken.push(format!("says {texts:?}, people wrote {:?}", thing.texts));
    }
    let copy = copies.first();
    match copy.map(|row| row.when()).transpose() {
        Ok(copy) => broken.extend(placed(thing, Ok(item.when), &copy)),
        Err(error) => broken.push(error.to_string()),
    }
    if let Some(row) = copy {
        let told = match thing.private {
            true => row.title == "Appointment" && row.description.is_empty(),
            false => row.title == texts.title && row.description.starts_with(&texts.body),
        };
        if !told || row.private != thing.private {
            broken.push(format!("says {texts:?}, its copy {row:?}"));
        }
    }
    thing.texts = vec![texts];
    broken
}

/// What is there beside what people made and its copies.
fn nothing_more(number: usize, side: &Side, book: &Book) -> Vec<String> {
    let mut broken = Vec::new();
    let mine = || book.things.iter().filter(|thing| thing.member == number);
    let made = |home: Home, id: &str| mine().any(|it| it.home == home && it.id == id);
    for row in side.rows.iter().filter(|row| !row.deleted) {
        let original = match row.is_of_psa() {
            true => made(Home::Psa, &row.id),
            false => side
                .named(&row.id)
                .last()
                .is_some_and(|id| made(Home::Outlook, &id)),
        };
        if !original {
            broken.push(format!(
                "nobody made the row {row:?}, and it copies nothing"
            ));
        }
    }
    for item in side.items.iter().filter(|item| item.lives()) {
        let original = match (item.by_program, &item.marker) {
            (false, _) => made(Home::Outlook, &item.id),
            (true, Some(row)) => made(Home::Psa, row),
            (true, None) => false,
        };
        if !original {
            let subject = &item.content.subject;
            broken.push(format!("nobody made the item {} {subject}", item.id));
        }
    }
    broken
}

impl Side {
    /// The items of Exchange that the history names for a row.
    fn named(&self, row: &str) -> impl Iterator<Item = String> {
        let entries = self.history.get(row).into_iter().flatten();
        entries.filter_map(|entry| Some(lasting(entry.exchange.as_ref()?)))
    }

    /// Rows that are copies of an item, by what the history says.
    fn copies(&self, item: &str) -> Vec<&Row> {
        let rows = self.rows.iter();
        rows.filter(|row| !row.deleted && !row.is_of_psa())
            .filter(|row| self.named(&row.id).last().is_some_and(|id| id == item))
            .collect()
    }
}

fn fate(lives: bool) -> Fate {
    match lives {
        true => Fate::Lives,
        false => Fate::Gone,
    }
}
