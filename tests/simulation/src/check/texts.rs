//! What a copy says: what its original says, by sections 3 and 4.

use exchange::{Response, Sensitivity, ShowAs};
use tandem::contract::{Appointment, ImportMode};

use super::pair::Case;
use super::wording;
use crate::book::{Act, Home, Step, is_change};
use crate::look::{Item, Row};
use crate::words::words;

/// The longest title and description of the PSA, in characters.
const TITLE: usize = 256;
const DESCRIPTION: usize = 8_000;

/// Judges the texts of a copy.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    match &case.thing.home {
        Home::Outlook(_) => in_psa(case),
        Home::Psa(_) => in_exchange(case),
    }
}

fn in_psa(case: &Case<'_>) -> Vec<String> {
    let (Some(mode), Some(item)) = (case.rules.import, case.item()) else {
        return Vec::new();
    };
    let rows = case.rows();
    let [row] = rows.as_slice() else {
        return Vec::new();
    };
    let written = Written {
        // One that is sent again says what it said before.
        original: case.thing.last(|act| *act == Act::Rewritten),
        copy: case.last_of_meeting(|act| *act == Act::CopyChanged),
    };
    of_copy(item, row, mode, false, written)
}

/// When people wrote texts last; 0 where nobody did.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// On the original.
    pub original: Step,
    /// On its copy.
    pub copy: Step,
}

/// Judges what a copy in the PSA says of an item, or of an occurrence of a series.
pub fn of_copy(
    item: &Item,
    row: &Row,
    mode: ImportMode,
    recurs: bool,
    written: Written,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let private = item.content.sensitivity != Sensitivity::Normal;
    let Some(fields) = row.appointment() else {
        return vec![format!("its copy is no appointment: {row:?}")];
    };
    let flags = [
        ("private", fields.private, private),
        ("free", fields.free, item.content.show_as == ShowAs::Free),
        (
            "not answered",
            fields.not_answered,
            item.content.response == Response::NotResponded,
        ),
        ("recurring", fields.recurring, recurs),
    ];
    for (name, is, wanted) in flags {
        if is != wanted {
            wrong.push(format!("its copy is {name}: {is}"));
        }
    }
    let is_edited = written.copy > 0;
    if mode == ImportMode::AllDetails && !private {
        if !is_edited || written.copy < written.original {
            wrong.extend(details(item, fields));
        }
    } else if !is_edited && (fields.title != "Appointment" || !fields.description.is_empty()) {
        // What somebody in the PSA writes there stays: nothing that may be told has changed.
        wrong.push(format!("its copy tells details: {fields:?}"));
    }
    wrong
}

/// Subject, body, location and participants, as far as there is room.
fn details(item: &Item, fields: &Appointment) -> Vec<String> {
    let mut wrong = Vec::new();
    let subject = item.content.subject.trim();
    let short = subject.chars().count() <= TITLE;
    let title_is_good = if short {
        fields.title == subject
    } else {
        let begins = subject
            .chars()
            .zip(fields.title.chars())
            .take(TITLE - 1)
            .all(|(one, other)| one == other);
        fields.title.chars().count() <= TITLE && begins
    };
    if !title_is_good {
        wrong.push(format!("its copy's title is {:?}", fields.title));
    }
    let (body, description) = (words(&item.body), words(&fields.description));
    let has_room = item.body.chars().count() < DESCRIPTION - 1_000;
    if has_room && !description.starts_with(&body) {
        wrong.push(format!(
            "its copy's description is {:?}",
            fields.description
        ));
    }
    let begins = body
        .iter()
        .zip(&description)
        .take(500)
        .all(|(one, other)| one == other);
    if !begins || fields.description.chars().count() > DESCRIPTION {
        wrong.push("its copy's description is cut in a wrong way".to_owned());
    }
    let people = item.content.attendees.iter().map(|it| &it.person.address);
    for part in people.chain([&item.content.location]) {
        if !fields.description.contains(part.as_str()) {
            wrong.push(format!("its copy does not tell {part:?}"));
        }
    }
    wrong
}

fn in_exchange(case: &Case<'_>) -> Vec<String> {
    let left = case.ever(|act| matches!(act, Act::CopyInvited | Act::CopyBack));
    if left || case.may_be_a_pasted_one() {
        return Vec::new();
    }
    let items = case.items();
    let (Some(row), [item]) = (case.row_that_travels(), items.as_slice()) else {
        return Vec::new();
    };
    let edited = case.thing.last(|act| *act == Act::CopyChanged);
    let is_edited = edited >= case.thing.last(is_change);
    if is_edited && !case.is_put_right() {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let wanted = wording::of(&row.fields, case.business);
    let content = &item.content;
    if !wanted.is_the_subject(&content.subject) {
        wrong.push(format!("its copy's subject is {:?}", content.subject));
    }
    let is_told = wanted.is_told_by(&item.body) && item.body.contains(&row.id);
    if !is_told && (!is_edited || case.body_was_read()) {
        wrong.push(format!("its copy's body is {:?}", item.body));
    }
    let mut place = wanted.location.iter().flatten();
    if !place.all(|part| content.location.contains(part.as_str())) {
        wrong.push(format!("its copy's location is {:?}", content.location));
    }
    if !content.attendees.is_empty() {
        wrong.push("its copy has attendees".to_owned());
    }
    // What people make of a call's copy beside our texts is theirs.
    if is_edited {
        return wrong;
    }
    if (content.sensitivity == Sensitivity::Private) != wanted.private {
        wrong.push(format!("its copy is {:?}", content.sensitivity));
    }
    if content.show_as != ShowAs::Busy {
        wrong.push(format!("its copy shows as {:?}", content.show_as));
    }
    wrong
}
