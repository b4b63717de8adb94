//! Runs over some mailboxes, one after the other, and what is shown of each.

use std::process::ExitCode;

use serde_json::json;

use super::progress::Progress;
use super::{Failure, output};
use crate::cycle::stop_text::stop_text;
use crate::cycle::{self, CycleReport};
use crate::explanation::plan::{PlanRow, explain};
use crate::explanation::plan_table;
use crate::explanation::time::Shown;
use crate::host::Host;
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::settings;

/// Runs each mailbox's; one that fails stops no other.
///
/// # Errors
/// When the database does not answer.
pub async fn over(
    host: &Host,
    chosen: &[MailboxRecord],
    how: cycle::Options,
    as_object: bool,
) -> Result<ExitCode, Failure> {
    let mut failures = 0;
    let mut cycles = Vec::new();
    let progress = Progress::over(chosen.len());
    for record in chosen {
        progress.begin(&record.mailbox.address);
        match one(host, record, how).await {
            Ok(report) => {
                let tenant = host.store.tenant(&record.mailbox.tenant);
                let plan = explain(&host.web_address, &tenant, &report.plan).await?;
                if as_object {
                    cycles.push(as_json(&report, &plan));
                } else {
                    progress.around(|| show(&report, &plan, how.dry_run));
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
    if as_object {
        println!("{}", json!({ "cycles": cycles, "failures": failures }));
    }
    Ok(if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A mailbox's run, if nobody else has it.
///
/// # Errors
/// Why it did not come to its end.
pub async fn one(
    host: &Host,
    record: &MailboxRecord,
    how: cycle::Options,
) -> Result<CycleReport, Failure> {
    let Some(lease) = cycle::lease::take(host, record, how).await? else {
        return Err(why_not(host, record, how).await?.into());
    };
    Ok(cycle::run(host, lease, how).await?)
}

async fn why_not(
    host: &Host,
    record: &MailboxRecord,
    how: cycle::Options,
) -> Result<&'static str, Failure> {
    let tenant = host.store.tenant(&record.mailbox.tenant);
    let record = mailbox::get(&tenant, &record.mailbox.id).await?;
    let stored = settings::get(&tenant).await?;
    let waits_for_pilot = stored.pilot_only && !record.pilot;
    let is_on = stored.settings.is_some_and(|settings| settings.enabled);
    Ok(if record.profile.is_none() {
        "the user's profile was never saved; add a table [resource.profile]"
    } else if how.removing && !how.dry_run && record.enabled && is_on {
        "the user synchronises, and the next cycle would make the copies again; clear enabled, of the user or of \
         the settings, and run this again"
    } else if record.lease_owner.is_some() {
        "a cycle runs already; wait until it ends"
    } else if stored.paused && how.undoing.is_none() {
        "synchronisation is paused for everybody; let it go on under Cycles on the pages"
    } else if how.removing || how.undoing.is_some() {
        "settings are being saved; wait until that is done"
    } else if !record.enabled {
        "synchronisation is not permitted for this user; set enabled"
    } else if waits_for_pilot {
        "only the pilot group synchronises, and this user is not in it; mark the user on the Resources tab"
    } else {
        "the tenant's integration is switched off or held"
    })
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
