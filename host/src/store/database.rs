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

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool, SqlitePool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::dialect::{BEGIN_POSTGRES, BEGIN_SQLITE, Dialect};
use super::error::{Result, StoreError};
use super::statement::{Row, Statement, Value, bind, run, sql};
use crate::contract::Instant;

/// One set for both databases.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a writer waits for its turn, and a caller for a connection.
const PATIENCE: Duration = Duration::from_secs(30);

/// Enough for readers beside the one writer of SQLite.
const SQLITE_CONNECTIONS: u32 = 8;

/// Each running cycle and each page needs one for moments only.
const POSTGRES_CONNECTIONS: u32 = 16;

/// A pool of connections to either database, with its clock. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    pool: Pool,
    /// Microseconds added to the database's clock; 0 but in tests and under `--now`.
    offset: Arc<AtomicI64>,
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
                let path = temporary.path.clone();
                open_sqlite(&path, Some(Arc::new(temporary))).await?
            }
            Some(("sqlite", path)) => {
                let path = path.strip_prefix("//").unwrap_or(path);
                open_sqlite(Path::new(path), None).await?
            }
            Some(("postgres" | "postgresql", _)) => open_postgres(url).await?,
            _ => {
                let scheme = url.split(':').next().unwrap_or_default().to_owned();
                return Err(StoreError::UnknownUrl { scheme });
            }
        };
        Ok(Self {
            pool,
            offset: Arc::new(AtomicI64::new(0)),
        })
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
        self.offset.store(microseconds, Ordering::Relaxed);
    }

    /// How far the clock is from the database's own, in microseconds.
    #[must_use]
    pub fn clock_offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    /// Sets the clock so that it is `instant` now; it runs on from there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_clock(&self, instant: Instant) -> Result<()> {
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
        let offset = self.clock_offset();
        match &self.pool {
            Pool::Sqlite { pool, .. } => {
                run!(rows, pool, Row::Sqlite, Dialect::Sqlite, offset, statement)
            }
            Pool::Postgres(pool) => {
                run!(
                    rows,
                    pool,
                    Row::Postgres,
                    Dialect::Postgres,
                    offset,
                    statement
                )
            }
        }
    }

    /// Runs a statement in a write transaction of its own.
    pub(super) async fn write(&self, statement: Statement) -> Result<Vec<Row>> {
        let mut open = self.begin().await?;
        let rows = open.fetch(self.clock_offset(), statement).await?;
        open.commit().await?;
        Ok(rows)
    }

    /// Opens a write transaction; on SQLite it holds the write lock from its beginning.
    pub(super) async fn begin(&self) -> Result<Open> {
        let busy = || StoreError::Busy {
            seconds: PATIENCE.as_secs(),
        };
        let failed = |statement, source| StoreError::Sql { statement, source };
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
    pub(super) async fn fetch(&mut self, offset: i64, statement: Statement) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(t, _) => {
                run!(
                    rows,
                    &mut **t,
                    Row::Sqlite,
                    Dialect::Sqlite,
                    offset,
                    statement
                )
            }
            Self::Postgres(t) => {
                run!(
                    rows,
                    &mut **t,
                    Row::Postgres,
                    Dialect::Postgres,
                    offset,
                    statement
                )
            }
        }
    }

    /// Runs a statement and gives the number of rows it touched.
    pub(super) async fn execute(&mut self, offset: i64, statement: Statement) -> Result<u64> {
        match self {
            Self::Sqlite(t, _) => run!(count, &mut **t, Dialect::Sqlite, offset, statement),
            Self::Postgres(t) => run!(count, &mut **t, Dialect::Postgres, offset, statement),
        }
    }

    /// Keeps everything.
    pub(super) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(t, _turn) => t.commit().await,
            Self::Postgres(t) => t.commit().await,
        }
        .map_err(|source| StoreError::Sql {
            statement: "COMMIT",
            source,
        })
    }

    /// Drops everything.
    pub(super) async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(t, _turn) => t.rollback().await,
            Self::Postgres(t) => t.rollback().await,
        }
        .map_err(|source| StoreError::Sql {
            statement: "ROLLBACK",
            source,
        })
    }
}

