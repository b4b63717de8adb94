//! The pilot group: who synchronises first, while everybody else waits.
//!
//! A mark stands on a user's mailbox, so only who was enabled once can be in the group. The tenant's
//! switch decides whether the marks count.

use crate::contract::PsaId;
use crate::store::{StoreError, Tenant, mailbox};

/// How many users are written in one transaction.
const LOT: usize = 100;

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// So many are in the group who were not before.
    pub joined: usize,
    /// So many are no longer in it.
    pub left: usize,
    /// So many were to join who have no mailbox here yet.
    pub without_mailbox: usize,
}

/// Puts users into the group, or takes them out of it. Who is so already is left alone.
///
/// # Errors
/// When the database does not answer; lots that were written by then stay.
pub async fn choose_all(tenant: &Tenant, wanted: &[(PsaId, bool)]) -> Result<Chosen, StoreError> {
    let mut chosen = Chosen::default();
    for lot in wanted.chunks(LOT) {
        let mut transaction = tenant.begin().await?;
        for (user, pilot) in lot {
            let known = mailbox::of_resource(&mut transaction, user).await?;
            match known {
                Some(known) if known.pilot != *pilot => {
                    mailbox::set_pilot(&mut transaction, &known.mailbox.id, *pilot).await?;
                    match pilot {
                        true => chosen.joined += 1,
                        false => chosen.left += 1,
                    }
                }
                None if *pilot => chosen.without_mailbox += 1,
                Some(_) | None => {}
            }
        }
        transaction.commit().await?;
    }
    Ok(chosen)
}
