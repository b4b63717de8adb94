//! A tenant's secrets: sealed in the database, in clear only in the host's memory.
//!
//! XChaCha20-Poly1305 with a random nonce for each write; tenant and name are sealed in, so that a
//! row that was copied to another tenant or name does not open.

use secrecy::{ExposeSecret, SecretString};

use super::error::{Result, StoreError};
use super::key::Sealed;
use super::statement::sql;
use super::transaction::{Source, Transaction};
use crate::contract::TenantId;

/// What a sealed value is bound to. The length keeps tenant and name apart.
pub(super) fn purpose(tenant: &TenantId, name: &str) -> Vec<u8> {
    format!("{}:{}:{name}", tenant.value.len(), tenant.value).into_bytes()
}

/// Stores a secret, in place of an older one with this name.
///
/// # Errors
/// When the database refuses it.
pub async fn put(transaction: &mut Transaction, name: &str, value: &SecretString) -> Result<()> {
    let tenant = transaction.tenant_id();
    let key = Source::key(&transaction);
    let sealed = key
        .seal(&purpose(&tenant, name), value.expose_secret().as_bytes())
        .ok_or(StoreError::Unstorable {
            column: "secret.sealed",
            reason: "it is too long".into(),
        })?;
    transaction
        .execute(sql!(
            "INSERT INTO secret (tenant, name, nonce, sealed, changed)
             VALUES ($1, $2, $3, $4, {now})
             ON CONFLICT (tenant, name) DO UPDATE
               SET nonce = excluded.nonce, sealed = excluded.sealed, changed = excluded.changed",
            &tenant,
            name,
            sealed.nonce,
            sealed.text,
        ))
        .await?;
    Ok(())
}

/// A secret; none when none is stored under this name.
///
/// # Errors
/// [`StoreError::WrongKey`].
pub async fn get(mut source: impl Source, name: &str) -> Result<Option<SecretString>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT nonce, sealed FROM secret WHERE tenant = $1 AND name = $2",
            &tenant,
            name,
        ))
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let sealed = Sealed {
        nonce: row.get("nonce")?,
        text: row.get("sealed")?,
    };
    let wrong = || StoreError::WrongKey {
        tenant: tenant.clone(),
        name: name.to_owned(),
    };
    let opened = source
        .key()
        .open(&purpose(&tenant, name), &sealed)
        .ok_or_else(wrong)?;
    let text = std::str::from_utf8(&opened).map_err(|_| wrong())?;
    Ok(Some(SecretString::from(text)))
}

/// The names of all stored secrets, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn names(mut source: impl Source) -> Result<Vec<String>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT name FROM secret WHERE tenant = $1 ORDER BY name",
            &tenant
        ))
        .await?;
    rows.iter().map(|row| row.get("name")).collect()
}

/// Removes a secret, whether it is there or not.
///
/// # Errors
/// When the database refuses it.
pub async fn remove(transaction: &mut Transaction, name: &str) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM secret WHERE tenant = $1 AND name = $2",
            &tenant,
            name
        ))
        .await?;
    Ok(())
}

/// The name of the tenant's OAuth client secret.
pub const CLIENT_SECRET: &str = "client-secret";

/// The name of the tenant's password (basic).
pub const PASSWORD: &str = "password";

/// The name of a user's own password, where there is no impersonation.
#[must_use]
pub fn own_password(mailbox: &crate::contract::MailboxId) -> String {
    format!("own-password/{}", mailbox.value)
}
