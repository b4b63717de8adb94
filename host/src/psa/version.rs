//! Row versions: one counter for each tenant.
//!
//! A writer raises the counter inside its transaction, and its lock on the counter's row makes the
//! next writer wait until it has committed. So versions rise in the order of commits, and who reads
//! everything above version *n* never misses a row that a slower writer commits later. The counter
//! is raised before the record is touched: all writers lock in the same order.

use crate::contract::RowVersion;
use crate::store::error::{Result, StoreError};
use crate::store::statement::sql;
use crate::store::{Source, Transaction};

/// Draws the next version for a write in this transaction.
pub(super) async fn next(transaction: &mut Transaction) -> Result<i64> {
    let tenant = transaction.tenant_id();
    let rows = Source::fetch(
        &mut &mut *transaction,
        sql!(
            "UPDATE tenant SET psa_version = psa_version + 1 WHERE tenant = $1
             RETURNING psa_version",
            &tenant,
        ),
    )
    .await?;
    rows.first()
        .ok_or(StoreError::NoSuchTenant { tenant })?
        .get("psa_version")
}

/// Makes the tenant's other writers wait until this transaction ends, without drawing a version: what
/// is read from now on stays as it is, so that a write that would change nothing can be left out.
///
/// # Errors
/// [`StoreError::NoSuchTenant`].
pub async fn hold(transaction: &mut Transaction) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE tenant SET psa_version = psa_version WHERE tenant = $1",
        &tenant
    );
    match transaction.execute(statement).await? {
        0 => Err(StoreError::NoSuchTenant { tenant }),
        _ => Ok(()),
    }
}

/// Passes over versions that a statement gave to as many rows, beginning with the one drawn before.
pub(super) async fn skip(transaction: &mut Transaction, rows: u64) -> Result<()> {
    let further = i64::try_from(rows.saturating_sub(1)).unwrap_or(i64::MAX);
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE tenant SET psa_version = psa_version + $2 WHERE tenant = $1",
            &tenant,
            further,
        ))
        .await?;
    Ok(())
}

/// The version of the write that was committed last; none before the first.
///
/// # Errors
/// [`StoreError::NoSuchTenant`].
pub async fn current(mut source: impl Source) -> Result<Option<RowVersion>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(
            "SELECT psa_version FROM tenant WHERE tenant = $1",
            &tenant
        ))
        .await?;
    let row = rows.first().ok_or(StoreError::NoSuchTenant { tenant })?;
    let number: u64 = row.unsigned("psa_version")?;
    Ok((number > 0).then_some(RowVersion { number }))
}
