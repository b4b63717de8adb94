//! A mailbox that goes over to another provider (behaviour, section 7), or to another server of the same.
//!
//! Both see the same items under other names, so the names are exchanged and nothing else.
//! From the moment of the change on all stored names are *foreign*, and a foreign name is never asked
//! for: that nobody knows it would prove nothing. Everything is read, and three [ways](ways) lead to an
//! item's new name: the new provider translates it, the UID tells, or our marker does. What no way
//! leads to yet stays as it is on both sides, and is sought again whenever something is told.
//!
//! Each part commits by itself and can be done again, so a crash leaves nothing but work to do.
//! Names are exchanged by a dry run too: it could not tell what a cycle would do otherwise.

mod ways;

use std::collections::BTreeSet;

use super::entry::blank_entry;
use super::lease;
use super::observe::{fetch, look_up};
use super::run::{Context, CycleError};
use super::series::asked_by;
use crate::contract::{
    Action, ExchangeId, ExchangeReference, Fault, ForeignId, ItemKind, Marker, Provenance,
    ProviderKind, RoundEnd, Scope, Side,
};
use crate::psa::original;
use crate::runtime::Session;
use crate::store::history::{self, Entry};
use crate::store::intent::Intent;
use crate::store::link::{self, Foreign};
use crate::store::observation::{Staged, item_of};
use crate::store::{look_again, mailbox, master};
use ways::{Names, Sought};

/// How many names are translated at once.
const TRANSLATED: usize = 1_000;

/// Takes note that provider or server has changed, and has names translated where everything is to be read.
///
/// # Errors
/// When the server cannot be asked, or the database does not answer.
pub async fn begin(
    context: &mut Context,
    session: &mut Session,
    guard: &lease::Guard,
) -> Result<(), CycleError> {
    let to = context.provider();
    let other = context.record.provider.filter(|from| *from != to);
    let moved = context.record.moved.then_some(ProviderKind::Other);
    if let Some(from) = other.or(moved) {
        go_over(context, from, to).await?;
    }
    match context.record.cursor {
        None => translate(context, session, guard).await,
        Some(_) => Ok(()),
    }
}

async fn go_over(
    context: &mut Context,
    from: ProviderKind,
    to: ProviderKind,
) -> Result<(), CycleError> {
    let (id, owner) = (
        context.record.mailbox.id.clone(),
        context.record.mailbox.owner.clone(),
    );
    let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
    link::become_foreign(&mut transaction, &id, from, to).await?;
    original::become_foreign(&mut transaction, &owner, from, to).await?;
    master::remove_all(&mut transaction, &id).await?;
    look_again::remove_exchange(&mut transaction, &id).await?;
    mailbox::hand_over(&mut transaction, &id, to).await?;
    let digest = context.component.digest();
    let entry = Entry {
        outcome: "everything is read".to_owned(),
        remark: match from {
            ProviderKind::Other => {
                "the mailbox goes over to another server, which may know its items by other ids"
            }
            ProviderKind::Ews | ProviderKind::Graph => {
                "the mailbox goes over to another provider, which knows its items by other ids"
            }
        }
        .to_owned(),
        ..blank_entry(&context.cycle, &id, digest, context.now, "hand over")
    };
    history::append(&mut transaction, &[entry]).await?;
    transaction.commit().await?;
    context.record = mailbox::get(&context.tenant, &id).await?;
    Ok(())
}

/// Has foreign names translated, as far as the server does that: it may lack the permission.
async fn translate(
    context: &mut Context,
    session: &mut Session,
    guard: &lease::Guard,
) -> Result<(), CycleError> {
    let unnamed = Unnamed::of(context).await?;
    let mut ids: BTreeSet<(u8, &str)> = BTreeSet::new();
    let mut asked = Vec::new();
    for (reference, provider) in unnamed.references() {
        let id = asked_by(reference);
        if ids.insert((provider as u8, id)) {
            asked.push(ForeignId {
                provider,
                value: id.to_owned(),
            });
        }
    }
    let mut names = Names::new();
    for some in asked.chunks(TRANSLATED) {
        guard.extend(&context.host, &mut context.lease).await?;
        match fetch(context, session, Scope::Translation(some.to_vec())).await {
            Ok(page) => names.extend(
                page.translated
                    .into_iter()
                    .filter_map(|translated| Some((translated.foreign.value, translated.id?))),
            ),
            Err(CycleError::Fault(fault))
                if matches!(*fault, Fault::Forbidden(_) | Fault::Refused(_)) =>
            {
                break;
            }
            Err(error) => return Err(error),
        }
    }
    unnamed.rename(context, &names).await
}

/// Seeks what is still under foreign names among what was told, and, where everything was read, has
/// our copies looked for by their markers. What is found so is added to what was told.
///
/// # Errors
/// When the server cannot be asked, or the database does not answer.
pub async fn find(
    context: &Context,
    session: &mut Session,
    end: &RoundEnd,
    from_start: bool,
    staged: &mut Staged,
) -> Result<(), CycleError> {
    let unnamed = Unnamed::of(context).await?;
    if unnamed.is_empty() {
        return Ok(());
    }
    let mut names = unnamed.among(context, staged).await?;
    if from_start && !end.markers_listed {
        let markers = unnamed.markers(context, &names);
        staged.add(
            look_up(context, session, markers, Scope::MarkedEvents)
                .await?
                .changes,
        );
        names = unnamed.among(context, staged).await?;
    }
    unnamed.rename(context, &names).await
}

