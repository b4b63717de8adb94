//! What people do to series in Outlook.

use chrono::{Days, TimeDelta};
use exchange::{Body, Draft, End, Outlook, Response, Sensitivity, ShowAs, WriteError};

use super::book::{Life, Series, is_on_copy};
use super::draw;
use super::look::{self, Occurrence};
use crate::book::{Act, Home};
use crate::deeds::outlook::{guests, make_kind, others, secret};
use crate::look::Item;
use crate::office::{Member, Office};
use crate::words::{self, Texts};
use crate::{Result, run};

/// More of them hardly tell more.
const MOST: usize = 4;

/// Somebody makes a series, or does something to one or to an occurrence.
///
/// # Errors
/// When the mailbox refuses what should be possible.
pub fn act(office: &mut Office, number: usize) -> Result<()> {
    let items = office.items(number)?.into_iter();
    let known = items.filter(|item| office.book.repeating.find(number, &item.id).is_some());
    let (here, away): (Vec<Item>, Vec<Item>) = known.partition(Item::lives);
    let what = office.dice.weighed(&[20, 45, 25, 5, 5]);
    let one = match what {
        3 => office.dice.pick(&away).cloned(),
        _ => office.dice.pick(&here).cloned(),
    };
    match (what, one) {
        (0, _) if here.len() < MOST => make(office, number),
        (2, Some(item)) => to_series(office, number, &item),
        (3, Some(item)) => bring_back(office, number, &item),
        (4, _) => repeat_single(office, number),
        (_, Some(item)) if item.lives() => to_some_occurrence(office, number, &item),
        _ => make(office, number),
    }
}

/// Somebody is faster than a write that is under way: does something to an occurrence that it names.
///
/// # Errors
/// As [`act`].
pub fn race(office: &mut Office, number: usize, written: &str) -> Result<()> {
    for item in office.items(number)? {
        if item.series.is_none() || !item.lives() {
            continue;
        }
        let mut all = occurrences(office, number, &item)?.into_iter();
        let named = all.find(|it| it.item.is_named_in(written));
        if let Some(occurrence) = named {
            return to_occurrence(office, number, &item, &occurrence);
        }
    }
    Ok(())
}

/// Something new in a calendar repeats, or something there was changed from elsewhere.
///
/// # Errors
/// When there is no such mailbox.
pub fn arrive(office: &mut Office, number: usize, item: &Item) -> Result<()> {
    let Some(place) = office.book.repeating.find(number, &item.id) else {
        let said = format!("    (arrives: series {})", item.id);
        office.trace.say(said);
        enter(office, number, item);
        return Ok(());
    };
    let known = office.book.repeating.all.get(place);
    // Only invitations are changed from elsewhere, and nothing of ours writes one.
    let is_changed = known.is_some_and(|it| it.content != item.content || it.series != item.series);
    if !item.content.is_organizer() && is_changed {
        let said = format!("    (is updated: series {})", item.id);
        office.trace.say(said);
        office.book.note_series(place, Act::Moved(item.when));
        keep(office, place)?;
    }
    Ok(())
}

/// A series stands in the book; a single item that became one stands there from now on, and nowhere
/// else.
fn enter(office: &mut Office, member: usize, item: &Item) {
    let single = office.book.find(member, &Home::Outlook(item.id.clone()));
    let single = single.and_then(|place| office.book.things.get(place));
    let was_unwanted = single.is_some_and(|it| it.since(0, |act| *act == Act::CopyGone));
    let made = match single {
        Some(_) => Act::Moved(item.when),
        None => Act::Made(item.when),
    };
    // An occurrence goes on with its copy, and with what somebody made of that.
    let acts = single.map(|it| it.acts.clone()).unwrap_or_default();
    let acts = acts
        .into_iter()
        .filter(|(_, act)| is_on_copy(act))
        .collect();
    let life = Life {
        acts,
        ..Life::default()
    };
    let step = office.book.turn();
    office.book.repeating.all.push(Series {
        member,
        id: item.id.clone(),
        uid: item.uid.clone(),
        place: item.place.clone(),
        content: item.content.clone(),
        series: item.series.clone(),
        acts: vec![(step, made)],
        lives: [(None, life)].into(),
        rest: Default::default(),
        was_unwanted,
    });
}

