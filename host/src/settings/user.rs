//! What an admin and a user decide about a user's synchronisation: the permission with the mailbox's
//! address, and the user's own choices. `tandem apply` and the JSON interface write them here.

use super::document::ProfileDocument;
use super::effective;
use crate::contract::{Profile, PsaId, SecretState, Settings};
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::{StoreError, Transaction, secret};

/// What became of a decision over a user's permission.
#[must_use = "who was newly enabled is to be told how to go on"]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Anything was written.
    pub changed: bool,
    /// The user may synchronise and might not before: a [`Welcome`](super::welcome::Welcome) is due.
    pub newly: bool,
}

/// Permits a user to synchronise, or no longer, with this address or the one known. To take the
/// permission away deletes nothing: copies stay where they are (behaviour, section 6).
///
/// # Errors
/// [`StoreError::Invalid`] for what is no address, or where one is needed and none is known;
/// [`StoreError::AddressTaken`]; [`StoreError::NotFound`] for an unknown user.
pub async fn permit(
    transaction: &mut Transaction,
    user: &PsaId,
    enabled: bool,
    address: Option<&str>,
) -> Result<Decision, StoreError> {
    match (
        mailbox::of_resource(&mut *transaction, user).await?,
        address,
    ) {
        (None, None) if enabled => Err(StoreError::Invalid {
            field: "mailbox",
            rule: "give the mailbox's primary address".into(),
        }),
        (None, None) => Ok(Decision::default()),
        (None, Some(address)) => {
            let allowed = mailbox::allow(transaction, user, address).await?;
            if !enabled {
                mailbox::set_enabled(transaction, &allowed.id, false).await?;
            }
            Ok(Decision {
                changed: true,
                newly: allowed.newly && enabled,
            })
        }
        (Some(known), address) => {
            let id = &known.mailbox.id;
            if let Some(address) = address {
                mailbox::set_address(transaction, id, address).await?;
            }
            if enabled != known.enabled {
                mailbox::set_enabled(transaction, id, enabled).await?;
            }
            let after = mailbox::get(&mut *transaction, id).await?;
            let is_moved = after.mailbox.address != known.mailbox.address;
            Ok(Decision {
                changed: after.enabled != known.enabled || is_moved,
                newly: after.enabled && !known.enabled,
            })
        }
    }
}

/// Saves a user's own choices within the tenant's. Gives whether they are others than before; where
/// they shape what is read, the mailbox is read once more.
///
/// # Errors
/// When the database refuses it.
pub async fn choose(
    transaction: &mut Transaction,
    mailbox: &MailboxRecord,
    choices: &ProfileDocument,
    settings: &Settings,
) -> Result<bool, StoreError> {
    let id = &mailbox.mailbox.id;
    let before = mailbox.profile;
    let known = before.map_or(SecretState::Absent, |before| before.own_password);
    let password = choices.own_password.as_ref();
    let account = choices.own_account.as_deref().map(str::trim);
    let account = account.filter(|account| !account.is_empty());
    let profile = Profile {
        own_password: password.map_or(known, |_| SecretState::Present),
        ..effective::profile(choices, settings)
    };
    let has_account = mailbox.own_account.as_deref() == account;
    if before == Some(profile) && has_account && password.is_none() {
        return Ok(false);
    }
    if let Some(password) = password {
        secret::put(transaction, &secret::own_password(id), password).await?;
    }
    mailbox::set_own_account(transaction, id, account).await?;
    mailbox::save_profile(transaction, id, &profile).await?;
    let is_read_otherwise = before.is_some_and(|before| {
        let own_password = before.own_password;
        let as_before = Profile {
            own_password,
            ..profile
        };
        before != as_before
    });
    if is_read_otherwise {
        mailbox::read_again(transaction, id, false).await?;
    }
    Ok(true)
}
