//! What holds at every moment, whatever goes wrong: nobody is mailed, nothing of a person is touched
//! that is not to be touched, no copy is made twice, nothing private shows.

use exchange::By;
use tandem::contract::ItemKind;

use super::pair::Sides;
use crate::book::{Act, Home, Place, Thing};
use crate::look::{Item, Row};
use crate::office::Office;
use crate::words::SECRET;

/// No change of ours sent an invitation, an update or a cancellation.
pub fn nobody_is_mailed(office: &Office) -> Vec<String> {
    let mails = office.exchange.mails();
    mails
        .iter()
        .filter(|mail| mail.by == By::Api)
        .map(|mail| format!("somebody was mailed: {mail:?}"))
        .collect()
}

/// All other promises, for one member.
pub fn kept(office: &Office, member: usize, sides: &Sides) -> Vec<String> {
    let mut broken = Vec::new();
    let things = office.book.things.iter();
    let is_single = |thing: &&Thing| thing.member == member && !office.book.is_of_series(thing);
    for thing in things.filter(is_single) {
        match &thing.home {
            Home::Outlook(id) => item_is_left(office, thing, id, sides, &mut broken),
            Home::Psa(id) => row_is_left(office, thing, id, sides, &mut broken),
        }
    }
    for item in &sides.items {
        if office.book.orphans.contains(&item.id) && !item.lives() {
            broken.push(format!(
                "item {}, whose record is gone, was deleted",
                item.id
            ));
        }
    }
    for row in &sides.rows {
        copies_something(office, member, row, sides, &mut broken);
        let told = format!("{:?}", row.fields);
        if told.contains(SECRET) {
            broken.push(format!("row {} tells a secret: {told}", row.id));
        }
    }
    broken
}

/// An item that a person made is where it was left, and says what it said; only its time may follow.
fn item_is_left(office: &Office, thing: &Thing, id: &str, sides: &Sides, broken: &mut Vec<String>) {
    let Some(item) = sides.items.iter().find(|item| item.id == id) else {
        if thing.place != Place::Purged {
            broken.push(format!("item {id} of a person is gone for good"));
        }
        return;
    };
    // One that was pasted from our copy can be taken for it once the copy itself is gone, and then
    // goes with the row, or stays at home with it.
    let row = thing.pasted_from.clone().map(Home::Psa);
    let went_with_it = office.book.things.iter().any(|it| {
        Some(&it.home) == row.as_ref()
            && it.member == thing.member
            && it.since(0, |act| matches!(act, Act::Gone | Act::StaysHome))
    });
    if item.place != thing.place && !went_with_it {
        broken.push(format!(
            "item {id} of a person lies in {:?}, and was left in {:?}",
            item.place, thing.place
        ));
    }
    let copies: Vec<&Row> = sides
        .rows
        .iter()
        .filter(|row| !row.of_psa && !row.deleted && row.exchange.as_deref() == Some(id))
        .collect();
    if copies.len() > 1 {
        broken.push(format!("item {id} has {} copies in the PSA", copies.len()));
    }
    if thing.pasted_from.is_some() && copies.is_empty() {
        return;
    }
    if let Some(left) = &thing.content {
        let mut now = item.content.clone();
        if item.is_free_to_move() {
            now.start.clone_from(&left.start);
            now.end.clone_from(&left.end);
            now.all_day = left.all_day;
        }
        if now != *left {
            broken.push(format!(
                "item {id} of a person was changed: {:?} was {left:?}",
                item.content
            ));
        }
    }
}

/// A row that a person made says what people wrote and lives until people delete it; and it has one
/// copy at most, which only people take away.
fn row_is_left(office: &Office, thing: &Thing, id: &str, sides: &Sides, broken: &mut Vec<String>) {
    let Some(row) = sides.rows.iter().find(|row| row.id == id) else {
        broken.push(format!("row {id} of a person is not there"));
        return;
    };
    let gone = thing.since(0, |act| *act == Act::Gone);
    if row.deleted != gone {
        broken.push(format!("row {id} of a person: deleted {}", row.deleted));
    }
    // Only the time of appointments and to-dos follows their copies.
    let may_move = thing.kind != ItemKind::ServiceCall;
    let left = office.book.records.get(id).cloned();
    let left = left.map(|left| if may_move { left.at(row.when) } else { left });
    if !row.deleted && left.as_ref() != Some(&row.fields) {
        broken.push(format!(
            "row {id} of a person was changed: {:?} was {left:?}",
            row.fields
        ));
    }
    let count = |kind: Act| thing.acts.iter().filter(|(_, act)| *act == kind).count();
    let of_row = |item: &&Item| item.by_program && item.marker.as_deref() == Some(id);
    let (living, lost): (Vec<&Item>, Vec<&Item>) = sides
        .items
        .iter()
        .filter(of_row)
        .partition(|item| item.lives());
    if living.len() > 1 + count(Act::CopyBack) {
        broken.push(format!("row {id} has {} copies in Exchange", living.len()));
    }
    let taken = count(Act::CopyGone) + count(Act::StaysHome) + count(Act::CopyRemoved);
    if lost.len() > taken + usize::from(gone) {
        broken.push(format!("a copy of row {id} was deleted, and by no person"));
    }
}

/// A copy in the PSA is the copy of something.
fn copies_something(
    office: &Office,
    member: usize,
    row: &Row,
    sides: &Sides,
    broken: &mut Vec<String>,
) {
    if row.of_psa {
        if !office.book.records.contains_key(&row.id) {
            broken.push(format!("row {} was made by nobody", row.id));
        }
        return;
    }
    if office.book.repeating.of_row(member, row).is_some() {
        return;
    }
    let Some(id) = &row.exchange else {
        broken.push(format!("row {} is the copy of nothing", row.id));
        return;
    };
    let original = Home::Outlook(id.clone());
    if office.book.find(member, &original).is_some() || row.deleted {
        return;
    }
    // A copy of ours that its owner took away and brought back is like one that was pasted. Once it
    // is purged, nobody knows any more whose copy it was.
    let item = sides.items.iter().find(|item| item.id == *id);
    let marker = item.map(|item| item.marker.clone());
    let mut things = office.book.things.iter();
    let back = things.any(|thing| {
        let is_original = match (&thing.home, &marker) {
            (Home::Psa(row), Some(marker)) => marker.as_ref() == Some(row),
            (Home::Psa(_), None) => true,
            (Home::Outlook(_), _) => false,
        };
        is_original && thing.member == member && thing.since(0, |act| *act == Act::CopyBack)
    });
    if !back {
        broken.push(format!("row {} copies {id}, which no person made", row.id));
    }
}
