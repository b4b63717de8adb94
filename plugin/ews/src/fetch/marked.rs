//! Finding items by their markers, after a crash, before a second create, or when links are made again.
//!
//! A restriction is tried first. That it finds nothing is weak evidence: before it counts, the folder
//! is listed once without one, and markers are compared here. The server compares them without case,
//! and so is compared here.

use sync::contract::{Fault, Marker, MarkerReading, TenantId};
use sync::kit::harvest::Harvest;
use sync::marker;
use transport::Transport;

use super::look;
use crate::event::wire::ExtendedProperty;
use crate::event::{self, Reading};
use crate::operation::message::{Item, Items};
use crate::operation::{Folder, find_item, shape};
use crate::server::Server;
use crate::xml::Element;

/// How many markers are sought by one restriction.
const SOUGHT: usize = 10;
/// How many items a page has with a restriction.
const RESTRICTED: u32 = 250;
/// How many items a page has without one.
const UNRESTRICTED: u32 = 1_000;
/// How many pages of a folder are read at most.
const MOST_PAGES: usize = 50;

/// All events with these markers, in any generation.
///
/// # Errors
/// Whatever keeps the search from being finished: to go on without what it would find would make
/// another copy.
pub fn events<T: Transport>(
    server: &Server<'_, T>,
    wanted: &[Marker],
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let mut ids: Vec<String> = Vec::new();
    let mut missing: Vec<&Marker> = Vec::new();
    let folder = server.folder(Folder::Calendar)?;
    for some in wanted.chunks(SOUGHT) {
        let beginnings: Vec<String> = some.iter().map(marker::prefix).collect();
        let found = restricted(server, &folder, &beginnings)?;
        for one in some {
            let before = ids.len();
            add(&mut ids, &found, |it| marker::same_item(it, one));
            if ids.len() == before {
                missing.push(one);
            }
        }
    }
    if !missing.is_empty() {
        let all = listed(server, &folder, UNRESTRICTED, &[])?;
        add(&mut ids, &all, |it| {
            missing.iter().any(|one| marker::same_item(it, one))
        });
    }
    finished(look::events(server, &ids, reading)?)
}

/// All contacts with a marker of the tenant.
///
/// # Errors
/// Whatever keeps the search from being finished.
pub fn contacts<T: Transport>(server: &Server<'_, T>, tenant: &TenantId) -> Result<Harvest, Fault> {
    let is_ours = |it: &Marker| it.tenant.value.eq_ignore_ascii_case(&tenant.value);
    let beginning = format!("{}:", tenant.value);
    let mut ids = Vec::new();
    let folder = server.folder(Folder::Contacts)?;
    let found = restricted(server, &folder, &[beginning])?;
    add(&mut ids, &found, is_ours);
    if ids.is_empty() {
        let all = listed(server, &folder, UNRESTRICTED, &[])?;
        add(&mut ids, &all, is_ours);
    }
    finished(look::contacts(server, &ids)?)
}

/// An item that could not be read may be the very copy that is sought.
fn finished(harvest: Harvest) -> Result<Harvest, Fault> {
    const READ: [&str; 2] = ["zone-unknown", "rule-unknown"];
    let mut unread = harvest.remarks.iter();
    match unread.find(|remark| !READ.contains(&remark.code.as_str())) {
        Some(remark) => Err(Fault::NotUnderstood(remark.text.clone())),
        None => Ok(harvest),
    }
}

/// An item's id and marker.
type Named = (String, Marker);

fn add(ids: &mut Vec<String>, found: &[Named], fits: impl Fn(&Marker) -> bool) {
    for (id, marker) in found {
        if fits(marker) && !ids.contains(id) {
            ids.push(id.clone());
        }
    }
}

/// The items whose markers begin so. A restriction that the server refuses finds nothing, as one that
/// silently fails does.
fn restricted<T: Transport>(
    server: &Server<'_, T>,
    folder: &Element,
    beginnings: &[String],
) -> Result<Vec<Named>, Fault> {
    match listed(server, folder, RESTRICTED, beginnings) {
        Err(Fault::Refused(_)) => Ok(Vec::new()),
        found => found,
    }
}

/// The marked items of a folder, page by page to its end.
fn listed<T: Transport>(
    server: &Server<'_, T>,
    folder: &Element,
    most: u32,
    beginnings: &[String],
) -> Result<Vec<Named>, Fault> {
    let mut named = Vec::new();
    let mut offset = 0;
    for _ in 0..MOST_PAGES {
        let restriction = find_item::marked(beginnings);
        let request = find_item::list(folder.clone(), shape::MARKED, offset, most, restriction);
        let found = find_item::read(server.one(request)?)
            .map_err(|expected| Fault::NotUnderstood(format!("expected {expected}")))?;
        let count = found.items.list.len();
        named.extend(marked(found.items));
        if found.is_last {
            return Ok(named);
        }
        let next = found.next_offset.unwrap_or(offset + count);
        if next <= offset {
            break;
        }
        offset = next;
    }
    Err(Fault::NotUnderstood(
        "expected a list of the folder with an end: it is too long, or repeats its pages"
            .to_owned(),
    ))
}

fn marked(items: Items) -> impl Iterator<Item = Named> {
    items.list.into_iter().filter_map(|item| {
        let read = |id: String, properties: &[ExtendedProperty]| match event::marker_of(properties)
        {
            MarkerReading::Present(marker) => Some((id, marker)),
            _ => None,
        };
        match item {
            Item::CalendarItem(item) => read(item.item_id.id, &item.extended_property),
            Item::Contact(item) => read(item.item_id.id, &item.extended_property),
            Item::Other => None,
        }
    })
}
