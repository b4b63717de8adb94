//! Is an operation one that the law gives? Judged by what the world knows, before it is done.

use super::world::World;
use super::world_kinds::{goes_out, span_of, travels};
use super::world_series::begins;
use crate::contract::*;

/// What private items say in these tests; it must never reach the PSA.
pub const SECRET: &str = "secret";

pub fn judge(
    world: &World,
    batch: &Batch,
    operation: &Operation,
    written: &[(PsaReference, RowVersion)],
) {
    let told = format!("{operation:#?}");
    match &operation.action {
        Action::CreateExchange(_) => {
            let id = &operation.psa.as_ref().unwrap().id.value;
            let row = world.row(id);
            assert!(!row.deleted && row.origin == Side::Psa, "{told}");
            assert!(travels(row), "kept at home: {told}");
            let kind = row.reference.kind;
            assert!(goes_out(&batch.settings, &batch.profile, kind), "{told}");
            assert_eq!(world.twin_of_row(id), None, "a second copy: {told}");
            assert!(
                !world.wished_away.contains(id) || kind == ItemKind::Contact && batch.relinking,
                "deleted by its user: {told}"
            );
        }
        Action::CreatePsa(creation) => {
            let id = &creation.exchange.id.value;
            let event = world.event(id);
            assert_eq!(world.twin_of_event(id), None, "a second copy: {told}");
            assert!(
                !world.wished_away.contains(id),
                "deleted by its user: {told}"
            );
            assert!(comes_over(event, batch), "kept out by the law: {told}");
            if let Some(twin) = world.twins.get(id) {
                let origin = world.row(twin).origin;
                assert_eq!(origin, Side::Exchange, "our own copy: {told}");
            }
            keeps_secrets(event, &creation.appointment.title, &told);
            keeps_secrets(event, &creation.appointment.description, &told);
            if event.sensitivity != Sensitivity::Normal {
                assert_eq!(creation.appointment.title, "Appointment");
                assert_eq!(creation.appointment.description, "");
            }
        }
        Action::UpdateExchange(update) => {
            proven(world, &update.target, &update.version, &update.proof, &told);
            let row = &operation.psa.as_ref().unwrap().id.value;
            let kind = world.row(row).reference.kind;
            let patch = match &update.patch {
                ExchangePatch::Contact(fields) => {
                    assert_eq!(kind, ItemKind::Contact, "{told}");
                    assert!(fields.notes.contains(&world.row(row).web_link), "{told}");
                    return;
                }
                ExchangePatch::Event(patch) => patch,
            };
            if kind == ItemKind::ServiceCall
                && let Some(history) = world.calls.get(row)
                && history.version == world.row(row).person_version
            {
                // Once for the change itself, and three times to undo.
                assert!(history.writes < 4, "a war over the copy: {told}");
            }
            match world.twins.get(&update.target.id.value) {
                Some(twin) => assert_eq!(twin, row, "another's item: {told}"),
                // A user's copy that stands in for ours, which is gone like the links.
                None => assert!(is_marked(world.event(&update.target.id.value)), "{told}"),
            }
            if world.row(row).origin == Side::Exchange {
                assert!(patch.subject.is_none() && patch.body.is_none(), "{told}");
                assert!(
                    patch.location.is_none() && patch.show_as.is_none(),
                    "{told}"
                );
                assert!(patch.sensitivity.is_none(), "{told}");
            }
        }
        Action::DeleteExchange(deletion) => {
            let id = &deletion.target.id.value;
            proven(
                world,
                &deletion.target,
                &deletion.version,
                &deletion.proof,
                &told,
            );
            let row = world.row(world.twins.get(id).expect(&told));
            assert!(row.origin == Side::Psa, "{told}");
            if batch.removing {
                return;
            }
            assert!(row.deleted || !travels(row), "{told}");
            if let PsaContent::Contact(contact) = &row.content
                && !row.deleted
                && contact.active
            {
                let chosen = world.chosen.get(&row.reference.id.value).unwrap();
                assert!(chosen.left_one, "a setting is no deletion: {told}");
            }
        }
        Action::UpdatePsa(update) => {
            let row = world.row(&update.reference.id.value);
            assert!(!row.deleted, "{told}");
            let known = written.iter().rev().find(|it| it.0 == update.reference);
            assert_eq!(
                row.version,
                known.map_or(update.version, |it| it.1),
                "{told}"
            );
            let kind = row.reference.kind;
            assert!(
                matches!(kind, ItemKind::Appointment | ItemKind::ToDo),
                "{told}"
            );
            if row.origin == Side::Psa {
                let patch = &update.patch;
                assert!(
                    patch.title.is_none() && patch.description.is_none(),
                    "{told}"
                );
                assert!(patch.private.is_none() && patch.free.is_none(), "{told}");
            } else if let Some(event) = operation.exchange.as_ref() {
                let event = world.event(&event.value);
                let texts = [&update.patch.title, &update.patch.description];
                for text in texts.into_iter().flatten() {
                    keeps_secrets(event, text, &told);
                }
            }
        }
        Action::DeletePsa(deletion) => {
            let row = world.row(&deletion.reference.id.value);
            assert!(!row.deleted && row.origin == Side::Exchange, "{told}");
            let event = world.twin_of_row(&deletion.reference.id.value);
            if let Some(event) = event.and_then(|id| world.events.get(&id)) {
                let is_there = stays(event, batch) && !batch.removing;
                assert!(!is_there, "the original is there: {told}");
            }
        }
        Action::NoteCopyDeleted(note) => {
            let id = &note.reference.id.value;
            assert_eq!(world.row(id).origin, Side::Psa, "{told}");
            assert_ne!(world.row(id).reference.kind, ItemKind::Contact, "{told}");
            assert_eq!(world.twin_of_row(id), None, "the copy is there: {told}");
        }
        Action::LinkOnly | Action::Nothing => {}
    }
}

