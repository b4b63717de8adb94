//! Writing: operations of one kind go in one request, and each result becomes an outcome.
//!
//! Whatever is written is read back. The one thing that must never happen is a second copy: to the
//! server a repeated create is another item, so it is sent once, and *nothing was written* is only said
//! where it is certain.

pub mod build;
pub mod deletion;
pub mod judge;
pub mod landing;
pub mod occurrence;
pub mod read_back;

use std::collections::BTreeMap;

use build::{Kind, Write};
use judge::Verdict;
use sync::contract::{Fault, Outcome, PushOperation, PushOutcome, PushRequest};
use sync::kit::answer;
use sync::kit::occurrence::{apart, master_of};
use transport::{Response, Transport};
use uuid::Uuid;

use crate::event::Reading;
use crate::operation::{Folder, delete_item};
use crate::server::Server;

/// The space of the ids that are derived from keys.
const REQUEST_IDS: Uuid = Uuid::from_u128(0x7c1e_05b3_44d8_4f6a_8e27_90ab_6d13_f52c);

/// How many writes go in one request.
const LOT: usize = 20;

/// Carries out a request's operations, and says of each what became of it, in order.
#[must_use]
pub fn outcomes(transport: &impl Transport, request: &PushRequest) -> Vec<PushOutcome> {
    let server = Server::of_mailbox(transport, &request.settings, &request.mailbox);
    let mut outcomes: Vec<Option<Outcome>> = vec![None; request.operations.len()];
    let mut waiting: Vec<(usize, Write<'_>)> = Vec::new();
    let mut masters = BTreeMap::new();
    for (index, operation) in request.operations.iter().enumerate() {
        match build::write(operation) {
            Ok(write) => {
                if let (Some(master), Some(target)) = (master_of(operation), &write.target) {
                    masters.insert(target.id.clone(), master.to_owned());
                }
                waiting.push((index, write));
            }
            Err(fault) => set(&mut outcomes, index, Some(Outcome::Refused(fault))),
        }
    }
    let push = Push {
        server: &server,
        reading: Reading::new(&request.settings, request.mailbox.zone.as_ref()),
        masters,
    };
    let mut stopped: Option<Fault> = None;
    let (alone, series) = apart(waiting);
    for lot in lots(alone) {
        if stopped.is_none() {
            let (indices, writes): (Vec<usize>, Vec<Write<'_>>) = lot.into_iter().unzip();
            let (done, stop) = push.lot(&writes);
            for (index, outcome) in indices.into_iter().zip(done) {
                set(&mut outcomes, index, Some(outcome));
            }
            stopped = stop;
        }
    }
    for writes in series {
        if stopped.is_none() {
            stopped = push.series(&writes, &mut outcomes);
        }
    }
    answer::each(&request.operations, outcomes, stopped)
}

fn set(outcomes: &mut [Option<Outcome>], index: usize, outcome: Option<Outcome>) {
    if let (Some(place), Some(outcome)) = (outcomes.get_mut(index), outcome) {
        *place = Some(outcome);
    }
}

/// Writes that follow each other and may share a request: of one kind, to one folder, and no two to
/// one item.
fn lots<'a>(writes: Vec<(usize, Write<'a>)>) -> Vec<Vec<(usize, Write<'a>)>> {
    let mut lots: Vec<Vec<(usize, Write<'a>)>> = Vec::new();
    for (index, write) in writes {
        let id = |write: &Write<'_>| write.target.as_ref().map(|target| target.id.clone());
        let fits = lots.last().is_some_and(|lot| {
            let fits_with = |(_, other): &(usize, Write<'_>)| {
                let is_same = write.target.is_some() && id(other) == id(&write);
                other.kind == write.kind && other.folder == write.folder && !is_same
            };
            lot.len() < LOT && lot.iter().all(fits_with)
        });
        match lots.last_mut() {
            Some(lot) if fits => lot.push((index, write)),
            _ => lots.push(vec![(index, write)]),
        }
    }
    lots
}

/// Writes to one mailbox.
pub(crate) struct Push<'a, T> {
    pub(crate) server: &'a Server<'a, T>,
    pub(crate) reading: Reading,
    /// The masters of the occurrences that are written, by the occurrences' ids.
    pub(crate) masters: BTreeMap<String, String>,
}

/// A write that was done, before it is read back.
#[derive(Clone)]
pub(crate) struct Written {
    pub(crate) id: String,
    pub(crate) folder: Folder,
    /// The answer to the write.
    pub(crate) response: Response,
    pub(crate) writes: u32,
}

