//! What admins and users decide about a mailbox: who may synchronise, with which address, and what.

use super::{found, get, of_address, of_resource, read_again};
use crate::contract::{MailboxId, Profile, PsaId};
use crate::store::codec;
use crate::store::error::{Result, StoreError};
use crate::store::statement::sql;
use crate::store::transaction::Transaction;

/// What [`allow`] did.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowed {
    /// The mailbox.
    pub id: MailboxId,
    /// It was not enabled before: its user is to be told how to go on.
    pub newly: bool,
}

/// Permits a user to synchronise this address; makes the row where there is none.
///
/// # Errors
/// [`StoreError::AddressTaken`]; [`StoreError::Invalid`] for what is no address;
/// [`StoreError::NotFound`] for an unknown user.
pub async fn allow(
    transaction: &mut Transaction,
    resource: &PsaId,
    address: &str,
) -> Result<Allowed> {
    let existing = of_resource(&mut *transaction, resource).await?;
    if let Some(found) = existing {
        set_address(transaction, &found.mailbox.id, address).await?;
        set_enabled(transaction, &found.mailbox.id, true).await?;
        return Ok(Allowed {
            id: found.mailbox.id,
            newly: !found.enabled,
        });
    }
    let tenant = transaction.tenant_id();
    let (address, key) = checked_address(transaction, address, resource).await?;
    let id = MailboxId {
        value: transaction.new_id(),
    };
    let made = transaction
        .execute(sql!(
            "INSERT INTO mailbox (tenant, id, resource, address, address_key, enabled, relink,
                                  next_due, lease_until, fence, failures, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7, {now}, 0, 0, 0, {now})",
            &tenant,
            &id,
            &resource.value,
            address,
            key,
            true,
            true,
        ))
        .await;
    match made {
        Ok(_) => Ok(Allowed { id, newly: true }),
        Err(e) if e.is_missing_parent() => Err(StoreError::NotFound {
            what: "user",
            id: resource.value.clone(),
        }),
        Err(e) => Err(e),
    }
}

/// Permits a mailbox to synchronise, or no longer. Nothing is deleted.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn set_enabled(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    enabled: bool,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET enabled = $3 WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        enabled,
    );
    found(transaction.execute(statement).await?, mailbox)
}

/// Puts a mailbox into the pilot group, or takes it out of it.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn set_pilot(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    pilot: bool,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET pilot = $3 WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        pilot,
    );
    found(transaction.execute(statement).await?, mailbox)
}

/// Gives a mailbox another address. What is known of the old one's contents is read again.
///
/// # Errors
/// As [`allow`].
pub async fn set_address(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    address: &str,
) -> Result<()> {
    let record = get(&mut *transaction, mailbox).await?;
    if record.mailbox.address == address.trim() {
        return Ok(());
    }
    let tenant = transaction.tenant_id();
    let (address, key) = checked_address(transaction, address, &record.mailbox.owner).await?;
    let same_mailbox = key == record.mailbox.address.to_lowercase();
    let statement = sql!(
        "UPDATE mailbox SET address = $3, address_key = $4 WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        address,
        key,
    );
    found(transaction.execute(statement).await?, mailbox)?;
    match same_mailbox {
        true => Ok(()),
        false => read_again(transaction, mailbox, true).await,
    }
}

/// Saves a user's choices; the mailbox is due at once.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn save_profile(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    profile: &Profile,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET profile = $3, next_due = {now} WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        codec::json("mailbox.profile", profile)?,
    );
    found(transaction.execute(statement).await?, mailbox)
}

/// Names the account that the user's own password belongs to; none takes the mailbox's address.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn set_own_account(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    account: Option<&str>,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET own_account = $3 WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        account,
    );
    found(transaction.execute(statement).await?, mailbox)
}

/// Trims and checks an address, and that no other user has it. Until the transaction's end no
/// other address of the tenant is changed.
async fn checked_address(
    transaction: &mut Transaction,
    address: &str,
    resource: &PsaId,
) -> Result<(String, String)> {
    let address = address.trim();
    let well_formed = address
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if !well_formed || address.len() > 320 || address.chars().any(char::is_whitespace) {
        return Err(StoreError::Invalid {
            field: "address",
            rule: "give one e-mail address, such as jane.doe@example.com".into(),
        });
    }
    let tenant = transaction.tenant_id();
    // A write that changes nothing: it makes others who give out addresses wait.
    transaction
        .execute(sql!(
            "UPDATE settings SET paused = paused WHERE tenant = $1",
            &tenant
        ))
        .await?;
    match of_address(&mut *transaction, address).await? {
        Some(other) if other.mailbox.owner != *resource => Err(StoreError::AddressTaken {
            address: address.to_owned(),
            resource: other.mailbox.owner,
        }),
        _ => Ok((address.to_owned(), address.to_lowercase())),
    }
}
