//! `/items/{kind}/{id}/history`: what happened to an item of the PSA, which rule decided, and what
//! came back.
//!
//! It never holds an item's values: of what was seen it tells the names of the fields that differed.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::list::{Listing, limit};
use super::parameters::{Parameters, Segments};
use super::problem::Problem;
use super::text::{PsaItem, choice, kind_named};
use super::time::instant_text;
use crate::contract::{ItemKind, PsaId, PsaReference};
use crate::psa::contact::Contact;
use crate::psa::service_call::ServiceCall;
use crate::psa::to_do::ToDo;
use crate::psa::{appointment, record};
use crate::store::history::{self, Entry};
use crate::store::{StoreError, Tenant};

/// One thing that happened to an item.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EntryView {
    /// When.
    #[schema(format = DateTime)]
    pub time: String,
    /// In which cycle; the key of a run.
    pub run: String,
    /// In which mailbox.
    pub mailbox: String,
    /// The key of the pair.
    pub link: Option<String>,
    /// Which item of the PSA.
    pub psa: Option<PsaItem>,
    /// Which item of Exchange.
    pub exchange: Option<String>,
    /// SHA-256 of the plugin that decided.
    pub plugin_digest: String,
    /// Which rule decided; null for what the host itself has to tell.
    pub rule: Option<String>,
    /// What was done, such as `update_exchange`.
    pub action: String,
    /// Names of the fields that made the difference.
    pub fields: Vec<String>,
    /// What came of it, such as `done`.
    pub outcome: String,
    /// The server's id of the request; may be empty.
    pub request_id: String,
    /// HTTP status; null when there was no request.
    pub status: Option<u16>,
    /// A sentence for people; may be empty.
    pub remark: String,
}

/// Which stretch of the history.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Stretch {
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// The history of an item, the oldest first. It outlives the item.
pub async fn of_item(
    caller: Caller,
    Segments((kind, id)): Segments<(String, String)>,
    Parameters(stretch): Parameters<Stretch>,
) -> Result<Json<Listing<EntryView>>, Problem> {
    let limit = limit(stretch.limit.as_deref())?;
    let reference = PsaReference {
        kind: kind_named(&kind)?,
        id: PsaId { value: id },
    };
    // The PSA's keys hold no colon, so nothing can be known of such an item.
    if reference.id.value.contains(':') {
        return Err(unknown(&reference).into());
    }
    let entries = history::of_psa(&caller.tenant, &reference).await?;
    if entries.is_empty() {
        known(&caller.tenant, &reference).await?;
    }
    Listing::cut(entries, limit, stretch.cursor.as_deref(), view).map(Json)
}

/// An item without a history yet is there all the same.
async fn known(tenant: &Tenant, reference: &PsaReference) -> Result<(), StoreError> {
    match reference.kind {
        ItemKind::Appointment => appointment::get(tenant, &reference.id).await.map(|_| ()),
        ItemKind::ToDo => record::get::<ToDo>(tenant, &reference.id).await.map(|_| ()),
        ItemKind::ServiceCall => record::get::<ServiceCall>(tenant, &reference.id)
            .await
            .map(|_| ()),
        ItemKind::Contact => record::get::<Contact>(tenant, &reference.id)
            .await
            .map(|_| ()),
    }
}

fn unknown(reference: &PsaReference) -> StoreError {
    StoreError::NotFound {
        what: "item",
        id: reference.id.value.clone(),
    }
}

fn view(entry: Entry) -> Result<EntryView, Problem> {
    Ok(EntryView {
        time: instant_text(entry.time),
        run: entry.cycle,
        mailbox: entry.mailbox.value,
        link: entry.link.map(|link| link.value),
        psa: entry.psa.map(Into::into),
        exchange: entry.exchange.map(|id| id.value),
        plugin_digest: entry.plugin_digest,
        rule: entry.rule.as_ref().map(choice).transpose()?,
        action: entry.action.replace('-', "_"),
        fields: entry.fields,
        outcome: entry.outcome,
        request_id: entry.request_id,
        status: (entry.status > 0).then_some(entry.status),
        remark: entry.remark,
    })
}
