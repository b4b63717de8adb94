//! `/admin/exchange/waiting-for-you`: what waits for an administrator: deletions that cycles hold, cycles
//! that stopped and ask, and items that were set aside.

use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::failure::Failure;
use super::form::Form;
use super::frame::{DONE, Frame};
use super::standing::utc;
use super::state::WebState;
use super::visitor::Visitor;
use super::{cycle, item};
use crate::contract::{MailboxId, PsaReference};
use crate::cycle::stop_text::stop_text;
use crate::cycle::try_again;
use crate::explanation::title;
use crate::store::look_again::{self, Item, Reason};
use crate::store::{held, mailbox, stop};

/// Where it lies.
pub const PATH: &str = "/admin/exchange/waiting-for-you";

/// At most so many failed items are shown.
const SHOWN: u32 = 500;

#[derive(Template, WebTemplate)]
#[template(path = "waits.html")]
struct Page {
    frame: Frame,
    asking: Vec<Asking>,
    failed: Vec<Failed>,
}

/// A cycle that waits for a word.
struct Asking {
    path: String,
    mailbox: String,
    why: String,
}

/// An item that failed.
struct Failed {
    /// How a form names it.
    key: String,
    mailbox_id: String,
    mailbox: String,
    /// Its page, where it is in the PSA.
    path: Option<String>,
    title: String,
    detail: String,
    failures: u32,
    is_set_aside: bool,
    due: String,
}

/// The list.
pub async fn list(State(state): State<WebState>, visitor: Visitor) -> Result<Response, Failure> {
    let tenant = &visitor.tenant;
    let mut held_by: BTreeMap<(String, String), usize> = BTreeMap::new();
    for held in held::list(tenant, None).await? {
        if held.approved.is_none() {
            *held_by.entry((held.mailbox.value, held.cycle)).or_default() += 1;
        }
    }
    let stops = stop::open(tenant).await?;
    let failed = look_again::failed(tenant, SHOWN).await?;
    let held_in = held_by.keys().map(|(mailbox, _)| MailboxId {
        value: mailbox.clone(),
    });
    let mailboxes: Vec<MailboxId> = held_in
        .chain(stops.iter().map(|(mailbox, _)| mailbox.clone()))
        .chain(failed.iter().map(|(mailbox, _)| mailbox.clone()))
        .collect();
    let owners = mailbox::owners(tenant, &mailboxes).await?;
    let address = |mailbox: &str| {
        let owner = owners.get(mailbox);
        owner.map_or_else(String::new, |(_, address)| address.clone())
    };
    let asks = |cycle: &str, mailbox: &str, why| Asking {
        path: cycle::PATH.replace("{run}", cycle),
        mailbox: address(mailbox),
        why,
    };
    let mut asking: Vec<Asking> = stops
        .iter()
        .map(|(mailbox, stop)| asks(&stop.cycle, &mailbox.value, stop_text(stop).text))
        .collect();
    asking.extend(held_by.iter().map(|((mailbox, cycle), count)| {
        asks(
            cycle,
            mailbox,
            format!("{count} deletions wait for approval"),
        )
    }));
    let references: Vec<PsaReference> = failed
        .iter()
        .filter_map(|(_, entry)| match &entry.item {
            Item::Psa(reference) => Some(reference.clone()),
            Item::Exchange(_) => None,
        })
        .collect();
    let shown = title::Shown::read(&state.host.web_address, tenant, &references).await?;
    let mut rows = Vec::new();
    for (mailbox, entry) in failed {
        let owner = owners.get(&mailbox.value).map(|(owner, _)| owner);
        let (path, title) = match &entry.item {
            Item::Psa(reference) => (
                owner.map(|owner| item::path(&owner.value, reference)),
                shown
                    .row(reference)
                    .filter(|row| !title::is_private_row(row))
                    .and_then(title::of_row)
                    .unwrap_or_else(|| reference.id.value.clone()),
            ),
            Item::Exchange(_) => (None, "an item of Exchange".to_owned()),
        };
        rows.push(Failed {
            key: entry.item.text()?,
            mailbox: address(&mailbox.value),
            mailbox_id: mailbox.value,
            path,
            title,
            detail: entry.detail,
            failures: entry.failures,
            is_set_aside: entry.reason == Reason::SetAside,
            due: utc(entry.due),
        });
    }
    let page = Page {
        frame: Frame::new(&visitor, &DONE, "Waiting for you", PATH),
        asking,
        failed: rows,
    };
    Ok(page.into_response())
}

/// Has an item tried again that was set aside.
pub async fn again(visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let mailbox = MailboxId {
        value: form.text("mailbox").to_owned(),
    };
    let item = Item::parse(form.text("item")).map_err(|_| Failure::NotFound)?;
    match try_again::try_again(&visitor.tenant, &mailbox, &item).await? {
        true => Ok(Redirect::to(PATH).into_response()),
        false => Err(Failure::NotFound),
    }
}
