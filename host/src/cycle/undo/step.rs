//! What one operation of an undoing does to its items and their pair.

use super::deed::Deed;
use crate::contract::{
    Action, AttendeeProof, Change, ExchangeReference, ExchangeVersion, Link, LinkAfter, LinkChange,
    LinkTarget, NewLink,
};

/// What an operation does, beside what its deed says of it.
pub struct Step {
    pub link: LinkTarget,
    pub action: Action,
    pub after: LinkChange,
}

/// An occurrence is known by its slot, all others by their ids.
pub fn is_same_item(one: &ExchangeReference, other: &ExchangeReference) -> bool {
    match (&one.slot, &other.slot) {
        (Some(one), Some(other)) => one == other,
        _ => one.id == other.id,
    }
}

/// The pair of an item that the cycle made: as it was, or none.
pub fn parted_again(deed: &Deed) -> LinkChange {
    match &deed.link {
        Some(before) => LinkChange::Become(after(before)),
        None => LinkChange::Drop,
    }
}

/// The item is as it was already.
pub fn linked_again(link: &Link, after: LinkChange) -> Step {
    Step {
        link: LinkTarget::Existing(link.id.clone()),
        action: Action::LinkOnly,
        after,
    }
}

/// A pair like the one that the cycle dropped.
pub fn fresh(before: &Link) -> LinkTarget {
    LinkTarget::Fresh(NewLink {
        kind: before.kind,
        origin: before.origin,
    })
}

/// A link as a plan says it.
pub fn after(link: &Link) -> LinkAfter {
    LinkAfter {
        state: link.state,
        psa: link.psa.clone(),
        exchange: link.exchange.clone(),
        provenance: link.provenance,
        base: link.base.clone(),
        undoing: link.undoing,
        remaking: link.remaking,
    }
}

/// The version that was seen, and that a write to it mails nobody.
pub fn proof(item: &Change) -> (ExchangeVersion, AttendeeProof) {
    let (version, attendees, owner_organizes) = match item {
        Change::Event(event) => (
            event.version.clone(),
            u32::try_from(event.meeting.attendees.len()).unwrap_or(u32::MAX),
            event.meeting.owner_organizes,
        ),
        Change::Contact(contact) => (contact.version.clone(), 0, true),
        // Neither says who is invited.
        Change::Occurrence(occurrence) => (occurrence.version.clone(), u32::MAX, false),
        Change::Removal(_) => (ExchangeVersion { tag: String::new() }, u32::MAX, false),
    };
    let proof = AttendeeProof {
        version: version.clone(),
        attendees,
        owner_organizes,
    };
    (version, proof)
}
