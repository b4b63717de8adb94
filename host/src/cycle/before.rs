//! What the writes of a cycle replace: noted with each of them, so that the cycle can be
//! [undone](super::undo).
//!
//! Of a PSA item it is read in the transaction that writes. What stood in an Exchange item is known
//! where this cycle read it at the version that is to be written; else it is read now, and of our
//! copies the texts too where details do not come over. An item that cannot be read is written all the
//! same: then that write cannot be undone.

use super::guard::Guarded;
use super::lease;
use super::plan::Items;
use super::run::{Context, CycleError};
use crate::contract::{
    Action, AppointmentPatch, Change, EventContent, EventPatch, ExchangeContent, ExchangeEvent,
    ExchangeId, ExchangePatch, FetchRequest, ImportMode, ItemKind, Operation, PsaUpdate, Scope,
    Settings, Span, Zone,
};
use crate::psa::former;
use crate::runtime::Session;
use crate::store::Transaction;
use crate::store::before_image::Reverse;
use crate::store::observation::item_of;

/// How many items are read at once.
const READ: usize = 100;

/// The items of Exchange whose texts are to be written or that are to be deleted, as they are now.
///
/// # Errors
/// When the sandbox fails or the lease is lost. What the server does not tell is left out.
#[tracing::instrument(skip_all)]
pub async fn read(
    context: &mut Context,
    session: &mut Session,
    lease: &lease::Guard,
    guarded: &Guarded,
    items: &Items,
) -> Result<Items, CycleError> {
    let mut known = Items::new();
    let (mut events, mut contacts) = (Vec::new(), Vec::new());
    let bodies_are_read = context.settings.import_mode != ImportMode::NoDetails;
    for operation in &guarded.allowed {
        let Some((id, kind)) = whole_item(operation) else {
            continue;
        };
        match items.get(&id.value) {
            Some(item) if bodies_are_read && is_as_planned_on(item, operation) => {
                known.insert(id.value.clone(), item.clone());
            }
            _ if kind == ItemKind::Contact => contacts.push(id.clone()),
            _ => events.push(id.clone()),
        }
    }
    let events = events.chunks(READ).map(|ids| Scope::Events(ids.to_vec()));
    let contacts = contacts.chunks(READ);
    let contacts = contacts.map(|ids| Scope::Contacts(ids.to_vec()));
    let scopes: Vec<Scope> = events.chain(contacts).collect();
    for scope in scopes {
        lease.extend(&context.host, &mut context.lease).await?;
        for item in told(context, session, scope).await? {
            let written = guarded.allowed.iter();
            let mut written = written
                .filter(|operation| whole_item(operation).map(|it| it.0) == Some(item_of(&item)));
            if written.any(|operation| is_as_planned_on(&item, operation)) {
                known.insert(item_of(&item).value.clone(), item);
            }
        }
    }
    Ok(known)
}

async fn told(
    context: &Context,
    session: &mut Session,
    scope: Scope,
) -> Result<Vec<Change>, CycleError> {
    let request = FetchRequest {
        mailbox: context.mailbox(),
        settings: Settings {
            import_mode: ImportMode::AllDetails,
            ..context.settings.clone()
        },
        profile: context.profile,
        scope,
    };
    let mut pages = session.fetch(&[request]).await?;
    Ok(match pages.pop() {
        Some(Ok(page)) => page.changes,
        Some(Err(_)) | None => Vec::new(),
    })
}

/// The item of which more than the time is replaced. Of an occurrence, which is always somebody's
/// own, that is nothing.
fn whole_item(operation: &Operation) -> Option<(&ExchangeId, ItemKind)> {
    match &operation.action {
        Action::DeleteExchange(deletion) => Some((&deletion.target.id, deletion.kind)),
        Action::UpdateExchange(update) if update.target.slot.is_none() => match &update.patch {
            ExchangePatch::Contact(_) => Some((&update.target.id, ItemKind::Contact)),
            ExchangePatch::Event(patch) if is_time_alone(patch) => None,
            ExchangePatch::Event(_) => Some((&update.target.id, ItemKind::Appointment)),
        },
        _ => None,
    }
}

const fn is_time_alone(patch: &EventPatch) -> bool {
    patch.subject.is_none()
        && patch.location.is_none()
        && patch.body.is_none()
        && patch.sensitivity.is_none()
        && patch.show_as.is_none()
}

/// Whether an item has the version that is to be written. A contact is overwritten whatever it is.
fn is_as_planned_on(item: &Change, operation: &Operation) -> bool {
    let planned = match &operation.action {
        Action::UpdateExchange(update) => &update.version,
        Action::DeleteExchange(deletion) => &deletion.version,
        _ => return false,
    };
    match item {
        Change::Event(event) => event.version == *planned,
        Change::Contact(_) => true,
        Change::Occurrence(_) | Change::Removal(_) => false,
    }
}

