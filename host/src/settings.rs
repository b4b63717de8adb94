//! What administrators and users decide, from the form they write it in to the contract's types.
//!
//! The database keeps the [`document`]; [`check`] holds it against every rule that needs no server;
//! [`effective`] makes of it what a plugin is given, secrets left out.

pub mod check;
pub mod document;
pub mod effective;
pub mod names;
pub mod permissions;
pub mod pilot;
pub mod save;
pub mod user;
pub mod welcome;
