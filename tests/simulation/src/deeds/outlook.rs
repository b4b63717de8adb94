//! What people do in Outlook.

use exchange::{Attendee, Body, Draft, Outlook, Person, Response, Sensitivity, ShowAs};
use tandem::contract::ItemKind;

use crate::book::{Act, Home, Place, Thing};
use crate::look::{self, Item};
use crate::office::{Member, Office};
use crate::when::When;
use crate::words::Texts;
use crate::{Result, series, when, words};

/// Somebody books, edits, moves, answers, invites, copies or deletes.
///
/// # Errors
/// When the mailbox refuses it.
pub fn act(office: &mut Office, number: usize) -> Result<()> {
    let member = office.member(number)?;
    let items = office.items(number)?;
    let what = office
        .dice
        .weighed(&[28, 18, 12, 7, 5, 12, 4, 4, 4, 5, 4, 3, 3]);
    let is_single = |item: &Item| office.book.repeating.find(number, &item.id).is_none();
    let choice: Vec<Item> = items
        .into_iter()
        .filter(|item| item.lives() == (what != 7) && is_single(item))
        .collect();
    let Some(item) = office.dice.pick(&choice).cloned() else {
        return book(office, number, &member);
    };
    if what == 0 {
        return book(office, number, &member);
    }
    to_item(office, number, &item, what)
}

/// Somebody is faster than a write that is under way: does something to one of the items that the
/// write names.
///
/// # Errors
/// When the mailbox refuses it.
pub fn race(office: &mut Office, written: &str) -> Result<()> {
    for number in 0..office.members.len() {
        let items = office.items(number)?;
        let named: Vec<Item> = items
            .into_iter()
            .filter(|item| item.lives() && item.series.is_none())
            .filter(|item| item.is_named_in(written))
            .collect();
        if let Some(item) = office.dice.pick(&named).cloned() {
            let what = office.dice.one([MOVE, REWRITE, INVITE, INVITE, DELETE]);
            return to_item(office, number, &item, what);
        }
        series::outlook::race(office, number, written)?;
    }
    Ok(())
}

/// Something that never gives up, such as a phone or another tool, does the same to the copy of a
/// service call once more.
///
/// # Errors
/// When the mailbox refuses it.
pub fn nag(office: &mut Office) -> Result<()> {
    for number in 0..office.members.len() {
        let items = office.items(number)?;
        let is_call = |item: &Item| {
            let thing = office.thing_of_item(number, item);
            let thing = thing.and_then(|thing| office.book.things.get(thing));
            item.by_program && thing.is_some_and(|it| it.kind == ItemKind::ServiceCall)
        };
        let call = items.iter().find(|item| item.lives() && is_call(item));
        if let Some(call) = call.cloned() {
            let what = office.dice.one([MOVE, MOVE, REWRITE, REWRITE, DELETE]);
            return to_item(office, number, &call, what);
        }
    }
    Ok(())
}

const MOVE: usize = 1;
const REWRITE: usize = 2;
const INVITE: usize = 4;
const DELETE: usize = 5;

fn to_item(office: &mut Office, number: usize, item: &Item, what: usize) -> Result<()> {
    let member = office.member(number)?;
    let is_copy = item.by_program;
    let outlook = office.exchange.person(&member.address);
    let acts = match what {
        MOVE => move_it(office, &member, &outlook, item)?,
        REWRITE => rewrite(office, &outlook, item)?,
        3 => look_otherwise(office, &outlook, item)?,
        INVITE => invite(office, &outlook, item)?,
        DELETE => {
            outlook.delete(&item.id)?;
            Some((Act::Gone, Act::CopyGone))
        }
        6 => {
            outlook.move_to(&item.id, "Private things")?;
            Some((Act::Gone, Act::CopyGone))
        }
        7 => {
            outlook.move_to(&item.id, "Calendar")?;
            Some((Act::Back, Act::CopyBack))
        }
        8 => return paste(office, number, &outlook, item),
        9 => answer(office, &outlook, item)?,
        10 if item.content.is_organizer() => None,
        10 => {
            outlook.cancel(&item.id)?;
            Some((Act::Changed, Act::CopyChanged))
        }
        11 => {
            outlook.purge(&item.id)?;
            Some((Act::Gone, Act::CopyGone))
        }
        _ => {
            outlook.bump(&item.id)?;
            None
        }
    };
    const NAMES: [&str; 13] = [
        "books",
        "moves",
        "rewrites",
        "restyles",
        "invites to",
        "deletes",
        "moves away",
        "brings back",
        "pastes",
        "answers",
        "cancels",
        "purges",
        "touches",
    ];
    if let Some((to_original, to_copy)) = acts {
        let act = if is_copy { to_copy } else { to_original };
        let name = NAMES.get(what).copied().unwrap_or_default();
        let of = if is_copy { "our copy" } else { "item" };
        office.trace.say(format!(
            "  {} {name} {of} {}: {act:?}",
            member.user, item.id
        ));
        // Whatever its owner does with it, it is not Tandem's to answer for any more.
        office.book.orphans.remove(&item.id);
        if let Some(thing) = office.thing_of_item(number, item) {
            office.book.note(thing, act);
            office.keep(thing)?;
        }
    }
    others(office)
}

