//! Who is assigned to a call, and who no longer is.
//!
//! A row is the call as it stands in one user's calendar, with a version of its own. It is never
//! removed: one who is taken off learns so by `assigned`, and their note that they deleted the copy
//! outlives an assignment that comes back.

use crate::contract::PsaId;
use crate::psa::key::Key;
use crate::psa::raise;
use crate::psa::resource::Resource;
use crate::store::Transaction;
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::sql;

/// Assigns these users after the call was written, takes the others off, and raises the versions of
/// all whom the call concerns or concerned until now.
pub(super) async fn assign(
    transaction: &mut Transaction,
    call: &PsaId,
    resources: &[Key<Resource>],
) -> Result<()> {
    let tenant = transaction.tenant_id();
    for (place, resource) in (0_u32..).zip(resources) {
        transaction
            .execute(sql!(
                "INSERT INTO assignment (tenant, call, resource, version, assigned, place)
                 VALUES ($1, $2, $3, 0, 1 = 1, $4)
                 ON CONFLICT (tenant, call, resource)
                 DO UPDATE SET assigned = (1 = 1), place = excluded.place",
                &tenant,
                &call.value,
                resource.value(),
                place,
            ))
            .await?;
    }
    raise_all(transaction, call).await?;
    let kept = codec::list(resources.iter().map(|key| &key.id.value))?;
    transaction
        .execute(sql!(
            "UPDATE assignment SET assigned = (1 = 0)
              WHERE tenant = $1 AND call = $2 AND assigned AND resource NOT IN {list $3}",
            &tenant,
            &call.value,
            kept,
        ))
        .await?;
    Ok(())
}

/// Raises the versions of all who are assigned to the call.
pub(super) async fn raise_all(transaction: &mut Transaction, call: &PsaId) -> Result<()> {
    let statement = raise::assignments!("call = $2");
    raise::all_that_show(transaction, statement, call).await
}