/// Keeps how people left a series, after a deed.
fn keep(office: &mut Office, place: usize) -> Result<()> {
    let Some(series) = office.book.repeating.all.get(place) else {
        return Ok(());
    };
    let (member, id) = (series.member, series.id.clone());
    let items = office.items(member)?.into_iter();
    let item = items.into_iter().find(|item| item.id == id);
    if let Some(series) = office.book.repeating.all.get_mut(place) {
        series.keep(item.as_ref());
    }
    Ok(())
}

/// What was done to a whole series stands in the book.
fn note(office: &mut Office, number: usize, id: &str, how: &str, act: Act) -> Result<()> {
    let who = office.member(number)?.user;
    office
        .trace
        .say(format!("  {who} {how} in Outlook: series {id}: {act:?}"));
    if let Some(place) = office.book.repeating.find(number, id) {
        office.book.note_series(place, act);
        keep(office, place)?;
    }
    others(office)
}

/// Whether a deed was done; Exchange refuses some, and then people leave it at that.
fn done<T>(office: &Office, outcome: std::result::Result<T, WriteError>) -> Result<Option<T>> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(
            refused @ (WriteError::CrossesBoundary
            | WriteError::EmptyPattern
            | WriteError::EndBeforeStart),
        ) => {
            office.trace.say(format!("    (is refused: {refused})"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Texts without an empty one: an exception takes over what its master has where it has nothing, and what
/// is secret of the one would stand on the other.
fn fill(office: &mut Office, draft: &mut Draft, is_secret: bool) {
    let word = office.number();
    let texts = words::draw(&mut office.dice, word, is_secret);
    let Texts {
        subject,
        body,
        location,
    } = texts;
    let or_subject = |text: String| {
        if text.is_empty() {
            subject.clone()
        } else {
            text
        }
    };
    draft.body = Some(Body {
        html: false,
        content: or_subject(body),
    });
    draft.location = Some(or_subject(location));
    draft.subject = Some(subject);
}

/// The zone in which somebody makes a series: mostly one's own.
fn some_zone(office: &mut Office, member: &Member) -> Result<exchange::Zone> {
    if office.dice.percent(60) {
        return Ok(member.zone.clone());
    }
    let name = office.dice.one(run::ZONES);
    Ok(exchange::Zone::parse(name).ok_or("an unknown zone")?)
}

fn make(office: &mut Office, number: usize) -> Result<()> {
    let member = office.member(number)?;
    let zone = some_zone(office, &member)?;
    let today = zone.wall(office.now).date();
    let first = draw::first(&mut office.dice, today, &zone);
    let start = zone.wall(first.start(&zone)).date();
    let recurrence = draw::recurrence(&mut office.dice, start, today);
    let said = format!("{recurrence:?}");
    let mut draft = first.draft(&zone).repeating(recurrence);
    let kind = office.dice.weighed(&[55, 13, 10, 11, 11]);
    fill(office, &mut draft, kind == 1);
    make_kind(office, &member, &mut draft, kind);
    let outlook = office.exchange.person(&member.address);
    let Some(id) = done(office, outlook.create(&draft))? else {
        return Ok(());
    };
    office.trace.say(format!(
        "  {} makes a series in Outlook: {id} {first:?} in {}, kind {kind}, {said}",
        member.user,
        zone.name()
    ));
    others(office)
}

/// A single item of a person becomes a series.
fn repeat_single(office: &mut Office, number: usize) -> Result<()> {
    let member = office.member(number)?;
    let items = office.items(number)?.into_iter();
    let is_plain = |item: &Item| {
        let is_known = office.book.repeating.find(number, &item.id).is_some();
        item.lives() && !item.by_program && item.marker.is_none() && !is_known
    };
    let singles: Vec<Item> = items.filter(is_plain).collect();
    let Some(item) = office.dice.pick(&singles).cloned() else {
        return Ok(());
    };
    let start = item.content.start.wall.date();
    let today = member.zone.wall(office.now).date();
    let recurrence = draw::recurrence(&mut office.dice, start, today);
    let said = format!("{recurrence:?}");
    let draft = Draft::default().repeating(recurrence);
    let outlook = office.exchange.person(&member.address);
    if done(office, outlook.update(&item.id, &draft))?.is_some() {
        office.trace.say(format!(
            "  {} lets item {} repeat: {said}",
            member.user, item.id
        ));
        others(office)?;
    }
    Ok(())
}

fn bring_back(office: &mut Office, number: usize, item: &Item) -> Result<()> {
    let address = office.member(number)?.address;
    let outlook = office.exchange.person(&address);
    outlook.move_to(&item.id, "Calendar")?;
    note(office, number, &item.id, "brings back", Act::Back)
}

/// Somebody does something to a whole series.
fn to_series(office: &mut Office, number: usize, item: &Item) -> Result<()> {
    let member = office.member(number)?;
    let outlook = office.exchange.person(&member.address);
    let id = item.id.as_str();
    let what = office
        .dice
        .weighed(&[14, 8, 7, 14, 9, 9, 7, 6, 3, 4, 4, 5, 2, 5, 3]);
    let (how, act) = match what {
        0 => {
            let mut draft = Draft::default();
            let is_secret = item.content.sensitivity != Sensitivity::Normal;
            fill(office, &mut draft, is_secret);
            outlook.update(id, &draft)?;
            ("rewrites", Act::Rewritten)
        }
        1 => {
            let series = item.series.as_ref();
            // Exceptions would follow halfway, and tell secrets of their own.
            if series.is_some_and(|it| !it.exceptions.is_empty()) {
                return Ok(());
            }
            let draft = turned(office, item);
            outlook.update(id, &draft)?;
            ("shows or hides", Act::Rewritten)
        }
        2 => {
            let Some(draft) = shown_otherwise(office, item) else {
                return Ok(());
            };
            outlook.update(id, &draft)?;
            ("restyles", Act::Changed)
        }
        3 => {
            let zone = item.content.start.zone.clone();
            let when = draw::elsewhere(&mut office.dice, item.when, &zone);
            if done(office, outlook.update(id, &when.draft(&zone)))?.is_none() {
                return Ok(());
            }
            ("re-times", Act::Moved(when))
        }
        4 => {
            let today = member.zone.wall(office.now).date();
            let start = item.content.start.wall.date();
            let recurrence = draw::recurrence(&mut office.dice, start, today);
            office.trace.say(format!("    ({recurrence:?})"));
            let draft = Draft::default().repeating(recurrence);
            if done(office, outlook.update(id, &draft))?.is_none() {
                return Ok(());
            }
            ("re-patterns", Act::Moved(item.when))
        }
        5 => {
            let Some(series) = &item.series else {
                return Ok(());
            };
            let today = member.zone.wall(office.now).date();
            let mut recurrence = series.recurrence.clone();
            recurrence.end = End::On(today + TimeDelta::days(office.dice.between(-10, 20)));
            let draft = Draft::default().repeating(recurrence);
            if done(office, outlook.update(id, &draft))?.is_none() {
                return Ok(());
            }
            ("ends", Act::Moved(item.when))
        }
        6 => {
            outlook.delete(id)?;
            ("deletes", Act::Gone)
        }
        7 => {
            outlook.move_to(id, "Private things")?;
            ("moves away", Act::Gone)
        }
        8 => {
            outlook.purge(id)?;
            ("purges", Act::Gone)
        }
        9 => {
            let copy = outlook.copy(id)?;
            let said = format!("  {} pastes series {id} as {copy}", member.user);
            office.trace.say(said);
            return others(office);
        }
        10 => {
            let draft = Draft {
                recurrence: Some(None),
                ..Draft::default()
            };
            outlook.update(id, &draft)?;
            ("makes single", Act::Moved(item.when))
        }
        11 if item.content.is_organizer() => {
            let attendees = match item.content.attendees.is_empty() {
                true => guests(office, &member),
                false => Vec::new(),
            };
            let draft = Draft {
                attendees: Some(attendees),
                ..Draft::default()
            };
            outlook.update(id, &draft)?;
            ("invites to", Act::Changed)
        }
        12 if !item.content.is_organizer() => {
            outlook.cancel(id)?;
            ("cancels", Act::Changed)
        }
        13 if !item.content.is_organizer() => {
            let answers = [
                Response::Accepted,
                Response::Declined,
                Response::TentativelyAccepted,
            ];
            outlook.respond(id, office.dice.one(answers))?;
            ("answers", Act::Changed)
        }
        14 => {
            outlook.bump(id)?;
            return Ok(());
        }
        _ => return Ok(()),
    };
    note(office, number, id, how, act)
}

/// Private, or private no more, with texts that may be read then.
fn turned(office: &mut Office, item: &Item) -> Draft {
    let hides = item.content.sensitivity == Sensitivity::Normal;
    let mut draft = Draft::default();
    fill(office, &mut draft, hides);
    draft.sensitivity = Some(match hides {
        true => secret(office),
        false => Sensitivity::Normal,
    });
    draft
}

fn shown_otherwise(office: &mut Office, item: &Item) -> Option<Draft> {
    let show_as = office
        .dice
        .one([ShowAs::Free, ShowAs::Busy, ShowAs::Tentative]);
    (show_as != item.content.show_as).then(|| Draft {
        show_as: Some(show_as),
        ..Draft::default()
    })
}

/// The occurrences that people see when they look at these weeks.
fn occurrences(office: &Office, number: usize, item: &Item) -> Result<Vec<Occurrence>> {
    let member = office.member(number)?;
    let rules = office.rules(&member);
    let (from, to) = (rules.start - Days::new(4), rules.end + Days::new(15));
    look::occurrences(&office.exchange, &member.address, item, from, to)
}

fn to_some_occurrence(office: &mut Office, number: usize, item: &Item) -> Result<()> {
    if item.series.is_none() {
        return to_series(office, number, item);
    }
    let all = occurrences(office, number, item)?;
    match office.dice.pick(&all).cloned() {
        Some(occurrence) => to_occurrence(office, number, item, &occurrence),
        None => to_series(office, number, item),
    }
}

/// Somebody moves, rewrites, deletes, hides or restyles one occurrence.
fn to_occurrence(
    office: &mut Office,
    number: usize,
    item: &Item,
    occurrence: &Occurrence,
) -> Result<()> {
    let member = office.member(number)?;
    let outlook: Outlook = office.exchange.person(&member.address);
    let one = &occurrence.item;
    let act = match office.dice.weighed(&[42, 20, 20, 10, 8]) {
        0 => {
            let when = draw::elsewhere(&mut office.dice, one.when, &member.zone);
            let draft = when.draft(&member.zone);
            if done(office, outlook.update(&one.id, &draft))?.is_none() {
                return Ok(());
            }
            Act::Moved(when)
        }
        1 => {
            let mut draft = Draft::default();
            let is_secret = one.content.sensitivity != Sensitivity::Normal;
            fill(office, &mut draft, is_secret);
            outlook.update(&one.id, &draft)?;
            Act::Rewritten
        }
        2 => {
            outlook.delete(&one.id)?;
            Act::Gone
        }
        3 => {
            let draft = turned(office, one);
            outlook.update(&one.id, &draft)?;
            Act::Rewritten
        }
        _ => {
            let Some(draft) = shown_otherwise(office, one) else {
                return Ok(());
            };
            outlook.update(&one.id, &draft)?;
            Act::Changed
        }
    };
    office.trace.say(format!(
        "  {} in Outlook: occurrence {} of series {}: {act:?}",
        member.user, one.id, item.id
    ));
    if let Some(place) = office.book.repeating.find(number, &item.id) {
        office.book.note_occurrence(place, occurrence.slot, act);
        keep(office, place)?;
    }
    others(office)
}
