//! That nobody is mailed (behaviour, section 4): from the host's own observation of the item, not
//! from what the plugin claims.

use crate::contract::{Action, AttendeeProof, Change, ExchangeVersion, LinkTarget, Operation};
use crate::cycle::plan::{Links, Planned};

/// Why a write to Exchange could mail somebody, by the host's own knowledge of the item.
pub fn would_mail(operation: &Operation, planned: &Planned, links: &Links) -> Option<&'static str> {
    let (target, version, proof) = match &operation.action {
        Action::UpdateExchange(update) => (&update.target, &update.version, &update.proof),
        Action::DeleteExchange(deletion) => (&deletion.target, &deletion.version, &deletion.proof),
        _ => return None,
    };
    let own = match planned.items.get(&target.id.value).and_then(proof_of) {
        Some(proof) => Some(proof),
        None => match &operation.link {
            LinkTarget::Existing(id) => links
                .get(&id.value)
                .and_then(|link| link.base.as_ref())
                .map(|base| base.exchange.proof.clone()),
            LinkTarget::Fresh(_) | LinkTarget::None => None,
        },
    };
    mails_nobody(version, proof, own.as_ref()).err()
}

fn proof_of(item: &Change) -> Option<AttendeeProof> {
    match item {
        Change::Event(event) => Some(AttendeeProof {
            version: event.version.clone(),
            attendees: u32::try_from(event.meeting.attendees.len()).unwrap_or(u32::MAX),
            owner_organizes: event.meeting.owner_organizes,
        }),
        // Nobody is invited to a contact.
        Change::Contact(contact) => Some(AttendeeProof {
            version: contact.version.clone(),
            attendees: 0,
            owner_organizes: true,
        }),
        Change::Occurrence(_) | Change::Removal(_) => None,
    }
}

fn mails_nobody(
    version: &ExchangeVersion,
    claimed: &AttendeeProof,
    own: Option<&AttendeeProof>,
) -> Result<(), &'static str> {
    let Some(own) = own else {
        return Err("nothing is known here of whom the change would mail");
    };
    if own.attendees > 0 || claimed.attendees > 0 {
        Err("the item has attendees, who would be mailed")
    } else if !own.owner_organizes || !claimed.owner_organizes {
        Err("somebody else organises the item")
    } else if own.version != *version || claimed.version != *version {
        Err("that nobody is mailed was proved of another version of the item")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(tag: &str, attendees: u32, owner_organizes: bool) -> AttendeeProof {
        AttendeeProof {
            version: version(tag),
            attendees,
            owner_organizes,
        }
    }

    fn version(tag: &str) -> ExchangeVersion {
        ExchangeVersion {
            tag: tag.to_owned(),
        }
    }

    #[test]
    fn a_write_needs_the_hosts_own_proof_for_the_same_version() {
        let good = proof("1", 0, true);
        assert!(mails_nobody(&version("1"), &good, Some(&good)).is_ok());
        assert!(mails_nobody(&version("1"), &good, None).is_err());
        assert!(mails_nobody(&version("2"), &good, Some(&good)).is_err());
        assert!(mails_nobody(&version("1"), &good, Some(&proof("2", 0, true))).is_err());
        assert!(mails_nobody(&version("1"), &proof("2", 0, true), Some(&good)).is_err());
        assert!(mails_nobody(&version("1"), &good, Some(&proof("1", 1, true))).is_err());
        assert!(mails_nobody(&version("1"), &good, Some(&proof("1", 0, false))).is_err());
        assert!(mails_nobody(&version("1"), &proof("1", 1, true), Some(&good)).is_err());
        assert!(mails_nobody(&version("1"), &proof("1", 0, false), Some(&good)).is_err());
    }
}
