//! How cycles are shown on a terminal and to programs.

use serde_json::{Value, json};

use crate::cycle::CycleReport;
use crate::cycle::stop_text::stop_text;
use crate::store::cycle_run::Counts;

/// A cycle's counts, by the names that tools read.
pub fn counts(counts: &Counts) -> Value {
    json!({
        "psa_writes": counts.psa_writes,
        "exchange_writes": counts.exchange_writes,
        "requests": counts.requests,
        "batch_parts": counts.batch_parts,
        "failed": counts.failed,
        "duration_ms": counts.duration / 1_000,
    })
}

/// A cycle on one line.
pub fn line(report: &CycleReport) -> String {
    let Counts {
        psa_writes,
        exchange_writes,
        requests,
        batch_parts,
        failed,
        duration,
    } = report.counts;
    let mut line = format!(
        "{}: {psa_writes} written to the PSA, {exchange_writes} to Exchange, {failed} failed; {requests} requests \
         with {batch_parts} parts in {} ms",
        report.mailbox.address,
        duration / 1_000,
    );
    if report.held > 0 {
        line.push_str(&format!(
            "; {} deletions wait: tandem approve {}",
            report.held, report.cycle
        ));
    }
    line
}

/// A dry run on one line.
pub fn dry_line(report: &CycleReport) -> String {
    let mut line = format!(
        "{}: nothing was done; {} requests read the mailbox in {} ms. This is what would be done:",
        report.mailbox.address,
        report.counts.requests,
        report.counts.duration / 1_000,
    );
    if report.held > 0 {
        line.push_str(&format!(
            " ({} deletions would wait for approval)",
            report.held
        ));
    }
    if let Some(stop) = &report.stop {
        line.push_str(&format!(
            " (it would do nothing of it and ask: {})",
            stop_text(stop).text
        ));
    }
    line
}

/// Adds up the counts of several mailboxes.
pub fn add(sum: &mut Counts, more: &Counts) {
    sum.psa_writes += more.psa_writes;
    sum.exchange_writes += more.exchange_writes;
    sum.requests += more.requests;
    sum.batch_parts += more.batch_parts;
    sum.failed += more.failed;
    sum.duration += more.duration;
}
