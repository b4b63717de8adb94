//! Times that [land](landing) where they were to: a further change of an event that was just written, by
//! what was read back of it.

use sync::contract::{Echo, EchoedItem, Outcome};
use sync::kit::landing;
use transport::Transport;

use super::build::Write;
use super::judge::{self, Verdict};
use super::{Push, request_id};
use crate::event::write as fields;
use crate::operation::update_item::{self, Conflict};

/// Writes the time once more where the server reckons the zone otherwise, unless somebody was invited
/// meanwhile. Where that fails the event is there all the same: the first outcome stands.
pub(crate) fn put_right<T: Transport>(
    push: &Push<'_, T>,
    write: &Write<'_>,
    outcome: Outcome,
) -> Outcome {
    let (
        Some(wanted),
        Outcome::Done(Echo {
            item: EchoedItem::Event(event),
            writes,
            ..
        }),
    ) = (landing::meant(write.operation), &outcome)
    else {
        return outcome;
    };
    let mails = !event.meeting.attendees.is_empty() || !event.meeting.owner_organizes;
    let Some(patch) = landing::correction(wanted, event.span).filter(|_| !mails) else {
        return outcome;
    };
    let change = update_item::change(
        &event.id.value,
        Some(&event.version.tag),
        fields::change(&patch),
    );
    let id = request_id(std::iter::once(write.operation), "landing");
    let writes = writes.saturating_add(1);
    let answer = push
        .server
        .ask_as(update_item::request(Conflict::LeftAlone, [change]), id);
    if let Ok(answer) = answer {
        let message = answer.messages.into_iter().next();
        let verdict = judge::result(push.server, write, message, &answer.response);
        if let Verdict::Written(mut written) = verdict {
            written.writes = writes;
            written.id.clone_from(&event.id.value);
            if let Some(outcome) = push.read_back(&[written]).pop() {
                return outcome;
            }
        }
    }
    match outcome {
        Outcome::Done(echo) => Outcome::Done(Echo { writes, ..echo }),
        other => other,
    }
}
