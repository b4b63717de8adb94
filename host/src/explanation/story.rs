//! An item's whole story: its history, the oldest first, and what it is in now.
//!
//! An item has several names over time: its PSA id, the ids of its copies, the keys of its pairs.
//! What the history says under one of them leads to the others, so the names are gathered first and
//! everything that bears any of them is told.

use std::collections::BTreeMap;

use serde::Serialize;

use super::find::Wanted;
use super::state::{State, state};
use super::step::{Step, step};
use super::time::Shown;
use super::title;
use crate::api::span::When;
use crate::api::text::{PsaItem, side};
use crate::contract::{ExchangeId, Link, LinkId, MailboxId, Operation, PsaReference, Span};
use crate::psa::WebAddress;
use crate::store::history::Entry;
use crate::store::look_again::Item;
use crate::store::mailbox::MailboxRecord;
use crate::store::{StoreError, Tenant, held, history, intent, link, look_again, mailbox};

/// An item's story.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// The item of the PSA; null for one that never came over.
    pub psa: Option<PsaItem>,
    /// The ids that it has or had in Exchange.
    pub exchange: Vec<String>,
    /// The title that the PSA shows; null for a private or deleted item.
    pub title: Option<String>,
    /// Only its owner sees its texts.
    pub private: bool,
    /// The side that owns text and existence; null when there is no record of it.
    pub origin: Option<&'static str>,
    /// It was deleted in the PSA; null when there is no record of it.
    pub deleted: Option<bool>,
    /// When it takes place, as the PSA has it.
    pub when: Option<When>,
    /// What happened, the oldest first.
    pub history: Vec<Step>,
    /// What it is in, for each mailbox concerned.
    pub now: Vec<State>,
    /// When it takes place, for people.
    #[serde(skip)]
    pub shown_when: Option<String>,
}

/// All names of an item.
#[derive(Debug, Default)]
struct Names {
    psa: Vec<PsaReference>,
    exchange: Vec<ExchangeId>,
    links: Vec<LinkId>,
}

/// Tells the story of an item.
///
/// # Errors
/// When the database does not answer.
pub async fn tell(web: &WebAddress, tenant: &Tenant, wanted: &Wanted) -> Result<Story, StoreError> {
    let (names, links, entries) = gather(tenant, wanted).await?;
    let shown = title::Shown::read(web, tenant, &names.psa).await?;
    let row = names.psa.iter().find_map(|reference| shown.row(reference));
    let owner = match names.psa.first() {
        Some(reference) => owner(tenant, reference).await?,
        None => None,
    };
    let records = concerned(tenant, owner, &links, &entries).await?;
    let history = entries.iter().map(|entry| {
        let record = records.get(&entry.mailbox.value);
        let address = record.map_or("a mailbox that is gone", |it| &it.mailbox.address);
        step(entry, address, zone_of(record))
    });
    let private = row.is_some_and(title::is_private_row);
    let when: Option<Span> = row.and_then(title::span_of_row);
    let zone = zone_of(records.values().next());
    Ok(Story {
        psa: names.psa.first().cloned().map(Into::into),
        exchange: names.exchange.iter().map(|id| id.value.clone()).collect(),
        title: row.and_then(title::of_row).filter(|_| !private),
        private,
        origin: row.map(|row| side(row.origin)),
        deleted: row.map(|row| row.deleted),
        when: when.map(Into::into),
        shown_when: when.map(|span| format!("{} ({})", zone.span(&span), zone.name())),
        history: history.collect(),
        now: now(tenant, &names, &links, &records).await?,
    })
}

fn zone_of(record: Option<&MailboxRecord>) -> Shown {
    Shown::of(record.and_then(|record| record.mailbox.zone.as_ref()))
}

type Links = Vec<(MailboxId, Link)>;

