//! Who can sign in before anybody was invited: a tenant's first administrator, a user of the PSA with
//! *Admin: configure Microsoft extensions* and a password that is shown once, at the terminal.

use secrecy::{ExposeSecret, SecretString};

use super::password::{Hashing, HashingError};
use crate::contract::PsaId;
use crate::psa::filter::ByName;
use crate::psa::key::Key;
use crate::psa::record::{self, Search};
use crate::psa::resource::{self, Resource};
use crate::psa::security_level::SecurityLevel;
use crate::psa::version;
use crate::store::{StoreError, Tenant, Transaction, account};

/// The key of the user that is made.
const USER: &str = "administrator";

/// What its security level is called.
const LEVEL: &str = "Administrator";

/// Letters and digits that nobody takes for each other.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// How somebody signs in.
#[derive(Debug)]
pub struct Account {
    /// The sign-in name.
    pub name: String,
    /// The password, kept nowhere.
    pub password: SecretString,
}

impl Account {
    /// The password, to be shown this once.
    #[must_use]
    pub fn password(&self) -> &str {
        self.password.expose_secret()
    }
}

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hashing(#[from] HashingError),
}

/// Makes the tenant's administrator, where nobody of the tenant can sign in yet. Of several hosts that
/// start at once, one does.
///
/// # Errors
/// When the database does not answer.
pub async fn of_first_start(tenant: &Tenant) -> Result<Option<Account>, AccountError> {
    if account::any(tenant).await? {
        return Ok(None);
    }
    let mut transaction = tenant.begin().await?;
    version::hold(&mut transaction).await?;
    match account::any(&mut transaction).await? {
        true => Ok(None),
        false => administrator(transaction).await.map(Some),
    }
}

/// Makes the tenant's administrator, or gives the one there is another password: what helps when
/// nobody can sign in any more.
///
/// # Errors
/// When the database does not answer.
pub async fn make(tenant: &Tenant) -> Result<Account, AccountError> {
    let mut transaction = tenant.begin().await?;
    version::hold(&mut transaction).await?;
    administrator(transaction).await
}

async fn administrator(mut transaction: Transaction) -> Result<Account, AccountError> {
    let user = user(&mut transaction).await?;
    // A name leads to one tenant, so it names the tenant.
    let name = match account::get(&mut transaction, &user).await? {
        Some(account) => account.name,
        None => format!("{USER}@{}", transaction.tenant_id().value),
    };
    give(transaction, &user, name).await
}

/// Lets a user sign in with this name and a new password.
///
/// # Errors
/// When the database refuses it.
pub async fn let_in(tenant: &Tenant, user: &PsaId, name: String) -> Result<Account, AccountError> {
    give(tenant.begin().await?, user, name).await
}

async fn give(
    mut transaction: Transaction,
    user: &PsaId,
    name: String,
) -> Result<Account, AccountError> {
    let password = draw();
    let hash = Hashing::default().hash(password.clone()).await?;
    account::set_name(&mut transaction, user, &name).await?;
    account::set_password(&mut transaction, user, &hash).await?;
    transaction.commit().await?;
    Ok(Account { name, password })
}

/// The administrator as a user of the PSA, made or put into use where needed.
async fn user(transaction: &mut Transaction) -> Result<PsaId, StoreError> {
    let user = PsaId {
        value: USER.to_owned(),
    };
    let level = level(transaction).await?;
    match resource::get(&mut *transaction, &user).await {
        Ok(known)
            if known.fields.active && known.fields.security_level.as_ref() == Some(&level) => {}
        Ok(known) => {
            let fields = Resource {
                active: true,
                security_level: Some(level),
                ..known.fields
            };
            resource::replace(transaction, &user, known.version, &fields).await?;
        }
        Err(StoreError::NotFound { .. }) => {
            let fields = Resource {
                name: LEVEL.to_owned(),
                email: String::new(),
                working_hours: None,
                active: true,
                territory: None,
                security_level: Some(level),
            };
            resource::create(transaction, Some(&user), &fields).await?;
        }
        Err(error) => return Err(error),
    }
    Ok(user)
}

/// A security level that lets its users configure extensions.
async fn level(transaction: &mut Transaction) -> Result<Key<SecurityLevel>, StoreError> {
    let search = Search {
        filter: ByName {
            text: Some(LEVEL.to_owned()),
        },
        after: None,
        limit: u32::MAX,
    };
    let known = record::list::<SecurityLevel>(&mut *transaction, &search).await?;
    let known = known
        .into_iter()
        .find(|level| level.fields.configure_extensions && level.fields.name == LEVEL);
    if let Some(level) = known {
        return Ok(Key::new(level.id));
    }
    let fields = SecurityLevel {
        name: LEVEL.to_owned(),
        configure_extensions: true,
    };
    let made = record::create(transaction, None, &fields).await?;
    Ok(Key::new(made.id))
}

/// Four groups of five signs: 100 bits that can be read out on the telephone.
fn draw() -> SecretString {
    let random: [u8; 20] = rand::random();
    let mut text = String::with_capacity(23);
    for (number, byte) in random.iter().enumerate() {
        if number > 0 && number % 5 == 0 {
            text.push('-');
        }
        let sign = SIGNS.get(usize::from(byte % 32)).copied().unwrap_or(b'a');
        text.push(char::from(sign));
    }
    SecretString::from(text)
}
