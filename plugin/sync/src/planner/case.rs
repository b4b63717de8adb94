//! One pair in its batch, and the operations that can be said of it.

use super::pair::Pair;
use super::seen::{Item, Seen};
use crate::compose::compose;
use crate::contract::{
    Action, Attempts, Base, Batch, Digest, Evidence, ExchangeBase, ExchangeEvent,
    ExchangeReference, ItemKind, LinkAfter, LinkChange, LinkState, LinkTarget, NewLink, Operation,
    Provenance, PsaContent, RowVersion, Rule, Side,
};
use crate::import::digest_of_appointment;

#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub batch: &'a Batch,
    pub group: u32,
    pub pair: Pair<'a>,
    /// What both sides last agreed on, in the words of the provider that observes.
    pub base: Option<&'a Base>,
}

impl<'a> Case<'a> {
    /// The side that owns the item's text and existence.
    pub fn origin(&self) -> Side {
        match (self.pair.link, self.pair.row) {
            (Some(link), _) => link.origin,
            (None, Some(row)) => row.origin,
            (None, None) => Side::Exchange,
        }
    }

    /// What both sides last agreed on.
    pub fn base(&self) -> Option<&'a Base> {
        self.base
    }

    /// The Exchange item as it was seen in this cycle.
    pub fn item(&self) -> Option<Item<'a>> {
        match self.pair.seen {
            Seen::There(item) => Some(item),
            Seen::Unchanged | Seen::Gone => None,
        }
    }

    /// The event as it was seen in this cycle.
    pub fn event(&self) -> Option<&'a ExchangeEvent> {
        match self.item()? {
            Item::Event(event) => Some(event),
            Item::Contact(_) => None,
        }
    }

    /// Exchange's half as it is now: as seen, else as it was when both sides last agreed.
    pub fn exchange_now(&self) -> Option<ExchangeBase> {
        self.item()
            .map(Item::base)
            .or_else(|| self.base().map(|base| base.exchange.clone()))
    }

    /// The Exchange item's names as they are now; without a link those that the row remembers.
    pub fn exchange_reference(&self) -> Option<ExchangeReference> {
        self.item()
            .map(Item::reference)
            .or_else(|| match self.pair.link {
                Some(link) => link.exchange.clone(),
                None => self.pair.row.and_then(|row| row.exchange.clone()),
            })
    }

    /// The PSA row's fields in normal form; of kinds that only go out, as they are composed.
    pub fn psa_digest(&self) -> Option<Digest> {
        let row = self.pair.row?;
        Some(match &row.content {
            PsaContent::Appointment(appointment) => digest_of_appointment(appointment),
            _ => compose(row, self.batch).digest(),
        })
    }

    /// The link as it will be, in a state and with a base; everything else as it is known now.
    pub fn become_linked(&self, state: LinkState, base: Option<Base>) -> LinkChange {
        let none_tried = Attempts {
            count: 0,
            version: RowVersion { number: 0 },
        };
        LinkChange::Become(LinkAfter {
            state,
            psa: self
                .pair
                .row
                .map(|row| row.reference.clone())
                .or_else(|| self.pair.link.and_then(|link| link.psa.clone())),
            exchange: self.exchange_reference(),
            provenance: self.provenance(),
            base,
            undoing: self.pair.link.map_or(none_tried, |link| link.undoing),
            remaking: self.pair.link.map_or(none_tried, |link| link.remaking),
        })
    }

    /// Through which provider the Exchange item is known from now on: one that was seen is known
    /// through this one.
    fn provenance(&self) -> Provenance {
        match (self.item(), self.pair.link) {
            (None, Some(link)) => link.provenance,
            (Some(_), _) | (None, None) => Provenance::Own,
        }
    }

    /// Whether the link would become anything else than it is.
    pub fn link_differs(&self, after: &LinkChange) -> bool {
        let LinkChange::Become(after) = after else {
            return true;
        };
        self.pair.link.is_none_or(|link| {
            link.state != after.state
                || link.base != after.base
                || link.exchange != after.exchange
                || link.provenance != after.provenance
                || link.psa != after.psa
        })
    }

    /// An operation with the evidence that this pair offers.
    pub fn operation(&self, action: Action, after: LinkChange, rule: Rule) -> Operation {
        let kind = self
            .pair
            .row
            .map_or(ItemKind::Appointment, |row| row.reference.kind);
        let link = match (self.pair.link, &after) {
            (Some(link), _) => LinkTarget::Existing(link.id.clone()),
            (None, LinkChange::Become(_)) => LinkTarget::Fresh(NewLink {
                kind,
                origin: self.origin(),
            }),
            (None, LinkChange::Keep | LinkChange::Drop) => LinkTarget::None,
        };
        Operation {
            group: self.group,
            link,
            psa: self
                .pair
                .row
                .map(|row| row.reference.clone())
                .or_else(|| self.pair.link.and_then(|link| link.psa.clone())),
            exchange: self.exchange_reference().map(|reference| reference.id),
            action,
            after,
            rule,
            evidence: Evidence {
                base: self.base().cloned(),
                psa: self.psa_digest(),
                exchange: self.item().map(|item| item.base().digest),
                fields: Vec::new(),
            },
            remark: String::new(),
        }
    }

    /// Nothing is done, and the history tells why.
    pub fn nothing(&self, rule: Rule) -> Operation {
        self.operation(Action::Nothing, LinkChange::Keep, rule)
    }

    /// Why a link changes though nothing is written.
    pub fn link_only_rule(&self) -> Rule {
        if let Some(rule) = self.pair.found_by {
            return rule;
        }
        let provenance = self.pair.link.map(|link| link.provenance);
        if provenance == Some(Provenance::Renamed) && self.item().is_some() {
            return Rule::HandedOver;
        }
        match (self.item(), self.base()) {
            (Some(item), Some(base)) if item.base().digest == base.exchange.digest => {
                Rule::OnlyVersionDiffers
            }
            _ => Rule::Agreed,
        }
    }

    /// Something happened to an item that waits for approval or for somebody.
    pub fn waits(&self) -> Vec<Operation> {
        match self.pair.seen {
            Seen::Unchanged => Vec::new(),
            Seen::There(_) | Seen::Gone => vec![self.nothing(Rule::Waiting)],
        }
    }
}
