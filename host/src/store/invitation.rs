//! Links by which a user chooses a password: made by an administrator, used once, for a week.

use secrecy::SecretString;

use super::bearer::{digest, draw};
use super::database::Database;
use super::error::{Result, StoreError};
use super::statement::sql;
use super::transaction::Transaction;
use crate::contract::{PsaId, TenantId};

/// How long a link is good, in microseconds: 7 days.
const GOOD_FOR: i64 = 7 * 24 * 60 * 60 * 1_000_000;

/// Who is invited.
#[derive(Clone, Debug, PartialEq)]
pub struct Invited {
    /// Whose user.
    pub tenant: TenantId,
    /// Which user.
    pub user: PsaId,
    /// With which name the user signs in.
    pub name: String,
}

/// All invitations; see [`Store::invitations`](super::Store::invitations).
#[derive(Clone, Copy, Debug)]
pub struct Invitations<'a> {
    database: &'a Database,
}

impl<'a> Invitations<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// Who is invited by a link; none when it is unknown, used or too old, or its user is not active.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, secret: &str) -> Result<Option<Invited>> {
        let statement = sql!(
            "SELECT i.tenant, i.resource, a.name
               FROM invitation i
               JOIN account a ON a.tenant = i.tenant AND a.resource = i.resource
               JOIN resource r ON r.tenant = i.tenant AND r.id = i.resource
              WHERE i.digest = $1 AND i.expires > {now} AND r.active",
            digest(secret),
        );
        let rows = self.database.fetch(statement).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        Ok(Some(Invited {
            tenant: TenantId {
                value: row.get("tenant")?,
            },
            user: PsaId {
                value: row.get("resource")?,
            },
            name: row.get("name")?,
        }))
    }
}

/// Invites a user who has an account; an earlier link is good no more. This is the only time that
/// what stands in the link can be read.
///
/// # Errors
/// [`StoreError::NotFound`] for a user without an account.
pub async fn invite(transaction: &mut Transaction, user: &PsaId) -> Result<SecretString> {
    let tenant = transaction.tenant_id();
    let secret = draw("");
    let made = transaction
        .execute(sql!(
            "INSERT INTO invitation (tenant, resource, digest, expires)
             VALUES ($1, $2, $3, {now} + $4)
             ON CONFLICT (tenant, resource) DO UPDATE
               SET digest = excluded.digest, expires = excluded.expires",
            &tenant,
            &user.value,
            digest(&secret),
            GOOD_FOR,
        ))
        .await;
    match made {
        Ok(_) => Ok(SecretString::from(secret.as_str())),
        Err(error) if error.is_missing_parent() => Err(StoreError::NotFound {
            what: "account",
            id: user.value.clone(),
        }),
        Err(error) => Err(error),
    }
}

/// Takes a link out of use, and tells whether it was good until then: of two who use it at once, one
/// is told so.
///
/// # Errors
/// When the database refuses it.
pub async fn redeem(transaction: &mut Transaction, secret: &str) -> Result<bool> {
    let tenant = transaction.tenant_id();
    let redeemed = transaction
        .execute(sql!(
            "DELETE FROM invitation WHERE tenant = $1 AND digest = $2 AND expires > {now}",
            &tenant,
            digest(secret),
        ))
        .await?;
    Ok(redeemed == 1)
}
