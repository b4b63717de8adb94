//! A plugin's private memory for one mailbox. It is a cache: losing it costs requests, never
//! correctness.
//!
//! While a cycle runs, the storage capability keeps writes in an overlay; they come here with the
//! cycle's last commit, or not at all.

use super::error::Result;
use super::statement::sql;
use super::transaction::{Source, Transaction};
use crate::contract::MailboxId;

/// The space of one plugin for one mailbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    /// The plugin's name, as it describes itself.
    pub plugin: String,
    /// The mailbox.
    pub mailbox: MailboxId,
}

/// One write: a key with its new value, none to remove it.
pub type Write = (String, Option<Vec<u8>>);

/// The value of a key.
///
/// # Errors
/// When the database does not answer.
pub async fn get(mut source: impl Source, space: &Space, key: &str) -> Result<Option<Vec<u8>>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT value FROM plugin_storage
              WHERE tenant = $1 AND plugin = $2 AND mailbox = $3 AND key = $4",
            &tenant,
            &space.plugin,
            &space.mailbox,
            key,
        ))
        .await?;
    rows.first().map(|row| row.get("value")).transpose()
}

/// All keys that begin with a prefix, in the order of their bytes.
///
/// # Errors
/// When the database does not answer.
pub async fn list(mut source: impl Source, space: &Space, prefix: &str) -> Result<Vec<String>> {
    let tenant = source.tenant().clone();
    // Filtered and sorted here: LIKE and collations differ between the databases, and a space has
    // at most 1,000 keys.
    let rows = source
        .fetch(sql!(
            "SELECT key FROM plugin_storage WHERE tenant = $1 AND plugin = $2 AND mailbox = $3",
            &tenant,
            &space.plugin,
            &space.mailbox,
        ))
        .await?;
    let keys: Result<Vec<String>> = rows.iter().map(|row| row.get("key")).collect();
    let mut keys = keys?;
    keys.retain(|key| key.starts_with(prefix));
    keys.sort();
    Ok(keys)
}

/// Applies a cycle's writes.
///
/// # Errors
/// When the database refuses it.
pub async fn apply(transaction: &mut Transaction, space: &Space, writes: &[Write]) -> Result<()> {
    let tenant = transaction.tenant_id();
    for (key, value) in writes {
        let statement = match value {
            Some(value) => sql!(
                "INSERT INTO plugin_storage (tenant, plugin, mailbox, key, value)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (tenant, plugin, mailbox, key) DO UPDATE SET value = excluded.value",
                &tenant,
                &space.plugin,
                &space.mailbox,
                key,
                value.clone(),
            ),
            None => sql!(
                "DELETE FROM plugin_storage
                  WHERE tenant = $1 AND plugin = $2 AND mailbox = $3 AND key = $4",
                &tenant,
                &space.plugin,
                &space.mailbox,
                key,
            ),
        };
        transaction.execute(statement).await?;
    }
    Ok(())
}

/// Empties a space.
///
/// # Errors
/// When the database refuses it.
pub async fn wipe(transaction: &mut Transaction, space: &Space) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM plugin_storage WHERE tenant = $1 AND plugin = $2 AND mailbox = $3",
            &tenant,
            &space.plugin,
            &space.mailbox,
        ))
        .await?;
    Ok(())
}
