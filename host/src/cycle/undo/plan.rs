//! What undoes each deed of a cycle, or why nothing does.

use std::collections::{BTreeMap, BTreeSet};

use super::as_left;
use super::deed::Deed;
use super::refusal::{
    CHANGED_IN_EXCHANGE, CHANGED_IN_PSA, GONE_FROM_EXCHANGE, GONE_FROM_PSA, OUTCOME_UNKNOWN,
    PARTED, THERE_AGAIN, UNANSWERED, UNREAD, WAITS,
};
use super::step::{Step, after, fresh, is_same_item, linked_again, parted_again, proof};
use crate::contract::{
    Action, Change, EventContent, Evidence, ExchangeContent, ExchangeDeletion, ExchangeId,
    ExchangePatch, ExchangeReference, ExchangeUpdate, ImportMode, Instant, Link, LinkAfter,
    LinkChange, LinkState, LinkTarget, Operation, PsaCreation, PsaDeletion, PsaReference, PsaRow,
    PsaUpdate, Span, Zone,
};
use crate::cycle::observe::{Observed, Unanswered};
use crate::cycle::plan::{Items, Links, Planned};
use crate::cycle::run::{Context, CycleError};
use crate::cycle::{series, window};
use crate::psa::{feed, former};
use crate::store::before_image::{Left, Reverse, State};
use crate::store::link;
use crate::store::observation::item_of;

/// What undoes a deed.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The operation; one that does nothing where the deed stays.
    pub operation: Operation,
    /// Why it stays.
    pub refusal: Option<&'static str>,
}

impl Wanted {
    /// The deed stays after all.
    pub fn refuse(&mut self, reason: &'static str) {
        self.operation.action = Action::Nothing;
        self.operation.after = LinkChange::Keep;
        self.refusal = Some(reason);
    }
}

/// All that decides.
pub struct Scene<'a> {
    items: &'a Items,
    unanswered: &'a Unanswered,
    gone: BTreeSet<&'a str>,
    /// Links as they are, by their PSA items.
    links: BTreeMap<String, Link>,
    /// Rows as they are, by their names.
    rows: BTreeMap<String, PsaRow>,
    /// Live copies of the items whose copies the cycle deleted.
    copies: Vec<PsaRow>,
    bodies_are_read: bool,
    now: Instant,
    zone: Option<Zone>,
}

fn key(reference: &PsaReference) -> String {
    format!("{:?}:{}", reference.kind, reference.id.value)
}

