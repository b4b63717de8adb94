//! What a round leaves open of a series: a deleted occurrence is never announced, and a linked one
//! may lie outside what a round tells.

use std::collections::{BTreeMap, BTreeSet};

use super::{asked_by, master_of, slot_of};
use crate::contract::{
    Change, EventShape, ExchangeId, ExchangeReference, Instant, Link, PsaContent, PsaRow, Scope,
    Span, ToldSeries, Window,
};
use crate::cycle::observe::{self, Unanswered};
use crate::cycle::run::{Context, CycleError};
use crate::cycle::{lease, window};
use crate::psa::feed;
use crate::runtime::Session;
use crate::store::look_again::LookAgain;
use crate::store::master::KnownSeries;
use crate::store::observation::{Staged, item_of};
use crate::store::{link, master};

/// How many series are completed at once.
const LOT: usize = 20;

/// Asks for what is missing of each series whose master was told, and adds it to what was read.
/// `within` is where all its occurrences are to be known; those that are looked at again are to be
/// known wherever they are. A series of which nothing is missing costs no request.
///
/// # Errors
/// When the server cannot be asked.
pub async fn complete(
    context: &mut Context,
    session: &mut Session,
    guard: &lease::Guard,
    within: Window,
    looked_at: &[LookAgain],
    staged: &mut Staged,
    unanswered: &mut Unanswered,
) -> Result<(), CycleError> {
    let ids: Vec<ExchangeId> = staged
        .changes
        .iter()
        .filter_map(master_of)
        .map(|master| master.id.clone())
        .filter(|id| !unanswered.contains_key(&id.value))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let known = master::by_ids(&context.tenant, &context.record.mailbox.id, &ids).await?;
    recall_cancelled(&mut staged.changes, &known);
    let names = names(context, &ids).await?;
    let from = context.window()?.start;
    let again = observe::exchange_ids(looked_at).into_iter();
    let missed = Missed {
        from,
        again: again.map(|id| id.value).collect(),
    };
    let series = told(&staged.changes, &ids, &names, within, &missed);
    for lot in series.chunks(LOT) {
        guard.extend(&context.host, &mut context.lease).await?;
        let page = observe::fetch(context, session, Scope::Series(lot.to_vec())).await?;
        observe::hear(unanswered, &[], &page.changes, &page.remarks);
        staged.add(page.changes);
    }
    Ok(())
}

/// What became of these occurrences, of nothing else of their series, and of the masters.
///
/// # Errors
/// When the server cannot be asked.
pub async fn only_linked(
    context: &Context,
    session: &mut Session,
    occurrences: &[ExchangeReference],
) -> Result<Vec<Change>, CycleError> {
    let masters: BTreeSet<&str> = occurrences.iter().map(asked_by).collect();
    let masters = masters.into_iter().map(|id| ExchangeId {
        value: id.to_owned(),
    });
    let mut found = observe::look_at(context, session, masters.collect())
        .await?
        .changes;
    let nothing = Window {
        start: context.now,
        end: context.now,
    };
    let series: Vec<ToldSeries> = found
        .iter()
        .filter_map(master_of)
        .map(|master| ToldSeries {
            master: master.clone(),
            instances: Vec::new(),
            untold: occurrences
                .iter()
                .filter(|it| asked_by(it) == master.id.value)
                .cloned()
                .collect(),
            within: nothing,
        })
        .collect();
    for lot in series.chunks(LOT) {
        let page = observe::fetch(context, session, Scope::Series(lot.to_vec())).await?;
        found.extend(page.changes);
    }
    Ok(found)
}

/// Which occurrences were cancelled is not asked for again while the series is timed as it was; one
/// that was cancelled since is not among them, so it is missed.
fn recall_cancelled(changes: &mut [Change], known: &[KnownSeries]) {
    for change in changes {
        let Change::Event(event) = change else {
            continue;
        };
        let before = known.iter().find(|series| series.master.id == event.id);
        let Some(before) = before.filter(|before| before.master.span == event.span) else {
            continue;
        };
        if let (EventShape::Master(series), EventShape::Master(before)) =
            (&mut event.shape, &before.master.shape)
            && series.cancelled.is_none()
            && series.rule_text == before.rule_text
        {
            series.cancelled.clone_from(&before.cancelled);
        }
    }
}

/// An occurrence that a link or a PSA row knows, and when it was as they know it.
struct Name {
    reference: ExchangeReference,
    span: Option<Span>,
}

/// What links know of these masters' occurrences, and what rows know that have no link.
async fn names(context: &Context, masters: &[ExchangeId]) -> Result<Vec<Name>, CycleError> {
    let mailbox = &context.record.mailbox;
    let masters: Vec<String> = masters.iter().map(|id| id.value.clone()).collect();
    let links = link::by_masters(&context.tenant, &mailbox.id, &masters).await?;
    let web = &context.host.web_address;
    let mut rows = feed::by_masters(&context.tenant, &mailbox.owner, &masters, web).await?;
    rows.retain(|row| {
        let is_its = |link: &Link| link.psa.as_ref() == Some(&row.reference);
        !links.iter().any(is_its)
    });
    let of_link = |link: Link| {
        let base = link.base.as_ref();
        let span = base.map(|base| base.exchange.digest.span);
        link.exchange.map(|reference| Name { reference, span })
    };
    let of_row = |row: PsaRow| {
        let span = match &row.content {
            PsaContent::Appointment(appointment) => Some(appointment.span),
            _ => None,
        };
        row.exchange.map(|reference| Name { reference, span })
    };
    let rows = rows.into_iter().filter_map(of_row);
    Ok(links.into_iter().filter_map(of_link).chain(rows).collect())
}

