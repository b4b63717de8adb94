//! Contacts: they go out and never come over (behaviour, section 2, rows 7 and 8).
//!
//! No contact is read in a normal cycle, so nothing here needs to have seen one. What its user
//! changes in a copy stays until the PSA's contact changes, and then the whole of it is overwritten.

use super::case::Case;
use super::copy;
use crate::compose::{ComposedContact, compose};
use crate::contract::{
    Action, Base, ExchangePatch, ExchangeUpdate, LinkState, Operation, PsaBase, PsaContent, PsaRow,
    Rule,
};

/// Both sides exist.
pub fn follow(case: &Case<'_>, row: &PsaRow, composed: &ComposedContact) -> Vec<Operation> {
    let (Some(there), Some(target)) = (case.exchange_now(), case.exchange_reference()) else {
        return Vec::new();
    };
    let wanted = composed.digest();
    let before = case.base().map(|base| &base.copy);
    let is_derived_anew =
        before.is_none_or(|before| before.subject != wanted.subject || before.body != wanted.body);
    let seen = case.item().map(|item| item.base().digest);
    let says_so =
        seen.is_some_and(|seen| seen.subject == wanted.subject && seen.body == wanted.body);
    let after = case.become_linked(
        LinkState::Linked,
        Some(Base {
            psa: PsaBase {
                version: row.version,
                digest: wanted.clone(),
            },
            exchange: there.clone(),
            copy: wanted,
        }),
    );
    if is_derived_anew && !says_so {
        let update = ExchangeUpdate {
            target,
            version: there.version.clone(),
            proof: there.proof,
            patch: ExchangePatch::Contact(composed.content.clone()),
        };
        let mut operation =
            case.operation(Action::UpdateExchange(update), after, Rule::PsaItemChanged);
        operation.evidence.fields = vec!["contact".to_owned()];
        vec![operation]
    } else if case.link_differs(&after) {
        vec![case.operation(Action::LinkOnly, after, case.link_only_rule())]
    } else {
        Vec::new()
    }
}

/// The copy was never made, or its user deleted it: then it is made again at a full
/// re-synchronisation only, whatever becomes of the PSA's contact.
pub fn without_copy(case: &Case<'_>, row: &PsaRow) -> Vec<Operation> {
    let link = case.pair.link;
    let was_there =
        link.is_some_and(|link| link.exchange.is_some() || link.state == LinkState::CopyDeleted);
    if !was_there || case.batch.relinking {
        vec![copy::make(case, row, Rule::PsaItemIsNew)]
    } else if link.is_some_and(|link| link.state == LinkState::CopyDeleted) {
        Vec::new()
    } else {
        vec![copy::deleted_by_user(case, Action::LinkOnly)]
    }
}

/// Whether another setting than the one under which it was chosen took a contact out of the
/// selection: then a copy that it has stays. Who does not know is careful.
pub fn left_by_a_setting(case: &Case<'_>, row: &PsaRow) -> bool {
    let PsaContent::Contact(contact) = &row.content else {
        return false;
    };
    let under_this_setting = compose(row, case.batch).digest().location;
    let has_copy = case.pair.link.is_some() || case.item().is_some();
    contact.active
        && !contact.selected
        && has_copy
        && case
            .base()
            .is_none_or(|base| base.copy.location != under_this_setting)
}
