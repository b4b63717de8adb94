//! `tandem sync`: cycles now, for all users or one.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;

use super::{Failure, OfTenant, Operator, runs};
use crate::cycle;
use crate::store::mailbox::{self, MailboxRecord};

/// Options of `tandem sync`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    tenant: OfTenant,
    /// Only this user: the PSA's key, or the mailbox's address.
    #[arg(long)]
    resource: Option<String>,
    /// Reads everything and makes links again. Nothing is doubled.
    #[arg(long)]
    full: bool,
    /// Shows what would be done, and does nothing.
    #[arg(long)]
    dry_run: bool,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
    /// The instant to take for now, such as 2024-10-20T08:00:00Z.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
}

pub async fn run(options: Options) -> Result<ExitCode, Failure> {
    let (_, host) = options.operator.open(options.now).await?;
    let tenant = options.tenant.find(&host.store).await?;
    let records = mailbox::list(&host.store.tenant(&tenant)).await?;
    let chosen: Vec<MailboxRecord> = match &options.resource {
        None => records
            .into_iter()
            .filter(|record| record.enabled && record.profile.is_some())
            .collect(),
        Some(wanted) => records
            .into_iter()
            .filter(|record| record.is_of(wanted))
            .collect(),
    };
    if chosen.is_empty() {
        return Err(match options.resource {
            Some(wanted) => {
                format!("no user `{wanted}` has a mailbox; enable one with `tandem apply`").into()
            }
            None => "no user is enabled with a saved profile; see `tandem apply`".into(),
        });
    }
    let how = cycle::Options {
        full: options.full,
        dry_run: options.dry_run,
        ..cycle::Options::default()
    };
    runs::over(&host, &chosen, how, options.json).await
}
