//! Items that Exchange originates: Exchange owns text and existence, the PSA's copy may be moved
//! (behaviour, section 2, rows 5 and 6, and section 3).

use super::case::Case;
use super::seen::{Item, Seen};
use super::text;
use super::time::{self, Move};
use super::{ends_before_window, series};
use crate::base::{digest_of_event, exchange_base, fingerprint, mails_nobody};
use crate::contract::{
    Action, Appointment, Base, Batch, Digest, EventPatch, ExchangeEvent, ExchangePatch,
    ExchangeUpdate, ImportMode, LinkChange, LinkState, Operation, PsaBase, PsaContent, PsaCreation,
    PsaDeletion, PsaRow, PsaUpdate, RowVersion, Rule, ShowAs,
};
use crate::import::{digest_of_appointment, import, kept_out};
use crate::series::slot;
use crate::zone;

pub fn decide(case: &Case<'_>) -> Vec<Operation> {
    if matches!(case.pair.seen, Seen::Gone) {
        return original_gone(case);
    }
    if !imports(case.batch) {
        return switched_off(case);
    }
    // A copy that is there again, as after a restore, is followed as if it had never been gone.
    let copy_deleted = case.pair.row.is_none_or(|row| row.deleted)
        && case
            .pair
            .link
            .is_some_and(|link| link.state == LinkState::CopyDeleted);
    match (copy_deleted, case.pair.row, case.event()) {
        (true, _, Some(event)) => changed_after_copy_deleted(case, event),
        (true, _, None) => Vec::new(),
        (_, Some(row), event) if row.deleted => copy_deleted_in_psa(case, row, event),
        (_, Some(row), event) => match &row.content {
            PsaContent::Appointment(appointment) => follow(case, row, appointment, event),
            _ => Vec::new(),
        },
        (_, None, Some(event)) => appear(case, event, new_rule(case)),
        (_, None, None) => Vec::new(),
    }
}

/// Whether appointments come over: the tenant lets them, and the user too.
pub fn imports(batch: &Batch) -> bool {
    batch.settings.import_mode != ImportMode::None && batch.profile.import_appointments
}

/// Not a deletion: what is there stays (behaviour, section 6). A copy whose link was lost gets it
/// again, and a link whose original goes by another name now goes on with that, so that the copy goes
/// with its original.
fn switched_off(case: &Case<'_>) -> Vec<Operation> {
    let (state, base) = match (case.pair.link, case.pair.row) {
        (None, None) => return vec![case.nothing(Rule::SwitchedOff)],
        (None, Some(row)) if !row.deleted => (LinkState::Linked, None),
        (Some(link), _) if case.exchange_reference() != link.exchange => {
            (link.state, case.base().cloned())
        }
        _ => return Vec::new(),
    };
    let after = case.become_linked(state, base);
    vec![case.operation(Action::LinkOnly, after, case.link_only_rule())]
}

fn new_rule(case: &Case<'_>) -> Rule {
    match case.pair.found_by {
        Some(Rule::CopiedItemIsNew) => Rule::CopiedItemIsNew,
        _ => Rule::ExchangeItemIsNew,
    }
}

/// The server confirmed that the original is gone, so its copy goes too.
fn original_gone(case: &Case<'_>) -> Vec<Operation> {
    match case.pair.row.filter(|row| !row.deleted) {
        Some(row) => vec![delete_copy(case, row, Rule::ExchangeItemDeleted)],
        None if case.pair.link.is_some() => {
            vec![case.operation(Action::LinkOnly, LinkChange::Drop, Rule::BothGone)]
        }
        None => Vec::new(),
    }
}

/// The PSA's copy goes, and the pair with it.
pub fn delete_copy(case: &Case<'_>, row: &PsaRow, rule: Rule) -> Operation {
    let deletion = PsaDeletion {
        reference: row.reference.clone(),
        version: row.version,
    };
    case.operation(Action::DeletePsa(deletion), LinkChange::Drop, rule)
}

/// Why an item without a copy does not get one.
fn stays_in_exchange(case: &Case<'_>, event: &ExchangeEvent) -> Option<Rule> {
    kept_out(event, &case.batch.settings)
        .or_else(|| ends_before_window(case.batch, &event.span).then_some(Rule::BeforeWindow))
        .or_else(|| {
            let is_occurrence = slot::of_event(event).is_some();
            let is_outside = is_occurrence && !series::is_inside(case.batch, &event.span);
            is_outside.then_some(Rule::OutsideWindow)
        })
}

