//! Opening a database: looking at what is there before anything is changed, and bringing the schema
//! up to date.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool, SqlitePool};
use uuid::Uuid;

use super::database::PATIENCE;
use super::error::{Result, StoreError};

/// One set for both databases.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Enough for readers beside the one writer of SQLite.
const SQLITE_CONNECTIONS: u32 = 8;

/// Each running cycle and each page needs one for moments only.
const POSTGRES_CONNECTIONS: u32 = 16;

/// After so long a transaction of a host that stands still is rolled back, and what it had locked is
/// free for the other hosts. Shorter than they wait for it.
const STANDSTILL: &str = "10s";

/// How often the schema of a SQLite file is tried.
const ATTEMPTS: u32 = 10;

/// How long to wait in between.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);

/// Opens a file, which is made when it is missing; a temporary one is not kept safe from a loss of
/// power.
pub(super) async fn sqlite(path: &Path, temporary: bool) -> Result<SqlitePool> {
    let place = path.display().to_string();
    inspect(path).await?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if temporary {
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
    for attempt in 1.. {
        match MIGRATIONS.run(&pool).await {
            Ok(()) => break,
            // Another program may be making the same file at this moment: PostgreSQL makes it wait,
            // SQLite makes it fail. A step that failed left nothing, and what the other one did is
            // not done again.
            Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..))
                if attempt < ATTEMPTS =>
            {
                tokio::time::sleep(BETWEEN_ATTEMPTS).await
            }
            Err(e) => return Err(migration_failed(place, e)),
        }
    }
    Ok(pool)
}

/// Opens a PostgreSQL database.
pub(super) async fn postgres(url: &str) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|source| StoreError::Open {
            place: "postgres://…".into(),
            source,
        })?
        .application_name("tandem")
        .options([("idle_in_transaction_session_timeout", STANDSTILL)])
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
    let brought_up = MIGRATIONS.run(&pool).await;
    brought_up.map_err(|e| migration_failed(place, e))?;
    Ok(pool)
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
pub(super) struct Temporary {
    /// Where it lies.
    pub path: PathBuf,
}

impl Temporary {
    /// A name that no other has; the file is made by SQLite.
    pub fn new() -> Self {
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