/// The proof says of exactly this version that nobody would be mailed; and that is true whenever
/// the version is still the item's.
fn proven(
    world: &World,
    target: &ExchangeReference,
    version: &ExchangeVersion,
    proof: &AttendeeProof,
    told: &str,
) {
    assert_eq!(&proof.version, version, "{told}");
    assert_eq!(proof.attendees, 0, "{told}");
    assert!(proof.owner_organizes, "{told}");
    if let Some(event) = world.events.get(&target.id.value)
        && event.version == *version
    {
        assert!(event.meeting.attendees.is_empty(), "{told}");
        assert!(event.meeting.owner_organizes, "{told}");
    }
}

fn is_marked(event: &ExchangeEvent) -> bool {
    matches!(event.marker, MarkerReading::Present(_))
}

fn stays(event: &ExchangeEvent, batch: &Batch) -> bool {
    !event.cancelled
        && event.response != Response::Declined
        && (event.show_as != ShowAs::Free || batch.settings.send_free_time)
}

pub fn comes_over(event: &ExchangeEvent, batch: &Batch) -> bool {
    stays(event, batch)
        && match event.shape {
            EventShape::Single => true,
            EventShape::Master(_) => false,
            EventShape::Exception(_) => {
                begins(event.span).microseconds < batch.window.end.microseconds
            }
        }
        && batch.settings.import_mode != ImportMode::None
        && batch.profile.import_appointments
        && !ends_before(&event.span, batch)
}

pub fn ends_before(span: &Span, batch: &Batch) -> bool {
    match span {
        Span::Timed(span) => span.end.microseconds <= batch.window.start.microseconds,
        // The window begins with the 3rd.
        Span::AllDay(days) => days.after.day <= 3 && days.after.month == 3,
    }
}

