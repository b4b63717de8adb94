//! Links that are lost: somebody emptied the table, or restored only a part of the database.
//!
//! Without its link a PSA item looks new, and its copy would be made a second time. So the mailbox's
//! row counts its links, and where some are missing all are made again, by marker, reference and
//! content (behaviour, section 5).

use super::entry::blank_entry;
use super::run::{Context, CycleError};
use crate::store::history::{self, Entry};
use crate::store::{link, mailbox};

/// Has links made again by this cycle if some are missing, or some that are gone are back.
///
/// # Errors
/// When the lease is lost or the database does not answer.
pub async fn look_for(context: &mut Context) -> Result<(), CycleError> {
    let id = context.record.mailbox.id.clone();
    let lost = link::lost(&context.tenant, &id).await?;
    if lost == 0 {
        return Ok(());
    }
    context.record.relink = true;
    context.record.cursor = None;
    context.record.psa_cursor = None;
    if context.options.dry_run {
        return Ok(());
    }
    let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
    mailbox::read_again(&mut transaction, &id, true).await?;
    let digest = context.component.digest();
    let entry = Entry {
        outcome: "links are made again".to_owned(),
        remark: match lost {
            1.. => format!("{lost} links are missing that no cycle removed"),
            _ => format!("{} links are there that no cycle made", lost.unsigned_abs()),
        },
        ..blank_entry(&context.cycle, &id, digest, context.now, "recover")
    };
    history::append(&mut transaction, &[entry]).await?;
    transaction.commit().await?;
    Ok(())
}
