//! How a cycle reaches the tenant's public folder of all contacts: through the mailbox that the settings
//! name for tests, or that of the first enabled user.

use super::run::CycleError;
use crate::contract::Settings;
use crate::store::Tenant;
use crate::store::mailbox::{self, MailboxRecord};

/// The address of that mailbox; none for a user's own. The folder that the row belongs to is put into the
/// settings: they may name none any more, and its copies are to be removed.
///
/// # Errors
/// When there is no way to the folder.
pub async fn reached_through(
    tenant: &Tenant,
    record: &MailboxRecord,
    settings: &mut Settings,
) -> Result<Option<String>, CycleError> {
    let Some(folder) = &record.public_folder else {
        return Ok(None);
    };
    if settings.use_graph {
        return Err(CycleError::NotReady(format!(
            "the public folder {folder} cannot be reached by Microsoft Graph; its copies stay as they are"
        )));
    }
    settings.public_contacts_folder.clone_from(folder);
    settings.relative_path = String::new();
    if let Some(address) = &settings.test_mailbox {
        return Ok(Some(address.clone()));
    }
    match mailbox::first_enabled(tenant).await? {
        Some(first) => Ok(Some(first.mailbox.address)),
        None => Err(CycleError::NotReady(format!(
            "there is no mailbox through which the public folder {folder} could be reached; name a test mailbox, or \
             enable a user"
        ))),
    }
}
