//! A small world for the tests of the whole path: an Exchange emulator behind a socket, a host
//! around a fresh database, technicians with mailboxes, and people who work on both sides.
//!
//! A test is an `async fn` that is given a database and makes a [`World`] on it; one list at the
//! end of its file ([`on_both_databases!`]) runs it on SQLite and on PostgreSQL. PostgreSQL is used
//! when `TANDEM_TEST_POSTGRES` holds a URL whose user may create databases; each test gets a
//! database of its own there. In CI a missing variable fails the test, elsewhere the test says that
//! it was skipped.
//!
//! Whatever a test is about, when its world ends no mail may have left Exchange through the API. What
//! went over the wire then stays under `target/wire/graph` (`wire`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what helps tests fails like tests"
)]

mod database;
mod desk;
pub mod dump;
pub mod oracles;
mod record;
pub mod time;
mod wire;
mod world;

pub use database::{Kind, On, run};
pub use desk::Desk;
pub use record::{from_exchange, only, plain, titled};
pub use world::engine;
pub use world::{AUCKLAND, BERLIN, LOS_ANGELES, Technician, World, WorldBuilder};

/// Runs each of the named tests on both databases.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { $crate::run($crate::Kind::Sqlite, super::$name); })+
        }
        mod on_postgres {
            $(#[test] fn $name() { $crate::run($crate::Kind::Postgres, super::$name); })+
        }
    };
}
