//! What all records have in common that people keep by a key: they are made, changed, deleted, read
//! and listed in the same way, with a version that rises with each change.
//!
//! A record's file says what it holds, which statements keep it ([`statements!`]), what it names,
//! and what else has to change with it. A deleted record stays as a tombstone. One that others name
//! is not deleted: their texts show it.

use std::future::Future;

use serde::Serialize;

use super::key::Naming;
use super::written::{Outcome, Written};
use super::{rule, version};
use crate::contract::{Instant, PsaId, RowVersion};
use crate::store::codec;
use crate::store::error::{Result, StoreError};
use crate::store::statement::{Row, Statement, Value, sql};
use crate::store::{Source, Transaction};

/// A kind of record, as its fields.
pub trait Record: Clone + PartialEq + Send + Sync + Sized + 'static {
    /// What people call it, such as `company`.
    const WHAT: &'static str;

    /// How it is kept.
    const STATEMENTS: Statements;

    /// Finds a living record that names this one: $1 is the tenant, $2 the key; the answer's
    /// column `what` says what kind it is. None where others cannot name it.
    const NAMED_BY: Option<&'static str>;

    /// By what it can be searched.
    type Filter: Filter;

    /// Checks what the fields hold.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field and the rule.
    fn check(&self) -> Result<()>;

    /// The other records that it names.
    fn names(&self) -> Vec<Naming<'_>>;

    /// The values of its own columns, in the order of its statements.
    ///
    /// # Errors
    /// For what no column can hold.
    fn values(&self) -> Result<Vec<Value>>;

    /// The fields, from its own columns.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    fn read(row: &Row) -> Result<Self>;

    /// Whether a cycle wrote the row last.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    fn by_tandem(_row: &Row) -> Result<bool> {
        Ok(false)
    }

    /// Reads what lies in other tables.
    fn complete(
        _source: &mut impl Source,
        _records: &mut [Stored<Self>],
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Writes what lies in other tables, and raises the versions of what shows the record.
    fn follow(
        _transaction: &mut Transaction,
        _id: &PsaId,
        _change: Change<'_, Self>,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// By what a kind of record can be searched.
pub trait Filter: Send + Sync {
    /// The values of $4 and on.
    fn values(&self) -> Vec<Value>;
}

/// A record as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<R> {
    /// The key.
    pub id: PsaId,
    /// The row's version.
    pub version: RowVersion,
    /// The fields.
    pub fields: R,
    /// When it was made.
    pub created: Instant,
    /// When it was changed last.
    pub changed: Instant,
}

/// What happened to a record: none before means that it was made, none now that it was deleted.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a, R> {
    /// As it was.
    pub before: Option<&'a R>,
    /// As it is.
    pub now: Option<&'a R>,
}

impl<R> Change<'_, R> {
    /// Whether a record that was there before says something else now.
    pub fn differs<T: PartialEq>(&self, field: impl Fn(&R) -> T) -> bool {
        self.before
            .zip(self.now)
            .is_some_and(|(before, now)| field(before) != field(now))
    }
}

/// A kind's statements. $1 is the tenant, $2 the key, $3 the version where one is written.
#[derive(Clone, Copy, Debug)]
pub struct Statements {
    /// Adds a row, and nothing where the key is taken.
    pub insert: &'static str,
    /// Writes all fields.
    pub update: &'static str,
    /// Makes the row a tombstone.
    pub bury: &'static str,
    /// Reads a living row by its key.
    pub get: &'static str,
    /// Lists rows after version $2, tombstones too, at most $3.
    pub changes: &'static str,
    /// Lists living rows after version $2, at most $3, and those only that the filter finds.
    pub list: &'static str,
}

