//! Several occurrences of one series.
//!
//! An occurrence has its master's version, so a write to one gives all others another. They are
//! written one after the other: all are read before the first, and each once more before its own
//! turn. Where nothing but the version is another, it was our own write that raised it.

use std::collections::BTreeMap;

use sync::base;
use sync::contract::{
    ExchangeBase, ExchangePatch, ExchangeUpdate, Fault, Outcome, PushAction, PushOperation,
};
use sync::kit::answer::own;
use transport::Transport;

use super::build::{self, Write};
use super::{Push, set};
use crate::fetch::look::{self, Look};
use crate::operation::get_item::LOT;
use crate::operation::shape;

/// Writes with their places in the request.
pub(crate) type Writes<'a> = Vec<(usize, Write<'a>)>;

/// Those that stand alone, and series of which more than one occurrence is written.
pub(crate) fn apart(writes: Writes<'_>) -> (Writes<'_>, Vec<Writes<'_>>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, write) in &writes {
        if let Some(master) = master_of(write.operation) {
            *counts.entry(master.to_owned()).or_default() += 1;
        }
    }
    let mut alone = Writes::new();
    let mut series: BTreeMap<String, Writes<'_>> = BTreeMap::new();
    for (index, write) in writes {
        match master_of(write.operation).filter(|it| counts.get(*it).is_some_and(|it| *it > 1)) {
            Some(master) => series
                .entry(master.to_owned())
                .or_default()
                .push((index, write)),
            None => alone.push((index, write)),
        }
    }
    (alone, series.into_values().collect())
}

/// The master of the occurrence that an operation changes.
pub(crate) fn master_of(operation: &PushOperation) -> Option<&str> {
    let slot = update_of(operation)?.target.slot.as_ref()?;
    Some(&slot.master_id)
}

const fn update_of(operation: &PushOperation) -> Option<&ExchangeUpdate> {
    match &operation.action {
        PushAction::Update(update) => match update.patch {
            ExchangePatch::Event(_) => Some(update),
            ExchangePatch::Contact(_) => None,
        },
        PushAction::Create(_) | PushAction::Delete(_) => None,
    }
}

impl<T: Transport> Push<'_, T> {
    /// Writes occurrences of one series; gives why nothing more should be sent.
    pub(crate) fn series(
        &self,
        writes: &[(usize, Write<'_>)],
        outcomes: &mut [Option<Outcome>],
    ) -> Option<Fault> {
        let id = |write: &Write<'_>| {
            let target = write.target.as_ref();
            target.map(|target| target.id.clone()).unwrap_or_default()
        };
        let ids: Vec<String> = writes.iter().map(|(_, write)| id(write)).collect();
        let before = self.now(&ids);
        for (number, ((index, write), before)) in writes.iter().zip(before).enumerate() {
            let now = match number {
                0 => before.clone(),
                _ => self.now(&[id(write)]).pop().flatten(),
            };
            let (Some(update), Some(before), Some(now)) = (update_of(write.operation), before, now)
            else {
                set(outcomes, *index, Some(changed()));
                continue;
            };
            if before.version != update.version || before.digest != now.digest {
                set(outcomes, *index, Some(changed()));
                continue;
            }
            let renewed = PushOperation {
                action: PushAction::Update(ExchangeUpdate {
                    version: now.version,
                    proof: now.proof,
                    ..update.clone()
                }),
                ..write.operation.clone()
            };
            match build::write(&renewed) {
                Ok(write) => {
                    let (mut done, stop) = self.lot(&[write]);
                    set(outcomes, *index, done.pop());
                    if stop.is_some() {
                        return stop;
                    }
                }
                // Somebody was invited meanwhile.
                Err(_) => set(outcomes, *index, Some(changed())),
            }
        }
        None
    }

    /// What these events are now; none of one that the server does not give.
    pub(crate) fn now(&self, ids: &[String]) -> Vec<Option<ExchangeBase>> {
        let mut bases = Vec::new();
        for lot in ids.chunks(LOT) {
            let mut looks = look::at(self.server, shape::EVENT, lot)
                .unwrap_or_default()
                .into_iter();
            bases.extend(lot.iter().map(|_| match looks.next() {
                Some(Look::There(message)) => {
                    let item = message.items.events().next()?;
                    Some(base::exchange_base(&self.event_of(item)?))
                }
                _ => None,
            }));
        }
        bases
    }
}

/// It is another than it was planned on: nothing was sent.
pub(crate) fn changed() -> Outcome {
    Outcome::Conflict(Fault::Conflict(own(
        "item-changed",
        "the item is another than it was planned on",
    )))
}
