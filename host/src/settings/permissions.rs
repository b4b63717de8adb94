//! Permissions of many users at once, as the Resources tab saves them.

use super::user::{self, Decision};
use super::welcome::Welcome;
use crate::contract::PsaId;
use crate::psa::resource::{self, ResourceRecord};
use crate::store::{StoreError, Tenant, Transaction, mailbox};

/// How many users are written in one transaction.
const LOT: usize = 100;

/// What a user is to be permitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Which user.
    pub user: PsaId,
    /// To synchronise, or no longer.
    pub enabled: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Permitted {
    /// So many may synchronise who might not before.
    pub enabled: usize,
    /// So many may no longer.
    pub disabled: usize,
    /// Who was refused, by name, and why. The others are not held up by it.
    pub refused: Vec<(String, String)>,
}

/// Permits users to synchronise, or no longer. Who never had a mailbox gets that of the own e-mail
/// address. Who is so already is left alone; who is newly enabled is told how to go on.
///
/// # Errors
/// When the database does not answer; lots that were written by then stay.
pub async fn permit_all(
    tenant: &Tenant,
    wanted: &[Wanted],
    welcome: &Welcome<'_>,
) -> Result<Permitted, StoreError> {
    let mut permitted = Permitted::default();
    for lot in wanted.chunks(LOT) {
        let mut transaction = tenant.begin().await?;
        // All mailboxes' rows before the tenant's counter, as cycles lock them.
        let mut changed = Vec::new();
        for wanted in lot {
            let record = resource::get(&mut transaction, &wanted.user).await?;
            match permit(&mut transaction, &record, wanted.enabled).await {
                Ok(Decision { changed: false, .. }) => {}
                Ok(Decision { newly, .. }) => changed.push((record, wanted.enabled, newly)),
                Err(error) => permitted.refused.push((record.fields.name, told(error)?)),
            }
        }
        for (record, enabled, newly) in changed {
            let ResourceRecord {
                id,
                version,
                fields,
                ..
            } = record;
            resource::replace(&mut transaction, &id, version, &fields).await?;
            if newly {
                welcome.write(&mut transaction, &id).await?;
            }
            match enabled {
                true => permitted.enabled += 1,
                false => permitted.disabled += 1,
            }
        }
        transaction.commit().await?;
    }
    Ok(permitted)
}

async fn permit(
    transaction: &mut Transaction,
    record: &ResourceRecord,
    enabled: bool,
) -> Result<Decision, StoreError> {
    let known = mailbox::of_resource(&mut *transaction, &record.id).await?;
    let email = record.fields.email.trim();
    let address = match known {
        None if enabled && !email.is_empty() => Some(email),
        _ => None,
    };
    user::permit(transaction, &record.id, enabled, address).await
}

/// Why a user was refused; anything else is nobody's fault.
fn told(error: StoreError) -> Result<String, StoreError> {
    match error {
        StoreError::Invalid { .. } => {
            Ok("has no e-mail address; enter the mailbox's on the user's profile tab".to_owned())
        }
        error @ StoreError::AddressTaken { .. } => Ok(error.to_string()),
        error => Err(error),
    }
}
