//! A small world for the tests of the whole path: an Exchange emulator behind a socket, a host
//! around a fresh database, technicians with mailboxes, and people who work on both sides.
//!
//! A test is an `async fn` that is given what it runs [`On`], a database and a provider, and makes a
//! [`World`] on it. One list at the end of its file ([`with_every_provider!`]) runs it through each
//! provider on SQLite and on PostgreSQL; what only one of them has stands in a list of that provider
//! ([`with_provider!`]). PostgreSQL is used when `TANDEM_TEST_POSTGRES` holds a URL whose user may create databases; each test gets a
//! database of its own there. In CI a missing variable fails the test, elsewhere the test says that
//! it was skipped.
//!
//! Whatever a test is about, when its world ends no mail may have left Exchange through the API. What
//! went over the wire then stays under `target/wire` (`wire`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what helps tests fails like tests"
)]

pub mod contact;
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
pub use tandem::runtime::embedded::Embedded;
pub use world::engine;
pub use world::{AUCKLAND, BERLIN, LOS_ANGELES, Technician, World, WorldBuilder};

/// Runs each of the named tests through every provider, on both databases.
#[macro_export]
macro_rules! with_every_provider {
    ($($name:ident),+ $(,)?) => {
        $crate::tests!(graph_on_sqlite, Graph, Sqlite, $($name),+);
        $crate::tests!(graph_on_postgres, Graph, Postgres, $($name),+);
        $crate::tests!(ews_on_sqlite, Ews, Sqlite, $($name),+);
        $crate::tests!(ews_on_postgres, Ews, Postgres, $($name),+);
    };
}

/// Runs each of the named tests through one provider, on both databases.
#[macro_export]
macro_rules! with_provider {
    ($provider:ident: $($name:ident),+ $(,)?) => {
        $crate::tests!(on_sqlite, $provider, Sqlite, $($name),+);
        $crate::tests!(on_postgres, $provider, Postgres, $($name),+);
    };
}

/// A module that runs each of the named tests in one way.
#[macro_export]
macro_rules! tests {
    ($module:ident, $provider:ident, $kind:ident, $($name:ident),+) => {
        mod $module {
            $(#[test] fn $name() {
                $crate::run($crate::Kind::$kind, $crate::Embedded::$provider, super::$name);
            })+
        }
    };
}

/// A provider that is here and in no list of [`with_every_provider!`] would not be tried: whoever adds
/// one adds it there too.
const _: () = assert!(Embedded::ALL.len() == 2);