/// A kind's statements from its table, its own columns with their values, what a tombstone forgets,
/// and how its filter finds it.
macro_rules! statements {
    (
        table $table:literal,
        columns $columns:literal,
        values $values:literal,
        bury $bury:literal,
        filter $filter:literal $(,)?
    ) => {
        $crate::psa::record::Statements {
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (tenant, id, version, deleted, created, changed, ",
                $columns,
                ") VALUES ($1, $2, $3, 1 = 0, {now}, {now}, ",
                $values,
                ") ON CONFLICT DO NOTHING"
            ),
            update: concat!(
                "UPDATE ",
                $table,
                " SET (version, changed, ",
                $columns,
                ") = ($3, {now}, ",
                $values,
                ") WHERE tenant = $1 AND id = $2"
            ),
            bury: concat!(
                "UPDATE ",
                $table,
                " SET version = $3, changed = {now}, deleted = (1 = 1), ",
                $bury,
                " WHERE tenant = $1 AND id = $2"
            ),
            get: concat!(
                "SELECT id, version, created, changed, ",
                $columns,
                " FROM ",
                $table,
                " WHERE tenant = $1 AND id = $2 AND NOT deleted"
            ),
            changes: concat!(
                "SELECT id, version, deleted, created, changed, ",
                $columns,
                " FROM ",
                $table,
                " WHERE tenant = $1 AND version > $2 ORDER BY version LIMIT $3"
            ),
            list: concat!(
                "SELECT id, version, created, changed, ",
                $columns,
                " FROM ",
                $table,
                " WHERE tenant = $1 AND version > $2 AND NOT deleted AND ",
                $filter,
                " ORDER BY version LIMIT $3"
            ),
        }
    };
}
pub(super) use statements;

/// Which records to list.
#[derive(Clone, Debug, PartialEq)]
pub struct Search<F> {
    /// Only what was listed after the record with this version; see [`list`].
    pub after: Option<RowVersion>,
    /// At most so many.
    pub limit: u32,
    /// Which of them.
    pub filter: F,
}

/// Makes a record; without an `id` the store chooses one.
///
/// # Errors
/// [`StoreError::Invalid`], also for an id that is taken, and for a name of what is not there.
pub async fn create<R: Record>(
    transaction: &mut Transaction,
    id: Option<&PsaId>,
    fields: &R,
) -> Result<Stored<R>> {
    fields.check()?;
    let id = id.cloned().unwrap_or_else(|| PsaId {
        value: transaction.new_id(),
    });
    rule::id(&id)?;
    version::hold(transaction).await?;
    expect_named(transaction, fields.names()).await?;
    let version = version::next(transaction).await?;
    let statement = keyed(R::STATEMENTS.insert, transaction, &id, version, fields)?;
    if transaction.execute(statement).await? == 0 {
        let taken = format!("the key \"{}\" is, or was, another {}'s", id.value, R::WHAT);
        return Err(rule::invalid("id", taken));
    }
    let change = Change {
        before: None,
        now: Some(fields),
    };
    R::follow(transaction, &id, change).await?;
    get(transaction, &id).await
}

/// Writes a record's fields if its row is still at the `expected` version. The same fields again
/// write nothing.
///
/// # Errors
/// [`StoreError::Conflict`]; [`StoreError::NotFound`], also for a deleted one;
/// [`StoreError::Invalid`].
pub async fn replace<R: Record>(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: RowVersion,
    fields: &R,
) -> Result<Stored<R>> {
    version::hold(transaction).await?;
    let before = expect::<R>(transaction, id, expected).await?;
    if before.fields == *fields {
        return Ok(before);
    }
    write(transaction, &before, fields).await?;
    get(transaction, id).await
}

async fn write<R: Record>(
    transaction: &mut Transaction,
    before: &Stored<R>,
    fields: &R,
) -> Result<()> {
    let id = &before.id;
    fields.check()?;
    expect_named(transaction, fields.names()).await?;
    let version = version::next(transaction).await?;
    let statement = keyed(R::STATEMENTS.update, transaction, id, version, fields)?;
    transaction.execute(statement).await?;
    let change = Change {
        before: Some(&before.fields),
        now: Some(fields),
    };
    R::follow(transaction, id, change).await
}

