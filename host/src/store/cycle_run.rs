//! The list of cycles: when each ran, what it did, how it ended.

use super::before_image;
use super::error::{Result, StoreError};
use super::statement::{Row, Statement, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{Instant, MailboxId};

/// What a cycle did, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// PSA item rows changed.
    pub psa_writes: u64,
    /// Create, update and delete operations sent, repeats included.
    pub exchange_writes: u64,
    /// HTTP requests sent; a batch is one; those for tokens apart.
    pub requests: u64,
    /// Requests inside batches.
    pub batch_parts: u64,
    /// Items that failed.
    pub failed: u64,
    /// How long it took, in microseconds.
    pub duration: u64,
}

impl Counts {
    /// What a run's row counts.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] for a number that is none.
    pub fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            psa_writes: row.unsigned("psa_writes")?,
            exchange_writes: row.unsigned("exchange_writes")?,
            requests: row.unsigned("requests")?,
            batch_parts: row.unsigned("batch_parts")?,
            failed: row.unsigned("failed")?,
            duration: row.unsigned("duration")?,
        })
    }
}

/// A cycle's row.
#[derive(Clone, Debug, PartialEq)]
pub struct CycleRun {
    /// Its key, by which `tandem approve` names it.
    pub id: String,
    /// For which mailbox.
    pub mailbox: MailboxId,
    /// With which plugin.
    pub plugin_digest: String,
    /// Nothing was written.
    pub dry_run: bool,
    /// When it began.
    pub started: Instant,
    /// When it ended; none while it runs, or when its host died.
    pub finished: Option<Instant>,
    /// What it did.
    pub counts: Counts,
    /// Why it failed or stopped.
    pub error: Option<String>,
    /// The cycle that it undid; none for every other run.
    pub undoes: Option<String>,
}

/// A stretch of a list, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paging {
    /// Only what is older than the row with this key.
    pub before: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Notes that a cycle begins, and gives its key.
///
/// # Errors
/// When the database refuses it.
pub async fn start(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    plugin_digest: &str,
    dry_run: bool,
) -> Result<String> {
    let tenant = transaction.tenant_id();
    let id = transaction.new_id();
    transaction
        .execute(sql!(
            "INSERT INTO cycle_run (tenant, id, mailbox, plugin_digest, dry_run, started,
                                    psa_writes, exchange_writes, requests, batch_parts, failed,
                                    duration)
             VALUES ($1, $2, $3, $4, $5, {now}, 0, 0, 0, 0, 0, 0)",
            &tenant,
            &id,
            mailbox,
            plugin_digest,
            dry_run,
        ))
        .await?;
    Ok(id)
}

/// Notes that a run undoes another.
///
/// # Errors
/// When the database refuses it.
pub async fn set_undoes(transaction: &mut Transaction, id: &str, undone: &str) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE cycle_run SET undoes = $3 WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
            undone,
        ))
        .await?;
    Ok(())
}

/// Notes how a cycle ended.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn finish(
    transaction: &mut Transaction,
    id: &str,
    counts: Counts,
    error: Option<&str>,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let statement = sql!(
        "UPDATE cycle_run SET finished = {now}, psa_writes = $3, exchange_writes = $4,
                requests = $5, batch_parts = $6, failed = $7, duration = $8, error = $9
          WHERE tenant = $1 AND id = $2",
        &tenant,
        id,
        number(counts.psa_writes),
        number(counts.exchange_writes),
        number(counts.requests),
        number(counts.batch_parts),
        number(counts.failed),
        number(counts.duration),
        error,
    );
    match transaction.execute(statement).await? {
        0 => Err(StoreError::NotFound {
            what: "cycle",
            id: id.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The cycles of one mailbox, or of all, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    source: impl Source,
    mailbox: Option<&MailboxId>,
    paging: &Paging,
) -> Result<Vec<CycleRun>> {
    let tenant = source.tenant().clone();
    macro_rules! select {
        ($whose:literal) => {
            concat!(
                "SELECT id, mailbox, plugin_digest, dry_run, started, finished, psa_writes,
                        exchange_writes, requests, batch_parts, failed, duration, error, undoes
                   FROM cycle_run
                  WHERE tenant = $1 AND ",
                $whose,
                " AND ($3 IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"
            )
        };
    }
    // Said apart, so that a mailbox's are found by their index.
    let text = match mailbox {
        Some(_) => select!("mailbox = $2"),
        None => select!("$2 IS NULL"),
    };
    let statement = sql!(
        text,
        &tenant,
        mailbox.map(|m| m.value.as_str()),
        paging.before.as_deref(),
        paging.limit,
    );
    all(source, statement).await
}

/// A cycle.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(source: impl Source, id: &str) -> Result<CycleRun> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        "SELECT id, mailbox, plugin_digest, dry_run, started, finished, psa_writes,
                exchange_writes, requests, batch_parts, failed, duration, error, undoes
           FROM cycle_run WHERE tenant = $1 AND id = $2",
        &tenant,
        id,
    );
    let missing = || StoreError::NotFound {
        what: "cycle",
        id: id.to_owned(),
    };
    all(source, statement)
        .await?
        .into_iter()
        .next()
        .ok_or_else(missing)
}

/// The mailbox's last cycle that wrote something; none when there was none, or when what it replaced
/// was never kept. Runs that undid another do not count.
///
/// # Errors
/// When the database does not answer.
pub async fn last_that_wrote(source: impl Source, mailbox: &MailboxId) -> Result<Option<CycleRun>> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        "SELECT id, mailbox, plugin_digest, dry_run, started, finished, psa_writes,
                exchange_writes, requests, batch_parts, failed, duration, error, undoes
           FROM cycle_run
          WHERE tenant = $1 AND mailbox = $2 AND NOT dry_run AND undoes IS NULL
            AND (psa_writes + exchange_writes > 0 AND started < {now} - $3
                 OR EXISTS (SELECT 1 FROM before_image
                             WHERE before_image.tenant = cycle_run.tenant
                               AND before_image.mailbox = cycle_run.mailbox
                               AND before_image.cycle = cycle_run.id))
          ORDER BY id DESC LIMIT 1",
        &tenant,
        mailbox,
        before_image::KEPT,
    );
    Ok(all(source, statement).await?.into_iter().next())
}

async fn all(mut source: impl Source, statement: Statement) -> Result<Vec<CycleRun>> {
    source.fetch(statement).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<CycleRun> {
    Ok(CycleRun {
        id: row.get("id")?,
        mailbox: MailboxId {
            value: row.get("mailbox")?,
        },
        plugin_digest: row.get("plugin_digest")?,
        dry_run: row.get("dry_run")?,
        started: row.instant("started")?,
        finished: row.maybe_instant("finished")?,
        counts: Counts::read(row)?,
        error: row.get("error")?,
        undoes: row.get("undoes")?,
    })
}
