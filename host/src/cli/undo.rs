//! `tandem undo`: what a user's last synchronisation wrote goes back, on either side.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;

use super::{Failure, OfTenant, Operator, runs};
use crate::cycle::{self, undo};
use crate::store::mailbox;
use crate::store::stop::{self, Reason};

/// Options of `tandem undo`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    tenant: OfTenant,
    /// Whose last cycle: the PSA's key, or the mailbox's address.
    #[arg(long)]
    resource: String,
    /// Shows what would go back, and what cannot, and does nothing.
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
    let wanted = &options.resource;
    let mut chosen = mailbox::list(&tenant).await?;
    chosen.retain(|record| record.is_of(wanted));
    let Some(record) = chosen.first() else {
        return Err(format!("no user `{wanted}` has a mailbox").into());
    };
    let mailbox = record.mailbox.id.clone();
    let Some(last) = undo::last(&tenant, &mailbox).await? else {
        return Err(format!("no cycle of `{wanted}` wrote anything that is kept").into());
    };
    let how = cycle::Options {
        undoing: Some(last.id.parse()?),
        dry_run: options.dry_run,
        ..cycle::Options::default()
    };
    let code = runs::over(&host, &chosen, how, options.json).await?;
    let asked = stop::of_mailbox(&tenant, &mailbox).await?;
    let asked = asked.filter(|stop| stop.reason == Reason::Undone && !stop.approved);
    if let Some(stop) = asked.filter(|_| !options.dry_run && !options.json) {
        println!(
            "nothing is synchronised for this user until somebody lets the writes be made again: tandem approve {}",
            stop.cycle
        );
    }
    Ok(code)
}
