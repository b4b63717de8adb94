//! The only door to a tenant's rows, and the transactions behind it.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::database::{Database, Open};
use super::dialect::StoreClock;
use super::error::{Result, StoreError};
use super::key::SecretKey;
use super::lease::Lease;
use super::statement::{Row, Statement, sql};
use crate::contract::{Instant, TenantId};

/// What rows of a tenant can be read from: `&tenant` reads what was committed, `&mut transaction`
/// also what the transaction wrote.
pub trait Source: Send {
    /// Whose rows these are.
    fn tenant(&self) -> &TenantId;

    /// Runs a statement and gives its rows. Every statement names the tenant.
    fn fetch(&mut self, statement: Statement) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// The key that opens the tenant's secrets.
    fn key(&self) -> Arc<SecretKey>;
}

/// A tenant's rows. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tenant {
    database: Database,
    key: Arc<SecretKey>,
    id: TenantId,
}

impl Tenant {
    pub(super) fn new(database: Database, key: Arc<SecretKey>, id: TenantId) -> Self {
        Self { database, key, id }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &TenantId {
        &self.id
    }

    /// The database's clock.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self) -> Result<Instant> {
        self.database.now().await
    }

    /// Opens a write transaction. Dropped without [`Transaction::commit`], it leaves nothing.
    ///
    /// On SQLite a second one waits for the first, so a task never opens two at a time, and
    /// extends no lease meanwhile. After a statement was refused, drop the transaction: PostgreSQL
    /// takes nothing more in it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] after half a minute of waiting.
    pub async fn begin(&self) -> Result<Transaction> {
        Ok(Transaction {
            open: self.database.begin().await?,
            clock: self.database.clock(),
            database: self.database.clone(),
            key: Arc::clone(&self.key),
            tenant: self.id.clone(),
            lease: None,
        })
    }

    /// Opens a write transaction of a cycle. It is refused when the lease is lost already, and so
    /// is its commit; meanwhile nobody else can take the lease.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`]; [`StoreError::Busy`].
    pub async fn begin_fenced(&self, lease: &Lease) -> Result<Transaction> {
        let mut transaction = self.begin().await?;
        transaction.lease = Some(lease.clone());
        match transaction.check_fence().await {
            Ok(()) => Ok(transaction),
            Err(e) => {
                transaction.rollback().await?;
                Err(e)
            }
        }
    }
}

impl Source for &Tenant {
    fn tenant(&self) -> &TenantId {
        &self.id
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>> {
        self.database.fetch(statement).await
    }

    fn key(&self) -> Arc<SecretKey> {
        Arc::clone(&self.key)
    }
}

/// A write transaction on a tenant's rows.
pub struct Transaction {
    open: Open,
    clock: StoreClock,
    database: Database,
    key: Arc<SecretKey>,
    tenant: TenantId,
    lease: Option<Lease>,
}

impl Transaction {
    /// Keeps everything, if the lease of a fenced transaction still holds.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`]: everything was rolled back.
    pub async fn commit(mut self) -> Result<()> {
        if let Err(e) = self.check_fence().await {
            self.rollback().await?;
            return Err(e);
        }
        self.database.keep(self.open).await
    }

    /// Drops everything at once; to drop the transaction does the same a little later.
    ///
    /// # Errors
    /// When the connection broke, which drops everything too.
    pub async fn rollback(self) -> Result<()> {
        self.open.rollback().await
    }

    /// The database's clock.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&mut self) -> Result<Instant> {
        let row = self.one(sql!("SELECT {now} AS now")).await?;
        row.instant("now")
    }

    /// A key for a new row.
    #[must_use]
    pub fn new_id(&self) -> String {
        self.database.new_id()
    }

    /// Whose rows these are; as its own value, so that the transaction stays free for writing.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant.clone()
    }

    /// Runs a statement and gives the number of rows that it touched.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64> {
        self.open.execute(self.clock, statement).await
    }

    /// Runs a statement that always gives a row.
    pub(crate) async fn one(&mut self, statement: Statement) -> Result<Row> {
        let rows = self.open.fetch(self.clock, statement).await?;
        rows.into_iter().next().ok_or(StoreError::Unreadable {
            column: "(all)",
            reason: "a row was expected and none came".into(),
        })
    }

    /// A write to the mailbox's row, so that it also locks the row until the end.
    async fn check_fence(&mut self) -> Result<()> {
        let Some(lease) = &self.lease else {
            return Ok(());
        };
        let mailbox = lease.mailbox.clone();
        let statement = sql!(
            "UPDATE mailbox SET fence = fence
              WHERE tenant = $1 AND id = $2 AND fence = $3 AND lease_until >= {now}",
            &self.tenant,
            &mailbox,
            lease.fence,
        );
        match lease.tenant == self.tenant && self.execute(statement).await? == 1 {
            true => Ok(()),
            false => Err(StoreError::LeaseLost {
                mailbox: mailbox.value,
            }),
        }
    }
}

impl Source for &mut Transaction {
    fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>> {
        self.open.fetch(self.clock, statement).await
    }

    fn key(&self) -> Arc<SecretKey> {
        Arc::clone(&self.key)
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("tenant", &self.tenant)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
