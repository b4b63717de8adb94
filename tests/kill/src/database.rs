//! A database of a run's own.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use url::Url;

use crate::Result;

/// Where the server for tests is named.
pub const SERVER: &str = "TANDEM_TEST_POSTGRES";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A database of its own on the server that `TANDEM_TEST_POSTGRES` names.
    Postgres,
}

/// A fresh database.
#[derive(Debug)]
pub struct Fresh {
    /// As the operator's file names it.
    pub url: String,
    /// The server and the name there.
    on_server: Option<(Url, String)>,
}

impl Fresh {
    /// Makes one; a file lies in the folder.
    ///
    /// # Errors
    /// When no server is named, or it does not answer.
    pub async fn create(kind: Kind, folder: &Path) -> Result<Self> {
        if kind == Kind::Sqlite {
            let path = folder.join("tandem.db");
            return Ok(Self {
                url: format!("sqlite:{}", path.display()),
                on_server: None,
            });
        }
        let server = std::env::var(SERVER)
            .map_err(|_| format!("{SERVER} is not set; name a PostgreSQL server in it"))?;
        let server = Url::parse(&server)?;
        let name = format!("tandem_kill_{}", uuid::Uuid::now_v7().simple());
        run(&server, format!("CREATE DATABASE {name}")).await?;
        let mut url = server.clone();
        url.set_path(&name);
        Ok(Self {
            url: url.to_string(),
            on_server: Some((server, name)),
        })
    }

    /// Removes it from its server; a file goes with its folder.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn remove(self) -> Result<()> {
        match self.on_server {
            Some((server, name)) => {
                run(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await
            }
            None => Ok(()),
        }
    }
}

async fn run(server: &Url, statement: String) -> Result<()> {
    let mut connection = PgConnection::connect(server.as_str()).await?;
    sqlx::query(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await?;
    Ok(connection.close().await?)
}