async fn open_sqlite(path: &Path, temporary: Option<Arc<Temporary>>) -> Result<Pool> {
    let place = path.display().to_string();
    inspect(path).await?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if temporary.is_some() {
            SqliteSynchronous::Off
        } else {
            SqliteSynchronous::Full
        })
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(SQLITE_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await
        .map_err(|source| StoreError::Open {
            place: place.clone(),
            source,
        })?;
    MIGRATIONS
        .run(&pool)
        .await
        .map_err(|e| migration_failed(place, e))?;
    Ok(Pool::Sqlite {
        pool,
        turn: Arc::new(Semaphore::new(1)),
        _temporary: temporary,
    })
}

async fn open_postgres(url: &str) -> Result<Pool> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|source| StoreError::Open {
            place: "postgres://…".into(),
            source,
        })?
        .application_name("tandem")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let place = format!(
        "postgres://{}:{}/{}",
        options.get_host(),
        options.get_port(),
        options.get_database().unwrap_or(options.get_username())
    );
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await
        .map_err(|source| StoreError::Open {
            place: place.clone(),
            source,
        })?;
    MIGRATIONS
        .run(&pool)
        .await
        .map_err(|e| migration_failed(place, e))?;
    Ok(Pool::Postgres(pool))
}

/// Looks at an existing file without changing it: is it a database, ours, and not newer than we?
async fn inspect(path: &Path) -> Result<()> {
    let place = path.display().to_string();
    match begins_like_sqlite(path).await {
        Ok(Some(true)) => {}
        Ok(Some(false)) => return Err(StoreError::NotADatabase { path: place }),
        Ok(None) => return Ok(()),
        Err(e) => {
            return Err(StoreError::Open {
                place,
                source: sqlx::Error::Io(e),
            });
        }
    }
    let failed = |source| match &source {
        // SQLITE_NOTADB: the header is right and nothing else is.
        sqlx::Error::Database(e) if e.code().as_deref() == Some("26") => StoreError::NotADatabase {
            path: path.display().to_string(),
        },
        _ => StoreError::Open {
            place: path.display().to_string(),
            source,
        },
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(PATIENCE);
    let mut connection = options.connect().await.map_err(failed)?;
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
            .fetch_all(&mut connection)
            .await
            .map_err(failed)?;
    if !tables.iter().any(|name| name == "_sqlx_migrations") {
        drop(connection.close().await);
        return match tables.is_empty() {
            true => Ok(()),
            false => Err(StoreError::ForeignDatabase { path: place }),
        };
    }
    let newest: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    drop(connection.close().await);
    let known = newest_known();
    match newest {
        Some(found) if found > known => Err(StoreError::NewerDatabase {
            place,
            found,
            known,
        }),
        _ => Ok(()),
    }
}

/// Whether a file begins with SQLite's magic; none for a missing or an empty file.
async fn begins_like_sqlite(path: &Path) -> std::io::Result<Option<bool>> {
    use tokio::io::AsyncReadExt;
    let mut file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let mut head = Vec::with_capacity(16);
    (&mut file).take(16).read_to_end(&mut head).await?;
    Ok((!head.is_empty()).then(|| head == b"SQLite format 3\0"))
}

/// The newest migration of this version.
fn newest_known() -> i64 {
    MIGRATIONS
        .iter()
        .map(|m| m.version)
        .max()
        .unwrap_or_default()
}

fn migration_failed(place: String, error: MigrateError) -> StoreError {
    let known = newest_known();
    match error {
        MigrateError::VersionMissing(found) if found > known => StoreError::NewerDatabase {
            place,
            found,
            known,
        },
        source => StoreError::Migration { place, source },
    }
}

/// The file of `sqlite::memory:`. A file with a write-ahead log behaves like the one of a running
/// host, in that readers and the writer do not wait for each other; SQLite's own memory does not.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn new() -> Self {
        Self {
            path: std::env::temp_dir().join(format!("tandem-{}.sqlite", Uuid::now_v7())),
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(suffix);
            // Nothing is lost when it stays; the system clears its folder.
            drop(std::fs::remove_file(path));
        }
    }
}
