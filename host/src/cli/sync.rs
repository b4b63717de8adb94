//! `tandem sync`: cycles now, for all users or one.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;

use super::progress::Progress;
use super::{Failure, OfTenant, Operator, output};
use crate::cycle::stop_text::stop_text;
use crate::cycle::{self, CycleReport};
use crate::explanation::plan::{PlanRow, explain};
use crate::explanation::plan_table;
use crate::explanation::time::Shown;
use crate::host::Host;
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
            .filter(|record| {
                record.mailbox.owner.value == *wanted
                    || record.mailbox.address.eq_ignore_ascii_case(wanted)
            })
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
    };
    let mut failures = 0;
    let mut cycles = Vec::new();
    let progress = Progress::over(chosen.len());
    for record in &chosen {
        progress.begin(&record.mailbox.address);
        match one(&host, record, how).await {
            Ok(report) => {
                let plan =
                    explain(&host.web_address, &host.store.tenant(&tenant), &report.plan).await?;
                if options.json {
                    cycles.push(as_json(&report, &plan));
                } else {
                    progress.around(|| show(&report, &plan, options.dry_run));
                }
            }
            Err(failure) => {
                failures += 1;
                progress.around(|| eprintln!("{}: {failure}", record.mailbox.address));
            }
        }
        progress.done();
    }
    drop(progress);
    if options.json {
        println!("{}", json!({ "cycles": cycles, "failures": failures }));
    }
    Ok(if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A mailbox's cycle, if nobody else runs it.
pub async fn one(
    host: &Host,
    record: &MailboxRecord,
    how: cycle::Options,
) -> Result<CycleReport, Failure> {
    let id = &record.mailbox;
    let Some(lease) = host
        .store
        .leases()
        .one(&id.tenant, &id.id, &host.owner, host.lease)
        .await?
    else {
        return Err(why_not(record).into());
    };
    Ok(cycle::run(host, lease, how).await?)
}

fn why_not(record: &MailboxRecord) -> &'static str {
    if !record.enabled {
        "synchronisation is not permitted for this user; set enabled"
    } else if record.profile.is_none() {
        "the user's profile was never saved; add a table [resource.profile]"
    } else if record.lease_owner.is_some() {
        "a cycle runs already; wait until it ends"
    } else {
        "the tenant's integration is switched off or held"
    }
}

fn show(report: &CycleReport, plan: &[PlanRow], dry_run: bool) {
    if !dry_run {
        println!("{}", output::line(report));
        return;
    }
    println!("{}", output::dry_line(report));
    let zone = Shown::of(report.mailbox.zone.as_ref());
    for line in plan_table::lines(plan, zone) {
        println!("  {line}");
    }
}

fn as_json(report: &CycleReport, plan: &[PlanRow]) -> serde_json::Value {
    json!({
        "cycle": report.cycle,
        "mailbox": report.mailbox.address,
        "counts": output::counts(&report.counts),
        "held": report.held,
        "stop": report.stop.as_ref().map(|stop| stop_text(stop).text),
        "plan": plan,
    })
}