fn fill(draft: &mut Draft, texts: Texts) {
    draft.subject = Some(texts.subject);
    draft.body = Some(Body {
        html: false,
        content: texts.body,
    });
    draft.location = Some(texts.location);
}

fn book(office: &mut Office, number: usize, member: &Member) -> Result<()> {
    let when = when::draw(
        &mut office.dice,
        office.now,
        &member.zone,
        office.wishes.past_days,
    );
    let mut draft = when.draft(&member.zone);
    let kind = office.dice.weighed(&[50, 12, 10, 12, 12, 4]);
    let word = office.number();
    fill(&mut draft, words::draw(&mut office.dice, word, kind == 1));
    make_kind(office, member, &mut draft, kind);
    if kind == 5 {
        draft.join_url = Some(Some("https://meet.example.com/7".to_owned()));
    }
    let outlook = office.exchange.person(&member.address);
    let id = outlook.create(&draft)?;
    let when = in_fact(office, member, &id, when)?;
    office.trace.say(format!(
        "  {} books in Outlook: item {id} {when:?} kind {kind}",
        member.user
    ));
    enter(office, number, id, when, None)?;
    others(office)
}

/// When an item takes place as it stands: in the night in which clocks change, a wall time may mean
/// another instant than the one that was thought of.
fn in_fact(office: &Office, member: &Member, id: &str, when: When) -> Result<When> {
    let items = look::items(&office.exchange, &member.address)?;
    let item = items.into_iter().find(|item| item.id == id);
    Ok(item.map_or(when, |item| item.when))
}

/// One of the ways in which an item is private.
pub fn secret(office: &mut Office) -> Sensitivity {
    office.dice.one([
        Sensitivity::Private,
        Sensitivity::Personal,
        Sensitivity::Confidential,
    ])
}

/// Makes an item private (1), free (2), a meeting with guests (3), or one to which somebody else
/// invites (4); any other stays as it is.
pub fn make_kind(office: &mut Office, member: &Member, draft: &mut Draft, kind: usize) {
    match kind {
        1 => draft.sensitivity = Some(secret(office)),
        2 => draft.show_as = Some(ShowAs::Free),
        3 => draft.attendees = Some(guests(office, member)),
        4 => {
            draft.organizer = Some(Person::at("boss@elsewhere.example"));
            let answers = [
                Response::NotResponded,
                Response::Accepted,
                Response::Declined,
            ];
            draft.response = Some(office.dice.one(answers));
            draft.attendees = Some(vec![Attendee::required(&member.address)]);
        }
        _ => {}
    }
}

/// Somebody from elsewhere, and at times a colleague.
pub fn guests(office: &mut Office, member: &Member) -> Vec<Attendee> {
    let mut guests = vec![Attendee::required("guest@elsewhere.example")];
    let colleague = office
        .members
        .iter()
        .find(|it| it.address != member.address);
    if let Some(colleague) = colleague.cloned()
        && office.dice.percent(30)
    {
        guests.push(Attendee::required(&colleague.address));
    }
    guests
}

/// An item that people made stands in the book.
fn enter(
    office: &mut Office,
    member: usize,
    id: String,
    when: When,
    pasted_from: Option<String>,
) -> Result<()> {
    let step = office.book.turn();
    office.book.things.push(Thing {
        member,
        kind: ItemKind::Appointment,
        home: Home::Outlook(id),
        content: None,
        uid: None,
        unwanted: None,
        place: Place::Calendar,
        pasted_from,
        acts: vec![(step, Act::Made(when))],
    });
    office.keep(office.book.things.len().saturating_sub(1))
}

