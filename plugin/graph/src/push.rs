//! Writing: each operation becomes a part of a batch, and each part's answer an outcome.
//!
//! Whatever is written is read back, because the answer to a write often shows another version
//! than the next read. The one thing that must never happen is a second copy, so *nothing was
//! written* is only said where it is certain.

pub mod amend;
pub mod build;
pub mod judge;
pub mod landing;
pub mod occurrence;
pub mod read_back;
pub mod repeat;

use build::{Folder, Kind};
use judge::Verdict;
use read_back::ReadBack;
use sync::base;
use sync::contract::{
    Answer, Change, Echo, EchoedItem, ExchangeBase, ExchangeContent, Fault, Outcome, PushOperation,
    PushOutcome, PushRequest,
};
use sync::kit::answer;
use sync::kit::occurrence::apart;
use transport::{Response, Transport};
use uuid::Uuid;

use crate::event::Reading;
use crate::request::Request;
use crate::{batch, contact, event, fault};

/// The space of the ids that are derived from keys.
const REQUEST_IDS: Uuid = Uuid::from_u128(0x2f6c_41d9_7a0b_4b57_9e86_53c1_d0a7_be24);

/// Carries out a request's operations, and says of each what became of it, in order.
#[must_use]
pub fn outcomes(transport: &impl Transport, request: &PushRequest) -> Vec<PushOutcome> {
    let push = Push {
        transport,
        mailbox: &request.mailbox.address,
        reading: Reading::new(&request.settings, request.mailbox.zone.as_ref()),
    };
    let mut outcomes: Vec<Option<Outcome>> = vec![None; request.operations.len()];
    let mut waiting: Vec<(usize, build::Write<'_>)> = Vec::new();
    for (index, operation) in request.operations.iter().enumerate() {
        match build::write(push.mailbox, operation) {
            Ok(write) => waiting.push((index, write)),
            Err(fault) => set(&mut outcomes, index, Outcome::Refused(fault)),
        }
    }
    let mut stopped: Option<Fault> = None;
    let (alone, series) = apart(waiting);
    for chunk in chunks(alone) {
        if stopped.is_none() {
            let (indices, writes): (Vec<usize>, Vec<build::Write<'_>>) = chunk.into_iter().unzip();
            let (done, stop) = push.chunk(&writes);
            for (index, outcome) in indices.into_iter().zip(done) {
                set(&mut outcomes, index, outcome);
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

fn set(outcomes: &mut [Option<Outcome>], index: usize, outcome: Outcome) {
    if let Some(place) = outcomes.get_mut(index) {
        *place = Some(outcome);
    }
}

/// Parts of one batch run in any order, so two writes to one item never share a batch.
fn chunks<'a>(writes: Vec<(usize, build::Write<'a>)>) -> Vec<Vec<(usize, build::Write<'a>)>> {
    let mut chunks: Vec<Vec<(usize, build::Write<'a>)>> = Vec::new();
    for (index, write) in writes {
        let fits = chunks.last().is_some_and(|chunk| {
            chunk.len() < batch::LARGEST
                && !chunk
                    .iter()
                    .any(|(_, other)| other.target.is_some() && other.target == write.target)
        });
        match chunks.last_mut() {
            Some(chunk) if fits => chunk.push((index, write)),
            _ => chunks.push(vec![(index, write)]),
        }
    }
    chunks
}

/// Writes to one mailbox.
pub(crate) struct Push<'a, T> {
    pub(crate) transport: &'a T,
    pub(crate) mailbox: &'a str,
    pub(crate) reading: Reading,
}

/// A write that was done, before it is read back.
#[derive(Clone)]
pub(crate) struct Written {
    pub(crate) id: String,
    pub(crate) folder: Folder,
    /// An event that the answer to a create named: of a repeated one it is the first, wherever that
    /// lies by now.
    pub(crate) is_new: bool,
    /// The answer to the write, which stands in when the item cannot be read back.
    pub(crate) answer: Response,
    pub(crate) writes: u32,
}

impl<T: Transport> Push<'_, T> {
    /// One batch with its reading back, and why nothing more should be sent.
    fn chunk(&self, writes: &[build::Write<'_>]) -> (Vec<Outcome>, Option<Fault>) {
        let sent: Vec<Request> = writes
            .iter()
            .filter_map(|write| write.request.clone())
            .collect();
        let id = request_id(writes.iter().map(|write| write.operation), "batch");
        let answers = if sent.is_empty() {
            Ok(Vec::new())
        } else {
            batch::ask(self.transport, &sent, id, permission(writes))
        };
        let mut answers = match answers {
            Ok(answers) => answers.into_iter(),
            Err(fault) => {
                let outcomes = writes
                    .iter()
                    .map(|write| judge::whole(write.kind, &fault))
                    .collect();
                return (outcomes, Some(fault));
            }
        };
        let mut stop = None;
        let verdicts: Vec<Verdict> = writes
            .iter()
            .map(|write| {
                let verdict = match (&write.request, &write.target) {
                    (Some(_), _) => judge::part(write, answers.next().flatten()),
                    // Nothing differs: it is read back as it is.
                    (None, target) => Verdict::Written(Written {
                        id: target.clone().unwrap_or_default(),
                        folder: write.folder,
                        is_new: false,
                        answer: Response::default(),
                        writes: 0,
                    }),
                };
                if let Some(fault) = judge::ends_all(&verdict) {
                    stop = Some(fault.clone());
                }
                verdict
            })
            .collect();
        let verdicts = self.resolved(writes, verdicts);
        (self.echoes(writes, verdicts), stop)
    }

    /// Creates that the server takes for repeated ones are looked up one by one.
    fn resolved(&self, writes: &[build::Write<'_>], verdicts: Vec<Verdict>) -> Vec<Verdict> {
        writes
            .iter()
            .zip(verdicts)
            .map(|(write, verdict)| match verdict {
                Verdict::Repeated(answer) => repeat::find(self, write.operation, &answer)
                    .unwrap_or_else(|fault| Verdict::is(Outcome::Unknown(fault))),
                verdict => verdict,
            })
            .collect()
    }

    /// Reads back what was written, and makes created items what they were to be where the server
    /// answered a repeated create with an older one.
    fn echoes(&self, writes: &[build::Write<'_>], verdicts: Vec<Verdict>) -> Vec<Outcome> {
        let written: Vec<Written> = verdicts
            .iter()
            .filter_map(|verdict| match verdict {
                Verdict::Written(written) => Some(written.clone()),
                _ => None,
            })
            .collect();
        let mut read = self.read_back(&written).into_iter();
        writes
            .iter()
            .zip(verdicts)
            .map(|(write, verdict)| match verdict {
                Verdict::Is(outcome) => *outcome,
                Verdict::Repeated(answer) => {
                    Outcome::Unknown(fault::read(&answer, write.folder.permission()))
                }
                Verdict::Written(written) => {
                    let now = read.next().unwrap_or(ReadBack::Unanswered);
                    let outcome = self.echo(&written, now);
                    let outcome = match write.kind {
                        Kind::Create(ExchangeContent::Event(content)) => {
                            repeat::completed(self, write, content, outcome)
                        }
                        Kind::Create(ExchangeContent::Contact(_)) | Kind::Update | Kind::Delete => {
                            outcome
                        }
                    };
                    landing::put_right(self, write, outcome)
                }
            })
            .collect()
    }

    /// The outcome of a write that was done.
    pub(crate) fn echo(&self, written: &Written, read: ReadBack) -> Outcome {
        let (good, refusal) = match read {
            ReadBack::There(answer) => (Some(answer), None),
            ReadBack::Refused(answer) => {
                let refusal = fault::read(&answer, written.folder.permission());
                (None, Some(refusal))
            }
            ReadBack::Unanswered => (None, None),
            // The next try is another write, under another key.
            ReadBack::Elsewhere => {
                return Outcome::Conflict(Fault::Conflict(Answer {
                    text: "the create was known already, and its event was moved away".to_owned(),
                    ..fault::answer(&written.answer)
                }));
            }
        };
        let item = good
            .as_ref()
            .and_then(|answer| self.item_of(written.folder, answer))
            .or_else(|| self.item_of(written.folder, &written.answer));
        let Some((item, base)) = item else {
            return match refusal {
                // What an earlier try made is gone already.
                Some(fault) if judge::is_no_item(&fault) => Outcome::Conflict(fault),
                _ => Outcome::Unknown(Fault::NotUnderstood(
                    "it was written, but could not be read back".to_owned(),
                )),
            };
        };
        // A write that sent nothing has no answer of its own.
        let told = if written.answer.status == 0 {
            good.unwrap_or_default()
        } else {
            written.answer.clone()
        };
        Outcome::Done(Echo {
            base: Some(base),
            item,
            writes: written.writes,
            request_id: told.request_id(),
            status: told.status,
        })
    }

    /// The item that an answer shows, with its half of a base.
    fn item_of(&self, folder: Folder, answer: &Response) -> Option<(EchoedItem, ExchangeBase)> {
        let found = match folder {
            Folder::Calendar => {
                let event: event::wire::Event = serde_json::from_slice(&answer.body).ok()?;
                event::read(event, &self.reading)
            }
            Folder::Contacts => {
                let contact: contact::wire::Contact = serde_json::from_slice(&answer.body).ok()?;
                contact::read(contact)
            }
        };
        match found.ok()?.change {
            Change::Event(event) => {
                let base = base::exchange_base(&event);
                Some((EchoedItem::Event(event), base))
            }
            Change::Contact(contact) => {
                let base = base::exchange_contact_base(&contact);
                Some((EchoedItem::Contact(contact), base))
            }
            Change::Occurrence(_) | Change::Removal(_) => None,
        }
    }
}

/// The right that a refusal of a whole batch would be about.
fn permission(writes: &[build::Write<'_>]) -> &'static str {
    writes.first().map_or("", |write| write.folder.permission())
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
