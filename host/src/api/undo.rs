//! `POST /undo`: puts back what a user's last cycle wrote, on either side, and holds the mailbox until
//! somebody approves that the writes are made again. The answer is that of `POST /sync`.

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
use crate::cycle::{Options, undo};

/// What is to be undone.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    /// Whose mailbox.
    pub resource: String,
    /// The run that was looked at, so that no later one is undone in its place; null or left out: the
    /// mailbox's last one that wrote something.
    #[serde(default)]
    pub run: Option<String>,
    /// Only tell what would go back, and what cannot, which comes first; nothing of it is kept.
    #[serde(default)]
    pub dry_run: bool,
}

/// Undoes the last cycle of one user's mailbox that wrote something.
pub async fn start(
    State(ApiState { host }): State<ApiState>,
    Caller { tenant }: Caller,
    Body(request): Body<UndoRequest>,
) -> Result<Json<SyncAnswer>, Problem> {
    let value = request.resource;
    let record = sync::mailbox_of(&tenant, PsaId { value }).await?;
    let run = match request.run {
        Some(run) => Some(run),
        None => undo::last(&tenant, &record.mailbox.id)
            .await?
            .map(|last| last.id),
    };
    let undoing = run.and_then(|run| run.parse().ok()).ok_or_else(|| {
        let address = &record.mailbox.address;
        Problem::new(
            Kind::NotReady,
            format!("no such cycle of {address} wrote anything that is kept"),
        )
        .hint("what a cycle replaced is kept for 7 days")
    })?;
    let options = Options {
        undoing: Some(undoing),
        dry_run: request.dry_run,
        ..Options::default()
    };
    sync::of_one(host, tenant, record, options).await
}
