//! Which series a cycle plans, and what it keeps of them for the next ones.
//!
//! A series is planned with all its occurrences, also those that were told long ago: when anything
//! of it was told, when a link or a row of it is planned, and when the window ends elsewhere than
//! at the last cycle, because then occurrences come in.

use std::collections::{BTreeMap, BTreeSet};

use super::{master_of, slot_of};
use crate::contract::{
    Change, Echo, EchoedItem, ExchangeEvent, ExchangeId, ExchangeReference, MailboxId,
};
use crate::cycle::observe::{Breadth, Observed};
use crate::cycle::run::{Context, CycleError};
use crate::store::master::KnownSeries;
use crate::store::observation::item_of;
use crate::store::{StoreError, Transaction, master};

/// The series of a cycle.
#[derive(Clone, Debug, Default)]
pub struct InPlay {
    /// As they are after what was told; with no occurrence where none lies within what is read.
    pub series: Vec<KnownSeries>,
    /// Those of which something was told, by their masters' ids.
    told: BTreeSet<String>,
    /// The ids of all items that were told.
    items: BTreeSet<String>,
    /// Masters that are gone, or are none any more.
    gone: Vec<ExchangeId>,
}

/// The masters' ids of the series that are planned for themselves, whatever links and rows are.
///
/// # Errors
/// When the database does not answer.
pub async fn masters(
    context: &Context,
    observed: &Observed,
) -> Result<BTreeSet<String>, CycleError> {
    let mut masters = BTreeSet::new();
    for change in &observed.staged.changes {
        // An item that was a master may be single now, or gone.
        masters.insert(match slot_of(change) {
            Some(slot) => slot.master_id.clone(),
            None => item_of(change).value.clone(),
        });
    }
    if lets_all_in(context, observed)? {
        let all = master::ids(&context.tenant, &context.record.mailbox.id).await?;
        masters.extend(all.into_iter().map(|id| id.value));
    }
    Ok(masters)
}

/// Which of the series that were told, or of which an occurrence was, are kept already.
///
/// # Errors
/// When the database does not answer.
pub async fn kept(context: &Context, told: &[Change]) -> Result<BTreeSet<String>, CycleError> {
    let masters = told
        .iter()
        .filter_map(master_of)
        .map(|master| &master.id.value);
    let slots = told.iter().filter_map(slot_of).map(|slot| &slot.master_id);
    let sought: BTreeSet<&String> = masters.chain(slots).collect();
    if sought.is_empty() {
        return Ok(BTreeSet::new());
    }
    let kept = master::ids(&context.tenant, &context.record.mailbox.id).await?;
    let kept = kept.into_iter().map(|id| id.value);
    Ok(kept.filter(|id| sought.contains(id)).collect())
}

/// The series with these masters as they were last told. What nobody could answer for is left alone.
///
/// # Errors
/// When the database does not answer.
pub async fn known(
    context: &Context,
    observed: &Observed,
    masters: &[String],
) -> Result<Vec<KnownSeries>, CycleError> {
    let is_answered = |id: &&String| !observed.unanswered.contains_key(*id);
    by_ids(context, masters.iter().filter(is_answered)).await
}

async fn by_ids(
    context: &Context,
    ids: impl IntoIterator<Item = &String>,
) -> Result<Vec<KnownSeries>, CycleError> {
    let ids: Vec<ExchangeId> = ids
        .into_iter()
        .map(|value| ExchangeId {
            value: value.clone(),
        })
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(master::by_ids(&context.tenant, &context.record.mailbox.id, &ids).await?)
}

fn lets_all_in(context: &Context, observed: &Observed) -> Result<bool, CycleError> {
    Ok(match observed.breadth {
        Breadth::Items => false,
        Breadth::Changes => context.record.window_end != Some(context.window()?.end),
        Breadth::Everything { .. } => true,
    })
}

impl InPlay {
    /// The series that are known, after what was told. A master that is told comes with all its
    /// occurrences; an occurrence that is told alone takes the place of what it was.
    #[must_use]
    pub fn after(told: &[Change], known: Vec<KnownSeries>) -> Self {
        let mut in_play = Self::default();
        let mut instances: BTreeMap<&str, Vec<Change>> = BTreeMap::new();
        for change in told {
            in_play.items.insert(item_of(change).value.clone());
            if let Some(slot) = slot_of(change) {
                let its = instances.entry(&slot.master_id).or_default();
                its.push(change.clone());
            }
        }
        for master in told.iter().filter_map(master_of) {
            in_play.told.insert(master.id.value.clone());
            in_play.series.push(KnownSeries {
                master: master.clone(),
                instances: instances
                    .remove(master.id.value.as_str())
                    .unwrap_or_default(),
            });
        }
        for mut series in known {
            let id = &series.master.id;
            if in_play.told.contains(&id.value) {
                continue;
            }
            if in_play.items.contains(&id.value) {
                in_play.gone.push(id.clone());
                continue;
            }
            let news = instances.remove(id.value.as_str()).unwrap_or_default();
            let before = series.instances.len();
            series.instances.retain(|instance| {
                let is_place = |other: &Change| slot_of(other) == slot_of(instance);
                !in_play.items.contains(&item_of(instance).value) && !news.iter().any(is_place)
            });
            if !news.is_empty() || series.instances.len() < before {
                in_play.told.insert(id.value.clone());
            }
            series.instances.extend(news);
            in_play.series.push(series);
        }
        in_play
    }

