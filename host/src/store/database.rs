//! The pool, its clock and its migrations.
//!
//! | URL | database |
//! |---|---|
//! | `sqlite:PATH` | a file, made when it is missing; its folder must exist |
//! | `sqlite::memory:` | a file in the system's folder for temporary ones, removed at the end |
//! | `postgres://USER:PASSWORD@HOST/NAME` | PostgreSQL 13 or later |
//!
//! SQLite runs with a write-ahead log and waits for the disk at each commit: what was committed
//! survives a loss of power. There is one writer at a time; others wait their turn here, where
//! waiting is fair and holds no connection.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{PgPool, SqlitePool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::dialect::{BEGIN_POSTGRES, BEGIN_SQLITE, Dialect, StoreClock};
use super::error::{Result, StoreError};
use super::id::Ids;
use super::moment::{Moment, Observer};
use super::opening::{self, Temporary};
use super::statement::{Row, Statement, Value, bind, run, sql};
use crate::contract::Instant;

/// How long a writer waits for its turn, and a caller for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A pool of connections to either database, with its clock. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    pool: Pool,
    clock: Arc<Mutex<StoreClock>>,
    ids: Ids,
    observer: Option<Arc<dyn Observer>>,
}

#[derive(Clone, Debug)]
enum Pool {
    Sqlite {
        pool: SqlitePool,
        turn: Arc<Semaphore>,
        _temporary: Option<Arc<Temporary>>,
    },
    Postgres(PgPool),
}

impl Pool {
    fn sqlite(pool: SqlitePool, temporary: Option<Temporary>) -> Self {
        Self::Sqlite {
            pool,
            turn: Arc::new(Semaphore::new(1)),
            _temporary: temporary.map(Arc::new),
        }
    }
}

