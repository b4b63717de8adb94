//! Is an operation one that the law gives? Judged by what the world knows, before it is done.

use super::world::World;
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
            assert_eq!(world.twin_of_row(id), None, "a second copy: {told}");
            assert!(
                !world.wished_away.contains(id),
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
            let ExchangePatch::Event(patch) = &update.patch else {
                panic!("{told}")
            };
            let row = &operation.psa.as_ref().unwrap().id.value;
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
            assert!(row.deleted && row.origin == Side::Psa, "{told}");
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
                assert!(!stays(event, batch), "the original is there: {told}");
            }
        }
        Action::NoteCopyDeleted(note) => {
            let id = &note.reference.id.value;
            assert_eq!(world.row(id).origin, Side::Psa, "{told}");
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
        && matches!(event.shape, EventShape::Single)
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
        let Some(event) = world.events.get(&exchange.id.value) else {
            continue;
        };
        let PsaContent::Appointment(appointment) = &row.content else {
            continue;
        };
        let on = match row.origin {
            Side::Psa => world.settings.export_appointments,
            Side::Exchange => world.settings.import_mode != ImportMode::None,
        };
        if row.deleted || !on || link.state != LinkState::Linked {
            continue;
        }
        assert_eq!(appointment.span, event.span, "{link:#?}");
        // The words tell whose text it is.
        let title = appointment.title.as_str();
        if row.origin == Side::Psa {
            let by_its_user =
                event.subject.starts_with("open") || event.subject.starts_with(SECRET);
            assert!(by_its_user || event.subject == title, "{event:#?} {row:#?}");
        } else if !title.starts_with("psa text") {
            let private = event.sensitivity != Sensitivity::Normal;
            let bare = private || world.settings.import_mode == ImportMode::NoDetails;
            let wanted = if bare { "Appointment" } else { &event.subject };
            assert_eq!(title, wanted, "{event:#?}");
            assert_eq!(bare, appointment.description.is_empty(), "{row:#?}");
        }
    }
}

fn keeps_secrets(event: &ExchangeEvent, text: &str, told: &str) {
    if event.sensitivity != Sensitivity::Normal {
        assert!(!text.contains(SECRET), "a secret got out: {told}");
    }
}
