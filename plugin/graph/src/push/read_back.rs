//! What was written, as it is now.
//!
//! The answer to a create may name an older event: Graph answers a repeated one with the first, as if
//! it had just been made, wherever that lies by now. One that its user moved away is not the copy,
//! so new events are asked for with their places.

use transport::{Response, Transport};

use super::build::Folder;
use super::{Push, Written};
use crate::batch;
use crate::fetch::look;
use crate::request::Request;

/// An item that was written, as it is now.
#[derive(Clone)]
pub(crate) enum ReadBack {
    /// It lies where it should.
    There(Response),
    /// It lies in another calendar, or among the deleted items.
    Elsewhere,
    /// The server does not give it.
    Refused(Response),
    /// Nobody knows.
    Unanswered,
}

impl<T: Transport> Push<'_, T> {
    /// The items as they are now, in order. Whatever is refused, the answers to the writes stand in.
    pub(crate) fn read_back(&self, written: &[Written]) -> Vec<ReadBack> {
        if written.is_empty() {
            return Vec::new();
        }
        let mut answers = self.ask(written, true);
        // A server that does not tell an event's calendar along with it.
        let is_refused = |answer: &Option<Response>| {
            let answer = answer.as_ref();
            answer.is_some_and(look::event::is_refused)
        };
        if written.iter().any(|one| one.is_new) && answers.iter().any(is_refused) {
            answers = self.ask(written, false);
        }
        let is_elsewhere = self.elsewhere(written, &answers);
        answers
            .into_iter()
            .zip(written)
            .map(|(answer, written)| match answer {
                _ if is_elsewhere.contains(&written.id) => ReadBack::Elsewhere,
                Some(answer) if answer.is_good() => ReadBack::There(answer),
                Some(answer) => ReadBack::Refused(answer),
                None => ReadBack::Unanswered,
            })
            .collect()
    }

    fn ask(&self, written: &[Written], with_calendar: bool) -> Vec<Option<Response>> {
        let parts: Vec<Request> = written
            .iter()
            .map(|written| match written.folder {
                Folder::Calendar => {
                    let with_calendar = with_calendar && written.is_new;
                    look::event::request(self.mailbox, &written.id, with_calendar)
                }
                Folder::Contacts => look::contact::request(self.mailbox, &written.id),
            })
            .collect();
        let id = self.transport.fresh_id();
        batch::ask(self.transport, &parts, id, "").unwrap_or_else(|_| vec![None; parts.len()])
    }

    /// The ids of new events that do not lie in the calendar.
    fn elsewhere(&self, written: &[Written], answers: &[Option<Response>]) -> Vec<String> {
        let new = written.iter().zip(answers).filter(|(one, _)| one.is_new);
        let (ids, answers): (Vec<String>, Vec<Response>) = new
            .filter_map(|(one, answer)| Some((one.id.clone(), answer.clone()?)))
            .filter(|(_, answer)| answer.is_good())
            .unzip();
        look::event::elsewhere(self.transport, self.mailbox, &ids, &answers).unwrap_or_default()
    }
}
