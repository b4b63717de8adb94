//! One run for one mailbox, in seven steps: recover, observe, plan, guard, apply, push, settle.
//!
//! Data goes one way. Each step is a file; what it hands to the next is a type there. A kill at any
//! point loses nothing: what was planned for the PSA commits in one transaction with the notes
//! (intents) of what is about to be sent to Exchange, and the cursors move last.

pub mod apply;
pub mod approve;
pub mod before;
pub mod contacts;
pub mod entry;
pub mod fault_text;
pub mod group;
pub mod guard;
pub mod hand_over;
pub mod known;
pub mod lease;
pub mod lost_links;
pub mod mail;
pub mod notice;
pub mod observe;
pub mod plan;
pub mod public_folder;
pub mod push;
pub mod race;
pub mod recover;
pub mod retry;
pub mod returned;
pub mod run;
pub mod scheduler;
pub mod series;
pub mod settle;
pub mod sign_in;
pub mod stop_text;
pub mod tidy;
pub mod try_again;
pub mod undo;
pub mod validate;
pub mod window;

pub use guard::Verdict;
pub use run::{CycleError, CycleReport, Foreseen, Options, run};

#[cfg(test)]
mod tests;
