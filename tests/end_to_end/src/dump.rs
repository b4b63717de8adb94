//! Everything that stands in a database, as text: to see what changed, and what must not be there.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Column, Connection, PgConnection, Row, SqliteConnection};

use crate::{Kind, On};

/// The rows of each table, each as JSON text, sorted.
pub type Dump = BTreeMap<String, Vec<String>>;

/// Reads all tables, without the columns that lease bookkeeping changes.
pub async fn without_leases(on: &On) -> Dump {
    let mut dump = everything(on).await;
    for row in dump.get_mut("mailbox").into_iter().flatten() {
        let mut fields: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(row).unwrap();
        for bookkeeping in ["lease_owner", "lease_until", "fence", "last_attempt"] {
            fields.remove(bookkeeping);
        }
        *row = serde_json::to_string(&fields).unwrap();
    }
    dump
}

/// Reads all tables.
pub async fn everything(on: &On) -> Dump {
    match on.kind {
        Kind::Sqlite => sqlite(&on.url).await,
        Kind::Postgres => postgres(&on.url).await,
    }
}

/// Reads all tables of an SQLite file.
pub async fn sqlite(url: &str) -> Dump {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let tables = sqlx::query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut dump = Dump::new();
    for table in tables {
        let name: String = table.get(0);
        let columns = sqlx::query(AssertSqlSafe(format!("PRAGMA table_info({name})")))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        // Bytes are shown in hexadecimal, everything else as it is.
        let shown: Vec<String> = columns
            .iter()
            .map(|column| column.get::<String, _>(1))
            .map(|name| {
                format!(
                    "'{name}', CASE typeof({name}) WHEN 'blob' THEN hex({name}) ELSE {name} END"
                )
            })
            .collect();
        let text = format!("SELECT json_object({}) FROM {name}", shown.join(", "));
        let rows = sqlx::query(AssertSqlSafe(text))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let mut rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        rows.sort();
        dump.insert(name, rows);
    }
    dump
}

async fn postgres(url: &str) -> Dump {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let tables = sqlx::query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mut dump = Dump::new();
    for table in tables {
        let name: String = table.get(0);
        let text = format!("SELECT row_to_json(t)::text AS row FROM {name} t");
        let rows = sqlx::query(AssertSqlSafe(text))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let mut rows: Vec<String> = rows
            .iter()
            .map(|row| {
                debug_assert_eq!(row.columns()[0].name(), "row");
                row.get(0)
            })
            .collect();
        rows.sort();
        dump.insert(name, rows);
    }
    dump
}
