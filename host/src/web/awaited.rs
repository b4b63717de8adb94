//! A cycle that a page waits for.

use super::failure::Failure;
use crate::cycle::{self, CycleError, CycleReport, Options};
use crate::host::Host;
use crate::store::mailbox::MailboxRecord;

/// Runs a cycle to its end, also if the browser hangs up: one that were dropped on the way would keep its
/// lease. None where the mailbox is not free; the inner error says, to people, why it failed.
///
/// # Errors
/// When the database does not answer.
pub async fn cycle(
    host: &Host,
    record: &MailboxRecord,
    options: Options,
) -> Result<Option<Result<CycleReport, String>>, Failure> {
    let Some(lease) = cycle::lease::take(host, record, options).await? else {
        return Ok(None);
    };
    let host = host.clone();
    let task = tokio::spawn(async move { cycle::run(&host, lease, options).await });
    Ok(Some(match task.await {
        Ok(Ok(report)) => Ok(report),
        Ok(Err(CycleError::Store(error))) => return Err(error.into()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(error) => Err(format!("the run broke off: {error}")),
    }))
}
