//! What people and servers do at random.

use proptest::prelude::*;

use super::judge::SECRET;
use super::vocabulary::*;
use super::world::World;
use crate::contract::*;

/// A deed; numbers pick an item among those there are.
#[derive(Clone, Debug)]
pub enum Deed {
    BookInPsa(i64),
    BookInOutlook(i64, usize),
    MoveRow(usize, i64),
    RewriteRow(usize, usize),
    HideRow(usize),
    DeleteRow(usize),
    MoveEvent(usize, i64),
    RewriteEvent(usize, usize),
    Sensitivity(usize, usize),
    ShowAs(usize, usize),
    Answer(usize, usize),
    Invite(usize),
    Uninvite(usize),
    Cancel(usize),
    DeleteEvent(usize),
    Paste(usize),
    Bump(usize),
    LoseLinks,
    LoseSomeLinks(usize),
    FullRead,
    PushesFail,
    Mode(usize),
    SendFreeTime(bool),
    Exports(bool),
    WindowMoves,
}

impl Deed {
    pub fn needs_full_read(&self) -> bool {
        matches!(
            self,
            Self::LoseLinks
                | Self::LoseSomeLinks(_)
                | Self::FullRead
                | Self::Mode(_)
                | Self::SendFreeTime(_)
                | Self::Exports(_)
        )
    }
}

/// Some rounds of some deeds each.
pub fn deeds() -> impl Strategy<Value = Vec<Vec<Deed>>> {
    prop::collection::vec(prop::collection::vec(deed(), 0..6), 1..7)
}

fn deed() -> impl Strategy<Value = Deed> {
    let item = || 0_usize..8;
    let time = || prop_oneof![1 => -200_i64..0, 9 => 0_i64..200];
    prop_oneof![
        3 => time().prop_map(Deed::BookInPsa),
        3 => (time(), 0_usize..4).prop_map(|(time, kind)| Deed::BookInOutlook(time, kind)),
        3 => (item(), time()).prop_map(|(item, time)| Deed::MoveRow(item, time)),
        2 => (item(), 0_usize..3).prop_map(|(item, text)| Deed::RewriteRow(item, text)),
        1 => item().prop_map(Deed::HideRow),
        2 => item().prop_map(Deed::DeleteRow),
        3 => (item(), time()).prop_map(|(item, time)| Deed::MoveEvent(item, time)),
        2 => (item(), 0_usize..3).prop_map(|(item, text)| Deed::RewriteEvent(item, text)),
        1 => (item(), 0_usize..4).prop_map(|(item, kind)| Deed::Sensitivity(item, kind)),
        1 => (item(), 0_usize..3).prop_map(|(item, kind)| Deed::ShowAs(item, kind)),
        1 => (item(), 0_usize..3).prop_map(|(item, kind)| Deed::Answer(item, kind)),
        1 => item().prop_map(Deed::Invite),
        1 => item().prop_map(Deed::Uninvite),
        1 => item().prop_map(Deed::Cancel),
        2 => item().prop_map(Deed::DeleteEvent),
        1 => item().prop_map(Deed::Paste),
        1 => item().prop_map(Deed::Bump),
        1 => Just(Deed::LoseLinks),
        1 => item().prop_map(Deed::LoseSomeLinks),
        1 => Just(Deed::FullRead),
        1 => Just(Deed::PushesFail),
        1 => (0_usize..3).prop_map(Deed::Mode),
        1 => any::<bool>().prop_map(Deed::SendFreeTime),
        1 => any::<bool>().prop_map(Deed::Exports),
        1 => Just(Deed::WindowMoves),
    ]
}

/// A span that no other item has: equal content is then the same item, and ambiguity has tests of
/// its own.
fn own_span(world: &mut World, hours: i64) -> Span {
    world.names += 1;
    let start = minute(10, hours, i64::from(world.names));
    let end = minute(10, hours + 1, i64::from(world.names));
    between(start, end)
}

fn pick<'a>(ids: impl Iterator<Item = &'a String>, number: usize) -> Option<String> {
    let ids: Vec<&String> = ids.collect();
    (!ids.is_empty()).then(|| ids[number % ids.len()].clone())
}

