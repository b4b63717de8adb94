//! `POST /remove-copies`: removes all copies that Tandem made, on either side, where synchronisation
//! is switched off (behaviour, section 6). The answer is that of `POST /sync`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ApiState;
use super::body::Body;
use super::caller::Caller;
use super::kind::Kind;
use super::problem::Problem;
use super::sync::{self, SyncAnswer};
use crate::contract::PsaId;
use crate::cycle::Options;
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::settings::{self, StoredSettings};

/// Whose copies are to go.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemovalRequest {
    /// Whose mailbox; null or left out: all whose synchronisation is switched off.
    pub resource: Option<String>,
    /// Only tell what would go, also for who synchronises; nothing of it is kept.
    pub dry_run: bool,
}

/// Removes the copies of one user's mailbox or of all.
pub async fn start(
    State(ApiState { host }): State<ApiState>,
    Caller { tenant }: Caller,
    Body(request): Body<RemovalRequest>,
) -> Result<Json<SyncAnswer>, Problem> {
    let options = Options {
        removing: true,
        dry_run: request.dry_run,
        ..Options::default()
    };
    match request.resource {
        Some(value) => {
            let record = sync::mailbox_of(&tenant, PsaId { value }).await?;
            sync::of_one(host, tenant, record, options).await
        }
        None => {
            let stored = settings::get(&tenant).await?;
            let mut records = mailbox::list(&tenant).await?;
            records.retain(|record| not_allowed(record, &stored, options.dry_run).is_none());
            sync::of_all(host, tenant, records, options).await
        }
    }
}

/// Why a mailbox's copies cannot be removed now; none when they can.
pub fn not_allowed(
    record: &MailboxRecord,
    stored: &StoredSettings,
    dry_run: bool,
) -> Option<Problem> {
    let refused = |detail: String, hint| Some(Problem::new(Kind::NotReady, detail).hint(hint));
    let address = &record.mailbox.address;
    let is_on = stored.settings.as_ref().map(|settings| settings.enabled);
    if is_on.is_none() || record.profile.is_none() {
        return refused(
            format!("{address} never synchronised"),
            "there are no copies to remove",
        );
    }
    if !dry_run && record.enabled && is_on == Some(true) {
        return refused(
            format!("{address} synchronises, and the next cycle would make the copies again"),
            "take the permission from the user, or clear Enable integration, and send the request again",
        );
    }
    if stored.paused {
        return refused(
            "runs are held while settings are being saved".to_owned(),
            "send the request again when that is done",
        );
    }
    None
}
