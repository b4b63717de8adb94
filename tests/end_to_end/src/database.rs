//! A fresh database for each test, on either system, and the provider that the test is run with.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tandem::runtime::embedded::Embedded;
use tempfile::TempDir;
use url::Url;

/// An SQLite database's file.
const FILE: &str = "tandem.db";
/// What a copy is called.
const BACKUP: &str = "backup";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file in a folder of its own.
    Sqlite,
    /// A database of its own on the server that `TANDEM_TEST_POSTGRES` names.
    Postgres,
}

/// What a test runs on: a database, and a way to Exchange.
#[derive(Clone, Debug)]
pub struct On {
    /// The database, as the operator's file names it.
    pub url: String,
    /// Which it is.
    pub kind: Kind,
    /// The provider through which Exchange is reached.
    pub provider: Embedded,
    folder: PathBuf,
}

impl On {
    /// A folder that is gone when the test ends.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Does to the database what no host does, behind its back.
    pub async fn execute(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        match self.kind {
            Kind::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
                sqlx::query(statement)
                    .execute(&mut connection)
                    .await
                    .unwrap();
            }
            Kind::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                sqlx::query(statement)
                    .execute(&mut connection)
                    .await
                    .unwrap();
            }
        }
    }

    /// Copies the database; nobody may have it open.
    pub(crate) async fn back_up(&self) {
        match self.kind {
            Kind::Sqlite => {
                std::fs::copy(self.file(), self.folder.join(BACKUP)).unwrap();
            }
            Kind::Postgres => {
                let name = self.name();
                let copy = format!("CREATE DATABASE {name}_{BACKUP} TEMPLATE {name}");
                administer(&copy).await;
            }
        }
    }

    /// Puts the copy in the database's place; nobody may have it open.
    pub(crate) async fn restore(&self) {
        match self.kind {
            Kind::Sqlite => {
                for leftover in ["-wal", "-shm"] {
                    let mut path = self.file().into_os_string();
                    path.push(leftover);
                    assert!(!Path::new(&path).exists(), "the database is still open");
                }
                std::fs::rename(self.folder.join(BACKUP), self.file()).unwrap();
            }
            Kind::Postgres => {
                let name = self.name();
                administer(&format!("DROP DATABASE {name}")).await;
                let rename = format!("ALTER DATABASE {name}_{BACKUP} RENAME TO {name}");
                administer(&rename).await;
            }
        }
    }

    /// The file of an SQLite database.
    fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// The name of a PostgreSQL database.
    fn name(&self) -> String {
        let url = Url::parse(&self.url).unwrap();
        url.path().trim_start_matches('/').to_owned()
    }
}

/// Runs a test with a provider on a fresh database.
pub fn run<F: Future<Output = ()>>(kind: Kind, provider: Embedded, test: impl FnOnce(On) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    tandem::capability::http::install_tls();
    runtime.block_on(async {
        let folder = TempDir::new().unwrap();
        let folder_path = folder.path().to_owned();
        match kind {
            Kind::Sqlite => {
                let url = format!("sqlite:{}", folder.path().join(FILE).display());
                test(On {
                    url,
                    kind,
                    provider,
                    folder: folder_path,
                })
                .await;
            }
            Kind::Postgres => {
                let Some(server) = server() else { return };
                let fresh = Fresh::create(&server).await;
                test(On {
                    url: fresh.url.clone(),
                    kind,
                    provider,
                    folder: folder_path,
                })
                .await;
                fresh.remove().await;
            }
        }
    });
}

/// The server for tests; none is a failure in CI and is said plainly elsewhere.
fn server() -> Option<Url> {
    static SAID: Once = Once::new();
    if let Ok(url) = std::env::var("TANDEM_TEST_POSTGRES") {
        return Some(Url::parse(&url).expect("TANDEM_TEST_POSTGRES holds a URL"));
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "TANDEM_TEST_POSTGRES is not set; in CI every test runs on PostgreSQL too"
    );
    SAID.call_once(|| {
        // Past the capture of the test's output, which nobody sees when the test succeeds.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no test ran on PostgreSQL, because TANDEM_TEST_POSTGRES is not set"
        );
    });
    None
}

/// Tells the server what to do with databases.
async fn administer(statement: &str) {
    let server = server().expect("the test runs on a server");
    let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
    sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
}

/// A database on the server. A test that fails leaves it there to be looked into.
struct Fresh {
    name: String,
    url: String,
}

impl Fresh {
    async fn create(server: &Url) -> Self {
        let name = format!("tandem_test_{}", uuid::Uuid::new_v4().simple());
        administer(&format!("CREATE DATABASE {name}")).await;
        let mut url = server.clone();
        url.set_path(&name);
        Self {
            name,
            url: url.to_string(),
        }
    }

    async fn remove(self) {
        administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}