    /// The masters.
    #[must_use]
    pub fn masters(&self) -> Vec<ExchangeEvent> {
        let masters = self.series.iter().map(|series| series.master.clone());
        masters.collect()
    }

    /// Occurrences as they were told before, and are still.
    #[must_use]
    pub fn remembered(&self) -> Vec<Change> {
        let instances = self.series.iter().flat_map(|series| &series.instances);
        let is_old = |change: &&Change| !self.items.contains(&item_of(change).value);
        instances.filter(is_old).cloned().collect()
    }

    /// Keeps for the next cycles what was told, with the writes that it is planned for. A series
    /// without occurrences within what is read is forgotten until it is told again.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn keep(
        &self,
        transaction: &mut Transaction,
        mailbox: &MailboxId,
    ) -> Result<(), StoreError> {
        let is_told = |series: &&KnownSeries| self.told.contains(&series.master.id.value);
        let (kept, empty): (Vec<KnownSeries>, Vec<KnownSeries>) = self
            .series
            .iter()
            .filter(is_told)
            .cloned()
            .partition(|series| !series.instances.is_empty());
        master::put(transaction, mailbox, &kept).await?;
        let empty = empty.into_iter().map(|series| series.master.id);
        let forgotten: Vec<ExchangeId> = empty.chain(self.gone.iter().cloned()).collect();
        master::remove(transaction, mailbox, &forgotten).await
    }
}

/// Keeps what the server made of a write to an occurrence: until it is told again, the next cycles
/// plan from that and not from what was told before.
///
/// # Errors
/// When the database refuses it.
pub async fn keep_echo(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    target: &ExchangeReference,
    echo: &Echo,
) -> Result<(), StoreError> {
    let Some(slot) = &target.slot else {
        return Ok(());
    };
    let id = ExchangeId {
        value: slot.master_id.clone(),
    };
    let mut known = master::by_ids(&mut *transaction, mailbox, &[id]).await?;
    for series in &mut known {
        series.instances.retain(|it| *item_of(it) != target.id);
        if let EchoedItem::Event(event) = &echo.item {
            series.instances.push(Change::Event(event.clone()));
        }
    }
    master::put(transaction, mailbox, &known).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::series::sample::{master, moved, occurrence, removal};

    fn plain(of: &str, number: i64) -> Change {
        Change::Occurrence(occurrence(of, number))
    }

    fn known(of: &str, instances: Vec<Change>) -> KnownSeries {
        KnownSeries {
            master: master(of),
            instances,
        }
    }

    #[test]
    fn a_master_that_is_told_replaces_all_that_was_known_of_its_series() {
        let told = [Change::Event(master("m")), plain("m", 2)];
        let before = vec![
            known("m", vec![plain("m", 1)]),
            known("n", vec![plain("n", 1)]),
        ];
        let in_play = InPlay::after(&told, before);
        let after = [
            known("m", vec![plain("m", 2)]),
            known("n", vec![plain("n", 1)]),
        ];
        assert_eq!(in_play.series, after);
        assert_eq!(in_play.remembered(), [plain("n", 1)]);
        assert_eq!(in_play.masters(), [master("m"), master("n")]);
        assert_eq!(in_play.told, BTreeSet::from(["m".to_owned()]));
    }

    #[test]
    fn an_occurrence_that_is_told_alone_takes_its_place_and_one_that_is_gone_leaves_it() {
        let before = known("m", vec![plain("m", 1), plain("m", 2), plain("m", 3)]);
        let in_play = InPlay::after(&[moved("m", 2, 9), removal("m3")], vec![before]);
        let after = known("m", vec![plain("m", 1), moved("m", 2, 9)]);
        assert_eq!(in_play.series, [after]);
        assert_eq!(in_play.remembered(), [plain("m", 1)]);
        assert!(in_play.told.contains("m"));
    }

    #[test]
    fn of_a_series_that_is_gone_or_single_nothing_is_remembered() {
        let mut single = master("n");
        single.shape = crate::contract::EventShape::Single;
        let before = vec![
            known("m", vec![plain("m", 1)]),
            known("n", vec![plain("n", 1)]),
        ];
        let in_play = InPlay::after(&[removal("m"), Change::Event(single)], before);
        assert!(in_play.series.is_empty() && in_play.remembered().is_empty());
        assert_eq!(in_play.gone, [master("m").id, master("n").id]);
    }

    #[test]
    fn a_series_of_which_nothing_is_told_is_not_written_again() {
        let before = vec![known("m", vec![plain("m", 1)])];
        let in_play = InPlay::after(&[], before.clone());
        assert_eq!(in_play.series, before);
        assert!(in_play.told.is_empty() && in_play.gone.is_empty());
    }
}
