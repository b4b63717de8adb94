//! Several occurrences of one series, [one after the other](sync::kit::occurrence).

use sync::base;
use sync::contract::{Change, ExchangeBase, Fault, Outcome, PushOperation};
use sync::kit::answer::own;
use sync::kit::occurrence::{Prepared, in_turn};
use transport::{Response, Transport};

use super::build::{self, Write};
use super::{Push, set};
use crate::batch;
use crate::event::{self, wire};
use crate::fetch::look;
use crate::request::Request;

impl Prepared for Write<'_> {
    fn operation(&self) -> &PushOperation {
        self.operation
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
            let renewed = in_turn(write.operation, before, now);
            let renewed = renewed.as_ref();
            // One to which somebody was invited meanwhile cannot be built.
            let Some(write) = renewed.and_then(|it| build::write(self.mailbox, it).ok()) else {
                set(outcomes, *index, changed());
                continue;
            };
            let (mut done, stop) = self.chunk(&[write]);
            if let Some(outcome) = done.pop() {
                set(outcomes, *index, outcome);
            }
            if stop.is_some() {
                return stop;
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
