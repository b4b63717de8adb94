//! An Exchange emulator: one mailbox model, and two faces in front of it, Microsoft Graph's and that of Exchange Web Services.
//!
//! It is for tests and the demo. It answers as Exchange does, traps included; where the real one is known to go two
//! ways, [`Behaviour`] switches between them. It runs in process ([`Exchange::handle`], deterministic with a fixed clock) and as
//! a server ([`serve`]). What people do in Outlook is played by [`Exchange::person`].
//!
//! ```
//! use bytes::Bytes;
//! use exchange::{Clock, Config, Draft, Exchange, Zone};
//!
//! let exchange = Exchange::new(Config {
//!     clock: Clock::Fixed("2026-11-22T08:00:00Z".parse()?),
//!     ..Config::default()
//! });
//! exchange.add_mailbox("anna@example.com", "W. Europe Standard Time");
//! let zone = Zone::parse("W. Europe Standard Time").ok_or("zone")?;
//! let draft = Draft::new("Site visit", "2026-11-23T09:00:00".parse()?, "2026-11-23T10:00:00".parse()?, &zone);
//! let id = exchange.person("anna@example.com").create(&draft)?;
//!
//! let request = http::Request::get(format!("/v1.0/users/anna@example.com/events/{id}"))
//!     .header("authorization", format!("Bearer {}", exchange.token()))
//!     .body(Bytes::new())?;
//! assert_eq!(exchange.handle(request).status(), 200);
//! assert_eq!(exchange.counters().requests, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The layers, from below: `mailbox` (items, series, changes, mails) knows nothing of any interface; `graph` and `ews` are the
//! faces, with `id`, `token`, `body_text` and `answer` in common; `exchange` is the handle; `control` and `server` stand on it.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod answer;
mod behaviour;
mod body_text;
mod calendar_file;
mod clock;
mod control;
mod counters;
mod delivery;
mod ews;
mod exchange;
mod fault;
mod graph;
mod id;
mod mailbox;
mod operation;
mod person;
mod public_folder;
mod server;
mod state;
mod tls;
mod token;
mod zone;

pub use answer::Edge;
pub use behaviour::{Behaviour, Order, RepeatedCreate, StaleChangeKey, UnreadableFilter};
pub use calendar_file::{CalendarError, Loaded};
pub use clock::Clock;
pub use counters::{Counters, Operations};
pub use ews::access::Account;
pub use exchange::Exchange;
pub use fault::{Effect, Fault};
pub use id::immutable as immutable_id;
pub use mailbox::Access;
pub use mailbox::content::{
    Attendee, Body, Content, Draft, Importance, Moment, Person, Property, Response, Role,
    Sensitivity, ShowAs, WriteError,
};
pub use mailbox::item::{Exception, Series};
pub use mailbox::mail::{By, Mail, MailKind};
pub use mailbox::recurrence::{End, Index, Pattern, Recurrence};
pub use operation::Operation;
pub use person::{Found, FoundOccurrence, Outlook};
pub use server::{Running, serve, serve_encrypted};
pub use state::Config;
pub use tls::{Tls, TlsError};
pub use token::Credentials;
pub use zone::Zone;
