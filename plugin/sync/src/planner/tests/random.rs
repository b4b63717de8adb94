//! What people and servers do at random.

use proptest::prelude::*;

use super::judge::SECRET;
use super::vocabulary::*;
use super::world::World;
use super::world_kinds::{Chosen, set_span, span_of};
use crate::contract::*;
use crate::series::slot;

/// A deed; numbers pick an item among those there are.
#[derive(Clone, Debug)]
pub enum Deed {
    BookInPsa(i64, ItemKind),
    EnterContact(bool, bool),
    BookInOutlook(i64, usize),
    BookSeries(i64, i64),
    Retime(usize, i64),
    DeleteSeries(usize),
    MoveRow(usize, i64),
    RewriteRow(usize, usize),
    HideRow(usize),
    KeepAtHome(usize),
    Choose(usize, bool, bool),
    Select(usize),
    DeleteRow(usize),
    RewriteContact(usize),
    DeleteContact(usize),
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
    Exports(ItemKind, bool),
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
                | Self::Exports(..)
                | Self::Select(_)
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
        4 => (time(), calendar_kind()).prop_map(|(time, kind)| Deed::BookInPsa(time, kind)),
        1 => any::<(bool, bool)>().prop_map(|(own, territory)| Deed::EnterContact(own, territory)),
        3 => (time(), 0_usize..4).prop_map(|(time, kind)| Deed::BookInOutlook(time, kind)),
        1 => (1_i64..20, 1_i64..12).prop_map(|(day, step)| Deed::BookSeries(day, step)),
        1 => (item(), 0_i64..40).prop_map(|(item, hours)| Deed::Retime(item, hours)),
        1 => item().prop_map(Deed::DeleteSeries),
        3 => (item(), time()).prop_map(|(item, time)| Deed::MoveRow(item, time)),
        2 => (item(), 0_usize..3).prop_map(|(item, text)| Deed::RewriteRow(item, text)),
        1 => item().prop_map(Deed::HideRow),
        1 => item().prop_map(Deed::KeepAtHome),
        1 => (item(), any::<bool>(), any::<bool>())
            .prop_map(|(item, own, territory)| Deed::Choose(item, own, territory)),
        1 => (0_usize..3).prop_map(Deed::Select),
        2 => item().prop_map(Deed::DeleteRow),
        1 => item().prop_map(Deed::RewriteContact),
        1 => item().prop_map(Deed::DeleteContact),
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
        1 => (any_kind(), any::<bool>()).prop_map(|(kind, on)| Deed::Exports(kind, on)),
        1 => Just(Deed::WindowMoves),
    ]
}

fn calendar_kind() -> impl Strategy<Value = ItemKind> {
    prop_oneof![
        2 => Just(ItemKind::Appointment),
        1 => Just(ItemKind::ToDo),
        2 => Just(ItemKind::ServiceCall),
    ]
}

fn any_kind() -> impl Strategy<Value = ItemKind> {
    prop_oneof![calendar_kind(), Just(ItemKind::Contact)]
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
        Deed::BookInPsa(hours, kind) => {
            let span = own_span(world, *hours);
            let title = world.name("title");
            match kind {
                ItemKind::ToDo => world.book_to_do(&title, span),
                ItemKind::ServiceCall => world.book_call(&title, span),
                _ => world.book_in_psa(&title, span),
            };
        }
        Deed::EnterContact(own, territory) => {
            let surname = world.name("surname");
            let chosen = Chosen {
                own: *own,
                territory: *territory,
                left_one: false,
            };
            world.enter_contact(&surname, chosen);
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
        Deed::BookSeries(day, step) => {
            let days: Vec<i64> = (0..4).map(|number| day + number * step).collect();
            let subject = world.name("series");
            world.book_series(&subject, &days, 7);
        }
        Deed::Retime(item, hours) => {
            if let Some(master) = pick(world.masters.keys(), *item) {
                let days: Vec<i64> = (0..3).map(|number| 5 + number * 9 + hours / 24).collect();
                world.retime(&master, &days, hours % 24);
            }
        }
        Deed::DeleteSeries(item) => {
            if let Some(master) = pick(world.masters.keys(), *item) {
                world.delete_series(&master);
            }
        }
        Deed::MoveRow(item, hours) => {
            if let Some(id) = living(world, *item) {
                let span = own_span(world, *hours);
                if span_of(world.row(&id)).is_some() {
                    world.edit_content(&id, |content| set_span(content, span));
                }
            }
        }
        Deed::RewriteRow(item, text) => {
            if let Some(id) = living(world, *item) {
                let text = format!("psa text {text} of {id}");
                world.edit_content(&id, |content| match content {
                    PsaContent::Appointment(it) => it.title = text,
                    PsaContent::ToDo(it) => it.action_type = text,
                    PsaContent::ServiceCall(it) => it.description = text,
                    PsaContent::Contact(it) => it.fields.job_title = text,
                });
            }
        }
        Deed::HideRow(item) => {
            if let Some(id) = living(world, *item) {
                world.edit_content(&id, |content| match content {
                    PsaContent::Appointment(it) => it.private = !it.private,
                    PsaContent::ToDo(it) => it.completed = !it.completed,
                    PsaContent::ServiceCall(it) => it.status = format!("status of {}", it.status),
                    PsaContent::Contact(_) => {}
                });
            }
        }
        Deed::KeepAtHome(item) => {
            if let Some(id) = living(world, *item) {
                world.edit_content(&id, |content| match content {
                    PsaContent::Appointment(_) => {}
                    PsaContent::ToDo(it) => it.on_calendar = !it.on_calendar,
                    PsaContent::ServiceCall(it) => it.assigned = !it.assigned,
                    PsaContent::Contact(it) => it.active = !it.active,
                });
            }
        }
        Deed::Choose(item, own, territory) => {
            let rows = world.chosen.keys().filter(|id| !world.row(id).deleted);
            if let Some(id) = pick(rows, *item) {
                world.edit_chosen(&id, *own, *territory);
            }
        }
        Deed::Select(selection) => {
            let selections = [
                ContactSelection::Own,
                ContactSelection::Territory,
                ContactSelection::All,
            ];
            world.select(selections[*selection]);
        }
        Deed::RewriteContact(item) => {
            if let Some(id) = pick(world.contacts.keys(), *item) {
                world.edit_contact_in_outlook(&id, |it| it.job_title = format!("open job of {id}"));
            }
        }
        Deed::DeleteContact(item) => {
            if let Some(id) = pick(world.contacts.keys(), *item) {
                world.delete_contact_in_outlook(&id);
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
                match slot::of_event(world.event(&id)) {
                    Some(_) => world.cancel_occurrence(&id),
                    None => world.delete_event(&id),
                }
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
        Deed::Exports(kind, on) => {
            let settings = &mut world.settings;
            *match kind {
                ItemKind::Appointment => &mut settings.export_appointments,
                ItemKind::ToDo => &mut settings.export_to_dos,
                ItemKind::ServiceCall => &mut settings.export_service_calls,
                ItemKind::Contact => &mut settings.export_contacts,
            } = *on;
        }
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
