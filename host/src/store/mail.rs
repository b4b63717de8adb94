//! The outbox: mails stand here before they are sent, and stay here where no mail server is set up.
//!
//! A mail with a cause is written at most once in 24 hours; the cause names tenant-wide what
//! happened, such as `cycle-failed/unauthorised`.

use super::codec;
use super::cycle_run::Paging;
use super::database::Database;
use super::error::Result;
use super::statement::{Row, Statement, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{Instant, TenantId};

/// For how long a cause is told only once, in microseconds: 24 hours.
pub const ONCE_IN: i64 = 24 * 60 * 60 * 1_000_000;

/// A mail of the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// Its key.
    pub id: String,
    /// Whose.
    pub tenant: TenantId,
    /// To whom.
    pub to: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The same as HTML; none where there is only text.
    pub html: Option<String>,
    /// What it tells, for telling it once only; none is always written.
    pub cause: Option<String>,
    /// When it was written.
    pub created: Instant,
    /// When it was sent.
    pub sent: Option<Instant>,
    /// How often sending was tried without success, a try under way included.
    pub failures: u64,
    /// What the mail server said last.
    pub error: Option<String>,
}

/// A mail to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMail {
    /// To whom; nobody gives no mail.
    pub to: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The same as HTML; none where there is only text.
    pub html: Option<String>,
    /// What it tells.
    pub cause: Option<String>,
}

/// Writes a mail, unless nobody is to get it or its cause was told in the last 24 hours. Gives
/// whether it was written.
///
/// # Errors
/// When the database refuses it.
pub async fn write(transaction: &mut Transaction, mail: &NewMail) -> Result<bool> {
    if mail.to.is_empty() {
        return Ok(false);
    }
    if let Some(cause) = &mail.cause
        && told(&mut *transaction, cause).await?
    {
        return Ok(false);
    }
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "INSERT INTO mail (tenant, id, recipients, subject, body, html, cause, created, failures)
             VALUES ($1, $2, $3, $4, $5, $6, $7, {now}, 0)",
            &tenant,
            transaction.new_id(),
            codec::json("mail.recipients", &mail.to)?,
            &mail.subject,
            &mail.text,
            mail.html.as_deref(),
            mail.cause.as_deref(),
        ))
        .await?;
    Ok(true)
}

/// Whether a cause was told in the last 24 hours.
///
/// # Errors
/// When the database does not answer.
pub async fn told(mut source: impl Source, cause: &str) -> Result<bool> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT id FROM mail WHERE tenant = $1 AND cause = $2 AND created > {now} - $3 LIMIT 1",
            &tenant,
            cause,
            ONCE_IN,
        ))
        .await?;
    Ok(!rows.is_empty())
}

/// The tenant's mails, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(mut source: impl Source, paging: &Paging) -> Result<Vec<Mail>> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        "SELECT tenant, id, recipients, subject, body, html, cause, created, sent, failures, error
           FROM mail WHERE tenant = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        &tenant,
        paging.before.as_deref(),
        paging.limit,
    );
    source.fetch(statement).await?.iter().map(read).collect()
}

/// Mails of all tenants that are not sent yet, the oldest first; for the sender.
///
/// # Errors
/// When the database does not answer.
pub async fn unsent(database: &Database, limit: u32) -> Result<Vec<Mail>> {
    let statement: Statement = sql!(
        "SELECT tenant, id, recipients, subject, body, html, cause, created, sent, failures, error
           FROM mail WHERE sent IS NULL ORDER BY failures, created LIMIT $1",
        limit,
    );
    database.fetch(statement).await?.iter().map(read).collect()
}

/// Begins a try to send a mail that had so many `failures`. Of several hosts that see the mail
/// only one gets true; a host that dies meanwhile leaves it as a mail whose try failed.
///
/// # Errors
/// When the database refuses it.
pub async fn begin_try(transaction: &mut Transaction, id: &str, failures: u64) -> Result<bool> {
    let tenant = transaction.tenant_id();
    let begun = transaction
        .execute(sql!(
            "UPDATE mail SET failures = failures + 1, error = $4
              WHERE tenant = $1 AND id = $2 AND failures = $3 AND sent IS NULL",
            &tenant,
            id,
            i64::try_from(failures).unwrap_or(i64::MAX),
            "the host that tried to send it has not told what came of it",
        ))
        .await?;
    Ok(begun == 1)
}

/// Notes that a try succeeded.
///
/// # Errors
/// When the database refuses it.
pub async fn mark_sent(transaction: &mut Transaction, id: &str) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE mail SET sent = {now}, error = NULL,
                    failures = CASE WHEN failures > 0 THEN failures - 1 ELSE failures END
              WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
        ))
        .await?;
    Ok(())
}

/// Notes why a try failed; it is tried again.
///
/// # Errors
/// When the database refuses it.
pub async fn mark_failed(transaction: &mut Transaction, id: &str, error: &str) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE mail SET error = $3 WHERE tenant = $1 AND id = $2",
            &tenant,
            id,
            error,
        ))
        .await?;
    Ok(())
}

fn read(row: &Row) -> Result<Mail> {
    Ok(Mail {
        id: row.get("id")?,
        tenant: TenantId {
            value: row.get("tenant")?,
        },
        to: codec::from_json("mail.recipients", &row.get::<String>("recipients")?)?,
        subject: row.get("subject")?,
        text: row.get("body")?,
        html: row.get("html")?,
        cause: row.get("cause")?,
        created: row.instant("created")?,
        sent: row.maybe_instant("sent")?,
        failures: row.unsigned("failures")?,
        error: row.get("error")?,
    })
}
