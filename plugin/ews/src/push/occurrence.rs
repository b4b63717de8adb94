//! Several occurrences of one series, [one after the other](sync::kit::occurrence).

use sync::base;
use sync::contract::{ExchangeBase, Fault, Outcome, PushOperation};
use sync::kit::answer::own;
use sync::kit::occurrence::{Prepared, in_turn};
use transport::Transport;

use super::build::{self, Write};
use super::{Push, set};
use crate::fetch::look::{self, Look};
use crate::operation::get_item::LOT;
use crate::operation::shape;

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
            let renewed = in_turn(write.operation, before, now);
            // One to which somebody was invited meanwhile cannot be built.
            let Some(write) = renewed.as_ref().and_then(|it| build::write(it).ok()) else {
                set(outcomes, *index, Some(changed()));
                continue;
            };
            let (mut done, stop) = self.lot(&[write]);
            set(outcomes, *index, done.pop());
            if stop.is_some() {
                return stop;
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
