//! `/mailboxes`: how each user's synchronisation stands.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::list::{Listing, limit};
use super::parameters::Parameters;
use super::problem::Problem;
use super::text::choice;
use super::time::instant_text;
use crate::contract::Instant;
use crate::store::mailbox::{self, MailboxRecord};

/// A mailbox.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MailboxView {
    /// The host's key, as runs and histories name it.
    pub id: String,
    /// The address.
    pub address: String,
    /// Whose mailbox it is; `:public-contacts` for the public folder of all contacts.
    pub resource: String,
    /// The admin permits it.
    pub enabled: bool,
    /// The user's choices were saved; before that nothing runs.
    pub profile_saved: bool,
    /// A cycle runs at this moment.
    pub running: bool,
    /// When the latest attempt began; null before the first.
    #[schema(format = DateTime)]
    pub last_attempt: Option<String>,
    /// `succeeded`, `some_failed`, `stopped` or `failed`.
    pub last_result: Option<String>,
    /// Its error, for people.
    pub last_error: Option<String>,
    /// When it is due; null while it does not synchronise.
    #[schema(format = DateTime)]
    pub next_due: Option<String>,
    /// Failed or stopped cycles since the last success.
    pub failures: u64,
}

/// Which mailboxes to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// Mailboxes by address.
pub async fn list(
    caller: Caller,
    Parameters(filter): Parameters<Filter>,
) -> Result<Json<Listing<MailboxView>>, Problem> {
    let limit = limit(filter.limit.as_deref())?;
    let records = mailbox::list(&caller.tenant).await?;
    let now = caller.tenant.now().await?;
    Listing::cut(records, limit, filter.cursor.as_deref(), |record| {
        view(record, now)
    })
    .map(Json)
}

fn view(record: MailboxRecord, now: Instant) -> Result<MailboxView, Problem> {
    let profile_saved = record.profile.is_some();
    let synchronises = record.enabled && profile_saved;
    Ok(MailboxView {
        id: record.mailbox.id.value,
        address: record.mailbox.address,
        resource: record.mailbox.owner.value,
        enabled: record.enabled,
        profile_saved,
        running: record.lease_until.microseconds >= now.microseconds,
        last_attempt: record.last_attempt.map(instant_text),
        last_result: record.last_result.as_ref().map(choice).transpose()?,
        last_error: record.last_error,
        next_due: synchronises.then(|| instant_text(record.next_due)),
        failures: record.failures,
    })
}