/// At rest: pairs that follow each other stand at the same time, and copies that nobody edited
/// say what their originals say.
pub fn agree(world: &World) {
    for link in world.links.values() {
        let (Some(row), Some(exchange)) = (&link.psa, &link.exchange) else {
            continue;
        };
        let row = world.row(&row.id.value);
        let kind = row.reference.kind;
        let on = match row.origin {
            Side::Psa => goes_out(&world.settings, &world.profile, kind),
            Side::Exchange => world.settings.import_mode != ImportMode::None,
        };
        // Nothing was agreed on with an item that was found again while it stays at home.
        let agreed = link.base.as_ref().map_or(0, |base| base.psa.version.number);
        let found_at_home = agreed == 0 && !travels(row);
        if row.deleted || !on || link.state != LinkState::Linked || found_at_home {
            continue;
        }
        if let Some(contact) = world.contacts.get(&exchange.id.value) {
            contacts_agree(world, row, contact);
        }
        let Some(event) = world.events.get(&exchange.id.value) else {
            continue;
        };
        if kind == ItemKind::ServiceCall && is_left_as_it_is(world, row) {
            continue;
        }
        assert!(travels(row), "{row:#?} {event:#?}");
        assert_eq!(span_of(row), Some(event.span), "{link:#?}");
        // The words tell whose text it is.
        let by_its_user = event.subject.starts_with("open") || event.subject.starts_with(SECRET);
        match (&row.content, row.origin) {
            (PsaContent::Appointment(it), Side::Psa) => {
                assert!(
                    by_its_user || event.subject == it.title,
                    "{event:#?} {row:#?}"
                );
            }
            (PsaContent::Appointment(it), Side::Exchange) => {
                import_agrees(world, it, event);
            }
            (PsaContent::ToDo(it), _) => {
                let wanted = format!("{}: {}", it.action_type, it.organisation);
                assert!(
                    by_its_user || event.subject == wanted,
                    "{event:#?} {row:#?}"
                );
            }
            (PsaContent::ServiceCall(it), _) => {
                let wanted = format!("{}: {}", it.organisation, it.description);
                assert_eq!(event.subject, wanted, "{row:#?}");
                assert_eq!(event.location, it.address, "{row:#?}");
                // A body that is not read is not put right.
                let was_read = !event.body.starts_with("open") && !event.body.starts_with(SECRET);
                assert!(
                    !was_read || event.body.contains(&it.status),
                    "{event:#?} {row:#?}"
                );
            }
            (PsaContent::Contact(_), _) => panic!("a contact in the calendar: {event:#?}"),
        }
    }
}

fn import_agrees(world: &World, appointment: &Appointment, event: &ExchangeEvent) {
    let title = appointment.title.as_str();
    if title.starts_with("psa text") {
        return;
    }
    let private = event.sensitivity != Sensitivity::Normal;
    let bare = private || world.settings.import_mode == ImportMode::NoDetails;
    let wanted = if bare { "Appointment" } else { &event.subject };
    assert_eq!(title, wanted, "{event:#?}");
    assert_eq!(bare, appointment.description.is_empty(), "{appointment:#?}");
}

/// A copy of a service call that is not put right: the call is over, or it was written often enough
/// since a person changed it.
fn is_left_as_it_is(world: &World, row: &PsaRow) -> bool {
    let is_over = match span_of(row) {
        Some(Span::Timed(span)) => span.end.microseconds <= world.now.microseconds,
        other => panic!("{other:?}"),
    };
    let history = world.calls.get(&row.reference.id.value);
    is_over || history.is_some_and(|it| it.version == row.person_version && it.writes >= 3)
}

/// A copy says what the PSA says, unless its user changed it or a setting left it behind.
fn contacts_agree(world: &World, row: &PsaRow, copy: &ExchangeContact) {
    let PsaContent::Contact(contact) = &row.content else {
        panic!("{row:#?}")
    };
    assert!(contact.active, "{row:#?}");
    let by_its_user = copy.fields.job_title.starts_with("open");
    if contact.selected && !by_its_user {
        assert_eq!(
            copy.fields.job_title, contact.fields.job_title,
            "{world:#?}"
        );
    }
}

fn keeps_secrets(event: &ExchangeEvent, text: &str, told: &str) {
    if event.sensitivity != Sensitivity::Normal {
        assert!(!text.contains(SECRET), "a secret got out: {told}");
    }
}
