//! Writes to several occurrences of one series.
//!
//! An occurrence has its master's version, so a write to one gives all others another. They are
//! written one after the other: all are read before the first, and each once more before its own
//! turn. Where nothing but the version is another, it was our own write that raised it.

use std::collections::BTreeMap;

use crate::contract::{ExchangeBase, ExchangePatch, ExchangeUpdate, PushAction, PushOperation};

/// What a provider makes of an operation before it is sent.
pub trait Prepared {
    /// The operation.
    fn operation(&self) -> &PushOperation;
}

/// Writes with their places in the request.
pub type Placed<W> = Vec<(usize, W)>;

/// Those that stand alone, and series of which more than one occurrence is written.
#[must_use]
pub fn apart<W: Prepared>(writes: Placed<W>) -> (Placed<W>, Vec<Placed<W>>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, write) in &writes {
        if let Some(master) = master_of(write.operation()) {
            *counts.entry(master.to_owned()).or_default() += 1;
        }
    }
    let mut alone = Placed::new();
    let mut series: BTreeMap<String, Placed<W>> = BTreeMap::new();
    for (index, write) in writes {
        let master = master_of(write.operation());
        match master.filter(|it| counts.get(*it).is_some_and(|it| *it > 1)) {
            Some(master) => {
                let master = master.to_owned();
                series.entry(master).or_default().push((index, write));
            }
            None => alone.push((index, write)),
        }
    }
    (alone, series.into_values().collect())
}

/// The master of the occurrence that an operation changes.
#[must_use]
pub fn master_of(operation: &PushOperation) -> Option<&str> {
    let slot = update_of(operation)?.target.slot.as_ref()?;
    Some(&slot.master_id)
}

/// An operation on the occurrence as it is now, in its turn; `before` is how it was before the first of
/// its series was written. None when it is another than the operation was planned on, or when nobody
/// knows.
#[must_use]
pub fn in_turn(
    operation: &PushOperation,
    before: Option<ExchangeBase>,
    now: Option<ExchangeBase>,
) -> Option<PushOperation> {
    let (update, before, now) = (update_of(operation)?, before?, now?);
    if before.version != update.version || before.digest != now.digest {
        return None;
    }
    Some(PushOperation {
        action: PushAction::Update(ExchangeUpdate {
            version: now.version,
            proof: now.proof,
            ..update.clone()
        }),
        ..operation.clone()
    })
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
