//! Finding the contacts that carry a marker of the tenant.
//!
//! No filter on contacts' extended properties is documented, so the folder is listed and compared.
//! A contact has no other protection from being made twice than this search. So one that did not
//! come to its end, or that met a contact that cannot be read, is a fault and never a shorter list.

use sync::contract::{Fault, Mailbox};
use sync::kit::harvest::Harvest;
use transport::Transport;

use super::listed;
use crate::contact::{self, wire};
use crate::request::Request;
use crate::{address, item};

/// How many contacts a page of the list should have.
const PAGE: u32 = 500;

/// The request for all contacts with their markers.
#[must_use]
pub fn request(mailbox: &str) -> Request {
    Request::list(
        address::query(
            &address::contacts(mailbox),
            &[
                ("$select", contact::SELECT),
                ("$expand", &contact::expand()),
                ("$top", &PAGE.to_string()),
            ],
        ),
        PAGE,
    )
}

/// All contacts with a marker of the mailbox's tenant.
///
/// # Errors
/// Whatever keeps the search from being finished.
pub fn all(transport: &impl Transport, mailbox: &Mailbox) -> Result<Harvest, Fault> {
    let mut harvest = Harvest::default();
    let is_ours = |one: &wire::Contact| {
        item::marker_in(one).is_some_and(|marker| {
            let tenant = &marker.tenant.value;
            tenant.eq_ignore_ascii_case(&mailbox.tenant.value)
        })
    };
    let complete = listed::<wire::Contact>(transport, request(&mailbox.address), PAGE, |page| {
        if let Some(remark) = page.remarks.first() {
            return Err(unfinished(&remark.text));
        }
        for one in page.items.into_iter().filter(is_ours) {
            harvest.add(contact::read(one).map_err(unfinished)?);
        }
        Ok(())
    })?;
    if complete {
        Ok(harvest)
    } else {
        Err(unfinished("it is too long, or repeats its pages"))
    }
}

fn unfinished(why: &str) -> Fault {
    Fault::NotUnderstood(format!("expected a list of contacts to its end: {why}"))
}
