//! What a mailbox's requests sign in with: the tenant's credentials, or, where basic sign-in does not
//! act for all users, the user's own account and password (behaviour, section 1). A public folder is nobody's: there the
//! tenant's account acts for itself.

use super::run::CycleError;
use crate::capability::credentials::Credentials;
use crate::contract::{Credentials as SignIn, Description, MailboxKind, Settings};
use crate::host::{Host, tenant_secret};
use crate::store::mailbox::MailboxRecord;
use crate::store::{Tenant, secret};

/// Whether each user signs in with an own password.
#[must_use]
pub const fn is_own(settings: &Settings) -> bool {
    matches!(settings.credentials, SignIn::Basic(_)) && !settings.impersonate
}

/// What a cycle of this mailbox signs in with.
///
/// # Errors
/// When the database does not answer, or the settings lead to no token address.
pub async fn of_mailbox(
    host: &Host,
    tenant: &Tenant,
    settings: &Settings,
    description: &Description,
    record: &MailboxRecord,
) -> Result<Credentials, CycleError> {
    if is_own(settings) && record.mailbox.kind == MailboxKind::User {
        let name = secret::own_password(&record.mailbox.id);
        let password = secret::get(tenant, &name).await?;
        return Ok(Credentials::of_user(settings, record.account(), password));
    }
    let secret = tenant_secret(tenant, settings).await?;
    Ok(Credentials::of_settings(
        tenant.id(),
        settings,
        description,
        &host.endpoints,
        secret,
        &host.tokens,
    )?)
}