impl<T: Transport> Push<'_, T> {
    /// Writes of one kind to one folder, read back; and why nothing more should be sent.
    pub(crate) fn lot(&self, writes: &[Write<'_>]) -> (Vec<Outcome>, Option<Fault>) {
        let kept_back = self.kept_back(writes);
        let sent: Vec<&Write<'_>> = writes
            .iter()
            .zip(&kept_back)
            .filter(|(write, kept)| kept.is_none() && !write.is_idle())
            .map(|(write, _)| write)
            .collect();
        let (verdicts, mut stop) = self.sent(&sent);
        let mut verdicts = verdicts.into_iter();
        let verdicts: Vec<Verdict> = writes
            .iter()
            .zip(kept_back)
            .map(|(write, kept)| match (kept, write.is_idle()) {
                (Some(outcome), _) => Verdict::is(outcome),
                (None, true) => Verdict::Written(as_it_is(write)),
                (None, false) => verdicts.next().unwrap_or_else(|| {
                    Verdict::is(Outcome::Unknown(Fault::NotUnderstood(
                        "expected a result of each write".to_owned(),
                    )))
                }),
            })
            .collect();
        stop = stop.or_else(|| verdicts.iter().find_map(judge::ends_all).cloned());
        (self.outcomes_of(writes, verdicts), stop)
    }

    /// One request, and what its results mean.
    fn sent(&self, writes: &[&Write<'_>]) -> (Vec<Verdict>, Option<Fault>) {
        let Some(first) = writes.first() else {
            return (Vec::new(), None);
        };
        let id = request_id(writes.iter().map(|write| write.operation), "lot");
        let request = match first.kind {
            Kind::Create => match self.server.folder(first.folder) {
                Ok(folder) => build::creations(folder, writes),
                Err(fault) => {
                    let unsent = writes.iter().map(|_| Verdict::is(judge::unsent(&fault)));
                    return (unsent.collect(), Some(fault));
                }
            },
            Kind::Update => build::updates(first.folder, writes),
            Kind::Delete => build::deletions(self.deleted_into(first.folder), writes),
        };
        match self.server.ask_as(request, id) {
            Ok(answer) => {
                let mut messages = answer.messages.into_iter();
                let verdicts = writes.iter().map(|write| {
                    judge::result(self.server, write, messages.next(), &answer.response)
                });
                (verdicts.collect(), None)
            }
            // One write may have spoilt the request, which the server did not begin with.
            Err(fault) if judge::is_malformed(&fault) => match writes {
                [_] => (vec![Verdict::is(Outcome::Refused(fault))], None),
                _ => self.one_by_one(writes),
            },
            Err(fault) => {
                let verdicts = writes
                    .iter()
                    .map(|write| Verdict::is(judge::whole(write.kind, &fault)))
                    .collect();
                (verdicts, Some(fault))
            }
        }
    }

    /// Where deleted items of a folder go.
    const fn deleted_into(&self, folder: Folder) -> delete_item::Into {
        match folder {
            Folder::Contacts if self.server.is_public() => delete_item::Into::RecoverableItems,
            Folder::Contacts | Folder::Calendar => delete_item::Into::DeletedItems,
        }
    }

    fn one_by_one(&self, writes: &[&Write<'_>]) -> (Vec<Verdict>, Option<Fault>) {
        let mut verdicts = Vec::new();
        let mut stopped: Option<Fault> = None;
        for write in writes {
            if let Some(fault) = &stopped {
                verdicts.push(Verdict::is(Outcome::NotSent(fault.clone())));
                continue;
            }
            let (mut verdict, stop) = self.sent(&[*write]);
            verdicts.append(&mut verdict);
            stopped = stop;
        }
        (verdicts, stopped)
    }

    /// Reads back what was written, and puts times right that landed elsewhere.
    fn outcomes_of(&self, writes: &[Write<'_>], verdicts: Vec<Verdict>) -> Vec<Outcome> {
        let written: Vec<Written> = verdicts
            .iter()
            .filter_map(|verdict| match verdict {
                Verdict::Written(written) => Some(written.clone()),
                Verdict::Is(_) => None,
            })
            .collect();
        let mut read = self.read_back(&written).into_iter();
        writes
            .iter()
            .zip(verdicts)
            .map(|(write, verdict)| match verdict {
                Verdict::Is(outcome) => *outcome,
                Verdict::Written(_) => match read.next() {
                    Some(outcome) => landing::put_right(self, write, outcome),
                    None => read_back::unread(),
                },
            })
            .collect()
    }
}

/// Nothing differs: the item is read back as it is.
fn as_it_is(write: &Write<'_>) -> Written {
    let target = write.target.as_ref();
    Written {
        id: target.map(|target| target.id.clone()).unwrap_or_default(),
        folder: write.folder,
        response: Response::default(),
        writes: 0,
    }
}

/// The id of a request, the same however often the same operations are tried.
pub(crate) fn request_id<'a>(
    operations: impl Iterator<Item = &'a PushOperation>,
    step: &str,
) -> Uuid {
    transport::request_id(&REQUEST_IDS, operations, step)
}

#[cfg(test)]
mod tests;
