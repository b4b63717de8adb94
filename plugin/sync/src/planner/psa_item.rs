//! Items that the PSA originates: the PSA owns text and existence, the copy in Exchange may be
//! moved (behaviour, section 2, rows 1 and 2).

use super::case::{Case, mails_nobody};
use super::ends_before_window;
use super::pair::Seen;
use super::text::{self, CopyText};
use super::time::{self, Move};
use crate::contract::{
    Action, Appointment, AttendeeProof, Base, CopyDeletionNote, Digest, ExchangeBase,
    ExchangeContent, ExchangeDeletion, ExchangePatch, ExchangeUpdate, ExchangeVersion, ImportMode,
    LinkChange, LinkState, Operation, PsaBase, PsaContent, PsaRow, PsaUpdate, Rule,
};
use crate::import::digest_of_appointment;

pub fn decide(case: &Case<'_>) -> Vec<Operation> {
    let Some(row) = case.pair.row else {
        return without_record(case);
    };
    if !exports(case) {
        return switched_off(case, row);
    }
    if row.deleted {
        return deleted_in_psa(case);
    }
    let PsaContent::Appointment(appointment) = &row.content else {
        return Vec::new();
    };
    let copy_is_known = case.pair.link.is_some_and(|link| link.exchange.is_some());
    match case.pair.seen {
        Seen::Event(_) => follow(case, row, appointment),
        Seen::Gone => copy_gone(case, row),
        Seen::Unchanged if copy_is_known => follow(case, row, appointment),
        Seen::Unchanged => copy_missing(case, row),
    }
}

fn exports(case: &Case<'_>) -> bool {
    case.batch.settings.export_appointments && case.batch.profile.export_appointments
}

/// Not a deletion: what is there stays (behaviour, section 6). A copy found again is linked without
/// a write, so that one pasted meanwhile is not taken for it; what differs is written later.
fn switched_off(case: &Case<'_>, row: &PsaRow) -> Vec<Operation> {
    if case.pair.link.is_some() || row.deleted {
        return Vec::new();
    }
    let (Some(there), Some(digest)) = (case.exchange_now(), case.psa_digest()) else {
        return vec![case.nothing(Rule::SwitchedOff)];
    };
    if !mails_nobody(&there) {
        return release(case, there);
    }
    let base = Base {
        psa: PsaBase {
            version: row.version,
            // Where the times differ, the PSA's is the one that moved.
            digest: Digest {
                span: there.digest.span,
                ..digest
            },
        },
        // As if what is there had been derived: what the law derives instead is written later.
        copy: there.digest.clone(),
        exchange: there,
    };
    let after = case.become_linked(LinkState::Linked, Some(base));
    vec![case.operation(Action::LinkOnly, after, case.link_only_rule())]
}

/// The record is not even a tombstone, as after a restore: nothing is done to a marked item whose
/// record does not exist (behaviour, section 5).
fn without_record(case: &Case<'_>) -> Vec<Operation> {
    match case.pair.seen {
        Seen::Gone => vec![case.operation(Action::LinkOnly, LinkChange::Drop, Rule::BothGone)],
        Seen::Event(_) => vec![case.nothing(Rule::MarkedWithoutRecord)],
        Seen::Unchanged => Vec::new(),
    }
}

fn deleted_in_psa(case: &Case<'_>) -> Vec<Operation> {
    if case.pair.link.is_none() {
        return Vec::new();
    }
    let (Some(target), Some(there)) = (case.exchange_reference(), case.exchange_now()) else {
        return vec![case.operation(Action::LinkOnly, LinkChange::Drop, Rule::BothGone)];
    };
    if matches!(case.pair.seen, Seen::Gone) {
        return vec![case.operation(Action::LinkOnly, LinkChange::Drop, Rule::BothGone)];
    }
    if !mails_nobody(&there) {
        return release(case, there);
    }
    let deletion = ExchangeDeletion {
        target,
        version: there.version.clone(),
        proof: there.proof,
        kind: crate::contract::ItemKind::Appointment,
    };
    vec![case.operation(
        Action::DeleteExchange(deletion),
        LinkChange::Drop,
        Rule::PsaItemDeleted,
    )]
}