/// An item comes over for the first time, or again.
fn appear(case: &Case<'_>, event: &ExchangeEvent, rule: Rule) -> Vec<Operation> {
    if let Some(rule) = stays_in_exchange(case, event) {
        return vec![case.nothing(rule)];
    }
    let appointment = import(event, case.batch.settings.import_mode);
    let digest = digest_of_appointment(&appointment);
    let base = Base {
        psa: PsaBase {
            version: RowVersion { number: 0 },
            digest: digest.clone(),
        },
        exchange: exchange_base(event),
        copy: digest,
    };
    let mut after = case.become_linked(LinkState::Linked, Some(base));
    if let LinkChange::Become(link) = &mut after {
        link.psa = None;
    }
    let creation = PsaCreation {
        appointment,
        exchange: Item::Event(event).reference(),
    };
    vec![case.operation(Action::CreatePsa(creation), after, rule)]
}

/// Somebody deleted the PSA's copy: the original stays, and the copy is not made again before the
/// original changes. A copy that Tandem itself had deleted is no such wish.
fn copy_deleted_in_psa(
    case: &Case<'_>,
    row: &PsaRow,
    event: Option<&ExchangeEvent>,
) -> Vec<Operation> {
    let by_a_person = row.person_version == row.version;
    if !by_a_person {
        return event.map_or_else(Vec::new, |event| appear(case, event, new_rule(case)));
    }
    if let (Some(event), Some(base)) = (event, case.base())
        && original_differs(case, event, base)
        && stays_in_exchange(case, event).is_none()
    {
        return appear(case, event, Rule::MadeAgainAfterChange);
    }
    let Some(exchange) = case.exchange_now() else {
        return Vec::new();
    };
    let digest = case
        .psa_digest()
        .or_else(|| case.base().map(|base| base.psa.digest.clone()))
        .unwrap_or_else(|| exchange.digest.clone());
    let base = Base {
        psa: PsaBase {
            version: row.version,
            digest: digest.clone(),
        },
        exchange,
        copy: case.base().map_or(digest, |base| base.copy.clone()),
    };
    let after = case.become_linked(LinkState::CopyDeleted, Some(base));
    vec![case.operation(Action::LinkOnly, after, Rule::CopyDeletedByUser)]
}

/// Whether the original says something else than when both sides agreed. An empty body may be one
/// that was not read, because details did not come over: it is compared with none, so that a change
/// of that setting brings no deleted copy back.
fn original_differs(case: &Case<'_>, event: &ExchangeEvent, base: &Base) -> bool {
    let mut now = digest_of_event(event);
    let was = &base.exchange.digest;
    let is_unread = case.batch.settings.import_mode == ImportMode::NoDetails;
    if is_unread || was.body == fingerprint("") {
        now.body.clone_from(&was.body);
    }
    now != *was
}

fn changed_after_copy_deleted(case: &Case<'_>, event: &ExchangeEvent) -> Vec<Operation> {
    let Some(base) = case.base() else {
        return Vec::new();
    };
    if original_differs(case, event, base) {
        return appear(case, event, Rule::MadeAgainAfterChange);
    }
    let after = case.become_linked(
        LinkState::CopyDeleted,
        Some(Base {
            exchange: exchange_base(event),
            ..base.clone()
        }),
    );
    if case.link_differs(&after) {
        vec![case.operation(Action::LinkOnly, after, Rule::OnlyVersionDiffers)]
    } else {
        Vec::new()
    }
}

