//! Leases: which host runs a mailbox's cycle, until when, and how a host that lost it is kept from
//! writing.
//!
//! A lease ends by the *database's* clock. Each lease raises the mailbox's fence, and each commit of
//! a cycle checks it (see [`Tenant::begin_fenced`](super::Tenant::begin_fenced)), so that a host
//! that slept through its lease cannot write over the one that took it.
//!
//! A mailbox is leased when it is enabled, its profile was saved, the tenant's settings were saved
//! and enable cycles, the tenant is not held, and it belongs to the pilot group where only that is to
//! run; to have its copies removed, when one of the two is
//! switched off. To have its last cycle undone it is leased whatever is switched off or held.

use std::time::Duration;

use super::codec;
use super::database::Database;
use super::error::{Result, StoreError};
use super::statement::{Row, sql};
use super::transaction::Source;
use crate::contract::{Instant, MailboxId, TenantId};
use serde::{Deserialize, Serialize};

/// The right to run a mailbox's cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Lease {
    /// Whose mailbox.
    pub tenant: TenantId,
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// Who holds it: a name of the host, new with each start.
    pub owner: String,
    /// Rises with each lease of the mailbox.
    pub fence: i64,
    /// When it ends, by the database's clock. A host that counts down by its own begins before it
    /// asks for the lease, so that it never believes in a lease that is over.
    pub until: Instant,
}

/// What came of a cycle, for the list of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CycleResult {
    /// Everything was done.
    Succeeded,
    /// The cycle ended, and some items failed.
    SomeFailed,
    /// The cycle stopped and asks somebody (an empty or moved mailbox, too many deletions).
    Stopped,
    /// The cycle failed.
    Failed,
}

/// Which mailboxes may be taken by name.
#[derive(Clone, Copy, Debug)]
enum Which {
    Synchronises,
    SwitchedOff,
    Any,
}

impl Which {
    const fn synchronises(self) -> Option<bool> {
        match self {
            Self::Synchronises => Some(true),
            Self::SwitchedOff => Some(false),
            Self::Any => None,
        }
    }
}

/// The leases of all tenants; see [`Store::leases`](super::Store::leases).
#[derive(Clone, Copy, Debug)]
pub struct Leases<'a> {
    database: &'a Database,
}