/// An open transaction of either database, before it belongs to a tenant.
pub(super) enum Open {
    /// With the turn to write.
    Sqlite(
        sqlx::Transaction<'static, sqlx::Sqlite>,
        OwnedSemaphorePermit,
    ),
    /// PostgreSQL's.
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Database {
    /// Opens the database that a URL names and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::UnknownUrl`], [`StoreError::Open`], [`StoreError::NotADatabase`],
    /// [`StoreError::ForeignDatabase`], [`StoreError::Migration`], and
    /// [`StoreError::NewerDatabase`], which leaves the database as it was.
    pub async fn open(url: &str) -> Result<Self> {
        let pool = match url.split_once(':') {
            Some(("sqlite", ":memory:")) => {
                let temporary = Temporary::new();
                let pool = opening::sqlite(&temporary.path, true).await?;
                Pool::sqlite(pool, Some(temporary))
            }
            Some(("sqlite", path)) => {
                let path = path.strip_prefix("//").unwrap_or(path);
                Pool::sqlite(opening::sqlite(Path::new(path), false).await?, None)
            }
            Some(("postgres" | "postgresql", _)) => Pool::Postgres(opening::postgres(url).await?),
            _ => {
                let scheme = url.split(':').next().unwrap_or_default().to_owned();
                return Err(StoreError::UnknownUrl { scheme });
            }
        };
        Ok(Self {
            pool,
            clock: Arc::new(Mutex::new(StoreClock::Running { offset: 0 })),
            ids: Ids::default(),
            observer: None,
        })
    }

    /// The same database with keys from elsewhere.
    #[must_use]
    pub fn with_ids(self, ids: Ids) -> Self {
        Self { ids, ..self }
    }

    /// The same database with somebody who is told each moment of the work on it.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self {
            observer: Some(observer),
            ..self
        }
    }

    /// Which database speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.pool {
            Pool::Sqlite { .. } => Dialect::Sqlite,
            Pool::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Moves the clock of all who share this handle to `microseconds` from the database's own.
    pub fn set_clock_offset(&self, microseconds: i64) {
        self.put_clock(StoreClock::Running {
            offset: microseconds,
        });
    }

    /// Lets the clock of all who share this handle stand at an instant until it is set again.
    pub fn stand_at(&self, instant: Instant) {
        self.put_clock(StoreClock::Standing {
            at: instant.microseconds,
        });
    }

    /// What `{now}` stands for.
    #[must_use]
    pub fn clock(&self) -> StoreClock {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put_clock(&self, clock: StoreClock) {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = clock;
    }

    /// A key for a new row.
    pub(super) fn new_id(&self) -> String {
        self.ids.draw(match self.clock() {
            StoreClock::Running { .. } => None,
            StoreClock::Standing { at } => Some(at),
        })
    }

    /// Tells a moment to whoever observes the work.
    pub(super) async fn reached(&self, moment: Moment) -> Result<()> {
        match &self.observer {
            Some(observer) => observer.reached(moment).await,
            None => Ok(()),
        }
    }

    /// How far the clock is from the database's own, in microseconds; 0 for one that stands.
    #[must_use]
    pub fn clock_offset(&self) -> i64 {
        match self.clock() {
            StoreClock::Running { offset } => offset,
            StoreClock::Standing { .. } => 0,
        }
    }

    /// Sets the clock so that it is `instant` now; one that runs goes on from there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_clock(&self, instant: Instant) -> Result<()> {
        if let StoreClock::Standing { .. } = self.clock() {
            self.stand_at(instant);
            return Ok(());
        }
        let now = self.now().await?;
        let offset = self
            .clock_offset()
            .saturating_add(instant.microseconds - now.microseconds);
        self.set_clock_offset(offset);
        Ok(())
    }

    /// The database's clock, the law for leases and due times.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self) -> Result<Instant> {
        let rows = self.fetch(sql!("SELECT {now} AS now")).await?;
        let row = rows.first().ok_or(StoreError::Unreadable {
            column: "now",
            reason: "the database gave no time".into(),
        })?;
        row.instant("now")
    }

    /// Closes the pool; what waits for a connection fails.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { pool, .. } => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    /// Runs a statement outside a transaction and gives its rows.
    pub(super) async fn fetch(&self, statement: Statement) -> Result<Vec<Row>> {
        self.reached(Moment::Read).await?;
        let clock = self.clock();
        match &self.pool {
            Pool::Sqlite { pool, .. } => {
                run!(rows, pool, Row::Sqlite, Dialect::Sqlite, clock, statement)
            }
            Pool::Postgres(pool) => {
                run!(
                    rows,
                    pool,
                    Row::Postgres,
                    Dialect::Postgres,
                    clock,
                    statement
                )
            }
        }
    }

    /// Runs a statement in a write transaction of its own.
    pub(super) async fn write(&self, statement: Statement) -> Result<Vec<Row>> {
        let mut open = self.begin().await?;
        let rows = open.fetch(self.clock(), statement).await?;
        self.keep(open).await?;
        Ok(rows)
    }

    /// Keeps what a transaction wrote.
    pub(super) async fn keep(&self, open: Open) -> Result<()> {
        self.reached(Moment::Commit).await?;
        open.commit().await?;
        self.reached(Moment::Committed).await
    }

    /// Opens a write transaction; on SQLite it holds the write lock from its beginning.
    pub(super) async fn begin(&self) -> Result<Open> {
        let busy = || StoreError::Busy {
            seconds: PATIENCE.as_secs(),
        };
        let failed = StoreError::refused;
        self.reached(Moment::Begin).await?;
        match &self.pool {
            Pool::Sqlite { pool, turn, .. } => {
                let waiting = tokio::time::timeout(PATIENCE, Arc::clone(turn).acquire_owned());
                let turn = waiting.await.map_err(|_| busy())?.map_err(|_| busy())?;
                let begun = pool.begin_with(BEGIN_SQLITE).await;
                begun
                    .map(|t| Open::Sqlite(t, turn))
                    .map_err(|e| failed(BEGIN_SQLITE, e))
            }
            Pool::Postgres(pool) => {
                let begun = pool.begin_with(BEGIN_POSTGRES).await;
                begun
                    .map(Open::Postgres)
                    .map_err(|e| failed(BEGIN_POSTGRES, e))
            }
        }
    }
}

impl Open {
    /// Runs a statement and gives its rows.
    pub(super) async fn fetch(
        &mut self,
        clock: StoreClock,
        statement: Statement,
    ) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(t, _) => {
                run!(
                    rows,
                    &mut **t,
                    Row::Sqlite,
                    Dialect::Sqlite,
                    clock,
                    statement
                )
            }
            Self::Postgres(t) => {
                run!(
                    rows,
                    &mut **t,
                    Row::Postgres,
                    Dialect::Postgres,
                    clock,
                    statement
                )
            }
        }
    }

    /// Runs a statement and gives the number of rows it touched.
    pub(super) async fn execute(&mut self, clock: StoreClock, statement: Statement) -> Result<u64> {
        match self {
            Self::Sqlite(t, _) => run!(count, &mut **t, Dialect::Sqlite, clock, statement),
            Self::Postgres(t) => run!(count, &mut **t, Dialect::Postgres, clock, statement),
        }
    }

    /// Keeps everything.
    async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(t, _turn) => t.commit().await,
            Self::Postgres(t) => t.commit().await,
        }
        .map_err(|source| StoreError::refused("COMMIT", source))
    }

    /// Drops everything.
    pub(super) async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(t, _turn) => t.rollback().await,
            Self::Postgres(t) => t.rollback().await,
        }
        .map_err(|source| StoreError::refused("ROLLBACK", source))
    }
}