/// Deletes a record if its row is still at the `expected` version.
///
/// # Errors
/// [`StoreError::InUse`] while another record names it; else as [`replace`].
pub async fn delete<R: Record>(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: RowVersion,
) -> Result<()> {
    version::hold(transaction).await?;
    let before = expect::<R>(transaction, id, expected).await?;
    bury(transaction, &before).await.map(|_| ())
}

async fn bury<R: Record>(transaction: &mut Transaction, before: &Stored<R>) -> Result<RowVersion> {
    let id = &before.id;
    let tenant = transaction.tenant_id();
    if let Some(text) = R::NAMED_BY {
        let statement = sql!(text, &tenant, &id.value);
        let named_by = Source::fetch(&mut &mut *transaction, statement).await?;
        if let Some(row) = named_by.first() {
            return Err(StoreError::InUse {
                what: R::WHAT,
                id: id.value.clone(),
                by: row.get("what")?,
            });
        }
    }
    let version = version::next(transaction).await?;
    let statement = sql!(R::STATEMENTS.bury, &tenant, &id.value, version);
    transaction.execute(statement).await?;
    let change = Change {
        before: Some(&before.fields),
        now: None,
    };
    R::follow(transaction, id, change).await?;
    Ok(RowVersion {
        number: version.unsigned_abs(),
    })
}

/// Makes the record under a key of the caller's own be as given: makes it, changes it, or leaves it
/// when it is so already. `expected`, where it is given, is the version that the row must have.
///
/// # Errors
/// As [`create`] and [`replace`].
pub async fn put<R: Record>(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: Option<RowVersion>,
    fields: &R,
) -> Result<Written> {
    let Some(before) = held::<R>(transaction, id, expected).await? else {
        let made = create(transaction, Some(id), fields).await?;
        return Ok(Written {
            outcome: Outcome::Created,
            version: Some(made.version),
        });
    };
    if before.fields == *fields {
        return Ok(Written {
            outcome: Outcome::Unchanged,
            version: Some(before.version),
        });
    }
    write(transaction, &before, fields).await?;
    let after = get::<R>(transaction, id).await?;
    Ok(Written {
        outcome: Outcome::Changed,
        version: Some(after.version),
    })
}

/// Makes sure that there is no record under a key.
///
/// # Errors
/// As [`delete`], but for a record that is gone already.
pub async fn remove<R: Record>(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: Option<RowVersion>,
) -> Result<Written> {
    let Some(before) = held::<R>(transaction, id, expected).await? else {
        return Ok(Written {
            outcome: Outcome::Unchanged,
            version: None,
        });
    };
    let version = bury(transaction, &before).await?;
    Ok(Written {
        outcome: Outcome::Deleted,
        version: Some(version),
    })
}

/// The living record under a key, which nobody changes until the transaction ends.
async fn held<R: Record>(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: Option<RowVersion>,
) -> Result<Option<Stored<R>>> {
    version::hold(transaction).await?;
    let record = match get::<R>(transaction, id).await {
        Ok(record) => Some(record),
        Err(StoreError::NotFound { .. }) => None,
        Err(error) => return Err(error),
    };
    let found = record.as_ref().map(|record| record.version);
    match expected {
        Some(expected) if found != Some(expected) => Err(conflict::<R>(id, expected, found)),
        _ => Ok(record),
    }
}

/// A living record.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get<R: Record>(mut source: impl Source, id: &PsaId) -> Result<Stored<R>> {
    let tenant = source.tenant().clone();
    let found = source
        .fetch(sql!(R::STATEMENTS.get, &tenant, &id.value))
        .await?;
    let mut records = stored(&found)?;
    R::complete(&mut source, &mut records).await?;
    records.pop().ok_or_else(|| StoreError::NotFound {
        what: R::WHAT,
        id: id.value.clone(),
    })
}

