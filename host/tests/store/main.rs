//! What the host remembers, on both databases.
//!
//! Each test runs on SQLite and, when `TANDEM_TEST_POSTGRES` holds a URL, on PostgreSQL in a schema
//! of its own. Without it the PostgreSQL half says that it was skipped, and fails where `CI=true`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[macro_use]
mod place;
mod sample;

mod appointment;
mod before_image;
mod business;
mod contact;
mod cycle_rows;
mod lease;
mod link;
mod mailbox;
mod observation;
mod opening;
mod record;
mod roster;
mod secret;
mod service_call;
mod sign_in;
mod tenant;
mod to_do;
mod webhook;