/// What puts back what a write to Exchange replaces; none for an operation that writes nothing there.
#[must_use]
pub fn of_exchange(operation: &Operation, former: &Items, items: &Items) -> Option<Reverse> {
    let reverse = match &operation.action {
        Action::CreateExchange(_) => Some(Reverse::Delete),
        Action::UpdateExchange(update) => {
            let was = former.get(&update.target.id.value);
            match (&update.patch, was) {
                (ExchangePatch::Event(patch), was) => {
                    let event = was.and_then(event);
                    let span = event
                        .or_else(|| items.get(&update.target.id.value).and_then(self::event))
                        .map(|event| event.span)
                        .or_else(|| time_seen(operation));
                    event_patch(patch, event, span).map(ExchangePatch::Event)
                }
                (ExchangePatch::Contact(_), Some(Change::Contact(contact))) => {
                    Some(ExchangePatch::Contact(contact.fields.clone()))
                }
                (ExchangePatch::Contact(_), _) => None,
            }
            .map(Reverse::UpdateExchange)
        }
        Action::DeleteExchange(deletion) => match former.get(&deletion.target.id.value) {
            Some(Change::Event(event)) => Some(ExchangeContent::Event(content(event))),
            Some(Change::Contact(contact)) => {
                Some(ExchangeContent::Contact(contact.fields.clone()))
            }
            _ => None,
        }
        .map(Reverse::CreateExchange),
        _ => return None,
    };
    Some(reverse.unwrap_or(Reverse::Unknown))
}

fn event(change: &Change) -> Option<&ExchangeEvent> {
    match change {
        Change::Event(event) => Some(event),
        _ => None,
    }
}

/// When the item took place, as the plan knew it.
fn time_seen(operation: &Operation) -> Option<Span> {
    let evidence = &operation.evidence;
    let agreed = evidence.base.as_ref().map(|base| &base.exchange.digest);
    let seen = evidence.exchange.as_ref().or(agreed)?;
    Some(seen.span)
}

/// The fields that are written, as they were.
fn event_patch(
    written: &EventPatch,
    was: Option<&ExchangeEvent>,
    span: Option<Span>,
) -> Option<EventPatch> {
    let text = |written: &Option<String>, was: Option<&String>| {
        former_value(written.is_some(), was.cloned())
    };
    Some(EventPatch {
        subject: text(&written.subject, was.map(|it| &it.subject))?,
        location: text(&written.location, was.map(|it| &it.location))?,
        body: text(&written.body, was.map(|it| &it.body))?,
        span: former_value(written.span.is_some(), span)?,
        zone: written.zone.clone(),
        sensitivity: former_value(written.sensitivity.is_some(), was.map(|it| it.sensitivity))?,
        show_as: former_value(written.show_as.is_some(), was.map(|it| it.show_as))?,
    })
}

/// What a field was: nothing to put back where it is not written, and none where that is not known.
fn former_value<T>(is_written: bool, was: Option<T>) -> Option<Option<T>> {
    match is_written {
        true => was.map(Some),
        false => Some(None),
    }
}

/// A copy as it can be made again. Whether it gets a reminder is decided when it is.
fn content(event: &ExchangeEvent) -> EventContent {
    EventContent {
        subject: event.subject.clone(),
        location: event.location.clone(),
        body: event.body.clone(),
        span: event.span,
        zone: event.zone.clone().unwrap_or_else(|| Zone {
            name: "UTC".to_owned(),
        }),
        sensitivity: event.sensitivity,
        show_as: event.show_as,
        without_reminder: true,
    }
}

/// What puts back what a write to the PSA is about to replace; none for an operation that writes no
/// item there.
///
/// # Errors
/// When the database does not answer.
pub async fn of_psa(
    transaction: &mut Transaction,
    operation: &Operation,
) -> Result<Option<Reverse>, CycleError> {
    let reverse = match &operation.action {
        Action::CreatePsa(_) => Some(Reverse::Delete),
        Action::UpdatePsa(update) => former::fields(transaction, &update.reference)
            .await?
            .map(|was| Reverse::UpdatePsa(appointment_patch(update, &was))),
        Action::DeletePsa(deletion) => former::creation(transaction, &deletion.reference)
            .await?
            .map(Reverse::CreatePsa),
        _ => return Ok(None),
    };
    Ok(Some(reverse.unwrap_or(Reverse::Unknown)))
}

fn appointment_patch(update: &PsaUpdate, was: &AppointmentPatch) -> AppointmentPatch {
    let written = &update.patch;
    let text =
        |written: &Option<String>, was: &Option<String>| written.as_ref().and_then(|_| was.clone());
    let mark = |written: Option<bool>, was: Option<bool>| written.and(was);
    AppointmentPatch {
        title: text(&written.title, &was.title),
        description: text(&written.description, &was.description),
        span: written.span.and(was.span),
        private: mark(written.private, was.private),
        free: mark(written.free, was.free),
        recurring: mark(written.recurring, was.recurring),
        not_answered: mark(written.not_answered, was.not_answered),
    }
}
