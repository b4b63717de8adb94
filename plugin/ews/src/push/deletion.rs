//! Deletions of events.
//!
//! `DeleteItem` takes a version and does not hold the item against it. So each event is read once more
//! right before it is deleted, and left alone where it is another than it was planned on.

use sync::base;
use sync::contract::{Fault, Outcome};
use transport::Transport;

use super::build::{Kind, Write};
use super::occurrence::changed;
use super::{Push, judge};
use crate::fetch::look::{self, Look};
use crate::operation::get_item::LOT;
use crate::operation::{Folder, shape};

impl<T: Transport> Push<'_, T> {
    /// Why these writes are not to be sent, in order; none of those that are.
    pub(crate) fn kept_back(&self, writes: &[Write<'_>]) -> Vec<Option<Outcome>> {
        let is_asked =
            |write: &&Write<'_>| write.kind == Kind::Delete && write.folder == Folder::Calendar;
        let ids: Vec<String> = writes
            .iter()
            .filter(is_asked)
            .filter_map(|write| Some(write.target.as_ref()?.id.clone()))
            .collect();
        let mut looks: Vec<Result<Look, Fault>> = Vec::new();
        for lot in ids.chunks(LOT) {
            match look::at(self.server, shape::EVENT, lot) {
                Ok(found) => looks.extend(found.into_iter().map(Ok)),
                Err(fault) => looks.extend(lot.iter().map(|_| Err(fault.clone()))),
            }
        }
        let mut looks = looks.into_iter();
        writes
            .iter()
            .map(|write| {
                if is_asked(&write) {
                    self.hindrance(write, looks.next())
                } else {
                    None
                }
            })
            .collect()
    }

    fn hindrance(&self, write: &Write<'_>, look: Option<Result<Look, Fault>>) -> Option<Outcome> {
        match look {
            Some(Ok(Look::There(message))) => {
                let item = message.items.events().next();
                let event = item.and_then(|item| self.event_of(item));
                let is_as_planned = event.is_some_and(|event| {
                    let planned = write.target.as_ref().and_then(|it| it.version.as_ref());
                    planned == Some(&event.version.tag)
                        && base::mails_nobody(&base::exchange_base(&event))
                });
                (!is_as_planned).then(changed)
            }
            // The deletion itself finds that it is gone.
            Some(Ok(Look::Gone)) => None,
            Some(Ok(Look::Unknown(_, why))) => Some(Outcome::Failed(Fault::NotUnderstood(why))),
            Some(Err(fault)) => Some(judge::unsent(&fault)),
            None => Some(changed()),
        }
    }
}
