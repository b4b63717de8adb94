//! What an item says: the origin owns it, the copy follows (behaviour, sections 2 to 4).
//!
//! A copy is rewritten when its original changed, never because the copy was: what a user writes
//! on a copy stays until the original changes. So the base remembers, for each field, what the law
//! last derived for the copy; a field that the copy's user changed meanwhile is remembered as
//! *unknown*, and is written with the original's next change.

use crate::compose::Composed;
use crate::contract::{
    Appointment, AppointmentPatch, Base, Digest, EventPatch, ExchangeBase, Fingerprint,
};
use crate::import::digest_of_appointment;

/// What to write on a copy in Exchange, and what the base is to remember.
#[derive(Debug)]
pub struct CopyText {
    pub patch: EventPatch,
    /// Derived for the copy, as the base is to remember it.
    pub copy: Digest,
    /// The copy's user changed texts that stay as they are for now.
    pub edited_in_vain: bool,
}

/// One text of a copy: whether to send it, and what to remember of it.
struct Field {
    send: bool,
    remember: Fingerprint,
    edited: bool,
}

/// Remembered of a field that the copy's user changed: equals no fingerprint.
fn unknown() -> Fingerprint {
    Fingerprint { hex: String::new() }
}

/// Decides one text. `wanted` is derived from the original, `there` is what the copy says now;
/// `before` is the base's pair of what was derived and what the copy said then.
fn field(
    wanted: &Fingerprint,
    there: &Fingerprint,
    before: Option<(&Fingerprint, &Fingerprint)>,
    original_changed: bool,
) -> Field {
    let Some((derived, was)) = before else {
        return Field {
            send: wanted != there,
            remember: wanted.clone(),
            edited: false,
        };
    };
    let edited = there != was;
    let spoilt = edited || *derived == unknown();
    if wanted != derived && (original_changed || *derived != unknown())
        || spoilt && original_changed
    {
        let send = wanted != there;
        Field {
            send,
            remember: wanted.clone(),
            edited: false,
        }
    } else if spoilt {
        Field {
            send: false,
            remember: unknown(),
            edited,
        }
    } else {
        Field {
            send: false,
            remember: derived.clone(),
            edited: false,
        }
    }
}

/// A copy that the PSA originates. `original_changed`: somebody changed the PSA row since both
/// sides last agreed. `bodies_are_read`: without details nobody knows what a copy's body says, so
/// it is written with each change of its original.
pub fn of_copy(
    composed: &Composed,
    there: &ExchangeBase,
    base: Option<&Base>,
    original_changed: bool,
    bodies_are_read: bool,
) -> CopyText {
    let wanted = composed.digest();
    let now = &there.digest;
    let before = |part: fn(&Digest) -> &Fingerprint| {
        base.map(|base| (part(&base.copy), part(&base.exchange.digest)))
    };
    let subject = field(
        &wanted.subject,
        &now.subject,
        before(|digest| &digest.subject),
        original_changed,
    );
    let body = field(
        &wanted.body,
        &now.body,
        before(|digest| &digest.body),
        original_changed,
    );
    let location = composed.owns_location.then(|| {
        field(
            &wanted.location,
            &now.location,
            before(|digest| &digest.location),
            original_changed,
        )
    });
    // A record restored from a backup differs though nobody changed it since.
    let rewrite = original_changed
        || base.is_none_or(|base| {
            base.copy.sensitivity != wanted.sensitivity || base.copy.show_as != wanted.show_as
        });
    let content = &composed.content;
    // A new body would lose the join link of an online meeting.
    let send_body = (body.send || original_changed && !bodies_are_read) && !there.online;
    let patch = EventPatch {
        subject: subject.send.then(|| content.subject.clone()),
        location: location
            .as_ref()
            .filter(|location| location.send)
            .map(|_| content.location.clone()),
        body: send_body.then(|| content.body.clone()),
        span: None,
        zone: content.zone.clone(),
        sensitivity: (rewrite && wanted.sensitivity != now.sensitivity)
            .then_some(wanted.sensitivity),
        show_as: (rewrite && wanted.show_as != now.show_as).then_some(wanted.show_as),
    };
    let edited_in_vain =
        subject.edited || body.edited || location.as_ref().is_some_and(|location| location.edited);
    CopyText {
        copy: Digest {
            subject: subject.remember,
            body: body.remember,
            location: location.map_or(wanted.location.clone(), |location| location.remember),
            ..wanted
        },
        patch,
        edited_in_vain,
    }
}

/// Names of the fields that a patch of an event carries.
pub fn fields_of_event(patch: &EventPatch) -> Vec<String> {
    [
        ("time", patch.span.is_some()),
        ("subject", patch.subject.is_some()),
        ("location", patch.location.is_some()),
        ("body", patch.body.is_some()),
        ("sensitivity", patch.sensitivity.is_some()),
        ("show as", patch.show_as.is_some()),
    ]
    .into_iter()
    .filter(|(_, there)| *there)
    .map(|(name, _)| name.to_owned())
    .collect()
}

/// A patch that changes nothing.
pub fn empty_patch() -> AppointmentPatch {
    AppointmentPatch {
        title: None,
        description: None,
        span: None,
        private: None,
        free: None,
        recurring: None,
        not_answered: None,
    }
}

/// Names of the fields that a patch of an appointment carries.
pub fn fields_of_appointment(patch: &AppointmentPatch) -> Vec<String> {
    [
        ("time", patch.span.is_some()),
        ("title", patch.title.is_some()),
        ("description", patch.description.is_some()),
        ("private", patch.private.is_some()),
        ("free", patch.free.is_some()),
        ("recurring", patch.recurring.is_some()),
        ("not answered", patch.not_answered.is_some()),
    ]
    .into_iter()
    .filter(|(_, there)| *there)
    .map(|(name, _)| name.to_owned())
    .collect()
}

/// The PSA's copy of an Exchange item: rewritten where what is imported now differs from what was
/// imported before, whatever the PSA's users wrote on it meanwhile.
pub fn of_import(
    imported: &Appointment,
    row: &Appointment,
    base: Option<&Base>,
) -> AppointmentPatch {
    let derived = digest_of_appointment(imported);
    let same = base.is_some_and(|base| {
        base.copy.subject == derived.subject
            && base.copy.body == derived.body
            && base.copy.sensitivity == derived.sensitivity
            && base.copy.show_as == derived.show_as
    });
    let mut patch = empty_patch();
    if !same {
        let here = digest_of_appointment(row);
        patch.title = (derived.subject != here.subject).then(|| imported.title.clone());
        patch.description = (derived.body != here.body).then(|| imported.description.clone());
        patch.private = (imported.private != row.private).then_some(imported.private);
        patch.free = (imported.free != row.free).then_some(imported.free);
    }
    patch.recurring = (imported.recurring != row.recurring).then_some(imported.recurring);
    patch.not_answered =
        (imported.not_answered != row.not_answered).then_some(imported.not_answered);
    patch
}

/// An appointment with a patch applied.
pub fn patched(appointment: &Appointment, patch: &AppointmentPatch) -> Appointment {
    Appointment {
        title: patch
            .title
            .clone()
            .unwrap_or_else(|| appointment.title.clone()),
        description: patch
            .description
            .clone()
            .unwrap_or_else(|| appointment.description.clone()),
        span: patch.span.unwrap_or(appointment.span),
        private: patch.private.unwrap_or(appointment.private),
        free: patch.free.unwrap_or(appointment.free),
        recurring: patch.recurring.unwrap_or(appointment.recurring),
        not_answered: patch.not_answered.unwrap_or(appointment.not_answered),
    }
}
