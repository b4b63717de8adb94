//! A statement with its values, and a row of its answer, the same for both databases.
//!
//! ```text
//! let rows = source.fetch(sql!("SELECT name FROM secret WHERE tenant = $1", tenant)).await?;
//! let name: String = row.get("name")?;
//! ```
//!
//! The text of a statement is always written in the source: values travel apart from it.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};

use super::error::{Result, StoreError};
use crate::contract::{Instant, MailboxId, TenantId};

/// A value of one of the five column types.
#[derive(Clone)]
pub enum Value {
    /// TEXT, or NULL.
    Text(Option<String>),
    /// BIGINT, or NULL.
    Number(Option<i64>),
    /// BOOLEAN, or NULL.
    Truth(Option<bool>),
    /// BYTEA.
    Bytes(Vec<u8>),
}

/// A statement and its values. Has no `Debug`: values may be secret or private.
pub struct Statement {
    /// Its text, with what differs between the databases in braces.
    pub(super) sql: &'static str,
    /// `$1` first.
    pub(super) values: Vec<Value>,
}

impl Statement {
    /// A statement; [`sql!`](crate::store::statement::sql) reads better.
    #[must_use]
    pub fn new(sql: &'static str, values: Vec<Value>) -> Self {
        Self { sql, values }
    }
}

/// A statement from its text and the values of `$1`, `$2`, ….
macro_rules! sql {
    ($text:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::Statement::new(
            $text,
            vec![$($crate::store::statement::Value::from($value)),*],
        )
    };
}
pub(crate) use sql;

/// Gives a query of either database its values.
macro_rules! bind {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Text(v) => query.bind(v),
                Value::Number(v) => query.bind(v),
                Value::Truth(v) => query.bind(v),
                Value::Bytes(v) => query.bind(v),
            };
        }
        query
    }};
}

/// Runs the same body on a connection, a pool or a transaction of either database.
///
/// `run!(rows, executor_expression, dialect, clock, statement)` and `run!(count, …)`.
macro_rules! run {
    (rows, $executor:expr, $wrap:path, $dialect:expr, $clock:expr, $statement:expr) => {{
        let Statement { sql, values } = $statement;
        let text = sqlx::AssertSqlSafe($dialect.write(sql, $clock));
        bind!(sqlx::query(text), values)
            .fetch_all($executor)
            .await
            .map(|rows| rows.into_iter().map($wrap).collect::<Vec<Row>>())
            .map_err(|source| StoreError::refused(sql, source))
    }};
    (count, $executor:expr, $dialect:expr, $clock:expr, $statement:expr) => {{
        let Statement { sql, values } = $statement;
        let text = sqlx::AssertSqlSafe($dialect.write(sql, $clock));
        bind!(sqlx::query(text), values)
            .execute($executor)
            .await
            .map(|done| done.rows_affected())
            .map_err(|source| StoreError::refused(sql, source))
    }};
}
pub(super) use {bind, run};

/// A row of an answer.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// The value of a column: `String`, `i64`, `bool`, `Vec<u8>`, or an `Option` of them.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when there is no such column or it has another type.
    pub fn get<T>(&self, column: &'static str) -> Result<T>
    where
        T: for<'r> Decode<'r, Sqlite>
            + Type<Sqlite>
            + for<'r> Decode<'r, Postgres>
            + Type<Postgres>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(|e| StoreError::Unreadable {
            column,
            reason: e.to_string(),
        })
    }

    /// A time.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn instant(&self, column: &'static str) -> Result<Instant> {
        self.get(column)
            .map(|microseconds| Instant { microseconds })
    }

    /// A time that may be missing.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn maybe_instant(&self, column: &'static str) -> Result<Option<Instant>> {
        let value: Option<i64> = self.get(column)?;
        Ok(value.map(|microseconds| Instant { microseconds }))
    }

    /// A number that is never negative.
    ///
    /// # Errors
    /// As [`Row::get`], or when it is out of range.
    pub fn unsigned<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T> {
        let value: i64 = self.get(column)?;
        T::try_from(value).map_err(|_| StoreError::Unreadable {
            column,
            reason: format!("{value} is out of range"),
        })
    }
}

macro_rules! values_from {
    ($($from:ty => |$v:ident| $into:expr),* $(,)?) => {
        $(impl From<$from> for Value { fn from($v: $from) -> Self { $into } })*
    };
}

values_from! {
    &str => |v| Self::Text(Some(v.to_owned())),
    String => |v| Self::Text(Some(v)),
    &String => |v| Self::Text(Some(v.clone())),
    Option<String> => |v| Self::Text(v),
    Option<&str> => |v| Self::Text(v.map(str::to_owned)),
    i64 => |v| Self::Number(Some(v)),
    u32 => |v| Self::Number(Some(i64::from(v))),
    Option<i64> => |v| Self::Number(v),
    bool => |v| Self::Truth(Some(v)),
    Option<bool> => |v| Self::Truth(v),
    Vec<u8> => |v| Self::Bytes(v),
    Instant => |v| Self::Number(Some(v.microseconds)),
    Option<Instant> => |v| Self::Number(v.map(|v| v.microseconds)),
    &TenantId => |v| Self::Text(Some(v.value.clone())),
    &MailboxId => |v| Self::Text(Some(v.value.clone())),
}
