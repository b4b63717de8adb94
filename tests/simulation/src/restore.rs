//! Yesterday's database: a copy that was taken at a quiet moment comes back, the PSA's rows among it.
//!
//! What people did in the PSA since then never happened. What they did in Outlook did, and what
//! Tandem wrote there meanwhile looks like a deed of theirs.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::Result;
use crate::book::{Act, Book, Home, Thing};
use crate::look;
use crate::machine::Machine;
use crate::office::{Member, Office, Wishes};

/// A copy of the database, and what people knew when it was taken.
pub struct Backup {
    file: PathBuf,
    book: Book,
    wishes: Wishes,
    members: Vec<Member>,
}

/// Takes a copy, at a moment at which nothing is left to do.
///
/// # Errors
/// When it cannot be written.
pub async fn take(office: &Arc<Mutex<Office>>, machine: &Machine, file: PathBuf) -> Result<Backup> {
    machine.back_up(&file).await?;
    let office = office.lock().await;
    office.trace.say("  the database is copied");
    Ok(Backup {
        file,
        book: office.book.clone(),
        wishes: office.wishes,
        members: office.members.clone(),
    })
}

/// Puts it back, unless links were lost since: of two disasters in a row only markers tell what was
/// ours, and they do not tell it from what somebody pasted.
///
/// # Errors
/// When the database does not open.
pub async fn restore(
    backup: &Backup,
    office: &Arc<Mutex<Office>>,
    machine: &mut Machine,
) -> Result<()> {
    if office.lock().await.book.unlinked > backup.book.step {
        return Ok(());
    }
    machine.restore(&backup.file).await?;
    let mut office = office.lock().await;
    let office = &mut *office;
    office.trace.say("  yesterday's database is restored");
    office.wishes = backup.wishes;
    for (member, then) in office.members.iter_mut().zip(&backup.members) {
        member.imports = then.imports;
        member.exports = then.exports;
    }
    office.book = rewritten(&backup.book, &office.book);
    office.book.restored = office.book.turn();
    office.book.resettled = office.book.restored;
    for member in &office.members {
        for item in look::items(&office.exchange, &member.address)? {
            let row = item.marker.clone().filter(|_| item.by_program);
            if item.lives() && row.is_some_and(|row| !office.book.records.contains_key(&row)) {
                office.book.orphans.insert(item.id);
            }
        }
    }
    Ok(())
}

/// The book as it was then, with all that happened in Outlook since.
fn rewritten(then: &Book, now: &Book) -> Book {
    let mut book = Book {
        step: now.step,
        cycles: now.cycles.clone(),
        orphans: now.orphans.clone(),
        contacts: now.contacts.put_back(&then.contacts),
        repeating: now.repeating.put_back(&then.repeating, then.step),
        ..then.clone()
    };
    for thing in &now.things {
        let since = thing.acts.iter().filter(|(step, _)| *step > then.step);
        let acts = since.filter_map(|(step, act)| Some((*step, in_outlook(&thing.home, act)?)));
        let known = then
            .find(thing.member, &thing.home)
            .and_then(|at| book.things.get_mut(at));
        match (known, &thing.home) {
            (Some(known), home) => {
                known.acts.extend(acts);
                if matches!(home, Home::Outlook(_)) {
                    known.content.clone_from(&thing.content);
                    known.place.clone_from(&thing.place);
                }
            }
            (None, Home::Outlook(_)) => book.things.push(Thing {
                unwanted: None,
                acts: acts.collect(),
                ..thing.clone()
            }),
            // The call was not assigned to this user yet.
            (None, Home::Psa(id)) if book.records.contains_key(id) => {
                let acts = acts.collect();
                let thing = thing.clone();
                book.things.push(Thing { acts, ..thing });
            }
            // The record never was; its copy is left alone.
            (None, Home::Psa(_)) => {}
        }
    }
    book
}

/// How a deed looks in Outlook, after Tandem may have followed it there; none where it left no trace.
fn in_outlook(home: &Home, act: &Act) -> Option<Act> {
    Some(match (home, act) {
        (
            Home::Outlook(_),
            Act::CopyChanged | Act::CopyGone | Act::CopyBack | Act::CopyRemoved | Act::CopyInvited,
        ) => return None,
        (Home::Psa(_), Act::Made(when) | Act::Moved(when)) => Act::CopyMoved(*when),
        (Home::Psa(_), Act::Rewritten | Act::Changed | Act::Quoted) => Act::CopyChanged,
        (Home::Psa(_), Act::Gone | Act::StaysHome) => Act::CopyGone,
        (Home::Psa(_), Act::TravelsAgain) => Act::CopyBack,
        (_, act) => act.clone(),
    })
}