/// Living records by version, which is unique: to go on, give the last one's version as `after`. A
/// record that changes meanwhile moves to the end; none is missed.
///
/// # Errors
/// When the database does not answer.
pub async fn list<R: Record>(
    mut source: impl Source,
    search: &Search<R::Filter>,
) -> Result<Vec<Stored<R>>> {
    let mut values = vec![
        Value::from(source.tenant()),
        Value::from(search.after.map_or(Ok(0), codec::version_number)?),
        Value::from(search.limit),
    ];
    values.extend(search.filter.values());
    let found = source
        .fetch(Statement::new(R::STATEMENTS.list, values))
        .await?;
    let mut records = stored(&found)?;
    R::complete(&mut source, &mut records).await?;
    Ok(records)
}

/// A record that changed, or is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed<R> {
    /// The record; a deleted one without its texts.
    pub record: Stored<R>,
    /// It is gone.
    pub deleted: bool,
    /// A cycle changed it, and nobody else.
    pub by_tandem: bool,
}

/// Records that changed after a version, deleted ones too, by version. A record is among them too
/// when only what it shows of others changed.
///
/// # Errors
/// When the database does not answer.
pub async fn changes_since<R: Record>(
    mut source: impl Source,
    since: RowVersion,
    limit: u32,
) -> Result<Vec<Changed<R>>> {
    let tenant = source.tenant().clone();
    let since = codec::version_number(since)?;
    let found = source
        .fetch(sql!(R::STATEMENTS.changes, &tenant, since, limit))
        .await?;
    let mut records = stored(&found)?;
    R::complete(&mut source, &mut records).await?;
    let with_fate = |(record, row): (Stored<R>, &Row)| {
        Ok(Changed {
            record,
            deleted: row.get("deleted")?,
            by_tandem: R::by_tandem(row)?,
        })
    };
    records.into_iter().zip(&found).map(with_fate).collect()
}

/// A value as a column of JSON.
pub(super) fn json<T: Serialize>(column: &'static str, value: &T) -> Result<Value> {
    codec::json(column, value).map(Value::from)
}

fn stored<R: Record>(rows: &[Row]) -> Result<Vec<Stored<R>>> {
    let read = |row: &Row| {
        Ok(Stored {
            id: PsaId {
                value: row.get("id")?,
            },
            version: RowVersion {
                number: row.unsigned("version")?,
            },
            fields: R::read(row)?,
            created: row.instant("created")?,
            changed: row.instant("changed")?,
        })
    };
    rows.iter().map(read).collect()
}

fn keyed<R: Record>(
    text: &'static str,
    transaction: &Transaction,
    id: &PsaId,
    version: i64,
    fields: &R,
) -> Result<Statement> {
    let mut values = vec![
        Value::from(&transaction.tenant_id()),
        Value::from(&id.value),
        Value::from(version),
    ];
    values.extend(fields.values()?);
    Ok(Statement::new(text, values))
}

/// The living record at this version, or why a write to it is refused.
async fn expect<R: Record>(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: RowVersion,
) -> Result<Stored<R>> {
    let record = get::<R>(transaction, id).await?;
    match record.version == expected {
        true => Ok(record),
        false => Err(conflict::<R>(id, expected, Some(record.version))),
    }
}

fn conflict<R: Record>(id: &PsaId, expected: RowVersion, found: Option<RowVersion>) -> StoreError {
    StoreError::Conflict {
        what: R::WHAT,
        id: id.value.clone(),
        expected: expected.number,
        found: found.map_or(0, |version| version.number),
    }
}

/// Refuses to name what is not there.
pub(super) async fn expect_named(
    transaction: &mut Transaction,
    names: impl IntoIterator<Item = Naming<'_>>,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    for naming in names {
        let text = naming.statement;
        let found = sql!(text, &tenant, &naming.id.value);
        if Source::fetch(&mut &mut *transaction, found)
            .await?
            .is_empty()
        {
            return Err(rule::invalid(
                naming.field,
                format!("there is no {} \"{}\"", naming.what, naming.id.value),
            ));
        }
    }
    Ok(())
}