/// The names that the item bears, its pairs, and everything that the history says under any name.
async fn gather(
    tenant: &Tenant,
    wanted: &Wanted,
) -> Result<(Names, Links, Vec<Entry>), StoreError> {
    let mut names = Names::default();
    match wanted {
        Wanted::Psa(reference) => names.psa.push(reference.clone()),
        Wanted::Exchange(id) => names.exchange.push(id.clone()),
    }
    loop {
        let before = names.count();
        let mut links = link::everywhere_by_psa(tenant, &names.psa).await?;
        for found in link::everywhere_by_exchange(tenant, &names.exchange).await? {
            if !links.iter().any(|(_, known)| known.id == found.1.id) {
                links.push(found);
            }
        }
        for (_, link) in &links {
            names.add(
                link.psa.as_ref(),
                link.exchange.as_ref().map(|it| &it.id),
                Some(&link.id),
            );
        }
        let entries = history::of_any(tenant, &names.psa, &names.exchange, &names.links).await?;
        for entry in &entries {
            names.add(
                entry.psa.as_ref(),
                entry.exchange.as_ref(),
                entry.link.as_ref(),
            );
        }
        if names.count() == before {
            return Ok((names, links, entries));
        }
    }
}

impl Names {
    fn count(&self) -> usize {
        self.psa.len() + self.exchange.len() + self.links.len()
    }

    fn add(
        &mut self,
        psa: Option<&PsaReference>,
        exchange: Option<&ExchangeId>,
        link: Option<&LinkId>,
    ) {
        fn keep<T: Clone + PartialEq>(known: &mut Vec<T>, new: Option<&T>) {
            if let Some(new) = new.filter(|new| !known.contains(new)) {
                known.push(new.clone());
            }
        }
        keep(&mut self.psa, psa);
        keep(&mut self.exchange, exchange);
        keep(&mut self.links, link);
    }

    fn are_in(&self, operation: &Operation, link: Option<&LinkId>) -> bool {
        link.is_some_and(|id| self.links.contains(id))
            || operation
                .psa
                .as_ref()
                .is_some_and(|it| self.psa.contains(it))
            || operation
                .exchange
                .as_ref()
                .is_some_and(|it| self.exchange.contains(it))
    }

    fn hold(&self, item: &Item) -> bool {
        match item {
            Item::Psa(reference) => self.psa.contains(reference),
            Item::Exchange(id) => self.exchange.contains(id),
        }
    }
}

/// Whose calendar a PSA item is in.
async fn owner(
    tenant: &Tenant,
    reference: &PsaReference,
) -> Result<Option<MailboxRecord>, StoreError> {
    match crate::psa::appointment::get(tenant, &reference.id).await {
        Ok(record) => mailbox::of_resource(tenant, &record.resource).await,
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The mailboxes that have to do with the item.
async fn concerned(
    tenant: &Tenant,
    owner: Option<MailboxRecord>,
    links: &Links,
    entries: &[Entry],
) -> Result<BTreeMap<String, MailboxRecord>, StoreError> {
    let mut records = BTreeMap::new();
    if let Some(record) = owner {
        records.insert(record.mailbox.id.value.clone(), record);
    }
    let ids = links.iter().map(|(id, _)| id);
    for id in ids.chain(entries.iter().map(|entry| &entry.mailbox)) {
        if records.contains_key(&id.value) {
            continue;
        }
        match mailbox::get(tenant, id).await {
            Ok(record) => {
                records.insert(id.value.clone(), record);
            }
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(records)
}

async fn now(
    tenant: &Tenant,
    names: &Names,
    links: &Links,
    records: &BTreeMap<String, MailboxRecord>,
) -> Result<Vec<State>, StoreError> {
    let mut states = Vec::new();
    for record in records.values() {
        let id = &record.mailbox.id;
        let held = held::list(tenant, Some(id)).await?;
        let held: Vec<_> = held
            .iter()
            .filter(|held| names.are_in(&held.operation, held.link.as_ref()))
            .collect();
        let listed = look_again::list(tenant, id).await?;
        let listed: Vec<_> = listed.iter().filter(|it| names.hold(&it.item)).collect();
        let pending = intent::pending(tenant, id).await?;
        let pending: Vec<_> = pending
            .iter()
            .filter(|intent| names.are_in(&intent.operation, intent.link.as_ref()))
            .collect();
        let link = links.iter().find(|(mailbox, _)| mailbox == id);
        let link = link.map(|(_, link)| link);
        states.push(state(record, link, &held, &listed, &pending));
    }
    Ok(states)
}