impl<'a> Leases<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// Takes up to `limit` mailboxes that are due, the longest waiting first, each for `ttl`. Two
    /// owners never get the same.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due(&self, owner: &str, ttl: Duration, limit: u32) -> Result<Vec<Lease>> {
        let statement = sql!(
            "WITH picked AS MATERIALIZED (
                SELECT m.tenant, m.id FROM mailbox m JOIN settings s ON s.tenant = m.tenant
                 WHERE m.enabled AND m.profile IS NOT NULL AND s.enabled AND NOT s.paused AND s.quiet_until < {now}
                   AND (NOT s.pilot_only OR m.pilot)
                   AND m.next_due <= {now} AND m.lease_until < {now}
                 ORDER BY m.next_due LIMIT $3 {skip locked})
             UPDATE mailbox
                SET lease_owner = $1, lease_until = {now} + $2, fence = fence + 1,
                    last_attempt = {now}
              WHERE (tenant, id) IN (SELECT tenant, id FROM picked)
             RETURNING tenant, id, fence, lease_until",
            owner,
            micros(ttl),
            limit,
        );
        let rows = self.database.write(statement).await?;
        rows.iter().map(|row| lease(row, owner)).collect()
    }

    /// Takes one mailbox now, whether it is due or not. None when another holds it, or when it is
    /// not to synchronise; the mailbox's row and the settings tell which.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn one(
        &self,
        tenant: &TenantId,
        mailbox: &MailboxId,
        owner: &str,
        ttl: Duration,
    ) -> Result<Option<Lease>> {
        self.named(tenant, mailbox, owner, ttl, Which::Synchronises)
            .await
    }

    /// Takes one mailbox that no cycle synchronises, because its user or the whole integration is
    /// switched off. None when another holds it, or when it is to synchronise.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn switched_off(
        &self,
        tenant: &TenantId,
        mailbox: &MailboxId,
        owner: &str,
        ttl: Duration,
    ) -> Result<Option<Lease>> {
        self.named(tenant, mailbox, owner, ttl, Which::SwitchedOff)
            .await
    }

    /// Takes one mailbox to undo its last cycle, whether it synchronises or not. None when another
    /// holds it, or while settings are being saved.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn to_undo(
        &self,
        tenant: &TenantId,
        mailbox: &MailboxId,
        owner: &str,
        ttl: Duration,
    ) -> Result<Option<Lease>> {
        self.named(tenant, mailbox, owner, ttl, Which::Any).await
    }

    async fn named(
        &self,
        tenant: &TenantId,
        mailbox: &MailboxId,
        owner: &str,
        ttl: Duration,
        which: Which,
    ) -> Result<Option<Lease>> {
        let statement = sql!(
            "WITH picked AS MATERIALIZED (
                SELECT m.tenant, m.id FROM mailbox m JOIN settings s ON s.tenant = m.tenant
                 WHERE ($5 IS NULL OR (m.enabled AND s.enabled) = $5 AND NOT s.paused
                        AND (NOT $5 OR NOT s.pilot_only OR m.pilot))
                   AND m.profile IS NOT NULL AND s.quiet_until < {now}
                   AND m.tenant = $3 AND m.id = $4 AND m.lease_until < {now} {skip locked})
             UPDATE mailbox
                SET lease_owner = $1, lease_until = {now} + $2, fence = fence + 1,
                    last_attempt = {now}
              WHERE (tenant, id) IN (SELECT tenant, id FROM picked)
             RETURNING tenant, id, fence, lease_until",
            owner,
            micros(ttl),
            tenant,
            mailbox,
            which.synchronises(),
        );
        let rows = self.database.write(statement).await?;
        rows.first().map(|row| lease(row, owner)).transpose()
    }

    /// Makes a lease that still holds end `ttl` from now.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`].
    pub async fn extend(&self, lease: &mut Lease, ttl: Duration) -> Result<()> {
        let statement = sql!(
            "UPDATE mailbox SET lease_until = {now} + $4
              WHERE tenant = $1 AND id = $2 AND fence = $3 AND lease_until >= {now}
             RETURNING lease_until",
            &lease.tenant,
            &lease.mailbox,
            lease.fence,
            micros(ttl),
        );
        let rows = self.database.write(statement).await?;
        let lost = || StoreError::LeaseLost {
            mailbox: lease.mailbox.value.clone(),
        };
        lease.until = rows.first().ok_or_else(lost)?.instant("lease_until")?;
        Ok(())
    }

    /// Gives a lease back: the mailbox is due again after `pause`, and its row keeps the result.
    /// A lease that ended unnoticed and that nobody took is given back like any other; false means
    /// that another holds it now, and nothing was changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn release(
        &self,
        lease: &Lease,
        pause: Duration,
        result: CycleResult,
        error: Option<&str>,
    ) -> Result<bool> {
        let failed = matches!(result, CycleResult::Failed | CycleResult::Stopped);
        let statement = sql!(
            "UPDATE mailbox
                SET lease_owner = NULL, lease_until = 0, next_due = {now} + $4,
                    last_result = $5, last_error = $6,
                    failures = CASE WHEN $7 THEN failures + 1 ELSE 0 END
              WHERE tenant = $1 AND id = $2 AND fence = $3
             RETURNING id",
            &lease.tenant,
            &lease.mailbox,
            lease.fence,
            micros(pause),
            codec::name("mailbox.last_result", &result)?,
            error,
            failed,
        );
        Ok(!self.database.write(statement).await?.is_empty())
    }

    /// Gives a lease back as if it had not been taken (a dry run): due time and result stay.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn give_back(&self, lease: &Lease) -> Result<bool> {
        let statement = sql!(
            "UPDATE mailbox SET lease_owner = NULL, lease_until = 0
              WHERE tenant = $1 AND id = $2 AND fence = $3 RETURNING id",
            &lease.tenant,
            &lease.mailbox,
            lease.fence,
        );
        Ok(!self.database.write(statement).await?.is_empty())
    }

    /// Ends all leases, and gives how many there were. Only for the start on SQLite, where the one
    /// host that opens the file knows that no other runs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn void_all(&self) -> Result<usize> {
        let statement = sql!(
            "UPDATE mailbox SET lease_owner = NULL, lease_until = 0, fence = fence + 1
              WHERE lease_owner IS NOT NULL RETURNING id"
        );
        Ok(self.database.write(statement).await?.len())
    }

    /// When the next mailbox that is not leased falls due; none when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next_due(&self) -> Result<Option<Instant>> {
        let statement = sql!(
            "SELECT MIN(m.next_due) AS next_due
               FROM mailbox m JOIN settings s ON s.tenant = m.tenant
              WHERE m.enabled AND m.profile IS NOT NULL AND s.enabled AND NOT s.paused AND s.quiet_until < {now}
                   AND (NOT s.pilot_only OR m.pilot)
                AND m.lease_until < {now}"
        );
        let rows = self.database.fetch(statement).await?;
        rows.first()
            .map_or(Ok(None), |row| row.maybe_instant("next_due"))
    }
}

/// How many of the tenant's mailboxes are leased at this moment.
///
/// # Errors
/// When the database does not answer.
pub async fn running(mut source: impl Source) -> Result<u64> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT COUNT(*) AS running FROM mailbox WHERE tenant = $1 AND lease_until >= {now}",
            &tenant,
        ))
        .await?;
    rows.first().map_or(Ok(0), |row| row.unsigned("running"))
}

/// A duration as microseconds; longer than 292,000 years is that.
pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 2)
}

fn lease(row: &Row, owner: &str) -> Result<Lease> {
    Ok(Lease {
        tenant: TenantId {
            value: row.get("tenant")?,
        },
        mailbox: MailboxId {
            value: row.get("id")?,
        },
        owner: owner.to_owned(),
        fence: row.get("fence")?,
        until: row.instant("lease_until")?,
    })
}
