//! Everything that the host remembers, in SQLite or PostgreSQL.
//!
//! What a newcomer has to know:
//!
//! - [`Database`] is the pool, its clock and its migrations. [`Store`] is a database with the key
//!   that seals secrets. [`Store::tenant`] is the only door to a tenant's rows: it gives a
//!   [`Tenant`], and a `Tenant` gives a [`Transaction`]. Both know their tenant, and each statement
//!   takes the tenant from there, never from a caller.
//! - Each kind of row has a module with plain functions. What reads takes any [`Source`], so
//!   `&tenant` or `&mut transaction`; what writes takes `&mut Transaction`. Inside a transaction,
//!   read through the transaction: a `&tenant` sees what was committed before.
//! - A cycle writes through [`Tenant::begin_fenced`]: its commit is refused when its lease is lost.
//! - There is one SQL text for both databases. What differs stands in [`dialect`], and statements
//!   name it in braces: `{now}`, `{skip locked}`, `{list $3}`.
//! - The database's clock is the law for leases and due times, so that hosts with different clocks
//!   agree. Times are the contract's [`Instant`](crate::contract::Instant), microseconds UTC.
//! - What the contract names is stored and returned as the contract's type; enums stand in columns
//!   under the names of their Rust variants, records as JSON.

pub mod account;
mod bearer;
pub mod before_image;
pub mod codec;
pub mod cycle_run;
pub mod database;
pub mod dialect;
pub mod error;
pub mod failed_sign_in;
pub mod held;
pub mod history;
pub mod host;
pub mod id;
pub mod intent;
pub mod invitation;
pub mod key;
pub mod lease;
pub mod link;
pub mod look_again;
pub mod mail;
pub mod mailbox;
pub mod master;
pub mod moment;
pub mod observation;
mod opening;
pub mod plugin_storage;
pub mod secret;
pub mod session;
pub mod settings;
pub mod statement;
pub mod stop;
pub mod tenant;
pub mod token;
pub mod transaction;
pub mod webhook;

pub use database::Database;
pub use error::{Result, StoreError};
pub use key::SecretKey;
pub use lease::Lease;
pub use transaction::{Source, Tenant, Transaction};

use std::sync::Arc;

use crate::contract::TenantId;

/// A database with the key that seals its secrets. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    key: Arc<SecretKey>,
}

impl Store {
    /// Joins a database and the key of its secrets.
    ///
    /// The key is not tried here; a wrong one shows as [`StoreError::WrongKey`] when a secret is
    /// read.
    #[must_use]
    pub fn new(database: Database, key: SecretKey) -> Self {
        Self {
            database,
            key: Arc::new(key),
        }
    }

    /// The database below.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The tenants as such: to list and to make.
    #[must_use]
    pub fn tenants(&self) -> tenant::Tenants<'_> {
        tenant::Tenants::new(self)
    }

    /// The leases of all tenants' mailboxes, for the scheduler.
    #[must_use]
    pub fn leases(&self) -> lease::Leases<'_> {
        lease::Leases::new(&self.database)
    }

    /// The bearer tokens of the JSON interface.
    #[must_use]
    pub fn tokens(&self) -> token::Tokens<'_> {
        token::Tokens::new(&self.database)
    }

    /// The sign-in names of all tenants' users, for who is not known yet.
    #[must_use]
    pub fn accounts(&self) -> account::Accounts<'_> {
        account::Accounts::new(&self.database)
    }

    /// The links by which users choose a password.
    #[must_use]
    pub fn invitations(&self) -> invitation::Invitations<'_> {
        invitation::Invitations::new(&self.database)
    }

    /// The sessions of all who are signed in to the pages.
    #[must_use]
    pub fn sessions(&self) -> session::Sessions<'_> {
        session::Sessions::new(&self.database)
    }

    /// The failed tries to sign in.
    #[must_use]
    pub fn failed_sign_ins(&self) -> failed_sign_in::FailedSignIns<'_> {
        failed_sign_in::FailedSignIns::new(&self.database)
    }

    /// The door to a tenant's rows. Whether the tenant exists shows with the first write; ask
    /// [`tenant::Tenants::exists`] where the id comes from outside.
    #[must_use]
    pub fn tenant(&self, id: &TenantId) -> Tenant {
        Tenant::new(self.database.clone(), Arc::clone(&self.key), id.clone())
    }
}
