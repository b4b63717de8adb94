//! Several occurrences of one series.
//!
//! An occurrence has its master's version, so a write to one gives all others another. They are
//! written one after the other: all are read before the first, and each once more before its own
//! turn. Where nothing but the version is another, it was our own write that raised it.

use std::collections::BTreeMap;

use sync::base;
use sync::contract::{
    Change, ExchangeBase, ExchangePatch, ExchangeUpdate, Fault, Outcome, PushAction, PushOperation,
};
use sync::kit::answer::own;
use transport::{Response, Transport};

use super::build::{self, Write};
use super::{Push, set};
use crate::batch;
use crate::event::{self, wire};
use crate::fetch::look;
use crate::request::Request;

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

fn master_of(operation: &PushOperation) -> Option<&str> {
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
        let id = |write: &Write<'_>| write.target.clone().unwrap_or_default();
        let ids: Vec<String> = writes.iter().map(|(_, write)| id(write)).collect();
        let before = self.now(&ids);
        for (number, ((index, write), before)) in writes.iter().zip(before).enumerate() {
            let now = match number {
                0 => before.clone(),
                _ => self.now(&[id(write)]).pop().flatten(),
            };
            let (Some(update), Some(before), Some(now)) = (update_of(write.operation), before, now)
            else {
                set(outcomes, *index, changed());
                continue;
            };
            if before.version != update.version || before.digest != now.digest {
                set(outcomes, *index, changed());
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
            match build::write(self.mailbox, &renewed) {
                Ok(write) => {
                    let (mut done, stop) = self.chunk(&[write]);
                    if let Some(outcome) = done.pop() {
                        set(outcomes, *index, outcome);
                    }
                    if stop.is_some() {
                        return stop;
                    }
                }
                // Somebody was invited meanwhile.
                Err(_) => set(outcomes, *index, changed()),
            }
        }
        None
    }

    /// What these occurrences are now; none of one that the server does not give.
    fn now(&self, ids: &[String]) -> Vec<Option<ExchangeBase>> {
        let parts: Vec<Request> = ids
            .iter()
            .map(|id| look::event::request(self.mailbox, id, false))
            .collect();
        let mut answers = Vec::new();
        for chunk in parts.chunks(batch::LARGEST) {
            let id = self.transport.fresh_id();
            let given = batch::ask(self.transport, chunk, id, "");
            answers.extend(given.unwrap_or_else(|_| vec![None; chunk.len()]));
        }
        answers
            .into_iter()
            .map(|answer| {
                let answer = answer.filter(Response::is_good)?;
                let mut event: wire::Event = serde_json::from_slice(&answer.body).ok()?;
                // Read with all its fields, whether they are its own or its master's.
                event.kind = Some("exception".to_owned());
                match event::read(event, &self.reading).ok()?.change {
                    Change::Event(event) => Some(base::exchange_base(&event)),
                    Change::Occurrence(_) | Change::Contact(_) | Change::Removal(_) => None,
                }
            })
            .collect()
    }
}

/// It is another than it was planned on: nothing was sent.
fn changed() -> Outcome {
    Outcome::Conflict(Fault::Conflict(own(
        "occurrence-changed",
        "the occurrence is another than it was planned on",
    )))
}
