//! Tenants as such.

use super::Store;
use super::error::{Result, StoreError};
use super::statement::sql;
use crate::contract::{Instant, TenantId};

/// A tenant's own row.
#[derive(Clone, Debug, PartialEq)]
pub struct TenantRecord {
    /// The platform's name for it.
    pub id: TenantId,
    /// What people call it.
    pub name: String,
    /// Since when it is here.
    pub created: Instant,
}

/// All tenants; see [`Store::tenants`].
#[derive(Clone, Copy, Debug)]
pub struct Tenants<'a> {
    store: &'a Store,
}

impl<'a> Tenants<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Makes a tenant.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for an id other than 1 to 63 lower-case letters, digits and hyphens;
    /// [`StoreError::TenantExists`].
    pub async fn create(&self, id: &TenantId, name: &str) -> Result<()> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=63).contains(&id.value.len()) || !id.value.chars().all(allowed) {
            return Err(StoreError::Invalid {
                field: "tenant",
                rule: "give 1 to 63 lower-case letters, digits and hyphens".into(),
            });
        }
        let mut transaction = self.store.tenant(id).begin().await?;
        let made = transaction
            .execute(sql!(
                "INSERT INTO tenant (tenant, name, created, psa_version) VALUES ($1, $2, {now}, 0)
                 ON CONFLICT DO NOTHING",
                id,
                name,
            ))
            .await?;
        if made == 0 {
            return Err(StoreError::TenantExists { tenant: id.clone() });
        }
        transaction
            .execute(sql!(
                "INSERT INTO settings (tenant, document, version, enabled, paused)
                 VALUES ($1, NULL, 0, $2, $2)",
                id,
                false,
            ))
            .await?;
        transaction.commit().await
    }

    /// All tenants by their ids.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(&self) -> Result<Vec<TenantRecord>> {
        let rows = self
            .store
            .database()
            .fetch(sql!(
                "SELECT tenant, name, created FROM tenant ORDER BY tenant"
            ))
            .await?;
        rows.iter()
            .map(|row| {
                Ok(TenantRecord {
                    id: TenantId {
                        value: row.get("tenant")?,
                    },
                    name: row.get("name")?,
                    created: row.instant("created")?,
                })
            })
            .collect()
    }

    /// Whether there is such a tenant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn exists(&self, id: &TenantId) -> Result<bool> {
        let statement = sql!("SELECT tenant FROM tenant WHERE tenant = $1", id);
        Ok(!self.store.database().fetch(statement).await?.is_empty())
    }
}
