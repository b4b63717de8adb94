//! The contract's types and calls as the host sees them, generated from `wit/`.
//!
//! Nothing here is written by hand but the list of names: a type of the contract is used as it is
//! everywhere in the host, from the sandbox's border to the database.

mod bindings {
    #![allow(
        missing_docs,
        unsafe_code,
        unused_qualifications,
        clippy::all,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )]
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "plugin",
        imports: { default: async | trappable },
        exports: { default: async },
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    });
}

pub use bindings::tandem::sync::{mail, storage};
pub use bindings::{Plugin, PluginPre};

pub use bindings::exports::tandem::sync::provider::{
    Authorisation, ChangesRequest, Coverage, Cursor, Description, Echo, EchoedItem, FetchRequest,
    ForeignId, HostTemplate, NextStep, Outcome, Page, ProviderKind, PushAction, PushOperation,
    PushOutcome, PushRequest, Remark, RoundEnd, Scope, ToldSeries, TranslatedId,
};
pub use bindings::tandem::sync::change::{Change, Removal, RemovalProof};
pub use bindings::tandem::sync::contact::{Contact, PostalAddress};
pub use bindings::tandem::sync::fault::{
    Answer, Fault, MissingPermission, MissingThing, NotFound, Throttling, Unreachable,
    UnreachableCause,
};
pub use bindings::tandem::sync::item::{
    Appointment, Attendee, AttendeeRole, EventShape, ExchangeContact, ExchangeEvent, ExchangeId,
    ExchangeOccurrence, ExchangeReference, ExchangeVersion, Fingerprint, ItemKind, MailboxId,
    Marker, MarkerReading, Meeting, Person, PsaContact, PsaContent, PsaId, PsaReference, PsaRow,
    Response, RowVersion, Sensitivity, ServiceCall, ShowAs, Side, TenantId, ToDo, Uid, WorkLine,
};
pub use bindings::tandem::sync::link::{
    Attempts, AttendeeProof, Base, Digest, ExchangeBase, Link, LinkId, LinkState, Provenance,
    PsaBase,
};
pub use bindings::tandem::sync::plan::{
    Action, AppointmentPatch, Batch, CopyDeletionNote, EventContent, EventPatch, Evidence,
    ExchangeContent, ExchangeDeletion, ExchangePatch, ExchangeUpdate, Group, LinkAfter, LinkChange,
    LinkTarget, Mailbox, MailboxKind, NewLink, Operation, Plan, PsaCreation, PsaDeletion,
    PsaUpdate, Rule,
};
pub use bindings::tandem::sync::series::{
    AbsoluteMonthly, AbsoluteYearly, Daily, Pattern, RangeEnd, Recurrence, RelativeMonthly,
    RelativeYearly, Series, Slot, WeekIndex, Weekday, Weekly,
};
pub use bindings::tandem::sync::settings::{
    Account, ClientCredentials, Cloud, ContactSelection, Credentials, ExchangeEdition, Field,
    Finding, ImportMode, Profile, SecretState, Settings, Severity,
};
pub use bindings::tandem::sync::time::{Date, DaySpan, Instant, Span, TimedSpan, Window, Zone};
