//! An admin switches a user off, has all copies removed that Tandem made for the user, and switches the
//! user on again, who then begins from the beginning.

use std::sync::Arc;

use tandem::cycle::Options;
use tokio::sync::Mutex;

use super::settings::save_all;
use crate::Result;
use crate::book::{Act, Home};
use crate::contacts;
use crate::machine::{Ended, Machine};
use crate::office::Office;

/// Does all of it, and tells what of the promise was broken: neither side holds a copy any more that
/// nobody else has a share in.
///
/// # Errors
/// When the machine cannot give what is needed.
pub async fn act(
    office: &Arc<Mutex<Office>>,
    machine: &mut Machine,
    member: usize,
) -> Result<Vec<String>> {
    switch(office, machine, member, false).await?;
    let links_were_lost = office.lock().await.book.lost_its_links();
    let removing = Options {
        removing: true,
        ..Options::default()
    };
    let ended = machine.cycle(member, removing).await?;
    let is_whole = matches!(&ended, Ended::Done(report) if report.counts.failed == 0);
    let broken = if is_whole && !links_were_lost {
        what_is_left(&*office.lock().await, member).await?
    } else {
        Vec::new()
    };
    note(&mut *office.lock().await, member, is_whole);
    switch(office, machine, member, true).await?;
    Ok(broken)
}

async fn switch(
    office: &Arc<Mutex<Office>>,
    machine: &Machine,
    member: usize,
    enabled: bool,
) -> Result<()> {
    let mut office = office.lock().await;
    if let Some(member) = office.members.get_mut(member) {
        member.enabled = enabled;
    }
    let how = if enabled { "on" } else { "off" };
    let who = office.member(member)?.user;
    office.trace.say(format!("  {who} is switched {how}"));
    save_all(&mut office, &machine.desk).await
}

/// Copies that are there still although nothing stood in the way of their removal.
async fn what_is_left(office: &Office, member: usize) -> Result<Vec<String>> {
    let mut left = Vec::new();
    for row in office.rows(member).await? {
        if !row.of_psa && !row.deleted {
            left.push(format!("row {} was not removed with all copies", row.id));
        }
    }
    for item in office.items(member)? {
        let thing = office.thing_of_item(member, &item);
        let thing = thing.and_then(|thing| office.book.things.get(thing));
        // One to which somebody invited others, or that was away, is no more ours alone; and one whose
        // record is gone may have lost its link before.
        let is_ours = thing.is_some_and(|thing| {
            let theirs = |act: &Act| {
                let stays = matches!(act, Act::CopyInvited | Act::CopyBack);
                stays || matches!(act, Act::Gone | Act::StaysHome)
            };
            matches!(thing.home, Home::Psa(_)) && !thing.since(0, theirs)
        });
        if item.by_program && item.lives() && is_ours {
            left.push(format!("item {} was not removed with all copies", item.id));
        }
    }
    let address = office.member(member)?.address;
    for item in contacts::look::items(&office.exchange, &address)? {
        let was_pasted = |contact: &String| office.book.contacts.was_pasted(member, contact);
        if item.marker.as_ref().is_some_and(|it| !was_pasted(it)) {
            left.push(format!(
                "contact {} was not removed with all copies",
                item.id
            ));
        }
    }
    Ok(left)
}

/// What was known of the pairs is gone with the copies. A removal that the server carried out and denied
/// looks like their user's afterwards.
fn note(office: &mut Office, member: usize, is_whole: bool) {
    let things = office.book.things.iter().enumerate();
    let here: Vec<usize> = things
        .filter(|(_, thing)| thing.member == member)
        .map(|(place, _)| place)
        .collect();
    for (place, series) in office.book.repeating.all.clone().iter().enumerate() {
        if series.member == member {
            office.book.note_series(place, Act::CopyRemoved);
        }
    }
    for thing in here {
        office.book.note(thing, Act::CopyRemoved);
        if !is_whole {
            office.book.note(thing, Act::CopyGone);
        }
    }
    office.book.unlinked = office.book.turn();
}
