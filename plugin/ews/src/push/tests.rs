//! Each trap of writing, by its name.

use sync::contract::{
    AttendeeProof, Contact, EchoedItem, EventContent, EventPatch, ExchangeContent,
    ExchangeDeletion, ExchangeId, ExchangePatch, ExchangeReference, ExchangeUpdate,
    ExchangeVersion, Instant, ItemKind, Mailbox, Marker, PostalAddress, PsaId, PsaReference,
    PushAction, Sensitivity, Settings, ShowAs, Slot, Span, TenantId, TimedSpan, Unreachable,
    UnreachableCause, Zone,
};

use super::*;
use crate::event::time::instant;
use crate::script::{
    Script, bad, event, event_with, fault, item, mailbox, occurrence, profile, settings,
};

mod changing;
mod creating;
mod occurrences;
mod public_folder;

fn at(text: &str) -> Instant {
    instant(text).unwrap()
}

fn span() -> Span {
    Span::Timed(TimedSpan {
        start: at("2026-03-03T09:00:00Z"),
        end: at("2026-03-03T10:00:00Z"),
    })
}

fn zone() -> Zone {
    Zone {
        name: "W. Europe Standard Time".into(),
    }
}

/// What [`event`] shows.
fn content() -> EventContent {
    EventContent {
        subject: "Visit".into(),
        location: String::new(),
        body: "Text".into(),
        span: span(),
        zone: zone(),
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Busy,
        without_reminder: false,
    }
}

fn marker() -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".into(),
        },
        psa: PsaReference {
            kind: ItemKind::ToDo,
            id: PsaId { value: "12".into() },
        },
        generation: 1,
    }
}

fn operation(key: u8, action: PushAction) -> PushOperation {
    PushOperation {
        key: format!("5f0f6a52-6a57-5d0b-9c39-2b8f7d7c1f{key:02}"),
        marker: matches!(action, PushAction::Create(_)).then(marker),
        action,
    }
}

fn create(key: u8) -> PushOperation {
    operation(key, PushAction::Create(ExchangeContent::Event(content())))
}

fn version(tag: &str) -> ExchangeVersion {
    ExchangeVersion { tag: tag.into() }
}

fn proof(tag: &str) -> AttendeeProof {
    AttendeeProof {
        version: version(tag),
        attendees: 0,
        owner_organizes: true,
    }
}

fn reference(id: &str) -> ExchangeReference {
    ExchangeReference {
        id: ExchangeId { value: id.into() },
        uid: None,
        slot: None,
    }
}

const NOTHING: EventPatch = EventPatch {
    subject: None,
    location: None,
    body: None,
    span: None,
    zone: Zone {
        name: String::new(),
    },
    sensitivity: None,
    show_as: None,
};

fn patched(id: &str, patch: EventPatch) -> ExchangeUpdate {
    let tag = format!("{id}-1");
    ExchangeUpdate {
        target: reference(id),
        version: version(&tag),
        proof: proof(&tag),
        patch: ExchangePatch::Event(EventPatch {
            zone: zone(),
            ..patch
        }),
    }
}

fn rename(key: u8, id: &str) -> PushOperation {
    let patch = EventPatch {
        subject: Some("Other".into()),
        ..NOTHING
    };
    operation(key, PushAction::Update(patched(id, patch)))
}

fn delete(key: u8, id: &str) -> PushOperation {
    let tag = format!("{id}-1");
    let deletion = ExchangeDeletion {
        target: reference(id),
        version: version(&tag),
        proof: proof(&tag),
        kind: ItemKind::ToDo,
    };
    operation(key, PushAction::Delete(deletion))
}

fn push(script: &Script, operations: Vec<PushOperation>) -> Vec<Outcome> {
    push_to(script, mailbox(), settings(), operations)
}

fn push_to(
    script: &Script,
    mailbox: Mailbox,
    settings: Settings,
    operations: Vec<PushOperation>,
) -> Vec<Outcome> {
    let request = PushRequest {
        mailbox,
        settings,
        profile: profile(),
        operations,
    };
    let keys: Vec<String> = request.operations.iter().map(|it| it.key.clone()).collect();
    let outcomes = outcomes(script, &request);
    assert!(outcomes.iter().map(|it| &it.key).eq(&keys));
    assert!(script.is_over());
    outcomes.into_iter().map(|it| it.outcome).collect()
}

/// The result of a write: the item's name and version, and nothing else.
fn written(id: &str) -> String {
    item(&format!(
        "<t:CalendarItem><t:ItemId Id=\"{id}\" ChangeKey=\"{id}-2\"/></t:CalendarItem>"
    ))
}

fn done(outcome: &Outcome) -> &sync::contract::Echo {
    match outcome {
        Outcome::Done(echo) => echo,
        other => panic!("{other:?}"),
    }
}
