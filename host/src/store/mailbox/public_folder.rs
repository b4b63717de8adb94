//! The tenant's public folder of all contacts (behaviour, section 4): a row among the mailboxes, with
//! leases, links, cycles and a history like any other, that is no user's.
//!
//! Tables that belong to mailboxes want a user. This one's has a key that no user can have, and stands in no
//! list of users.

use super::{found, of_resource, read_again, set_enabled};
use crate::contract::{MailboxId, Profile, PsaId, SecretState, Settings};
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::sql;
use crate::store::transaction::Transaction;

/// The key that stands for a user: users' keys hold no colon.
pub const OWNER: &str = ":public-contacts";

/// The names that lead to the folder of the settings; none where they name none.
#[must_use]
pub fn path(settings: &Settings) -> Option<String> {
    let folder = &settings.public_contacts_folder;
    match settings.relative_path.as_str() {
        _ if folder.is_empty() => None,
        "" => Some(folder.clone()),
        above => Some(format!("{above}/{folder}")),
    }
}

/// Keeps the folder of the settings in step, or no folder any more. What is in another one stays there and
/// is known no longer: it is the settings that left it (behaviour, section 2).
///
/// # Errors
/// When the database refuses it.
pub async fn keep(transaction: &mut Transaction, settings: &Settings) -> Result<()> {
    let owner = PsaId {
        value: OWNER.to_owned(),
    };
    let known = of_resource(&mut *transaction, &owner).await?;
    match (known, path(settings)) {
        (None, None) => Ok(()),
        (Some(known), None) => set_enabled(transaction, &known.mailbox.id, false).await,
        (Some(known), Some(path)) if known.public_folder.as_ref() == Some(&path) => {
            let id = &known.mailbox.id;
            if !known.enabled {
                read_again(transaction, id, true).await?;
            }
            set_enabled(transaction, id, true).await
        }
        (known, Some(path)) => {
            if let Some(known) = known {
                forget(transaction, &known.mailbox.id).await?;
            }
            make(transaction, &owner, &path, settings).await
        }
    }
}

async fn forget(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "DELETE FROM mailbox WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox
    );
    found(transaction.execute(statement).await?, mailbox)
}

async fn make(
    transaction: &mut Transaction,
    owner: &PsaId,
    path: &str,
    settings: &Settings,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "INSERT INTO resource (tenant, id, version, name, email, active, created, changed)
             VALUES ($1, $2, 0, $3, '', $4, {now}, {now}) ON CONFLICT DO NOTHING",
            &tenant,
            &owner.value,
            "Public folder of all contacts",
            false,
        ))
        .await?;
    let id = MailboxId {
        value: transaction.new_id(),
    };
    transaction
        .execute(sql!(
            "INSERT INTO mailbox (tenant, id, resource, address, address_key, public_folder, enabled, profile,
                                  relink, next_due, lease_until, fence, failures, created)
             VALUES ($1, $2, $3, $4, $3, $5, $6, $7, $6, {now}, 0, 0, 0, {now})",
            &tenant,
            &id,
            &owner.value,
            format!("Public folder {path}"),
            path,
            true,
            codec::json("mailbox.profile", &profile(settings))?,
        ))
        .await?;
    Ok(())
}

/// Contacts go out, and nothing else travels.
const fn profile(settings: &Settings) -> Profile {
    Profile {
        import_appointments: false,
        export_appointments: false,
        export_to_dos: false,
        export_service_calls: false,
        export_contacts: true,
        past_days: settings.past_days,
        recurring_days: settings.recurring_days,
        own_password: SecretState::Absent,
    }
}
