//! What the sandbox does with each guest: one file of tests for each. Beside them `credentials` and
//! `tls` send the wanderer to servers that sign in and encrypt.
//!
//! The macro below names every guest; a guest without a file of tests here does not compile.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what helps tests fails like tests"
)]

mod crasher;
mod credentials;
mod flood;
mod forger;
mod glutton;
mod hoarder;
mod impure;
mod liar;
mod mute;
mod server;
mod setting;
mod sleeper;
mod snoop;
mod spin;
mod tls;
mod tourist;
mod wanderer;

macro_rules! has_tests {
    ($guest:ident) => {
        const _: () = {
            #[allow(unused_imports, reason = "that the module exists is the point")]
            use crate::$guest as _;
        };
    };
}

guests::every_guest!(has_tests);