/// Which occurrences are missed when nothing is told of them.
struct Missed {
    /// Those that end later than this. What ended before is past.
    from: Instant,
    /// Those with these ids in any case: a past one may be moved in the PSA too.
    again: BTreeSet<String>,
}

impl Missed {
    fn has(&self, name: &Name) -> bool {
        self.again.contains(&name.reference.id.value)
            || name
                .span
                .is_none_or(|span| window::may_end_after(span, self.from))
    }
}

/// The series with what was told of them, and what is known of them that was not and is missed.
fn told(
    changes: &[Change],
    ids: &[ExchangeId],
    names: &[Name],
    within: Window,
    missed: &Missed,
) -> Vec<ToldSeries> {
    let ids: BTreeSet<&str> = ids.iter().map(|id| id.value.as_str()).collect();
    let mut series: BTreeMap<&str, ToldSeries> = BTreeMap::new();
    for master in changes.iter().filter_map(master_of) {
        if ids.contains(master.id.value.as_str()) {
            let told = ToldSeries {
                master: master.clone(),
                instances: Vec::new(),
                untold: Vec::new(),
                within,
            };
            series.insert(&master.id.value, told);
        }
    }
    for change in changes {
        let its = slot_of(change).and_then(|slot| series.get_mut(slot.master_id.as_str()));
        if let Some(series) = its {
            series.instances.push(change.clone());
        }
    }
    for name in names.iter().filter(|name| missed.has(name)) {
        let reference = &name.reference;
        let Some(slot) = &reference.slot else {
            continue;
        };
        let Some(series) = series.get_mut(slot.master_id.as_str()) else {
            continue;
        };
        let is_it = |told: &Change| {
            let start = slot_of(told).map(|slot| slot.original_start);
            *item_of(told) == reference.id || start == Some(slot.original_start)
        };
        if !series.instances.iter().any(is_it) {
            series.untold.push(reference.clone());
        }
    }
    series.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::series::sample::{day, id, master, moved, occurrence, slot};

    const WITHIN: Window = Window {
        start: Instant { microseconds: 0 },
        end: Instant {
            microseconds: i64::MAX,
        },
    };

    fn name(of: &str, number: i64, known_as: &str) -> Name {
        Name {
            reference: ExchangeReference {
                id: id(known_as),
                uid: None,
                slot: Some(slot(of, number)),
            },
            span: Some(occurrence(of, number).span),
        }
    }

    fn cancelled(mut of: crate::contract::ExchangeEvent, days: &[i64]) -> Change {
        if let EventShape::Master(series) = &mut of.shape {
            series.cancelled = Some(days.iter().copied().map(day).collect());
        }
        Change::Event(of)
    }

    #[test]
    fn a_series_is_asked_for_with_what_was_told_and_what_is_missed() {
        let changes = [
            Change::Event(master("m")),
            Change::Event(master("n")),
            Change::Occurrence(occurrence("m", 1)),
            moved("m", 2, 5),
            Change::Occurrence(occurrence("other", 1)),
        ];
        let names = [
            name("m", 1, "by its place"),
            name("m", 7, "m2"),
            name("m", 4, "missed"),
            name("m", -3, "past"),
            name("m", -4, "past and looked at again"),
            name("other", 1, "of a series that was not told"),
        ];
        let ids = [id("m")];
        let missed = Missed {
            from: day(0),
            again: ["past and looked at again".to_owned()].into(),
        };
        let asked = told(&changes, &ids, &names, WITHIN, &missed);
        let untold = |name: &Name| name.reference.clone();
        assert_eq!(
            asked,
            [ToldSeries {
                master: master("m"),
                instances: vec![changes[2].clone(), changes[3].clone()],
                untold: vec![untold(&names[2]), untold(&names[4])],
                within: WITHIN,
            }]
        );
    }

    #[test]
    fn cancelled_occurrences_are_recalled_while_the_series_is_timed_as_it_was() {
        let Change::Event(before) = cancelled(master("m"), &[3]) else {
            panic!("a master is an event");
        };
        let known = [KnownSeries {
            master: before,
            instances: Vec::new(),
        }];
        let recalled = |told: Change| {
            let mut changes = [told];
            recall_cancelled(&mut changes, &known);
            let [change] = changes;
            change
        };
        let again = recalled(Change::Event(master("m")));
        assert_eq!(again, cancelled(master("m"), &[3]));
        let told = cancelled(master("m"), &[3, 4]);
        assert_eq!(recalled(told.clone()), told);
        let mut ruled = master("m");
        if let EventShape::Master(series) = &mut ruled.shape {
            series.rule_text = "weekly".to_owned();
        }
        let mut timed = master("m");
        timed.span = occurrence("m", 1).span;
        for other in [ruled, timed, master("n")] {
            let other = Change::Event(other);
            assert_eq!(recalled(other.clone()), other);
        }
    }
}