/// Somebody was invited to our copy: from now on it is theirs. The link stays, so that it is
/// neither imported nor made again (behaviour, section 4).
fn release(case: &Case<'_>, there: ExchangeBase) -> Vec<Operation> {
    let base = case.base().map(|base| Base {
        exchange: there,
        ..base.clone()
    });
    let after = case.become_linked(LinkState::Released, base);
    vec![case.operation(Action::LinkOnly, after, Rule::CopyReleased)]
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
        Seen::Event(_) if is_known => Vec::new(),
        Seen::Event(_) => vec![case.operation(Action::LinkOnly, after, case.link_only_rule())],
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

fn note(row: &PsaRow) -> Action {
    Action::NoteCopyDeleted(CopyDeletionNote {
        reference: row.reference.clone(),
        at: Some(row.person_version),
    })
}

/// The copy was deleted by its user. The PSA item stays; the copy is made again once the PSA item
/// changes, which it may have done already.
fn copy_gone(case: &Case<'_>, row: &PsaRow) -> Vec<Operation> {
    let ends_before_window = case
        .composed()
        .is_some_and(|composed| ends_before_window(case.batch, &composed.content.span));
    // A copy that is not made again is not forgotten: the next change asks anew.
    if changed_by_a_person(case, row) && !ends_before_window {
        return make_copy(case, row, Rule::MadeAgainAfterChange);
    }
    let mut after = case.become_linked(LinkState::CopyDeleted, case.base().cloned());
    if let LinkChange::Become(link) = &mut after {
        link.exchange = None;
    }
    vec![case.operation(note(row), after, Rule::CopyDeletedByUser)]
}

/// There is no copy: it was never made, or its user deleted it.
fn copy_missing(case: &Case<'_>, row: &PsaRow) -> Vec<Operation> {
    let deleted_at = row.copy_deleted.map(|version| version.number);
    let was_deleted = deleted_at.is_some()
        || case
            .pair
            .link
            .is_some_and(|link| link.state == LinkState::CopyDeleted);
    if !was_deleted {
        return make_copy(case, row, Rule::PsaItemIsNew);
    }
    let changed_since = match deleted_at {
        Some(version) => row.person_version.number > version,
        None => changed_by_a_person(case, row),
    };
    if changed_since {
        make_copy(case, row, Rule::MadeAgainAfterChange)
    } else if case.pair.link.is_none() {
        vec![case.nothing(Rule::CopyDeletedByUser)]
    } else {
        Vec::new()
    }
}

fn changed_by_a_person(case: &Case<'_>, row: &PsaRow) -> bool {
    case.base()
        .is_some_and(|base| row.person_version.number > base.psa.version.number)
}

fn make_copy(case: &Case<'_>, row: &PsaRow, rule: Rule) -> Vec<Operation> {
    let (Some(composed), Some(digest)) = (case.composed(), case.psa_digest()) else {
        return Vec::new();
    };
    if ends_before_window(case.batch, &composed.content.span) {
        return vec![case.nothing(Rule::BeforeWindow)];
    }
    let copy = composed.digest();
    let nothing_yet = ExchangeVersion { tag: String::new() };
    let base = Base {
        psa: PsaBase {
            version: row.version,
            digest,
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
    let content = ExchangeContent::Event(composed.content);
    vec![case.operation(Action::CreateExchange(content), after, rule)]
}

/// Both sides exist: time first, then text.
fn follow(case: &Case<'_>, row: &PsaRow, appointment: &Appointment) -> Vec<Operation> {
    let (Some(composed), Some(there), Some(target)) = (
        case.composed(),
        case.exchange_now(),
        case.exchange_reference(),
    ) else {
        return Vec::new();
    };
    if !mails_nobody(&there) {
        return release(case, there);
    }
    let original_changed = changed_by_a_person(case, row);
    let bodies_are_read = case.batch.settings.import_mode != ImportMode::NoDetails;
    let time = time::of_psa_item(case.base(), appointment.span, there.digest.span);
    let CopyText {
        mut patch,
        copy,
        edited_in_vain,
        ..
    } = text::of_copy(
        &composed,
        &there,
        case.base(),
        original_changed,
        bodies_are_read,
    );
    let span = match time {
        Move::Psa(span, _) => span,
        Move::Neither | Move::Exchange(..) => appointment.span,
    };
    if let Move::Exchange(span, _) = time {
        patch.span = Some(span);
    }
    let agreed = Appointment {
        span,
        ..appointment.clone()
    };
    let after = case.become_linked(
        LinkState::Linked,
        Some(Base {
            psa: PsaBase {
                version: row.version,
                digest: digest_of_appointment(&agreed),
            },
            exchange: there.clone(),
            copy: Digest { span, ..copy },
        }),
    );
    let fields = text::fields_of_event(&patch);
    let mut operations = Vec::new();
    if let Move::Psa(span, rule) = time {
        let mut moved = text::empty_patch();
        moved.span = Some(span);
        let update = PsaUpdate {
            reference: row.reference.clone(),
            version: row.version,
            patch: moved,
            exchange: None,
        };
        // Should the write to Exchange below fail, the link still knows what both agreed on.
        let agreed = if fields.is_empty() {
            after.clone()
        } else {
            LinkChange::Keep
        };
        let mut operation = case.operation(Action::UpdatePsa(update), agreed, rule);
        operation.evidence.fields = vec!["time".to_owned()];
        operations.push(operation);
    }
    if !fields.is_empty() {
        let rule = match time {
            Move::Exchange(_, rule) => rule,
            Move::Neither | Move::Psa(..) if original_changed || case.base().is_none() => {
                Rule::PsaItemChanged
            }
            Move::Neither | Move::Psa(..) => Rule::SettingsChanged,
        };
        let update = ExchangeUpdate {
            target,
            version: there.version.clone(),
            proof: there.proof,
            patch: ExchangePatch::Event(patch),
        };
        let mut operation = case.operation(Action::UpdateExchange(update), after, rule);
        operation.evidence.fields = fields;
        operations.push(operation);
    } else if operations.is_empty() && link_differs(case, &after) {
        let rule = if edited_in_vain {
            Rule::CopyTextIgnored
        } else {
            case.link_only_rule()
        };
        operations.push(case.operation(Action::LinkOnly, after, rule));
    }
    operations
}

/// Whether a link would become anything else than it is.
pub fn link_differs(case: &Case<'_>, after: &LinkChange) -> bool {
    let LinkChange::Become(after) = after else {
        return true;
    };
    case.pair.link.is_none_or(|link| {
        link.state != after.state
            || link.base != after.base
            || link.exchange != after.exchange
            || link.psa != after.psa
    })
}
