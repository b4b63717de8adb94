//! The reference host: runs Tandem's components against a PSA's records and Exchange mailboxes.
pub mod contract;
pub mod psa;
pub mod store;
