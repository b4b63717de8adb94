//! *Why is it not here?*: what a mailbox holds in a week that the calendar does not show, and why. The
//! mailbox is read as a whole, as a dry run does: nothing is changed.

use super::awaited;
use super::failure::Failure;
use super::week::Week;
use crate::contract::Span;
use crate::cycle::Options;
use crate::explanation::plan::{PlanRow, explain};
use crate::explanation::time::Shown;
use crate::host::Host;
use crate::store::Tenant;
use crate::store::mailbox::MailboxRecord;

/// An item of Exchange that the calendar does not show.
pub struct Missing {
    /// When, in the mailbox's zone; empty where that is not known.
    pub when: String,
    /// What it is called there; none for a private one, or where the name was not read.
    pub subject: Option<String>,
    /// Why it is not here.
    pub why: String,
}

/// Looks for them. The inner error says, to people, why it could not be looked.
///
/// # Errors
/// When the database does not answer.
pub async fn look(
    host: &Host,
    tenant: &Tenant,
    record: &MailboxRecord,
    week: Week,
) -> Result<Result<Vec<Missing>, String>, Failure> {
    let options = Options {
        full: true,
        dry_run: true,
        ..Options::default()
    };
    let report = match awaited::cycle(host, record, options).await? {
        Some(Ok(report)) => report,
        Some(Err(why)) => return Ok(Err(why)),
        None => {
            return Ok(Err(
                "the mailbox does not synchronise, synchronisation is paused, or one runs at this moment; try again when it \
                  has ended"
                    .to_owned(),
            ));
        }
    };
    let rows = explain(&host.web_address, tenant, &report.plan).await?;
    let zone = Shown::of(report.mailbox.zone.as_ref());
    let subjects = report.plan.iter().map(|foreseen| foreseen.subject.as_ref());
    Ok(Ok(rows
        .iter()
        .zip(subjects)
        .filter(|(row, _)| is_missing(row, week))
        .map(|(row, subject)| Missing {
            when: row
                .shown
                .span
                .as_ref()
                .map_or_else(String::new, |span| zone.span(span)),
            subject: row
                .title
                .as_ref()
                .or(subject)
                .filter(|_| !row.private)
                .cloned(),
            why: why(row),
        })
        .collect()))
}

/// An item of Exchange without one in the PSA, in that week or at a time that is not known.
fn is_missing(row: &PlanRow, week: Week) -> bool {
    let in_week = |span: &Span| week.days().any(|day| week.on(day, span).is_some());
    row.exchange.is_some() && row.psa.is_none() && row.shown.span.as_ref().is_none_or(in_week)
}

fn why(row: &PlanRow) -> String {
    let mut why = row.why.to_owned();
    match (row.side, row.verdict, row.refused_because) {
        (_, "waits_for_approval", _) => why.push_str(" It waits for an administrator's approval."),
        (_, _, Some(reason)) => why.push_str(&format!(" It is not done: {reason}.")),
        (Some("psa"), ..) => why.push_str(" It comes with the next synchronisation."),
        _ => {}
    }
    if !row.remark.is_empty() {
        why.push_str(&format!(" {}", row.remark));
    }
    why
}
