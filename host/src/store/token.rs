//! Bearer tokens of the JSON interface. Each is bound to one tenant, shown once when it is made,
//! and kept as its digest only.

use secrecy::SecretString;

use super::bearer::{digest, draw};
use super::database::Database;
use super::error::{Result, StoreError};
use super::statement::sql;
use crate::contract::{Instant, TenantId};

/// What a token begins with, so that it is recognised where it leaks.
pub const PREFIX: &str = "tdm_";

/// What is known of a token.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenRecord {
    /// Its key, for revoking it.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// When it was made.
    pub created: Instant,
}

/// All tokens; see [`Store::tokens`](super::Store::tokens).
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a> {
    database: &'a Database,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// Makes a token for a tenant. This is the only time that it can be read.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTenant`].
    pub async fn create(&self, tenant: &TenantId, label: &str) -> Result<SecretString> {
        let token = draw(PREFIX);
        let made = self
            .database
            .write(sql!(
                "INSERT INTO token (tenant, id, label, digest, created)
                 VALUES ($1, $2, $3, $4, {now}) RETURNING id",
                tenant,
                self.database.new_id(),
                label,
                digest(&token),
            ))
            .await;
        match made {
            Ok(_) => Ok(SecretString::from(token.as_str())),
            Err(e) if e.is_missing_parent() => Err(StoreError::NoSuchTenant {
                tenant: tenant.clone(),
            }),
            Err(e) => Err(e),
        }
    }

    /// Whose token this is; none when it is unknown or revoked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify(&self, token: &str) -> Result<Option<TenantId>> {
        if !token.starts_with(PREFIX) {
            return Ok(None);
        }
        let statement = sql!("SELECT tenant FROM token WHERE digest = $1", digest(token));
        let rows = self.database.fetch(statement).await?;
        rows.first()
            .map(|row| row.get("tenant").map(|value| TenantId { value }))
            .transpose()
    }

    /// Ends a token of a tenant.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn revoke(&self, tenant: &TenantId, id: &str) -> Result<()> {
        let statement = sql!(
            "DELETE FROM token WHERE tenant = $1 AND id = $2 RETURNING id",
            tenant,
            id
        );
        match self.database.write(statement).await?.is_empty() {
            true => Err(StoreError::NotFound {
                what: "token",
                id: id.to_owned(),
            }),
            false => Ok(()),
        }
    }

    /// A tenant's tokens, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(&self, tenant: &TenantId) -> Result<Vec<TokenRecord>> {
        let statement = sql!(
            "SELECT id, label, created FROM token WHERE tenant = $1 ORDER BY id",
            tenant
        );
        self.database
            .fetch(statement)
            .await?
            .iter()
            .map(|row| {
                Ok(TokenRecord {
                    id: row.get("id")?,
                    label: row.get("label")?,
                    created: row.instant("created")?,
                })
            })
            .collect()
    }
}
