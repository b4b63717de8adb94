//! The reference host: runs Tandem's components against a PSA's records and Exchange mailboxes.
pub mod capability;
pub mod contract;
pub mod runtime;
