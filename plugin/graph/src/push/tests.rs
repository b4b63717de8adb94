//! Each trap of writing, by its name. What is said of events holds for contacts, but for what
//! [`contacts`] tells.

mod changing;
mod contacts;
mod creating;
mod failing;
mod landing;
mod occurrences;

use serde_json::{Value, json};
use sync::contract::{
    AttendeeProof, EventContent, EventPatch, ExchangeContent, ExchangeDeletion, ExchangeId,
    ExchangePatch, ExchangeReference, ExchangeUpdate, ExchangeVersion, Instant, ItemKind, Marker,
    PsaId, PsaReference, PushAction, Sensitivity, ShowAs, Span, TenantId, Throttling, TimedSpan,
    Unreachable, UnreachableCause, Zone,
};

use super::*;
use crate::event::time::true_instant;
use crate::marker;
use crate::script::{self, Script, error, mailbox, profile, response, settings};

const KEY: &str = "5f0f6a52-6a57-5d0b-9c39-2b8f7d7c1f11";

fn at(text: &str) -> Instant {
    true_instant(text).unwrap()
}

/// An event that lies where it should.
fn event(id: &str, subject: &str) -> Value {
    let mut event = script::event(id, subject);
    event["calendar"] = json!({"id": "c", "isDefaultCalendar": true});
    event
}

/// What [`event`] shows.
fn content() -> EventContent {
    EventContent {
        subject: "Visit".into(),
        location: String::new(),
        body: "Text".into(),
        span: Span::Timed(TimedSpan {
            start: at("2026-03-03T09:00:00Z"),
            end: at("2026-03-03T10:00:00Z"),
        }),
        zone: Zone {
            name: "W. Europe Standard Time".into(),
        },
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Busy,
        without_reminder: false,
    }
}

fn marker_of() -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".into(),
        },
        psa: PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId { value: "7".into() },
        },
        generation: 2,
    }
}

fn create(key: &str) -> PushOperation {
    PushOperation {
        key: key.into(),
        marker: Some(marker_of()),
        action: PushAction::Create(ExchangeContent::Event(content())),
    }
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

fn update(id: &str) -> ExchangeUpdate {
    ExchangeUpdate {
        target: reference(id),
        version: version("W/\"1\""),
        proof: proof("W/\"1\""),
        patch: ExchangePatch::Event(EventPatch {
            subject: Some("New".into()),
            location: None,
            body: None,
            span: None,
            zone: Zone { name: "UTC".into() },
            sensitivity: None,
            show_as: None,
        }),
    }
}

fn updating(update: ExchangeUpdate) -> PushOperation {
    PushOperation {
        key: KEY.into(),
        marker: None,
        action: PushAction::Update(update),
    }
}

fn deletion(id: &str) -> ExchangeDeletion {
    ExchangeDeletion {
        target: reference(id),
        version: version("W/\"1\""),
        proof: proof("W/\"1\""),
        kind: ItemKind::Appointment,
    }
}

fn deleting(deletion: ExchangeDeletion) -> PushOperation {
    PushOperation {
        key: KEY.into(),
        marker: None,
        action: PushAction::Delete(deletion),
    }
}

fn push(script: &Script, operations: Vec<PushOperation>) -> Vec<Outcome> {
    let keys: Vec<String> = operations.iter().map(|one| one.key.clone()).collect();
    let request = PushRequest {
        mailbox: mailbox(),
        settings: settings(),
        profile: profile(),
        operations,
    };
    let outcomes = outcomes(script, &request);
    let told: Vec<String> = outcomes.iter().map(|one| one.key.clone()).collect();
    assert_eq!(keys, told, "outcomes come in the operations' order");
    outcomes.into_iter().map(|one| one.outcome).collect()
}

fn one(script: &Script, operation: PushOperation) -> Outcome {
    push(script, vec![operation]).pop().unwrap()
}

fn done(outcome: Outcome) -> Echo {
    match outcome {
        Outcome::Done(echo) => echo,
        other => panic!("{other:?}"),
    }
}

fn item(echo: &Echo) -> &sync::contract::ExchangeEvent {
    match &echo.item {
        EchoedItem::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn refusal(status: u16, code: &str) -> (u16, Value) {
    (status, json!({"error": {"code": code, "message": "No."}}))
}

fn ours(id: &str, text: &str) -> Value {
    let mut event = event(id, "Visit");
    event["singleValueExtendedProperties"] = json!([{"id": marker::PROPERTY, "value": text}]);
    event
}
