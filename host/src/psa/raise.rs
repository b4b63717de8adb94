//! Raises the versions of rows that show another record: a to-do names its company, a service call
//! its tickets. Whoever follows the versions learns so that the row reads differently now.
//!
//! The rows' `person_version` stays: nobody changed the to-do itself, so a copy that its user
//! deleted is not made again for it. Each row gets a version of its own, because versions are
//! unique, and a reader goes on after the last one that it saw.

use super::version;
use crate::contract::PsaId;
use crate::store::Transaction;
use crate::store::error::Result;
use crate::store::statement::{Statement, Value};

/// Raises the living to-dos in which a column names a record.
macro_rules! to_dos {
    ($column:literal) => {
        concat!(
            "WITH shown AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM to_do
                             WHERE tenant = $1 AND ",
            $column,
            " = $2 AND NOT deleted)
             UPDATE to_do SET version = $3 + shown.place FROM shown
              WHERE to_do.tenant = $1 AND to_do.id = shown.id"
        )
    };
}

/// Raises the living contacts that a condition finds.
macro_rules! contacts {
    ($condition:literal) => {
        concat!(
            "WITH shown AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM contact
                             WHERE tenant = $1 AND ",
            $condition,
            " AND NOT deleted)
             UPDATE contact SET version = $3 + shown.place FROM shown
              WHERE contact.tenant = $1 AND contact.id = shown.id"
        )
    };
}

/// Raises the rows of those assigned to the calls that a condition finds.
macro_rules! assignments {
    ($($condition:tt)+) => {
        concat!(
            "WITH shown AS (SELECT call, resource,
                                   ROW_NUMBER() OVER (ORDER BY call, place, resource) AS rank
                              FROM assignment WHERE tenant = $1 AND assigned AND ",
            $($condition)+,
            ")
             UPDATE assignment SET version = $3 + shown.rank FROM shown
              WHERE assignment.tenant = $1 AND assignment.call = shown.call
                AND assignment.resource = shown.resource"
        )
    };
}

/// Raises the rows of those assigned to the living service calls that a condition finds.
macro_rules! calls {
    ($condition:literal) => {
        $crate::psa::raise::assignments!(concat!(
            "call IN (SELECT id FROM service_call WHERE tenant = $1 AND NOT deleted AND ",
            $condition,
            ")"
        ))
    };
}
pub(super) use {assignments, calls, contacts, to_dos};

/// Raises the rows that one of the statements above finds by a record's key.
pub(super) async fn all_that_show(
    transaction: &mut Transaction,
    statement: &'static str,
    id: &PsaId,
) -> Result<()> {
    let first = version::next(transaction).await?;
    let values = vec![
        Value::from(&transaction.tenant_id()),
        Value::from(&id.value),
        Value::from(first - 1),
    ];
    let raised = transaction
        .execute(Statement::new(statement, values))
        .await?;
    version::skip(transaction, raised).await
}
