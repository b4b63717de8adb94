//! `/held`: deletions beyond the safety rails, which wait for somebody's word (behaviour, section 6).
//! `POST /runs/{id}/approve` gives it, and answers a run that stopped and asks: the next cycle confirms
//! each of them again before it is done.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::list::{Listing, limit};
use super::parameters::{Parameters, Segments};
use super::plan::{self, PlannedView};
use super::problem::Problem;
use super::time::instant_text;
use crate::cycle::approve;
use crate::store::cycle_run;
use crate::store::held::{self, Held};

/// A deletion that waits.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HeldView {
    /// The key.
    pub id: String,
    /// The cycle that holds it; the key of a run.
    pub run: String,
    /// The key of the mailbox.
    pub mailbox: String,
    /// What would be done, and why.
    #[serde(flatten)]
    pub planned: PlannedView,
    /// Since when it waits.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was approved; null while it waits.
    #[schema(format = DateTime)]
    pub approved: Option<String>,
}

/// Which deletions to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only those that this cycle holds.
    pub run: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// What came of an approval.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Approved {
    /// How many deletions go ahead with the next cycle; 0 when none waited.
    pub deletions: u64,
    /// The run had stopped and asked; the next cycle goes ahead.
    pub stop: bool,
}

/// Deletions that wait, the oldest first, and approved ones until a cycle came.
pub async fn list(
    caller: Caller,
    Parameters(filter): Parameters<Filter>,
) -> Result<Json<Listing<HeldView>>, Problem> {
    let limit = limit(filter.limit.as_deref())?;
    let mut waiting = held::list(&caller.tenant, None).await?;
    if let Some(run) = &filter.run {
        waiting.retain(|held| held.cycle == *run);
    }
    Listing::cut(waiting, limit, filter.cursor.as_deref(), view).map(Json)
}

/// Approves everything that waits under a cycle's name.
pub async fn approve(
    caller: Caller,
    Segments(run): Segments<String>,
) -> Result<Json<Approved>, Problem> {
    let run = cycle_run::get(&caller.tenant, &run).await?;
    let approve::Approved { deletions, stop } = approve::approve(&caller.tenant, &run.id).await?;
    Ok(Json(Approved { deletions, stop }))
}

fn view(held: Held) -> Result<HeldView, Problem> {
    Ok(HeldView {
        id: held.id,
        run: held.cycle,
        mailbox: held.mailbox.value,
        planned: plan::view(held.operation)?,
        created: instant_text(held.created),
        approved: held.approved.map(instant_text),
    })
}
