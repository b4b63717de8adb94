//! How users sign in to the pages: a name, which leads to one user of one tenant, and the hash of a
//! password.

use secrecy::{ExposeSecret, SecretString};

use super::database::Database;
use super::error::{Result, StoreError};
use super::statement::{Row, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{PsaId, TenantId};

/// How long a sign-in name may be, in characters: as long as an address.
const LONGEST_NAME: usize = 320;

/// How a user signs in.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose user.
    pub tenant: TenantId,
    /// Which user.
    pub user: PsaId,
    /// What the user types.
    pub name: String,
    /// The password's hash as a PHC string; none before one was chosen.
    pub password: Option<SecretString>,
}

/// The accounts of all tenants; see [`Store::accounts`](super::Store::accounts).
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a> {
    database: &'a Database,
}

impl<'a> Accounts<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// The account with this name, in whichever case, of a user who is active.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn named(&self, name: &str) -> Result<Option<Account>> {
        let statement = sql!(
            "SELECT a.tenant, a.resource, a.name, a.password
               FROM account a JOIN resource r ON r.tenant = a.tenant AND r.id = a.resource
              WHERE a.name_key = $1 AND r.active",
            key(name),
        );
        let rows = self.database.fetch(statement).await?;
        rows.first().map(read).transpose()
    }
}

/// A user's account; none before the user was let in.
///
/// # Errors
/// When the database does not answer.
pub async fn get(mut source: impl Source, user: &PsaId) -> Result<Option<Account>> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        "SELECT tenant, resource, name, password FROM account WHERE tenant = $1 AND resource = $2",
        &tenant,
        &user.value,
    );
    let rows = source.fetch(statement).await?;
    rows.first().map(read).transpose()
}

/// Whether any of the tenant's users can sign in, or was asked to choose a password.
///
/// # Errors
/// When the database does not answer.
pub async fn any(mut source: impl Source) -> Result<bool> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        "SELECT resource FROM account WHERE tenant = $1 LIMIT 1",
        &tenant
    );
    Ok(!source.fetch(statement).await?.is_empty())
}

/// Gives a user this name to sign in with, in place of an earlier one.
///
/// # Errors
/// [`StoreError::Invalid`] for a name that is empty, too long or somebody else's;
/// [`StoreError::NotFound`] for an unknown user.
pub async fn set_name(transaction: &mut Transaction, user: &PsaId, name: &str) -> Result<()> {
    let name = name.trim();
    let invalid = |rule: &str| StoreError::Invalid {
        field: "name",
        rule: rule.into(),
    };
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(invalid("give 1 to 320 characters"));
    }
    let tenant = transaction.tenant_id();
    let key = key(name);
    let mut source = &mut *transaction;
    let holder = sql!(
        "SELECT tenant, resource FROM account WHERE name_key = $1",
        &key
    );
    if let Some(row) = source.fetch(holder).await?.first()
        && (row.get::<String>("tenant")?, row.get::<String>("resource")?)
            != (tenant.value.clone(), user.value.clone())
    {
        return Err(invalid("the name is taken; give another one"));
    }
    let made = transaction
        .execute(sql!(
            "INSERT INTO account (tenant, resource, name, name_key) VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant, resource) DO UPDATE
               SET name = excluded.name, name_key = excluded.name_key",
            &tenant,
            &user.value,
            name,
            key,
        ))
        .await;
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.is_missing_parent() => Err(StoreError::NotFound {
            what: "user",
            id: user.value.clone(),
        }),
        // Somebody else took it in this moment.
        Err(error) if error.is_unique_violation() => {
            Err(invalid("the name is taken; give another one"))
        }
        Err(error) => Err(error),
    }
}

/// Gives a user another password, by its hash. Ends all of the user's sessions and the invitation.
///
/// # Errors
/// [`StoreError::NotFound`] for a user who has no account.
pub async fn set_password(
    transaction: &mut Transaction,
    user: &PsaId,
    hash: &SecretString,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let changed = transaction
        .execute(sql!(
            "UPDATE account SET password = $3 WHERE tenant = $1 AND resource = $2",
            &tenant,
            &user.value,
            hash.expose_secret(),
        ))
        .await?;
    if changed == 0 {
        return Err(StoreError::NotFound {
            what: "account",
            id: user.value.clone(),
        });
    }
    for statement in [
        "DELETE FROM session WHERE tenant = $1 AND resource = $2",
        "DELETE FROM invitation WHERE tenant = $1 AND resource = $2",
    ] {
        transaction
            .execute(sql!(statement, &tenant, &user.value))
            .await?;
    }
    Ok(())
}

fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

fn read(row: &Row) -> Result<Account> {
    Ok(Account {
        tenant: TenantId {
            value: row.get("tenant")?,
        },
        user: PsaId {
            value: row.get("resource")?,
        },
        name: row.get("name")?,
        password: row
            .get::<Option<String>>("password")?
            .map(SecretString::from),
    })
}
