//! Telling subscribers that a tenant's records changed.
//!
//! A message says up to which version something changed and nothing else, so that no text leaves: who
//! gets it asks the change feed, with a token. It is signed by the scheme of Standard Webhooks, which
//! receivers in many languages verify with a library. It arrives at least once: what is owed stands in
//! the database (`store::webhook`) until a receiver took it.

pub mod address;
pub mod message;
pub mod sender;
