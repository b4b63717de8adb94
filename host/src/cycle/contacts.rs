//! Contacts are in no round: no contact is read in a normal cycle (behaviour, section 2).
//!
//! Where a mailbox is read from the start, those with our marker are listed once, because a copy that
//! no link names must not be made again. Everything else is looked up by its id.

use std::collections::BTreeSet;

use super::observe::{Found, fetch};
use super::run::{Context, CycleError};
use crate::contract::{ExchangeId, Fault, ItemKind, Remark, Scope};
use crate::runtime::Session;
use crate::store::link;

/// All contacts with our marker. Where the server lets nobody read contacts there is none of ours,
/// and none can be made: that is told, and the calendar goes on.
///
/// # Errors
/// When the server cannot be asked.
pub async fn marked(context: &Context, session: &mut Session) -> Result<Found, CycleError> {
    let description = context.component.description();
    if !description.kinds.contains(&ItemKind::Contact) {
        return Ok(Found::default());
    }
    match fetch(context, session, Scope::MarkedContacts).await {
        Ok(page) => Ok(Found {
            changes: page.changes,
            remarks: page.remarks,
        }),
        Err(CycleError::Fault(fault)) if matches!(*fault, Fault::Forbidden(_)) => {
            Ok(forbidden(context, &fault))
        }
        Err(error) => Err(error),
    }
}

fn forbidden(context: &Context, fault: &Fault) -> Found {
    let mut found = Found::default();
    if context.settings.export_contacts && context.profile.export_contacts {
        let told = super::fault_text::fault_text(fault);
        found.remarks.push(Remark {
            item: None,
            code: "contacts-forbidden".to_owned(),
            text: format!(
                "contacts cannot be read: {}; to do: {}",
                told.text, told.hint
            ),
        });
    }
    found
}

/// Contacts apart from all else: those that a contact's link names.
///
/// # Errors
/// When the database does not answer.
pub async fn apart(
    context: &Context,
    ids: Vec<ExchangeId>,
) -> Result<(Vec<ExchangeId>, Vec<ExchangeId>), CycleError> {
    let mailbox = &context.record.mailbox.id;
    let links = link::by_exchange_ids(&context.tenant, mailbox, &ids).await?;
    let contacts: BTreeSet<&str> = links
        .iter()
        .filter(|link| link.kind == ItemKind::Contact)
        .filter_map(|link| link.exchange.as_ref())
        .map(|exchange| exchange.id.value.as_str())
        .collect();
    let is_contact = |id: &ExchangeId| contacts.contains(id.value.as_str());
    Ok(ids.into_iter().partition(is_contact))
}
