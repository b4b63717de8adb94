//! What can go wrong with what the host remembers.

use std::path::PathBuf;

use crate::contract::{PsaId, TenantId};

/// The result of everything in this room.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why something could not be read or kept. Each message says what is wrong, where, and what to
/// do; none carries a secret or an item's text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The URL names no database that is known here.
    #[error(
        "the database URL begins with \"{scheme}\"; write sqlite:PATH, sqlite::memory: or \
         postgres://USER@HOST/NAME"
    )]
    UnknownUrl {
        /// What stands before the first colon.
        scheme: String,
    },
    /// The database did not open.
    #[error(
        "the database {place} could not be opened: {source}; check that it exists, may be written and is running"
    )]
    Open {
        /// The path or address, without a password.
        place: String,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// The file is something else.
    #[error(
        "{path} is not a SQLite database; give the path of Tandem's database, or of a file that does not exist yet"
    )]
    NotADatabase {
        /// The file.
        path: String,
    },
    /// A SQLite database of another program.
    #[error(
        "{path} is a SQLite database of another program; give the path of a file that does not exist yet"
    )]
    ForeignDatabase {
        /// The file.
        path: String,
    },
    /// A newer version of Tandem has written the database.
    #[error(
        "the database {place} was written by a newer version of Tandem: it has schema {found}, and \
         this version knows up to {known}; nothing was changed; run the newer version, or restore \
         a backup made before the upgrade"
    )]
    NewerDatabase {
        /// The path or address, without a password.
        place: String,
        /// The newest migration found in it.
        found: i64,
        /// The newest migration of this version.
        known: i64,
    },
    /// The schema could not be brought up to date.
    #[error(
        "the schema of the database {place} could not be brought up to date: {source}; restore a backup, or report this"
    )]
    Migration {
        /// The path or address, without a password.
        place: String,
        /// What the migrator said.
        source: sqlx::migrate::MigrateError,
    },
    /// Another writer holds the database.
    #[error(
        "the database stayed locked by another writer for {seconds} s; try again, and end other programs that hold it"
    )]
    Busy {
        /// How long was waited.
        seconds: u64,
    },
    /// A statement failed.
    #[error("the database refused a statement: {source}; RUST_LOG=tandem=debug logs which")]
    Sql {
        /// Its text, which never holds a value.
        statement: &'static str,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// A stored value cannot be read.
    #[error(
        "the database holds a value that cannot be read in {column}: {reason}; restore a backup, or report this"
    )]
    Unreadable {
        /// Where it stands.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A value cannot be stored.
    #[error("a value for {column} cannot be stored: {reason}")]
    Unstorable {
        /// Where it would stand.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The cycle's lease has ended or went to another host; nothing of the transaction was kept.
    #[error(
        "the lease of mailbox {mailbox} was lost; nothing of this step was kept, and the next cycle does it again"
    )]
    LeaseLost {
        /// The host's key of the mailbox.
        mailbox: String,
    },
    /// There is no such tenant.
    #[error("there is no tenant \"{}\"; see the list of tenants, or create it first", tenant.value)]
    NoSuchTenant {
        /// The name that was asked for.
        tenant: TenantId,
    },
    /// There is such a tenant already.
    #[error("there is a tenant \"{}\" already; choose another name", tenant.value)]
    TenantExists {
        /// The name that was asked for.
        tenant: TenantId,
    },
    /// Another user has this mailbox address.
    #[error("the mailbox address {address} belongs to user {} already; two users cannot share a mailbox, so give one of them another address", resource.value)]
    AddressTaken {
        /// The address.
        address: String,
        /// Who has it.
        resource: PsaId,
    },
    /// Something that was named is not there.
    #[error("there is no {what} \"{id}\" in this tenant; it may have been removed meanwhile")]
    NotFound {
        /// Which kind of thing.
        what: &'static str,
        /// Its key.
        id: String,
    },
    /// Somebody else changed the row first.
    #[error(
        "{what} \"{id}\" was changed by somebody else (it is at version {found}, the change was made on {expected}); load it again and repeat the change"
    )]
    Conflict {
        /// Which kind of thing.
        what: &'static str,
        /// Its key.
        id: String,
        /// The version that the caller worked on.
        expected: u64,
        /// The version that it has.
        found: u64,
    },
    /// Other records name it.
    #[error(
        "{what} \"{id}\" cannot be deleted: a {by} names it; delete that first, or let it name another {what}"
    )]
    InUse {
        /// Which kind of thing.
        what: &'static str,
        /// Its key.
        id: String,
        /// What kind of record names it.
        by: String,
    },
    /// A value from outside breaks a rule.
    #[error("{field}: {rule}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// The rule that it breaks, and what is accepted.
        rule: String,
    },
    /// A write with this key has no outcome yet.
    #[error(
        "the write {key} was prepared before and has no outcome yet; recover it before it is prepared again"
    )]
    IntentPending {
        /// The idempotency key.
        key: String,
    },
    /// A second link for one PSA item in one mailbox.
    #[error("the PSA item {psa} has a link in this mailbox already; a second copy is never made")]
    AlreadyLinked {
        /// Kind and key.
        psa: String,
    },
    /// A secret was sealed under another key, or was tampered with.
    #[error("the secret \"{name}\" of tenant \"{}\" cannot be opened with this key: it was sealed with another one, or changed; give the key file that was used, or enter the secret again", tenant.value)]
    WrongKey {
        /// The tenant.
        tenant: TenantId,
        /// The secret's name.
        name: String,
    },
    /// The key itself is missing or malformed.
    #[error("the key {place}: {reason}")]
    Key {
        /// The file or environment variable.
        place: String,
        /// What is wrong, and what is accepted.
        reason: String,
    },
    /// The key's file cannot be read or made.
    #[error("the key file {}: {source}; check the path and its permissions", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl StoreError {
    /// A statement failed; its text goes to the log, since people who read the error need none.
    pub(super) fn refused(statement: &'static str, source: sqlx::Error) -> Self {
        tracing::debug!(statement, error = %source, "a statement was refused");
        Self::Sql { statement, source }
    }

    /// Whether a unique index refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sql { source, .. }
            if source.as_database_error().is_some_and(|e| e.is_unique_violation()))
    }

    /// Whether a foreign key refused the row: what it belongs to is not there.
    #[must_use]
    pub fn is_missing_parent(&self) -> bool {
        matches!(self, Self::Sql { source, .. }
            if source.as_database_error().is_some_and(|e| e.is_foreign_key_violation()))
    }

    /// Whether the same call may succeed a little later, without anybody's doing.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Busy { .. } => true,
            Self::Sql { source, .. } | Self::Open { source, .. } => match source {
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
                sqlx::Error::Database(e) => matches!(
                    e.code().as_deref(),
                    // SQLite: busy, locked. PostgreSQL: serialisation, deadlock, shutting down.
                    Some("5" | "6" | "517" | "40001" | "40P01" | "57P01" | "57P02" | "57P03")
                ),
                _ => false,
            },
            _ => false,
        }
    }
}
