//! Whole lives of mailboxes, drawn from a seed.
//!
//! A run is one seed and one thread: the component as it is shipped, the host with its database,
//! and the emulator's model behind the HTTP capability. All clocks stand and are moved by the run;
//! all chance, also the component's, comes from the seed. So a seed repeats its run exactly:
//!
//! ```text
//! cargo run -p simulation -- --seed 42          # one run, with its trace
//! cargo run -p simulation -- --seeds 0..20000   # many, two at a time
//! ```
//!
//! Seeds take turns with the ways to Exchange ([`provider`]), Graph and EWS; `--provider ews` chooses one.
//!
//! The way of a run stands in [`run`]: people do something on both sides ([`deeds`]), cycles run in
//! spite of what goes wrong ([`wire`], [`crash`]), then all is quiet ([`quiet`]), and it is judged
//! ([`check`]) by the law and by what people did ([`book`]). The checker shares no code with the
//! planner.

pub mod book;
pub mod business;
pub mod check;
pub mod clock;
pub mod contacts;
pub mod crash;
pub mod deeds;
pub mod dice;
pub mod kinds;
pub mod look;
pub mod machine;
pub mod many;
pub mod office;
pub mod provider;
pub mod quiet;
pub mod record;
pub mod restore;
pub mod run;
pub mod series;
pub mod trace;
pub mod when;
pub mod wire;
pub mod words;

/// What stands in the way of a run; that a promise was broken among it.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Broken>;

pub use run::{Outcome, run};
