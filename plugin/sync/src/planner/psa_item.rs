//! Items that the PSA originates: the PSA owns text and existence (behaviour, section 2, rows 1 to
//! 4 and 7 to 8). Whether an item has a copy stands here for all kinds; how a copy follows stands
//! here for appointments and to-dos, whose copies may be moved.

use super::case::Case;
use super::copy;
use super::seen::{Item, Seen};
use super::text::{self, Body, CopyText, Texts};
use super::time::{self, Move};
use super::{contact, service_call};
use crate::base::mails_nobody;
use crate::compose::{Composed, ComposedEvent, compose, kept_at_home};
use crate::contract::{
    Action, Base, Digest, EventPatch, ExchangeBase, ExchangePatch, ExchangeUpdate, ImportMode,
    ItemKind, LinkChange, LinkState, Operation, PsaBase, PsaRow, PsaUpdate, RowVersion, Rule,
};

pub fn decide(case: &Case<'_>) -> Vec<Operation> {
    let Some(row) = case.pair.row else {
        return without_record(case);
    };
    if !exports(case, row.reference.kind) {
        return left_alone(case, row);
    }
    if row.deleted {
        let is_linked = case.pair.link.is_some();
        let removal = is_linked.then(|| copy::remove(case, row, Rule::PsaItemDeleted));
        return removal.into_iter().collect();
    }
    if let Some(rule) = kept_at_home(row, &case.batch.mailbox) {
        return stays_at_home(case, row, rule);
    }
    match compose(row, case.batch) {
        Composed::Event(event) if copy_is_there(case) => match row.reference.kind {
            ItemKind::ServiceCall => service_call::follow(case, row, &event),
            _ => follow(case, row, &event),
        },
        Composed::Contact(contact) if copy_is_there(case) => contact::follow(case, row, &contact),
        Composed::Contact(_) => contact::without_copy(case, row),
        Composed::Event(_) if matches!(case.pair.seen, Seen::Gone) => copy_gone(case, row),
        Composed::Event(_) => copy_missing(case, row),
    }
}

fn copy_is_there(case: &Case<'_>) -> bool {
    match case.pair.seen {
        Seen::There(_) => true,
        Seen::Gone => false,
        Seen::Unchanged => case.pair.link.is_some_and(|link| link.exchange.is_some()),
    }
}

fn exports(case: &Case<'_>, kind: ItemKind) -> bool {
    let (tenant, user) = (&case.batch.settings, &case.batch.profile);
    match kind {
        ItemKind::Appointment => tenant.export_appointments && user.export_appointments,
        ItemKind::ToDo => tenant.export_to_dos && user.export_to_dos,
        ItemKind::ServiceCall => tenant.export_service_calls && user.export_service_calls,
        ItemKind::Contact => tenant.export_contacts && user.export_contacts,
    }
}

/// A setting keeps the item at home. That is no deletion: what is there stays (behaviour, section
/// 6).
fn left_alone(case: &Case<'_>, row: &PsaRow) -> Vec<Operation> {
    if case.pair.link.is_some() || row.deleted {
        return Vec::new();
    }
    let found = found_again(case, row.version);
    vec![found.unwrap_or_else(|| case.nothing(Rule::SwitchedOff))]
}

/// Its own data keep the item at home: the copy on which both sides agreed goes. A marked item that
/// is only found again may be one that a user made of that copy, and those are never deleted; it is
/// linked, so that no second one is made when the item travels again.
fn stays_at_home(case: &Case<'_>, row: &PsaRow, rule: Rule) -> Vec<Operation> {
    if contact::left_by_a_setting(case, row) {
        return left_alone(case, row);
    }
    let never_agreed = RowVersion { number: 0 };
    let agreed = case.base().map(|base| base.psa.version);
    match case.pair.link {
        None => {
            let found = found_again(case, never_agreed);
            vec![found.unwrap_or_else(|| case.nothing(Rule::KeptAtHome))]
        }
        Some(_) if agreed == Some(never_agreed) && copy_is_there(case) => Vec::new(),
        Some(_) => vec![copy::remove(case, row, rule)],
    }
}

