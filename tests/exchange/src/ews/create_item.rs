//! `CreateItem`: appointments, meetings and contacts; answers to invitations and cancellations too.

use super::calendar_item_write;
use super::contact_write;
use super::context::Context;
use super::fields::{self, Class};
use super::item_id::{ItemName, Thing};
use super::notice::{Notice, OF_CREATE};
use super::refusal::Refusal;
use super::response;
use super::sequence::{self, Sequence};
use super::shape::Shape;
use super::stores::{FOLDER_IDS, Place, Store, Stores};
use super::thing;
use super::xml::{Element, Space};
use crate::mailbox::content::Response;
use crate::mailbox::folder::FolderClass;
use crate::mailbox::item::FolderKey;
use crate::mailbox::mail::By;
use crate::mailbox::{Mailbox, Target};

/// What may be made, or was made of what is there already.
const ITEMS: &[&str] = &[
    "Item",
    "Message",
    "CalendarItem",
    "Contact",
    "DistributionList",
    "Task",
    "PostItem",
    "AcceptItem",
    "TentativelyAcceptItem",
    "DeclineItem",
    "CancelCalendarItem",
    "AcceptSharingInvitation",
];

pub fn answer(
    request: &Element,
    stores: &mut Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    let notice = OF_CREATE.read(request.attribute(OF_CREATE.name))?;
    let mut parts = Sequence::of(request, Space::Messages);
    let folder = parts.take("SavedItemFolderId");
    let folder = folder
        .map(|folder| Sequence::of(folder, Space::Types).need_any(FOLDER_IDS))
        .transpose()?;
    let items = Sequence::of(parts.need("Items")?, Space::Types).need_all(ITEMS)?;
    parts.done()?;
    for item in &items {
        check(item)?;
    }
    let outcomes: Vec<_> = items
        .into_iter()
        .map(|item| {
            let made = create(item, folder, notice, stores, context)?;
            let shown = match made {
                Some((store, made)) => {
                    vec![thing::show(
                        stores.get(store)?,
                        made,
                        &Shape::id_only(),
                        context,
                    )?]
                }
                None => Vec::new(),
            };
            Ok(vec![Element::messages("Items").with_all(shown)])
        })
        .collect();
    Ok(response::of("CreateItem", outcomes))
}

/// The fields of an item must be those of its kind, in the schema's order.
pub fn check(item: &Element) -> Result<(), Refusal> {
    let class = match item.name.as_str() {
        "CalendarItem" => Class::CalendarItem,
        "Contact" => Class::Contact,
        _ => return Ok(()),
    };
    let order: Vec<&str> = class.fields().map(|field| field.name).collect();
    sequence::check(item, &order, fields::REPEATED)
}

fn create(
    item: &Element,
    folder: Option<&Element>,
    notice: Option<Notice>,
    stores: &mut Stores<'_>,
    context: &Context,
) -> Result<Option<(Store, Thing)>, Refusal> {
    match item.name.as_str() {
        "CalendarItem" => {
            let place = place(folder, FolderClass::Calendar, stores)?;
            let notice = OF_CREATE.required(notice)?;
            let mailbox = stores.get_mut(place.store)?;
            let writing = calendar_item_write::Writing::of_item(item)?;
            let draft = writing.create(&mailbox.zone, context);
            let key = notice.over(mailbox, |mailbox| {
                mailbox.create(place.folder, &draft, None, By::Api, context.now)
            })?;
            Ok(Some((place.store, Thing::Calendar(Target::Item(key)))))
        }
        "Contact" => {
            let place = place(folder, FolderClass::Contacts, stores)?;
            let draft = contact_write::Writing::of_item(item)?.draft();
            let mailbox = stores.get_mut(place.store)?;
            let key = mailbox.create_contact(place.folder, &draft, context.now);
            Ok(Some((place.store, Thing::Contact(key))))
        }
        "AcceptItem" | "TentativelyAcceptItem" | "DeclineItem" | "CancelCalendarItem" => {
            respond(item, stores, context)?;
            Ok(None)
        }
        other => Err(Refusal::new(
            "ErrorInvalidOperation",
            format!("Only calendar items and contacts are kept here, no '{other}'."),
        )),
    }
}

/// Where an item is to lie: where the request says, else where its kind lies.
fn place(
    folder: Option<&Element>,
    class: FolderClass,
    stores: &Stores<'_>,
) -> Result<Place, Refusal> {
    let usual = Place {
        store: Store::Own,
        folder: if class == FolderClass::Calendar {
            FolderKey::CALENDAR
        } else {
            FolderKey::CONTACTS
        },
    };
    let place = match folder {
        Some(folder) => stores.place(folder)?,
        None => usual,
    };
    stores.writable(place.store)?;
    let found = stores.get(place.store)?.folder(place.folder);
    if found.is_some_and(|folder| folder.class == class) {
        Ok(place)
    } else if class == FolderClass::Calendar {
        Err(Refusal::new(
            "ErrorCannotCreateCalendarItemInNonCalendarFolder",
            "Cannot create a calendar item in a folder that is no calendar.",
        ))
    } else {
        Err(Refusal::new(
            "ErrorCannotCreateContactInNonContactFolder",
            "Cannot create a contact in a folder that is not for contacts.",
        ))
    }
}

/// Answers an invitation, or calls a meeting off.
fn respond(item: &Element, stores: &mut Stores<'_>, context: &Context) -> Result<(), Refusal> {
    let reference = item
        .child("ReferenceItemId")
        .ok_or_else(|| Refusal::schema("A response needs a ReferenceItemId."))?;
    let (store, named) = ItemName::read(reference)?.find(stores, context)?;
    stores.writable(store)?;
    let mailbox = stores.get_mut(store)?;
    let Thing::Calendar(target) = named else {
        return Err(Refusal::no_item());
    };
    let organizer = is_organizer(mailbox, target);
    let response = match item.name.as_str() {
        "CancelCalendarItem" if organizer => {
            mailbox.delete(target, By::Api, context.now)?;
            return Ok(());
        }
        "CancelCalendarItem" => {
            return Err(Refusal::new(
                "ErrorCalendarIsNotOrganizer",
                "You must be the organizer to perform this action.",
            ));
        }
        "AcceptItem" => (Response::Accepted, "ErrorCalendarIsOrganizerForAccept"),
        "DeclineItem" => (Response::Declined, "ErrorCalendarIsOrganizerForDecline"),
        _ => (
            Response::TentativelyAccepted,
            "ErrorCalendarIsOrganizerForTentative",
        ),
    };
    let (response, refused) = response;
    if organizer {
        return Err(Refusal::new(
            refused,
            "You cannot respond to a meeting that you organise.",
        ));
    }
    mailbox.respond(target.key(), response, By::Api, context.now)?;
    Ok(())
}

fn is_organizer(mailbox: &Mailbox, target: Target) -> bool {
    mailbox
        .item(target.key())
        .is_some_and(|item| item.content.is_organizer())
}
