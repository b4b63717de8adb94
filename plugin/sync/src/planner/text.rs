//! What an item says: the origin owns it, the copy follows (behaviour, sections 2 to 4).
//!
//! A copy is rewritten when its original changed, never because the copy was: what a user writes
//! on a copy stays until the original changes. So the base remembers, for each field, what the law
//! last derived for the copy; a field that the copy's user changed meanwhile is remembered as
//! *unknown*, and is written with the original's next change. Where bodies are not read, each may be
//! one that was changed. Only a service call's copy is put right at once.

use crate::base::fingerprint;
use crate::compose::{ComposedEvent, block};
use crate::contract::{
    Appointment, AppointmentPatch, Base, Digest, EventPatch, ExchangeBase, Fingerprint,
};
use crate::import::digest_of_appointment;

/// A copy in Exchange and all that decides about its texts.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// What the copy is to say.
    pub composed: &'a ComposedEvent,
    /// What it says.
    pub there: &'a ExchangeBase,
    pub base: Option<&'a Base>,
    /// Somebody changed the PSA row since both sides last agreed.
    pub original_changed: bool,
    /// What the copy's user changed is put right.
    pub undoes: bool,
    pub body: Body<'a>,
}

/// What is known of the copy's body as it is now.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Nobody reads bodies, because details do not come over.
    Unread,
    /// The copy was not seen: it is as it was.
    AsBefore,
    /// It says this.
    Says(&'a str),
}

/// What to write on a copy in Exchange, and what the base is to remember.
#[derive(Debug)]
pub struct CopyText {
    pub patch: EventPatch,
    /// Derived for the copy, as the base is to remember it.
    pub copy: Digest,
    /// The copy's user changed texts that stay as they are for now.
    pub edited_in_vain: bool,
    /// The copy's user changed texts that are put right.
    pub undone: bool,
}

/// One text of a copy: what it is to say, and what is known of it.
struct Text<'a> {
    wanted: &'a Fingerprint,
    /// Derived when both sides last agreed.
    derived: Option<&'a Fingerprint>,
    says_wanted: bool,
    /// The copy's user changed it.
    edited: bool,
    /// Nobody knows whether the copy's user changed it.
    untold: bool,
    /// What it says is known now.
    is_read: bool,
}

/// What becomes of one text: whether to send it, and what to remember of it.
struct Field {
    send: bool,
    remember: Fingerprint,
    edited: bool,
    undone: bool,
}

/// Remembered of a field that the copy's user changed: equals no fingerprint.
pub fn unknown() -> Fingerprint {
    Fingerprint { hex: String::new() }
}

impl Text<'_> {
    fn field(&self, original_changed: bool, undoes: bool) -> Field {
        let is_unknown = self.derived.is_some_and(|derived| *derived == unknown());
        let rewritten = self.derived.is_none_or(|derived| {
            let may_be_spoilt = self.edited || is_unknown || self.untold;
            self.wanted != derived && (original_changed || !is_unknown)
                || may_be_spoilt && original_changed
        });
        let undone = !rewritten && self.edited && undoes;
        let written = rewritten || undone;
        let send = written && !self.says_wanted;
        // What was changed while nobody read it comes to light.
        let found_changed = self.untold && self.is_read && !self.says_wanted;
        let spoilt = self.edited || is_unknown || found_changed;
        Field {
            send,
            remember: if spoilt && !written {
                unknown()
            } else {
                self.wanted.clone()
            },
            edited: self.edited && !written,
            undone: send && undone,
        }
    }
}

impl Texts<'_> {
    fn line(&self, part: fn(&Digest) -> &Fingerprint, wanted: &Digest) -> Field {
        let (wanted, there) = (part(wanted), part(&self.there.digest));
        let text = Text {
            wanted,
            derived: self.base.map(|base| part(&base.copy)),
            says_wanted: wanted == there,
            edited: self
                .base
                .is_some_and(|base| there != part(&base.exchange.digest)),
            untold: false,
            is_read: true,
        };
        text.field(self.original_changed, self.undoes)
    }

    fn body(&self, wanted: &Fingerprint) -> Field {
        let there = &self.there.digest.body;
        let was = self.base.map(|base| &base.exchange.digest.body);
        let is_block = self.composed.body_is_a_block;
        let intact = match self.body {
            Body::Says(body) => is_block && block::is_intact(body, &self.composed.content.body),
            Body::Unread | Body::AsBefore => false,
        };
        let is_unread = matches!(self.body, Body::Unread);
        // A body that is not read now, or was not read then, tells nothing about its user.
        let untold = is_unread || was.is_some_and(|was| *was == fingerprint(""));
        let text = Text {
            wanted,
            derived: self.base.map(|base| &base.copy.body),
            says_wanted: !is_unread && (wanted == there || intact),
            edited: was.is_some_and(|was| was != there) && !intact && !untold,
            untold,
            is_read: matches!(self.body, Body::Says(_)),
        };
        text.field(self.original_changed, self.undoes)
    }

    /// The body to send: whole, or with what is not ours where a change of its user's is undone.
    fn body_to_send(&self, undone: bool) -> String {
        let wanted = &self.composed.content.body;
        match self.body {
            Body::Says(body) if undone => block::restored(body, wanted),
            _ => wanted.clone(),
        }
    }
}

/// A copy that the PSA originates.
pub fn of_copy(texts: &Texts<'_>) -> CopyText {
    let Texts {
        composed,
        there,
        base,
        original_changed,
        ..
    } = *texts;
    let wanted = composed.digest();
    let subject = texts.line(|digest| &digest.subject, &wanted);
    let body = texts.body(&wanted.body);
    let location = composed
        .owns_location
        .then(|| texts.line(|digest| &digest.location, &wanted));
    // A record restored from a backup differs though nobody changed it since.
    let rewrite = original_changed
        || base.is_none_or(|base| {
            base.copy.sensitivity != wanted.sensitivity || base.copy.show_as != wanted.show_as
        });
    let content = &composed.content;
    // A new body would lose the join link of an online meeting.
    let send_body = body.send && !there.online;
    let patch = EventPatch {
        subject: subject.send.then(|| content.subject.clone()),
        location: location
            .as_ref()
            .filter(|location| location.send)
            .map(|_| content.location.clone()),
        body: send_body.then(|| texts.body_to_send(body.undone)),
        span: None,
        zone: content.zone.clone(),
        sensitivity: (rewrite && wanted.sensitivity != there.digest.sensitivity)
            .then_some(wanted.sensitivity),
        show_as: (rewrite && wanted.show_as != there.digest.show_as).then_some(wanted.show_as),
    };
    let fields = [Some(&subject), Some(&body), location.as_ref()];
    let any = |is: fn(&Field) -> bool| fields.into_iter().flatten().any(is);
    CopyText {
        edited_in_vain: any(|field| field.edited),
        undone: any(|field| field.undone),
        copy: Digest {
            subject: subject.remember,
            body: body.remember,
            location: location.map_or(wanted.location.clone(), |location| location.remember),
            ..wanted
        },
        patch,
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
