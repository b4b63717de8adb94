//! The contract's types by their plain names.
//!
//! They are generated from `wit/` and documented there; the planner and every provider work on
//! them directly, so no type has a twin that it must be copied to.

pub use crate::bindings::exports::tandem::sync::provider::{
    Authorisation, ChangesRequest, Coverage, Cursor, Description, Echo, EchoedItem, FetchRequest,
    ForeignId, HostTemplate, NextStep, Outcome, Page, ProviderKind, PushAction, PushOperation,
    PushOutcome, PushRequest, Remark, RoundEnd, Scope, ToldSeries, TranslatedId,
};
pub use crate::bindings::tandem::sync::change::{Change, Removal, RemovalProof};
pub use crate::bindings::tandem::sync::contact::{Contact, PostalAddress};
pub use crate::bindings::tandem::sync::fault::{
    Answer, Fault, MissingPermission, MissingThing, NotFound, Throttling, Unreachable,
    UnreachableCause,
};
pub use crate::bindings::tandem::sync::item::{
    Appointment, Attendee, AttendeeRole, EventShape, ExchangeContact, ExchangeEvent, ExchangeId,
    ExchangeOccurrence, ExchangeReference, ExchangeVersion, Fingerprint, ItemKind, MailboxId,
    Marker, MarkerReading, Meeting, Person, PsaContact, PsaContent, PsaId, PsaReference, PsaRow,
    Response, RowVersion, Sensitivity, ServiceCall, ShowAs, Side, TenantId, ToDo, Uid, WorkLine,
};
pub use crate::bindings::tandem::sync::link::{
    Attempts, AttendeeProof, Base, Digest, ExchangeBase, Link, LinkId, LinkState, Provenance,
    PsaBase,
};
pub use crate::bindings::tandem::sync::plan::{
    Action, AppointmentPatch, Batch, CopyDeletionNote, EventContent, EventPatch, Evidence,
    ExchangeContent, ExchangeDeletion, ExchangePatch, ExchangeUpdate, Group, LinkAfter, LinkChange,
    LinkTarget, Mailbox, MailboxKind, NewLink, Operation, Plan, PsaCreation, PsaDeletion,
    PsaUpdate, Rule,
};
pub use crate::bindings::tandem::sync::series::{
    AbsoluteMonthly, AbsoluteYearly, Daily, Pattern, RangeEnd, Recurrence, RelativeMonthly,
    RelativeYearly, Series, Slot, WeekIndex, Weekday, Weekly,
};
pub use crate::bindings::tandem::sync::settings::{
    Account, ClientCredentials, Cloud, ContactSelection, Credentials, ExchangeEdition, Field,
    Finding, ImportMode, Profile, SecretState, Settings, Severity,
};
pub use crate::bindings::tandem::sync::time::{
    Date, DaySpan, Instant, Span, TimedSpan, Window, Zone,
};
