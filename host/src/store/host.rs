//! Values that belong to the host as a whole and to no tenant.

use super::database::Database;
use super::error::Result;
use super::statement::sql;

/// A value.
///
/// # Errors
/// When the database does not answer.
pub async fn get(database: &Database, name: &str) -> Result<Option<String>> {
    let rows = database
        .fetch(sql!("SELECT value FROM host WHERE name = $1", name))
        .await?;
    rows.first().map(|row| row.get("value")).transpose()
}

/// Keeps a value, in place of an older one.
///
/// # Errors
/// When the database refuses it.
pub async fn put(database: &Database, name: &str, value: &str) -> Result<()> {
    database
        .write(sql!(
            "INSERT INTO host (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value RETURNING name",
            name,
            value,
        ))
        .await?;
    Ok(())
}