pub fn act(world: &mut World, deed: &Deed) {
    let living = |world: &World, number| {
        let rows = world.rows.iter().filter(|(_, row)| !row.deleted);
        pick(rows.map(|(id, _)| id), number)
    };
    let there = |world: &World, number| pick(world.events.keys(), number);
    match deed {
        Deed::BookInPsa(hours) => {
            let span = own_span(world, *hours);
            let title = world.name("title");
            world.book_in_psa(&title, span);
        }
        Deed::BookInOutlook(hours, kind) => {
            let span = own_span(world, *hours);
            let id = world.name("event");
            let mut event = event(&id, &format!("subject {id}"), span);
            match kind {
                0 => {}
                1 => make_private(&mut event, 1),
                2 => event.meeting.attendees.push(attendee("Ann")),
                _ => {
                    event.meeting.owner_organizes = false;
                    event.response = Response::NotResponded;
                }
            }
            world.put(event);
        }
        Deed::MoveRow(item, hours) => {
            if let Some(id) = living(world, *item) {
                let span = own_span(world, *hours);
                world.edit_row(&id, |it| it.span = span);
            }
        }
        Deed::RewriteRow(item, text) => {
            if let Some(id) = living(world, *item) {
                world.edit_row(&id, |it| it.title = format!("psa text {text} of {id}"));
            }
        }
        Deed::HideRow(item) => {
            if let Some(id) = living(world, *item) {
                world.edit_row(&id, |it| it.private = !it.private);
            }
        }
        Deed::DeleteRow(item) => {
            if let Some(id) = living(world, *item) {
                world.delete_row(&id);
            }
        }
        Deed::MoveEvent(item, hours) => {
            if let Some(id) = there(world, *item) {
                let span = own_span(world, *hours);
                world.edit_event(&id, |it| it.span = span);
            }
        }
        Deed::RewriteEvent(item, text) => {
            if let Some(id) = there(world, *item) {
                world.edit_event(&id, |it| {
                    let secret = it.sensitivity != Sensitivity::Normal;
                    let word = if secret { SECRET } else { "open" };
                    it.subject = format!("{word} {text} of {id}");
                    it.location = format!("{word} place");
                });
            }
        }
        Deed::Sensitivity(item, kind) => {
            if let Some(id) = there(world, *item) {
                world.edit_event(&id, |it| make_private(it, *kind));
            }
        }
        Deed::ShowAs(item, kind) => {
            if let Some(id) = there(world, *item) {
                let kinds = [ShowAs::Free, ShowAs::Busy, ShowAs::OutOfOffice];
                world.edit_event(&id, |it| it.show_as = kinds[*kind]);
            }
        }
        Deed::Answer(item, kind) => {
            if let Some(id) = there(world, *item) {
                let kinds = [
                    Response::Declined,
                    Response::Accepted,
                    Response::NotResponded,
                ];
                world.edit_event(&id, |it| {
                    if !it.meeting.owner_organizes {
                        it.response = kinds[*kind];
                    }
                });
            }
        }
        Deed::Invite(item) => {
            if let Some(id) = there(world, *item) {
                world.edit_event(&id, |it| it.meeting.attendees.push(attendee("Bob")));
            }
        }
        Deed::Uninvite(item) => {
            if let Some(id) = there(world, *item) {
                world.edit_event(&id, |it| it.meeting.attendees.clear());
            }
        }
        Deed::Cancel(item) => {
            if let Some(id) = there(world, *item) {
                world.edit_event(&id, |it| it.cancelled = !it.meeting.owner_organizes);
            }
        }
        Deed::DeleteEvent(item) => {
            if let Some(id) = there(world, *item) {
                world.delete_event(&id);
            }
        }
        Deed::Paste(item) => {
            if let Some(id) = there(world, *item) {
                let span = own_span(world, 3);
                let copy = world.paste(&id);
                world.edit_event(&copy, |it| it.span = span);
            }
        }
        Deed::Bump(item) => {
            if let Some(id) = there(world, *item) {
                world.bump(&id);
            }
        }
        Deed::LoseLinks => world.lose_links(),
        Deed::LoseSomeLinks(part) => world.lose_some_links(*part),
        Deed::FullRead | Deed::PushesFail => {}
        Deed::Mode(mode) => {
            let modes = [
                ImportMode::AllDetails,
                ImportMode::NoDetails,
                ImportMode::None,
            ];
            world.settings.import_mode = modes[*mode];
        }
        Deed::SendFreeTime(on) => world.settings.send_free_time = *on,
        Deed::Exports(on) => world.settings.export_appointments = *on,
        Deed::WindowMoves => world.window.start.microseconds += 86_400_000_000,
    }
}

/// Private in one of three ways, and then its texts are secrets; or open again, with new texts.
fn make_private(event: &mut ExchangeEvent, kind: usize) {
    event.sensitivity = [
        Sensitivity::Normal,
        Sensitivity::Private,
        Sensitivity::Personal,
        Sensitivity::Confidential,
    ][kind];
    let word = if kind == 0 { "open" } else { SECRET };
    event.subject = format!("{word} subject of {}", event.id.value);
    event.body = format!("{word} body");
}