/// Intents in the names of the mailbox's provider, and apart from them those to whose items no way
/// has led yet. What became of these the full read tells.
///
/// # Errors
/// When the database does not answer.
pub async fn in_new_names(
    context: &Context,
    pending: Vec<Intent>,
) -> Result<(Vec<Intent>, Vec<Intent>), CycleError> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for mut intent in pending {
        let link = match &intent.link {
            Some(id) => link::get(&context.tenant, id).await?,
            None => None,
        };
        let target = match &mut intent.operation.action {
            Action::UpdateExchange(update) => Some(&mut update.target),
            Action::DeleteExchange(deletion) => Some(&mut deletion.target),
            _ => None,
        };
        match (target, link) {
            (Some(_), Some(link)) if link.provenance == Provenance::Foreign => {
                unknown.push(intent);
            }
            (Some(target), Some(link)) if link.provenance == Provenance::Renamed => {
                if let Some(exchange) = link.exchange {
                    *target = exchange;
                }
                known.push(intent);
            }
            _ => known.push(intent),
        }
    }
    Ok((known, unknown))
}

/// All that is under foreign names.
struct Unnamed {
    links: Vec<Foreign>,
    copies: Vec<original::ForeignCopy>,
}

impl Unnamed {
    async fn of(context: &Context) -> Result<Self, CycleError> {
        let mailbox = &context.record.mailbox;
        Ok(Self {
            links: link::foreign(&context.tenant, &mailbox.id).await?,
            copies: original::foreign(&context.tenant, &mailbox.owner).await?,
        })
    }

    fn is_empty(&self) -> bool {
        self.links.is_empty() && self.copies.is_empty()
    }

    fn references(&self) -> impl Iterator<Item = (&ExchangeReference, ProviderKind)> {
        let links = self.links.iter();
        let linked = links.filter_map(|it| Some((it.link.exchange.as_ref()?, it.names_of)));
        let copies = self.copies.iter();
        linked.chain(copies.map(|copy| (&copy.exchange, copy.names_of)))
    }

    /// What is sought, links first: the copy in the PSA goes with its link.
    fn sought(&self) -> Vec<Sought<'_>> {
        let links = self.links.iter().filter_map(|Foreign { link, .. }| {
            Some(Sought {
                reference: link.exchange.as_ref()?,
                span: link.base.as_ref().map(|base| base.exchange.digest.span),
                marked: link.psa.as_ref().filter(|_| link.origin == Side::Psa),
            })
        });
        let copies = self.copies.iter().map(|copy| Sought {
            reference: &copy.exchange,
            span: None,
            marked: None,
        });
        links.chain(copies).collect()
    }

    /// The new names that what was told gives, but for items that another link knows already.
    async fn among(&self, context: &Context, staged: &Staged) -> Result<Names, CycleError> {
        let told: Vec<ExchangeId> = staged.changes.iter().map(item_of).cloned().collect();
        let mailbox = &context.record.mailbox;
        let known = link::by_exchange_ids(&context.tenant, &mailbox.id, &told).await?;
        let taken = known
            .into_iter()
            .filter(|link| link.provenance != Provenance::Foreign)
            .filter_map(|link| link.exchange)
            .filter(|exchange| exchange.slot.is_none())
            .map(|exchange| exchange.id.value)
            .collect();
        Ok(ways::among(
            &self.sought(),
            &staged.changes,
            &mailbox.tenant,
            taken,
        ))
    }

    /// The markers of our copies in the calendar that have no new name yet.
    fn markers(&self, context: &Context, names: &Names) -> Vec<Marker> {
        let links = self.links.iter().map(|foreign| &foreign.link);
        links
            .filter(|link| link.origin == Side::Psa && link.kind != ItemKind::Contact)
            .filter(|link| {
                let exchange = link.exchange.as_ref();
                exchange.is_some_and(|exchange| !names.contains_key(asked_by(exchange)))
            })
            .filter_map(|link| {
                Some(Marker {
                    tenant: context.record.mailbox.tenant.clone(),
                    psa: link.psa.clone()?,
                    generation: link.generation,
                })
            })
            .collect()
    }

    /// Exchanges the names that are known now.
    async fn rename(self, context: &Context, names: &Names) -> Result<(), CycleError> {
        if names.is_empty() {
            return Ok(());
        }
        let mailbox = &context.record.mailbox.id;
        let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
        for Foreign { mut link, .. } in self.links {
            let exchange = link.exchange.as_ref();
            if let Some(renamed) = exchange.and_then(|known| ways::renamed(known, names)) {
                link.exchange = Some(renamed);
                link.provenance = Provenance::Renamed;
                link::update(&mut transaction, mailbox, &link).await?;
            }
        }
        for copy in self.copies {
            if let Some(renamed) = ways::renamed(&copy.exchange, names) {
                original::rename(&mut transaction, &copy.id, &renamed).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }
}
