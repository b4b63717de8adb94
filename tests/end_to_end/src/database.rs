//! A fresh database for each test, on either system.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use url::Url;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file in a folder of its own.
    Sqlite,
    /// A database of its own on the server that `TANDEM_TEST_POSTGRES` names.
    Postgres,
}

/// The database that a test runs on.
#[derive(Clone, Debug)]
pub struct On {
    /// As the operator's file names it.
    pub url: String,
    /// Which it is.
    pub kind: Kind,
    folder: PathBuf,
}

impl On {
    /// A folder that is gone when the test ends.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Runs a test on a fresh database.
pub fn run<F: Future<Output = ()>>(kind: Kind, test: impl FnOnce(On) -> F) {
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
                let url = format!("sqlite:{}", folder.path().join("tandem.db").display());
                test(On {
                    url,
                    kind,
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

/// A database on the server. A test that fails leaves it there to be looked into.
struct Fresh {
    server: Url,
    name: String,
    url: String,
}

impl Fresh {
    async fn create(server: &Url) -> Self {
        let name = format!("tandem_test_{}", uuid::Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
        let statement = format!("CREATE DATABASE {name}");
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .unwrap();
        let mut url = server.clone();
        url.set_path(&name);
        Self {
            server: server.clone(),
            name,
            url: url.to_string(),
        }
    }

    async fn remove(self) {
        let mut connection = PgConnection::connect(self.server.as_str()).await.unwrap();
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .unwrap();
    }
}