impl<'a> Scene<'a> {
    /// Reads what the deeds' items are now, and remembers their links.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(
        context: &Context,
        deeds: &[Deed],
        planned: &'a Planned,
        observed: &'a Observed,
        links: &mut Links,
    ) -> Result<Self, CycleError> {
        let tenant = &context.tenant;
        let mailbox = &context.record.mailbox;
        let references: Vec<PsaReference> = deeds.iter().filter_map(Deed::psa).cloned().collect();
        let by_psa = link::by_psa(tenant, &mailbox.id, &references).await?;
        for link in &by_psa {
            links.insert(link.id.value.clone(), link.clone());
        }
        let of_psa = |link: Link| Some((key(link.psa.as_ref()?), link));
        let rows = feed::by_references(tenant, &references, &context.reader()).await?;
        let originals: Vec<&ExchangeReference> = deeds.iter().filter_map(original).collect();
        let ids: Vec<_> = originals.iter().map(|it| it.id.clone()).collect();
        let uids: Vec<_> = originals.iter().filter_map(|it| it.uid.clone()).collect();
        let web = &context.host.web_address;
        let copies = feed::by_exchange(tenant, &mailbox.owner, &ids, &uids, web).await?;
        let removed = observed.staged.changes.iter();
        let removed = removed.filter(|change| matches!(change, Change::Removal(_)));
        Ok(Self {
            items: &planned.items,
            unanswered: &observed.unanswered,
            gone: removed.map(|it| item_of(it).value.as_str()).collect(),
            links: by_psa.into_iter().filter_map(of_psa).collect(),
            rows: rows
                .into_iter()
                .map(|row| (key(&row.reference), row))
                .collect(),
            copies,
            bodies_are_read: context.settings.import_mode != ImportMode::NoDetails,
            now: context.now,
            zone: mailbox.zone.clone(),
        })
    }

    /// What undoes a deed, or why it stays.
    pub fn wanted(&self, deed: &Deed) -> Wanted {
        let step = match deed.state {
            State::Noted => Err(OUTCOME_UNKNOWN),
            State::Done | State::Undoing | State::Undone => self.step(deed),
        };
        let refusal = step.as_ref().err().copied();
        let step = step.unwrap_or(Step {
            link: self.target(deed),
            action: Action::Nothing,
            after: LinkChange::Keep,
        });
        let base = self.link_of(deed).and_then(|link| link.base.clone());
        Wanted {
            operation: Operation {
                group: deed.group,
                link: step.link,
                psa: deed.psa().cloned(),
                exchange: self.name(deed),
                action: step.action,
                after: step.after,
                rule: deed.operation.rule,
                evidence: Evidence {
                    psa: base.as_ref().map(|base| base.psa.digest.clone()),
                    exchange: base.as_ref().map(|base| base.exchange.digest.clone()),
                    base,
                    fields: deed.operation.evidence.fields.clone(),
                },
                remark: String::new(),
            },
            refusal,
        }
    }

    fn step(&self, deed: &Deed) -> Result<Step, &'static str> {
        if self
            .link_of(deed)
            .is_some_and(|link| link.state == LinkState::Held)
        {
            return Err(WAITS);
        }
        match &deed.reverse {
            Reverse::Unknown => Err(UNREAD),
            Reverse::CreateExchange(content) => self.make_in_exchange(deed, content),
            Reverse::UpdateExchange(patch) => self.change_in_exchange(deed, patch),
            Reverse::Delete if deed.is_for_exchange() => self.delete_in_exchange(deed),
            Reverse::CreatePsa(creation) => self.make_in_psa(deed, creation),
            Reverse::UpdatePsa(patch) => {
                let row = self.row_as_left(deed)?;
                let link = self.link_of(deed).ok_or(PARTED)?;
                Ok(Step {
                    link: LinkTarget::Existing(link.id.clone()),
                    action: Action::UpdatePsa(PsaUpdate {
                        reference: row.reference.clone(),
                        version: row.version,
                        patch: patch.clone(),
                        exchange: None,
                    }),
                    after: self.as_before(deed, link),
                })
            }
            Reverse::Delete => {
                let row = self.row_as_left(deed)?;
                let link = self.link_of(deed).ok_or(PARTED)?;
                Ok(Step {
                    link: LinkTarget::Existing(link.id.clone()),
                    action: Action::DeletePsa(PsaDeletion {
                        reference: row.reference.clone(),
                        version: row.version,
                    }),
                    after: parted_again(deed),
                })
            }
        }
    }

    fn make_in_psa(&self, deed: &Deed, creation: &PsaCreation) -> Result<Step, &'static str> {
        let before = deed.link.as_ref().ok_or(PARTED)?;
        let is_copy = |row: &&PsaRow| {
            let original = row.exchange.as_ref();
            original.is_some_and(|it| is_same_item(it, &creation.exchange))
        };
        match self.copies.iter().find(is_copy) {
            Some(_) => Err(THERE_AGAIN),
            None => Ok(Step {
                link: fresh(before),
                action: Action::CreatePsa(creation.clone()),
                after: LinkChange::Become(LinkAfter {
                    psa: None,
                    ..after(before)
                }),
            }),
        }
    }

    fn change_in_exchange(&self, deed: &Deed, patch: &ExchangePatch) -> Result<Step, &'static str> {
        let link = self.link_of(deed).ok_or(PARTED)?;
        let target = link.exchange.as_ref().ok_or(PARTED)?;
        let item = self.item(deed, target)?.ok_or(GONE_FROM_EXCHANGE)?;
        let after = self.as_before(deed, link);
        // An undoing that was cut off wrote it.
        if deed.state == State::Undoing && as_left::exchange_says(item, patch, self.bodies_are_read)
        {
            return Ok(linked_again(link, after));
        }
        self.is_as_left(deed, item)?;
        let (version, proof) = proof(item);
        Ok(Step {
            link: LinkTarget::Existing(link.id.clone()),
            action: Action::UpdateExchange(ExchangeUpdate {
                target: target.clone(),
                version,
                proof,
                patch: patch.clone(),
            }),
            after,
        })
    }

    fn delete_in_exchange(&self, deed: &Deed) -> Result<Step, &'static str> {
        let link = self.link_of(deed).ok_or(PARTED)?;
        let target = link.exchange.as_ref().ok_or(PARTED)?;
        let after = parted_again(deed);
        let Some(item) = self.item(deed, target)? else {
            // An undoing that was cut off deleted it; anybody else's deletion is a wish.
            return match deed.state {
                State::Undoing => Ok(linked_again(link, after)),
                _ => Err(GONE_FROM_EXCHANGE),
            };
        };
        self.is_as_left(deed, item)?;
        let (version, proof) = proof(item);
        Ok(Step {
            link: LinkTarget::Existing(link.id.clone()),
            action: Action::DeleteExchange(ExchangeDeletion {
                target: target.clone(),
                version,
                proof,
                kind: link.kind,
            }),
            after,
        })
    }

    fn make_in_exchange(
        &self,
        deed: &Deed,
        content: &ExchangeContent,
    ) -> Result<Step, &'static str> {
        let before = deed.link.as_ref().ok_or(PARTED)?;
        let link = match self.link_of(deed) {
            // An undoing that was cut off made it, or the pair for it.
            Some(link) if deed.state == State::Undoing => match &link.exchange {
                Some(_) => return Ok(linked_again(link, LinkChange::Keep)),
                None => LinkTarget::Existing(link.id.clone()),
            },
            Some(_) => return Err(THERE_AGAIN),
            None => fresh(before),
        };
        let content = match content {
            ExchangeContent::Event(event) => ExchangeContent::Event(self.in_time(event)),
            ExchangeContent::Contact(contact) => ExchangeContent::Contact(contact.clone()),
        };
        Ok(Step {
            link,
            action: Action::CreateExchange(content),
            after: LinkChange::Become(LinkAfter {
                exchange: None,
                ..after(before)
            }),
        })
    }

    /// What has begun gets no reminder any more; the others get the mailbox's default.
    fn in_time(&self, event: &EventContent) -> EventContent {
        let begin = match event.span {
            Span::Timed(timed) => Some(timed.start),
            Span::AllDay(days) => window::first_midnight(days, self.zone.as_ref()),
        };
        EventContent {
            zone: self.zone.clone().unwrap_or_else(|| event.zone.clone()),
            without_reminder: begin.is_none_or(|it| it.microseconds <= self.now.microseconds),
            ..event.clone()
        }
    }

    fn link_of(&self, deed: &Deed) -> Option<&Link> {
        self.links.get(&key(deed.psa()?))
    }

    fn target(&self, deed: &Deed) -> LinkTarget {
        match self.link_of(deed) {
            Some(link) => LinkTarget::Existing(link.id.clone()),
            None => LinkTarget::None,
        }
    }

    /// The name of the Exchange item that an operation is about.
    fn name(&self, deed: &Deed) -> Option<ExchangeId> {
        let linked = self.link_of(deed).and_then(|link| link.exchange.as_ref());
        let name = linked.map(|name| &name.id).or_else(|| deed.exchange_item());
        name.or(deed.operation.exchange.as_ref()).cloned()
    }

    /// The item as it is now; none when it is gone.
    fn item(
        &self,
        deed: &Deed,
        target: &ExchangeReference,
    ) -> Result<Option<&'a Change>, &'static str> {
        let is_its = match &deed.left {
            Some(Left::Exchange(name, _)) => is_same_item(name, target),
            _ => return Err(OUTCOME_UNKNOWN),
        };
        let asked = series::asked_by(target);
        if !is_its {
            Err(PARTED)
        } else if self.gone.contains(target.id.value.as_str()) || self.gone.contains(asked) {
            Ok(None)
        } else if self.unanswered.contains_key(asked) {
            Err(UNANSWERED)
        } else {
            self.items.get(&target.id.value).map(Some).ok_or(UNANSWERED)
        }
    }

    fn is_as_left(&self, deed: &Deed, item: &Change) -> Result<(), &'static str> {
        let Some(Left::Exchange(_, left)) = &deed.left else {
            return Err(OUTCOME_UNKNOWN);
        };
        match as_left::exchange(item, left, self.bodies_are_read) {
            true => Ok(()),
            false => Err(CHANGED_IN_EXCHANGE),
        }
    }

    /// The PSA's row, when it is as the cycle left it.
    fn row_as_left(&self, deed: &Deed) -> Result<&PsaRow, &'static str> {
        let Some(Left::Psa(reference, left)) = &deed.left else {
            return Err(GONE_FROM_PSA);
        };
        let row = self.rows.get(&key(reference)).filter(|row| !row.deleted);
        let row = row.ok_or(GONE_FROM_PSA)?;
        match former::of_content(&row.content) {
            Some(now) if as_left::psa(&now, left) => Ok(row),
            _ => Err(CHANGED_IN_PSA),
        }
    }

    /// The pair as it was before the cycle, under the names that its items have now. One that was
    /// made in the cycle for two items that were there agrees on nothing again.
    fn as_before(&self, deed: &Deed, now: &Link) -> LinkChange {
        LinkChange::Become(match &deed.link {
            Some(before) => LinkAfter {
                psa: now.psa.clone(),
                exchange: now.exchange.clone(),
                provenance: now.provenance,
                ..after(before)
            },
            None => LinkAfter {
                base: None,
                ..after(now)
            },
        })
    }
}

/// The item that a copy in the PSA was one of, which the cycle deleted.
fn original(deed: &Deed) -> Option<&ExchangeReference> {
    match &deed.reverse {
        Reverse::CreatePsa(creation) => Some(&creation.exchange),
        _ => None,
    }
}
