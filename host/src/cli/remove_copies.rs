//! `tandem remove-copies`: all copies that Tandem made go, on either side, for all users or one.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;

use super::{Failure, OfTenant, Operator, runs};
use crate::cycle;
use crate::store::mailbox;
use crate::store::settings;

/// Options of `tandem remove-copies`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    tenant: OfTenant,
    /// Only this user: the PSA's key, or the mailbox's address. Without it: all whose
    /// synchronisation is switched off.
    #[arg(long)]
    resource: Option<String>,
    /// Shows what would go, also for users who synchronise, and does nothing.
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
    let tenant = host.store.tenant(&tenant);
    let stored = settings::get(&tenant).await?.settings;
    let is_on = stored.is_some_and(|settings| settings.enabled);
    let mut chosen = mailbox::list(&tenant).await?;
    chosen.retain(|record| match &options.resource {
        Some(wanted) => record.is_of(wanted),
        None => record.profile.is_some() && (options.dry_run || !(record.enabled && is_on)),
    });
    if chosen.is_empty() {
        return Err(match options.resource {
            Some(wanted) => format!("no user `{wanted}` has a mailbox").into(),
            None => "every user synchronises, and the next cycles would make the copies again; clear enabled, of \
                     users or of the settings, with `tandem apply`"
                .into(),
        });
    }
    let how = cycle::Options {
        removing: true,
        dry_run: options.dry_run,
        ..cycle::Options::default()
    };
    runs::over(&host, &chosen, how, options.json).await
}