/// A copy found again while its item stays at home is linked without a write, so that one pasted
/// meanwhile is not taken for it; what differs is written later. `agreed`: the version of the row
/// that counts as agreed on.
fn found_again(case: &Case<'_>, agreed: RowVersion) -> Option<Operation> {
    let (there, digest) = (case.exchange_now()?, case.psa_digest()?);
    if !mails_nobody(&there) {
        return Some(copy::release(case, there));
    }
    let base = Base {
        psa: PsaBase {
            version: agreed,
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
    Some(case.operation(Action::LinkOnly, after, case.link_only_rule()))
}

/// The record is not even a tombstone, as after a restore: nothing is done to a marked item whose
/// record does not exist (behaviour, section 5).
fn without_record(case: &Case<'_>) -> Vec<Operation> {
    match case.pair.seen {
        Seen::Gone => vec![case.operation(Action::LinkOnly, LinkChange::Drop, Rule::BothGone)],
        Seen::There(_) => vec![case.nothing(Rule::MarkedWithoutRecord)],
        Seen::Unchanged => Vec::new(),
    }
}

/// The copy was deleted by its user. The PSA item stays; the copy is made again once the PSA item
/// changes, which it may have done already.
fn copy_gone(case: &Case<'_>, row: &PsaRow) -> Vec<Operation> {
    // A copy that is not made again is not forgotten: the next change asks anew.
    let is_too_old = copy::is_too_old(case, &compose(row, case.batch));
    let operation = if copy::changed_by_a_person(case, row) && !is_too_old {
        copy::make(case, row, Rule::MadeAgainAfterChange)
    } else if service_call::is_made_again(case, row) {
        service_call::make_again(case, row)
    } else {
        copy::deleted_by_user(case, copy::note(row))
    };
    vec![operation]
}

/// There is no copy: it was never made, or its user deleted it.
fn copy_missing(case: &Case<'_>, row: &PsaRow) -> Vec<Operation> {
    let deleted_at = row.copy_deleted.map(|version| version.number);
    let state = case.pair.link.map(|link| link.state);
    let was_deleted = deleted_at.is_some() || state == Some(LinkState::CopyDeleted);
    if !was_deleted {
        // There was one, and making it again has failed.
        let was_there = row.reference.kind == ItemKind::ServiceCall && case.base().is_some();
        return if was_there {
            copy_gone(case, row)
        } else {
            vec![copy::make(case, row, Rule::PsaItemIsNew)]
        };
    }
    let changed_since = match deleted_at {
        Some(version) => row.person_version.number > version,
        None => copy::changed_by_a_person(case, row),
    };
    if changed_since {
        vec![copy::make(case, row, Rule::MadeAgainAfterChange)]
    } else if case.pair.link.is_none() {
        vec![case.nothing(Rule::CopyDeletedByUser)]
    } else {
        Vec::new()
    }
}

/// What is known of a copy's body.
pub fn body_of<'a>(case: &Case<'a>) -> Body<'a> {
    match case.item() {
        _ if case.batch.settings.import_mode == ImportMode::NoDetails => Body::Unread,
        Some(Item::Event(event)) => Body::Says(&event.body),
        Some(Item::Contact(_)) | None => Body::AsBefore,
    }
}

/// Both sides exist: time first, then text.
fn follow(case: &Case<'_>, row: &PsaRow, composed: &ComposedEvent) -> Vec<Operation> {
    let (Some(digest), Some(there), Some(target)) = (
        case.psa_digest(),
        case.exchange_now(),
        case.exchange_reference(),
    ) else {
        return Vec::new();
    };
    if !mails_nobody(&there) {
        return vec![copy::release(case, there)];
    }
    let original_changed = copy::changed_by_a_person(case, row);
    let time = time::of_psa_item(case.base(), digest.span, there.digest.span);
    let CopyText {
        mut patch,
        copy,
        edited_in_vain,
        ..
    } = text::of_copy(&Texts {
        composed,
        there: &there,
        base: case.base(),
        original_changed,
        undoes: false,
        body: body_of(case),
    });
    let span = match time {
        Move::Psa(span, _) => span,
        Move::Neither | Move::Exchange(..) => digest.span,
    };
    if let Move::Exchange(span, _) = time {
        patch.span = Some(span);
    }
    let base = Base {
        psa: PsaBase {
            version: row.version,
            digest: Digest { span, ..digest },
        },
        exchange: there.clone(),
        copy: Digest { span, ..copy },
    };
    let after = case.become_linked(LinkState::Linked, Some(base.clone()));
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
        // Should the write to Exchange below fail, both agree on the time, and its texts are written
        // later.
        let agreed = but_for_texts(base, &patch, &there);
        let agreed = case.become_linked(LinkState::Linked, Some(agreed));
        let mut operation = case.operation(Action::UpdatePsa(update), agreed, rule);
        operation.evidence.fields = vec!["time".to_owned()];
        operations.push(operation);
    }
    if !fields.is_empty() {
        let rule = match time {
            Move::Exchange(_, rule) => rule,
            Move::Neither | Move::Psa(..) => copy::text_rule(case, row),
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
    } else if operations.is_empty() && case.link_differs(&after) {
        let rule = if edited_in_vain {
            Rule::CopyTextIgnored
        } else {
            case.link_only_rule()
        };
        operations.push(case.operation(Action::LinkOnly, after, rule));
    }
    operations
}

/// What both agree on while a patch's texts are not written yet: derived is what is there.
fn but_for_texts(agreed: Base, patch: &EventPatch, there: &ExchangeBase) -> Base {
    let there = &there.digest;
    let mut base = agreed;
    if patch.subject.is_some() {
        base.copy.subject = there.subject.clone();
    }
    if patch.body.is_some() {
        base.copy.body = there.body.clone();
    }
    if patch.location.is_some() {
        base.copy.location = there.location.clone();
    }
    if patch.sensitivity.is_some() {
        base.copy.sensitivity = there.sensitivity;
    }
    if patch.show_as.is_some() {
        base.copy.show_as = there.show_as;
    }
    base
}
