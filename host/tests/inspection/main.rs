//! Looking into a host: the plan before, the history after, the plugin, what was compiled, and the
//! mails that tell people.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cache;
mod dry_run;
mod explain;
mod mail;
mod mail_server;
mod place;
mod plugin;
