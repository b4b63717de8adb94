//! `/runs`: the cycles of the last 90 days, what each did and how it ended.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::list::{Listing, limit};
use super::parameters::{Parameters, Segments};
use super::problem::Problem;
use super::time::instant_text;
use crate::contract::PsaId;
use crate::store::cycle_run::{self, CycleRun, Paging};
use crate::store::{self, Tenant, mailbox};

/// A cycle.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RunView {
    /// The key.
    pub id: String,
    /// The key of the mailbox.
    pub mailbox: String,
    /// SHA-256 of the plugin.
    pub plugin_digest: String,
    /// Nothing was written.
    pub dry_run: bool,
    /// When it began.
    #[schema(format = DateTime)]
    pub started: String,
    /// When it ended; null while it runs, or when its host died.
    #[schema(format = DateTime)]
    pub finished: Option<String>,
    /// What it did.
    pub counts: Counts,
    /// Why it failed or stopped.
    pub error: Option<String>,
}

/// What a cycle did, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Counts {
    /// PSA item rows changed.
    pub psa_writes: u64,
    /// Create, update and delete operations sent to Exchange, repeats included.
    pub exchange_writes: u64,
    /// HTTP requests sent; a batch is one; those for tokens apart.
    pub requests: u64,
    /// Requests inside batches.
    pub batch_parts: u64,
    /// Items that failed.
    pub failed: u64,
    /// How long it took.
    pub duration_ms: u64,
}

impl From<cycle_run::Counts> for Counts {
    fn from(counts: cycle_run::Counts) -> Self {
        Self {
            psa_writes: counts.psa_writes,
            exchange_writes: counts.exchange_writes,
            requests: counts.requests,
            batch_parts: counts.batch_parts,
            failed: counts.failed,
            duration_ms: counts.duration / 1_000,
        }
    }
}

impl From<CycleRun> for RunView {
    fn from(run: CycleRun) -> Self {
        Self {
            id: run.id,
            mailbox: run.mailbox.value,
            plugin_digest: run.plugin_digest,
            dry_run: run.dry_run,
            started: instant_text(run.started),
            finished: run.finished.map(instant_text),
            counts: run.counts.into(),
            error: run.error,
        }
    }
}

/// Which cycles to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only of this user.
    pub resource: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// Cycles, the newest first.
pub async fn list(
    caller: Caller,
    Parameters(filter): Parameters<Filter>,
) -> Result<Json<Listing<RunView>>, Problem> {
    let limit = limit(filter.limit.as_deref())?;
    let paging = Paging {
        before: filter.cursor,
        limit: limit.saturating_add(1),
    };
    let runs = match filter.resource {
        Some(value) => of_resource(&caller.tenant, &PsaId { value }, &paging).await?,
        None => cycle_run::list(&caller.tenant, None, &paging).await?,
    };
    Listing::page(runs, limit, |run| run.id.clone(), |run| Ok(run.into())).map(Json)
}

/// Who has no mailbox has no cycles.
async fn of_resource(
    tenant: &Tenant,
    resource: &PsaId,
    paging: &Paging,
) -> store::Result<Vec<CycleRun>> {
    match mailbox::of_resource(tenant, resource).await? {
        Some(record) => cycle_run::list(tenant, Some(&record.mailbox.id), paging).await,
        None => Ok(Vec::new()),
    }
}

/// A cycle.
pub async fn get(caller: Caller, Segments(id): Segments<String>) -> Result<Json<RunView>, Problem> {
    let run = cycle_run::get(&caller.tenant, &id).await?;
    Ok(Json(run.into()))
}
