//! The reference host: runs Tandem's components against a PSA's records and Exchange mailboxes.
//!
//! The rooms from the bottom up: what is remembered ([`store`]), the platform's own records
//! ([`psa`]), the sandbox ([`runtime`]) and what it may reach ([`capability`]), the run for one
//! mailbox ([`cycle`]), and the doors through which people and programs come in.

pub mod api;
pub mod capability;
pub mod cli;
pub mod contract;
pub mod cycle;
pub mod demo;
pub mod explanation;
pub mod host;
pub mod operator;
pub mod outbox;
pub mod page;
pub mod psa;
pub mod runtime;
pub mod settings;
pub mod store;
#[cfg(test)]
mod testing;
pub mod web;
pub mod webhook;
