//! A copy in Exchange comes and goes: what is done when the PSA owns its existence (behaviour,
//! section 2, column *deleted*, and section 4).

use super::case::Case;
use super::ends_before_window;
use super::seen::Seen;
use crate::base::mails_nobody;
use crate::compose::{Composed, compose};
use crate::contract::{
    Action, AttendeeProof, Base, CopyDeletionNote, ExchangeBase, ExchangeDeletion, ExchangeVersion,
    LinkChange, LinkState, Operation, PsaBase, PsaRow, Rule,
};

/// Somebody changed the row since both sides last agreed.
pub fn changed_by_a_person(case: &Case<'_>, row: &PsaRow) -> bool {
    case.base()
        .is_some_and(|base| row.person_version.number > base.psa.version.number)
}

/// Why a copy's texts are written. A row is another version also where a record that it shows was
/// changed, such as the address of its organisation.
pub fn text_rule(case: &Case<'_>, row: &PsaRow) -> Rule {
    match case.base() {
        Some(base) if base.psa.version == row.version => Rule::SettingsChanged,
        _ => Rule::PsaItemChanged,
    }
}

/// What ends before the window's start gets no copy.
pub fn is_too_old(case: &Case<'_>, composed: &Composed) -> bool {
    match composed {
        Composed::Event(event) => ends_before_window(case.batch, &event.content.span),
        Composed::Contact(_) => false,
    }
}

pub fn make(case: &Case<'_>, row: &PsaRow, rule: Rule) -> Operation {
    let composed = compose(row, case.batch);
    if is_too_old(case, &composed) {
        return case.nothing(Rule::BeforeWindow);
    }
    let copy = composed.digest();
    let nothing_yet = ExchangeVersion { tag: String::new() };
    let base = Base {
        psa: PsaBase {
            version: row.version,
            digest: case.psa_digest().unwrap_or_else(|| copy.clone()),
        },
        // Stands until the echo brings what the server made of it.
        exchange: ExchangeBase {
            version: nothing_yet.clone(),
            digest: copy.clone(),
            proof: AttendeeProof {
                version: nothing_yet,
                attendees: 0,
                owner_organizes: true,
            },
            online: false,
        },
        copy,
    };
    let mut after = case.become_linked(LinkState::Linked, Some(base));
    if let LinkChange::Become(link) = &mut after {
        link.exchange = None;
    }
    case.operation(Action::CreateExchange(composed.into_content()), after, rule)
}

/// The law takes the copy away, unless others were invited to it.
pub fn remove(case: &Case<'_>, row: &PsaRow, rule: Rule) -> Operation {
    let (Some(target), Some(there)) = (case.exchange_reference(), case.exchange_now()) else {
        return gone_with_its_item(case, row, rule);
    };
    if matches!(case.pair.seen, Seen::Gone) {
        return gone_with_its_item(case, row, rule);
    }
    if !mails_nobody(&there) {
        return release(case, there);
    }
    let deletion = ExchangeDeletion {
        target,
        version: there.version.clone(),
        proof: there.proof,
        kind: row.reference.kind,
    };
    case.operation(Action::DeleteExchange(deletion), LinkChange::Drop, rule)
}

fn gone_with_its_item(case: &Case<'_>, row: &PsaRow, rule: Rule) -> Operation {
    let rule = if row.deleted { Rule::BothGone } else { rule };
    case.operation(Action::LinkOnly, LinkChange::Drop, rule)
}

/// Somebody was invited to our copy: from now on it is theirs. The link stays, so that it is
/// neither imported nor made again (behaviour, section 4).
pub fn release(case: &Case<'_>, there: ExchangeBase) -> Operation {
    let base = case.base().map(|base| Base {
        exchange: there,
        ..base.clone()
    });
    let after = case.become_linked(LinkState::Released, base);
    case.operation(Action::LinkOnly, after, Rule::CopyReleased)
}

/// A released copy is left to those who were invited. That its user deleted it is noted all the
/// same, at each change of its PSA item, so that it is not made again should its link be lost
/// (behaviour, section 5).
pub fn released(case: &Case<'_>) -> Vec<Operation> {
    let Some(row) = case.pair.row.filter(|row| !row.deleted) else {
        return Vec::new();
    };
    let is_known = case.pair.link.is_some_and(|link| link.exchange.is_some());
    let mut after = case.become_linked(LinkState::Released, case.base().cloned());
    match case.pair.seen {
        Seen::There(_) if is_known => Vec::new(),
        Seen::There(_) => vec![case.operation(Action::LinkOnly, after, case.link_only_rule())],
        Seen::Unchanged if is_known => Vec::new(),
        Seen::Unchanged if row.copy_deleted == Some(row.person_version) => Vec::new(),
        Seen::Unchanged | Seen::Gone => {
            if let LinkChange::Become(link) = &mut after {
                link.exchange = None;
            }
            vec![case.operation(note(row), after, Rule::CopyDeletedByUser)]
        }
    }
}

/// Its user deleted the copy, and that is respected. `action` keeps it where it has to outlive the
/// link.
pub fn deleted_by_user(case: &Case<'_>, action: Action) -> Operation {
    let mut after = case.become_linked(LinkState::CopyDeleted, case.base().cloned());
    if let LinkChange::Become(link) = &mut after {
        link.exchange = None;
    }
    case.operation(action, after, Rule::CopyDeletedByUser)
}

/// The note on the row that this mailbox's user deleted the copy.
pub fn note(row: &PsaRow) -> Action {
    Action::NoteCopyDeleted(CopyDeletionNote {
        reference: row.reference.clone(),
        at: Some(row.person_version),
    })
}
