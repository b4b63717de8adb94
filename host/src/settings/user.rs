//! What an admin and a user decide about a user's synchronisation: the permission with the mailbox's
//! address, and the user's own choices. `tandem apply` and the JSON interface write them here.

use super::document::ProfileDocument;
use super::effective;
use crate::contract::{PsaId, Settings};
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::{StoreError, Transaction};

/// Permits a user to synchronise, or no longer, with this address or the one known. To take the
/// permission away deletes nothing: copies stay where they are (behaviour, section 6). Gives whether
/// anything was written.
///
/// # Errors
/// [`StoreError::Invalid`] for what is no address, or where one is needed and none is known;
/// [`StoreError::AddressTaken`]; [`StoreError::NotFound`] for an unknown user.
pub async fn permit(
    transaction: &mut Transaction,
    user: &PsaId,
    enabled: bool,
    address: Option<&str>,
) -> Result<bool, StoreError> {
    match (
        mailbox::of_resource(&mut *transaction, user).await?,
        address,
    ) {
        (None, None) if enabled => Err(StoreError::Invalid {
            field: "mailbox",
            rule: "give the mailbox's primary address".into(),
        }),
        (None, None) => Ok(false),
        (None, Some(address)) => {
            let allowed = mailbox::allow(transaction, user, address).await?;
            if !enabled {
                mailbox::set_enabled(transaction, &allowed.id, false).await?;
            }
            Ok(true)
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
            Ok(after.enabled != known.enabled || after.mailbox.address != known.mailbox.address)
        }
    }
}

/// Saves a user's own choices within the tenant's. Gives whether they are others than before; then
/// the mailbox is read once more.
///
/// # Errors
/// When the database refuses it.
pub async fn choose(
    transaction: &mut Transaction,
    mailbox: &MailboxRecord,
    choices: &ProfileDocument,
    settings: &Settings,
) -> Result<bool, StoreError> {
    let profile = effective::profile(choices, settings);
    if mailbox.profile.as_ref() == Some(&profile) {
        return Ok(false);
    }
    let id = &mailbox.mailbox.id;
    mailbox::save_profile(transaction, id, &profile).await?;
    if mailbox.profile.is_some() {
        mailbox::read_again(transaction, id, false).await?;
    }
    Ok(true)
}
