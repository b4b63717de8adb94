//! Links that know their item through another provider (behaviour, section 7).
//!
//! One item reads differently through two providers: texts are converted, versions are counted
//! otherwise. Where such a link meets its item again, the texts as they are now become its base, and
//! nothing is written for them. What every provider tells alike is compared as ever: when the item
//! takes place, who may read it, and what it does to availability. Else an item that became private
//! meanwhile would go on showing its texts.

use std::borrow::Cow;

use super::case::Case;
use super::pair::Pair;
use super::seen::{Item, Seen};
use super::text;
use crate::base::{fingerprint, fingerprint_line};
use crate::contract::{
    Base, Batch, Digest, ExchangeBase, ExchangeEvent, Operation, Provenance, Rule, Side,
};
use crate::import::{NEUTRAL_TITLE, digest_of_appointment, import};

/// What both sides of a pair last agreed on, in the words of the provider that observes.
pub fn base<'a>(batch: &Batch, pair: &Pair<'a>) -> Option<Cow<'a, Base>> {
    let link = pair.link?;
    let base = link.base.as_ref()?;
    Some(match (link.provenance, pair.seen) {
        (Provenance::Renamed, Seen::There(item)) => {
            Cow::Owned(in_new_words(batch, link.origin, base, item))
        }
        _ => Cow::Borrowed(base),
    })
}

fn in_new_words(batch: &Batch, origin: Side, base: &Base, item: Item<'_>) -> Base {
    let now = item.base();
    let was = &base.exchange.digest;
    let copy = match (origin, item) {
        (Side::Exchange, Item::Event(event)) => copy_in_psa(batch, &base.copy, event),
        (Side::Psa, Item::Event(_)) => copy_in_exchange(&base.copy, was, &now.digest),
        (_, Item::Contact(_)) => base.copy.clone(),
    };
    Base {
        psa: base.psa.clone(),
        copy,
        exchange: ExchangeBase {
            digest: Digest {
                span: was.span,
                sensitivity: was.sensitivity,
                show_as: was.show_as,
                ..now.digest
            },
            ..now
        },
    }
}

/// The PSA's copy has said what is imported now in other words. What the law itself puts in the
/// place of texts has none, and is compared: so a change of mode comes with the provider's.
fn copy_in_psa(batch: &Batch, before: &Digest, event: &ExchangeEvent) -> Digest {
    let now = digest_of_appointment(&import(event, batch.settings.import_mode));
    if is_neutral(before) || is_neutral(&now) {
        return before.clone();
    }
    Digest {
        subject: now.subject,
        body: now.body,
        ..before.clone()
    }
}

fn is_neutral(shown: &Digest) -> bool {
    shown.subject == fingerprint_line(NEUTRAL_TITLE) && shown.body == fingerprint("")
}

/// Only bodies are converted. A line that reads otherwise was changed by the copy's user: it stays,
/// and is written with its original's next change.
fn copy_in_exchange(derived: &Digest, was: &Digest, now: &Digest) -> Digest {
    let mut copy = derived.clone();
    if was.subject != now.subject {
        copy.subject = text::unknown();
    }
    if was.location != now.location {
        copy.location = text::unknown();
    }
    copy
}

/// No way has led to the item yet.
pub fn is_unknown(case: &Case<'_>) -> bool {
    case.pair
        .link
        .is_some_and(|link| link.provenance == Provenance::Foreign)
}

/// What is not found under any name is not deleted for that: all waits until it is found.
pub fn waits(case: &Case<'_>) -> Operation {
    let mut operation = case.nothing(Rule::HandedOver);
    "its item was not found under the new provider's names; it is looked for again, and until then \
     nothing of it is changed on either side"
        .clone_into(&mut operation.remark);
    operation
}