/// Meetings arrive, change and end in the calendars of colleagues too.
///
/// # Errors
/// When there is no such mailbox.
pub fn others(office: &mut Office) -> Result<()> {
    for number in 0..office.members.len() {
        for item in office.items(number)? {
            if item.by_program {
                continue;
            }
            let is_known = office.book.repeating.find(number, &item.id).is_some();
            if is_known || item.series.is_some() {
                series::outlook::arrive(office, number, &item)?;
                continue;
            }
            match office.thing_of_item(number, &item) {
                None => {
                    let marker = item.marker.clone();
                    office.trace.say(format!("    (arrives: item {})", item.id));
                    enter(office, number, item.id, item.when, marker)?;
                }
                Some(thing) => {
                    // Only invitations are changed from elsewhere, and nothing of ours writes one.
                    let known = office.book.things.get(thing);
                    let before = known.and_then(|known| known.content.clone());
                    if let Some(before) = before
                        && !item.content.is_organizer()
                        && before != item.content
                    {
                        office
                            .trace
                            .say(format!("    (is updated: item {})", item.id));
                        if before.cancelled != item.content.cancelled {
                            office.book.note(thing, Act::Changed);
                        }
                        office.book.note(thing, Act::Moved(item.when));
                        office.keep(thing)?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn move_it(
    office: &mut Office,
    member: &Member,
    outlook: &Outlook,
    item: &Item,
) -> Result<Option<(Act, Act)>> {
    let when = when::draw(
        &mut office.dice,
        office.now,
        &member.zone,
        office.wishes.past_days,
    );
    if when == item.when {
        return Ok(None);
    }
    outlook.update(&item.id, &when.draft(&member.zone))?;
    let when = in_fact(office, member, &item.id, when)?;
    Ok(Some((Act::Moved(when), Act::CopyMoved(when))))
}

fn rewrite(office: &mut Office, outlook: &Outlook, item: &Item) -> Result<Option<(Act, Act)>> {
    let mut draft = Draft::default();
    let word = office.number();
    let secret = item.content.sensitivity != Sensitivity::Normal && !item.by_program;
    fill(&mut draft, words::draw(&mut office.dice, word, secret));
    outlook.update(&item.id, &draft)?;
    Ok(Some((Act::Rewritten, Act::CopyChanged)))
}

/// Free or busy, private or not; a private item gets secret texts at once, and loses them at once.
fn look_otherwise(
    office: &mut Office,
    outlook: &Outlook,
    item: &Item,
) -> Result<Option<(Act, Act)>> {
    let mut draft = Draft::default();
    if office.dice.percent(50) {
        let shows = [
            ShowAs::Free,
            ShowAs::Busy,
            ShowAs::Tentative,
            ShowAs::OutOfOffice,
        ];
        let show_as = office.dice.one(shows);
        if show_as == item.content.show_as {
            return Ok(None);
        }
        draft.show_as = Some(show_as);
    } else {
        let hides = item.content.sensitivity == Sensitivity::Normal;
        draft.sensitivity = Some(if hides {
            secret(office)
        } else {
            Sensitivity::Normal
        });
        if !item.by_program {
            let word = office.number();
            fill(&mut draft, words::draw(&mut office.dice, word, hides));
        }
    }
    outlook.update(&item.id, &draft)?;
    let rewritten = draft.subject.is_some();
    let act = if rewritten {
        Act::Rewritten
    } else {
        Act::Changed
    };
    Ok(Some((act, Act::CopyChanged)))
}

fn invite(office: &mut Office, outlook: &Outlook, item: &Item) -> Result<Option<(Act, Act)>> {
    if !item.content.is_organizer() {
        return Ok(None);
    }
    let attendees = if item.content.attendees.is_empty() {
        vec![Attendee::required("guest@elsewhere.example")]
    } else {
        Vec::new()
    };
    let invites = !attendees.is_empty();
    let draft = Draft {
        attendees: Some(attendees),
        ..Draft::default()
    };
    outlook.update(&item.id, &draft)?;
    let _ = office;
    let copy = if invites {
        Act::CopyInvited
    } else {
        Act::CopyChanged
    };
    Ok(Some((Act::Changed, copy)))
}

fn answer(office: &mut Office, outlook: &Outlook, item: &Item) -> Result<Option<(Act, Act)>> {
    let answers = [
        Response::Accepted,
        Response::Declined,
        Response::TentativelyAccepted,
    ];
    let response = office.dice.one(answers);
    if item.content.is_organizer() || item.content.response == response {
        return Ok(None);
    }
    outlook.respond(&item.id, response)?;
    Ok(Some((Act::Changed, Act::CopyChanged)))
}

fn paste(office: &mut Office, number: usize, outlook: &Outlook, item: &Item) -> Result<()> {
    let id = outlook.copy(&item.id)?;
    office
        .trace
        .say(format!("  somebody pastes item {} as {id}", item.id));
    enter(office, number, id, item.when, item.marker.clone())?;
    others(office)
}
