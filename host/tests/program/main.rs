//! The program as people and tools run it: what it prints, how it ends, and what it leaves behind.
//!
//! Every refusal is clear: it names what is wrong and what to do, on standard error, ends with a
//! failure and changes nothing. One file for each command, and for what they share.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod apply;
mod approve;
mod cache;
mod demo;
mod dry_run;
mod ended;
mod explain;
mod mail;
mod mail_server;
mod operator;
mod place;
mod plugin;
mod remove_copies;
mod sync;
mod token;
mod undo;
mod validate;
