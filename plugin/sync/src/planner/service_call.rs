//! Service calls: their copies may not be changed at all (behaviour, section 2, rows 3 and 4).
//!
//! What somebody does to a copy in Exchange is undone, and a deleted copy is made again, but not
//! for ever: a phone, a retention policy or another tool would answer each time (section 6). So
//! both are counted for each version of the call that a person made.

use super::case::Case;
use super::copy;
use super::psa_item::body_of;
use super::text::{self, CopyText, Texts};
use super::time::{self, Move};
use crate::base::mails_nobody;
use crate::compose::{ComposedEvent, compose};
use crate::contract::{
    Action, Attempts, Base, ExchangePatch, ExchangeUpdate, Instant, ItemKind, LinkChange,
    LinkState, Operation, PsaBase, PsaRow, Rule,
};
use crate::zone;

/// How often a change of a copy is undone for one version of the call.
const UNDOING_LIMIT: u32 = 3;
/// How often a deleted copy is made again for one version of the call.
const REMAKING_LIMIT: u32 = 1;

/// How often something was tried for the call as it is now.
fn tried(attempts: Option<Attempts>, row: &PsaRow) -> u32 {
    attempts
        .filter(|attempts| attempts.version == row.person_version)
        .map_or(0, |attempts| attempts.count)
}

fn once_more(tried: u32, row: &PsaRow) -> Attempts {
    Attempts {
        count: tried.saturating_add(1),
        version: row.person_version,
    }
}

/// Whether an instant of the call, as the PSA has it, has come.
fn has_come(case: &Case<'_>, instant: Option<Instant>) -> bool {
    instant.is_none_or(|instant| instant.microseconds <= case.batch.now.microseconds)
}

/// Both sides exist.
pub fn follow(case: &Case<'_>, row: &PsaRow, composed: &ComposedEvent) -> Vec<Operation> {
    let (Some(there), Some(target)) = (case.exchange_now(), case.exchange_reference()) else {
        return Vec::new();
    };
    if !mails_nobody(&there) {
        return vec![copy::release(case, there)];
    }
    let wanted = composed.digest();
    let original_changed = copy::changed_by_a_person(case, row);
    let undone_before = tried(case.pair.link.map(|link| link.undoing), row);
    let is_over = has_come(case, zone::end(&wanted.span, &composed.content.zone));
    let undoes = undone_before < UNDOING_LIMIT && !is_over;
    let time = time::of_service_call(
        case.base(),
        wanted.span,
        there.digest.span,
        original_changed,
        undoes,
    );
    let CopyText {
        mut patch,
        copy,
        edited_in_vain,
        undone,
    } = text::of_copy(&Texts {
        composed,
        there: &there,
        base: case.base(),
        original_changed,
        undoes,
        body: body_of(case),
    });
    if let Move::Exchange(span, _) = time {
        patch.span = Some(span);
    }
    let rule = match time {
        Move::Exchange(_, rule) => rule,
        _ if undone => Rule::ServiceCallUndone,
        _ => copy::text_rule(case, row),
    };
    let moved_in_vain = matches!(time, Move::Neither)
        && there.digest.span != wanted.span
        && case
            .base()
            .is_some_and(|base| base.exchange.digest.span != there.digest.span);
    let mut after = case.become_linked(
        LinkState::Linked,
        Some(Base {
            psa: PsaBase {
                version: row.version,
                digest: wanted.clone(),
            },
            exchange: there.clone(),
            copy,
        }),
    );
    let fields = text::fields_of_event(&patch);
    if !fields.is_empty() {
        if let (LinkChange::Become(link), Rule::ServiceCallUndone) = (&mut after, rule) {
            link.undoing = once_more(undone_before, row);
        }
        let update = ExchangeUpdate {
            target,
            version: there.version.clone(),
            proof: there.proof,
            patch: ExchangePatch::Event(patch),
        };
        let mut operation = case.operation(Action::UpdateExchange(update), after, rule);
        operation.evidence.fields = fields;
        return vec![operation];
    }
    if !case.link_differs(&after) {
        return Vec::new();
    }
    vec![match (edited_in_vain || moved_in_vain, is_over) {
        (false, _) => case.operation(Action::LinkOnly, after, case.link_only_rule()),
        (true, false) => case.operation(Action::LinkOnly, after, Rule::UndoingStopped),
        (true, true) => {
            let mut operation = case.operation(Action::LinkOnly, after, Rule::CopyTextIgnored);
            "the call is over: what is done to its copy stays".clone_into(&mut operation.remark);
            operation
        }
    }]
}

/// Whether the deleted copy of a call is made again: once, if the call has not begun.
pub fn is_made_again(case: &Case<'_>, row: &PsaRow) -> bool {
    let begin = zone::begin(
        &compose(row, case.batch).digest().span,
        &zone::of_mailbox(&case.batch.mailbox),
    );
    row.reference.kind == ItemKind::ServiceCall
        && remade(case, row) < REMAKING_LIMIT
        && !has_come(case, begin)
}

pub fn make_again(case: &Case<'_>, row: &PsaRow) -> Operation {
    let mut operation = copy::make(case, row, Rule::ServiceCallMadeAgain);
    if let LinkChange::Become(link) = &mut operation.after {
        link.remaking = once_more(remade(case, row), row);
    }
    operation
}

fn remade(case: &Case<'_>, row: &PsaRow) -> u32 {
    tried(case.pair.link.map(|link| link.remaking), row)
}