/// Both sides exist: existence by the law's filters first, then time, then text.
fn follow(
    case: &Case<'_>,
    row: &PsaRow,
    appointment: &Appointment,
    event: Option<&ExchangeEvent>,
) -> Vec<Operation> {
    if let Some(rule) = event.and_then(|event| removed_by_its_state(case, appointment, event)) {
        return vec![delete_copy(case, row, rule)];
    }
    let (Some(there), Some(target)) = (case.exchange_now(), case.exchange_reference()) else {
        return Vec::new();
    };
    let goes_back = if !mails_nobody(&there) {
        Some(Rule::MeetingNotMoved)
    } else if was_refused(case, row) {
        Some(Rule::OccurrenceNotMoved)
    } else if !(case.batch.settings.export_appointments && case.batch.profile.export_appointments) {
        // Who exports nothing expects that nothing is written to Exchange.
        Some(Rule::SwitchedOff)
    } else {
        None
    };
    let time = time::of_exchange_item(case.base(), appointment.span, there.digest.span, goes_back);
    let imported = event.map(|event| import(event, case.batch.settings.import_mode));
    let mut patch = imported
        .as_ref()
        .map_or_else(text::empty_patch, |imported| {
            text::of_import(imported, appointment, case.base())
        });
    if let Move::Psa(span, _) = time {
        patch.span = Some(span);
    }
    let here = digest_of_appointment(&text::patched(appointment, &patch));
    let copy = match (&imported, case.base()) {
        (Some(imported), _) => digest_of_appointment(imported),
        (None, Some(base)) => base.copy.clone(),
        (None, None) => here.clone(),
    };
    let agreed = Base {
        psa: PsaBase {
            version: row.version,
            digest: here.clone(),
        },
        exchange: there.clone(),
        copy: Digest {
            span: here.span,
            ..copy
        },
    };
    let after = case.become_linked(LinkState::Linked, Some(agreed.clone()));
    let mut operations = Vec::new();
    let fields = text::fields_of_appointment(&patch);
    if !fields.is_empty() || renamed(case, row) {
        let rule = match time {
            Move::Psa(_, rule) => rule,
            Move::Neither | Move::Exchange(..) if fields.is_empty() => {
                case.pair.found_by.unwrap_or(Rule::RelinkedByReference)
            }
            Move::Neither | Move::Exchange(..) if original_changed(case) => {
                Rule::ExchangeItemChanged
            }
            Move::Neither | Move::Exchange(..) => Rule::SettingsChanged,
        };
        let update = PsaUpdate {
            reference: row.reference.clone(),
            version: row.version,
            patch,
            exchange: renamed(case, row).then(|| target.clone()),
        };
        // Should the write to Exchange below fail, the link still knows which time both agreed on.
        let after = match (time, case.base()) {
            (Move::Exchange(..), Some(before)) => {
                case.become_linked(LinkState::Linked, Some(but_for_time(agreed, before)))
            }
            (Move::Exchange(..), None) => LinkChange::Keep,
            (Move::Neither | Move::Psa(..), _) => after.clone(),
        };
        let mut operation = case.operation(Action::UpdatePsa(update), after, rule);
        operation.evidence.fields = fields;
        operations.push(operation);
    }
    if let Move::Exchange(span, rule) = time {
        let update = ExchangeUpdate {
            target,
            version: there.version.clone(),
            proof: there.proof,
            patch: ExchangePatch::Event(EventPatch {
                subject: None,
                location: None,
                body: None,
                span: Some(span),
                zone: zone::of_mailbox(&case.batch.mailbox),
                sensitivity: None,
                show_as: None,
            }),
        };
        let mut operation = case.operation(Action::UpdateExchange(update), after, rule);
        operation.evidence.fields = vec!["time".to_owned()];
        operations.push(operation);
    } else if operations.is_empty() && case.link_differs(&after) {
        let text_edited = case.base().is_some_and(|base| {
            base.psa.digest.subject != here.subject || base.psa.digest.body != here.body
        });
        let rule = if text_edited {
            Rule::CopyTextIgnored
        } else {
            case.link_only_rule()
        };
        operations.push(case.operation(Action::LinkOnly, after, rule));
    }
    operations
}

/// Exchange does not take an occurrence where this version of its copy puts it.
fn was_refused(case: &Case<'_>, row: &PsaRow) -> bool {
    let is_occurrence = case
        .exchange_reference()
        .is_some_and(|it| it.slot.is_some());
    is_occurrence && case.pair.link.and_then(|link| link.refused) == Some(row.version)
}

/// What both sides agree on while the time is still to be written: the texts alone.
fn but_for_time(agreed: Base, before: &Base) -> Base {
    let mut base = agreed;
    base.psa.digest.span = before.psa.digest.span;
    base.exchange.digest.span = before.exchange.digest.span;
    base.copy.span = before.copy.span;
    base
}

/// A linked item that the law takes out of the PSA: cancelled, declined, or turned free while free
/// time is not sent. One that was free all along only left the filter, and stays.
fn removed_by_its_state(
    case: &Case<'_>,
    appointment: &Appointment,
    event: &ExchangeEvent,
) -> Option<Rule> {
    match kept_out(event, &case.batch.settings)? {
        Rule::FreeNotSent => {
            // While links are made again only the copy remembers how the item was.
            let was_free = case.base().map_or(appointment.free, |base| {
                base.exchange.digest.show_as == ShowAs::Free
            });
            (!was_free).then_some(Rule::BecameFree)
        }
        rule => Some(rule),
    }
}

/// Attendees and answers are in no digest; where the PSA's copy has to say something else, another
/// version tells the original's change from one of the settings.
fn original_changed(case: &Case<'_>) -> bool {
    match (case.event(), case.base()) {
        (Some(event), Some(base)) => event.version != base.exchange.version,
        _ => true,
    }
}

/// The row remembers another name than the item has now, or none. An occurrence's name is its slot,
/// whatever its id.
fn renamed(case: &Case<'_>, row: &PsaRow) -> bool {
    case.item().is_some_and(|item| {
        let name = item.reference();
        row.exchange.as_ref().is_none_or(|known| match &name.slot {
            Some(_) => known.slot != name.slot,
            None => known.id != name.id || known.slot.is_some(),
        })
    })
}
