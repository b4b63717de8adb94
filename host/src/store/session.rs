//! Who is signed in to the pages. A session ends when it was not used for two hours, and after twelve
//! in any case; by the database's clock.

use secrecy::SecretString;

use super::bearer::{digest, draw};
use super::database::Database;
use super::error::Result;
use super::statement::sql;
use crate::contract::{PsaId, TenantId};

const MINUTE: i64 = 60 * 1_000_000;

/// How long a session lasts without use, in microseconds.
pub const IDLE: i64 = 2 * 60 * MINUTE;

/// How long it lasts at most, in microseconds.
pub const LONGEST: i64 = 12 * 60 * MINUTE;

/// Who is signed in, as the PSA has the user at this moment.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedIn {
    /// Whose user.
    pub tenant: TenantId,
    /// Which user.
    pub user: PsaId,
    /// The name that people read.
    pub name: String,
    /// The security level has *Admin: configure Microsoft extensions*.
    pub is_admin: bool,
}

/// All sessions; see [`Store::sessions`](super::Store::sessions).
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a> {
    database: &'a Database,
}

impl<'a> Sessions<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// Begins a session of a user who has an account, and gives what opens it, for the only time.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn begin(&self, tenant: &TenantId, user: &PsaId) -> Result<SecretString> {
        let ended = sql!("DELETE FROM session WHERE used < {now} - $1", IDLE);
        self.database.write(ended).await?;
        let secret = draw("");
        let statement = sql!(
            "INSERT INTO session (tenant, digest, resource, created, used)
             VALUES ($1, $2, $3, {now}, {now})",
            tenant,
            digest(&secret),
            &user.value,
        );
        self.database.write(statement).await?;
        Ok(SecretString::from(secret.as_str()))
    }

    /// Whose session it is; none when it is unknown or has ended, or its user is not active. Using it
    /// keeps it from ending.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, secret: &str) -> Result<Option<SignedIn>> {
        let digest = digest(secret);
        let statement = sql!(
            "SELECT s.tenant, s.resource, r.name, s.used < {now} - $4 AS is_stale,
                    COALESCE(l.configure_extensions, $5) AS is_admin
               FROM session s
               JOIN resource r ON r.tenant = s.tenant AND r.id = s.resource
               LEFT JOIN security_level l
                 ON l.tenant = r.tenant AND l.id = r.security_level AND NOT l.deleted
              WHERE s.digest = $1 AND s.used > {now} - $2 AND s.created > {now} - $3 AND r.active",
            &digest,
            IDLE,
            LONGEST,
            MINUTE,
            false,
        );
        let rows = self.database.fetch(statement).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        if row.get("is_stale")? {
            let used = sql!("UPDATE session SET used = {now} WHERE digest = $1", &digest);
            self.database.write(used).await?;
        }
        Ok(Some(SignedIn {
            tenant: TenantId {
                value: row.get("tenant")?,
            },
            user: PsaId {
                value: row.get("resource")?,
            },
            name: row.get("name")?,
            is_admin: row.get("is_admin")?,
        }))
    }

    /// Ends a session, whether it is there or not.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn end(&self, secret: &str) -> Result<()> {
        let statement = sql!("DELETE FROM session WHERE digest = $1", digest(secret));
        self.database.write(statement).await.map(|_| ())
    }
}
