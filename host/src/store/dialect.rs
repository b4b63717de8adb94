//! Everything in which SQLite and PostgreSQL differ.
//!
//! | in a statement | SQLite | PostgreSQL |
//! |---|---|---|
//! | `{now}` | `unixepoch('subsec')` in microseconds | `clock_timestamp()` in microseconds |
//! | `{skip locked}` | nothing, there is one writer | locks what was found and skips what is locked |
//! | `{list $1}` | the strings of a JSON array, by `json_each` | by `json_array_elements_text` |
//!
//! Everything else is written once, with `$1` for parameters.

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// What `{now}` stands for; microseconds UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreClock {
    /// The database's own clock, moved by so much.
    Running {
        /// Microseconds to add; 0 but in tests and under `--now`.
        offset: i64,
    },
    /// A clock that stands until it is set again, so that a run can be repeated exactly.
    Standing {
        /// What it shows.
        at: i64,
    },
}

/// Opens a write transaction on SQLite: it takes the write lock at once. A deferred transaction
/// that reads first and writes later fails with "database is locked", whatever the time-out.
pub const BEGIN_SQLITE: &str = "BEGIN IMMEDIATE";

/// Opens a write transaction on PostgreSQL.
pub const BEGIN_POSTGRES: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

impl Dialect {
    /// The time in microseconds UTC, as the clock has it.
    ///
    /// It runs on inside a transaction. On PostgreSQL it stands in a subquery, which is worked out
    /// once for each statement, so that an index on the compared column can be used.
    fn now(self, clock: StoreClock) -> String {
        match (self, clock) {
            (Self::Sqlite, StoreClock::Running { offset }) => {
                format!("(CAST(unixepoch('subsec') * 1000000 AS INTEGER) + {offset})")
            }
            (Self::Postgres, StoreClock::Running { offset }) => format!(
                "(SELECT (extract(epoch from clock_timestamp()) * 1000000)::bigint + {offset})"
            ),
            (Self::Sqlite, StoreClock::Standing { at }) => format!("({at})"),
            (Self::Postgres, StoreClock::Standing { at }) => format!("({at}::bigint)"),
        }
    }

    /// Fills in what stands in braces.
    pub(super) fn write(self, sql: &str, clock: StoreClock) -> String {
        let mut out = String::with_capacity(sql.len() + 64);
        let mut rest = sql;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match (name, name.strip_prefix("list ")) {
                ("now", _) => out.push_str(&self.now(clock)),
                ("skip locked", _) => out.push_str(self.skip_locked()),
                (_, Some(parameter)) => out.push_str(&self.list(parameter)),
                // Not ours: the statement fails with its own text, which shows the misspelling.
                _ => out.extend(["{", name, "}"]),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// In the query that picks mailboxes `m` under settings `s`: two hosts never pick the same,
    /// and none is picked while the tenant's settings are being saved.
    fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE OF m SKIP LOCKED FOR SHARE OF s SKIP LOCKED",
        }
    }

    /// A subquery that gives the strings of the JSON array in a parameter; stands after `IN`.
    fn list(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("(SELECT value FROM json_each({parameter}))"),
            Self::Postgres => format!("(SELECT json_array_elements_text({parameter}::json))"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, StoreClock};

    const RUNNING: StoreClock = StoreClock::Running { offset: 0 };

    #[test]
    fn braces_are_filled_in_for_each_database() {
        let sql = "SELECT {now} WHERE id IN {list $2} {skip locked}";
        assert_eq!(
            Dialect::Sqlite.write(sql, StoreClock::Running { offset: 5 }),
            "SELECT (CAST(unixepoch('subsec') * 1000000 AS INTEGER) + 5) \
             WHERE id IN (SELECT value FROM json_each($2)) "
        );
        assert!(
            Dialect::Postgres
                .write(sql, RUNNING)
                .contains("json_array_elements_text($2::json)")
        );
    }

    #[test]
    fn an_unknown_name_stays_visible() {
        assert_eq!(
            Dialect::Sqlite.write("SELECT {nwo}", RUNNING),
            "SELECT {nwo}"
        );
    }

    #[test]
    fn a_clock_that_stands_is_a_number() {
        let standing = StoreClock::Standing { at: 7 };
        assert_eq!(
            Dialect::Sqlite.write("SELECT {now}", standing),
            "SELECT (7)"
        );
        assert_eq!(
            Dialect::Postgres.write("SELECT {now}", standing),
            "SELECT (7::bigint)"
        );
    }
}
