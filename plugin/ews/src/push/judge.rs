//! What the answer to a write means.
//!
//! | answer | meaning |
//! |---|---|
//! | success | written |
//! | `ErrorItemNotFound`, `ErrorCannotDeleteObject` to a deletion | gone already, as asked |
//! | a stale version, `ErrorItemNotFound` to an update | somebody was faster: planned again |
//! | the server is busy | not executed: tried again, but not a create: it may have been saved all the same |
//! | the server is in trouble, no answer, no result | nobody knows: looked up |
//! | 401, a missing right, an unknown mailbox, a full one | nothing was written; may work another day |
//! | any other code | refused for good |

use sync::contract::{
    Echo, EchoedItem, Fault, MissingThing, NotFound, Outcome, Unreachable, UnreachableCause,
};
use transport::{Response, Transport};

use super::Written;
use super::build::{Kind, Write};
use crate::fault;
use crate::operation::message::{Item, Message};
use crate::server::Server;

/// What a result means.
pub(crate) enum Verdict {
    /// Written; to be read back.
    Written(Written),
    /// Nothing more is to be found out.
    Is(Box<Outcome>),
}

impl Verdict {
    pub(crate) fn is(outcome: Outcome) -> Self {
        Self::Is(Box::new(outcome))
    }
}

/// What the result of one write means.
pub(crate) fn result<T: Transport>(
    server: &Server<'_, T>,
    write: &Write<'_>,
    message: Option<Message>,
    response: &Response,
) -> Verdict {
    let Some(message) = message else {
        return Verdict::is(Outcome::Unknown(Fault::NotUnderstood(
            "expected a result of each write".to_owned(),
        )));
    };
    if message.is_good() {
        if write.kind == Kind::Delete {
            return Verdict::is(gone(response));
        }
        let target = write.target.as_ref().map(|target| target.id.clone());
        return match named(message).or(target) {
            Some(id) => Verdict::Written(Written {
                id,
                folder: write.folder,
                response: response.clone(),
                writes: 1,
            }),
            None => Verdict::is(Outcome::Unknown(Fault::NotUnderstood(
                "expected the new item's id".to_owned(),
            ))),
        };
    }
    let fault = server.fault(&message, response);
    let is_gone = fault::is_no_item(&fault) || message.response_code == "ErrorCannotDeleteObject";
    if write.kind == Kind::Delete && is_gone {
        return Verdict::is(gone(response));
    }
    Verdict::is(refusal(write.kind, fault))
}

/// The id of the written item.
fn named(message: Message) -> Option<String> {
    let id = message.items.list.into_iter().find_map(|item| match item {
        Item::CalendarItem(item) => Some(item.item_id.id),
        Item::Contact(item) => Some(item.item_id.id),
        Item::Other => None,
    });
    id.filter(|id| !id.is_empty())
}

fn gone(response: &Response) -> Outcome {
    Outcome::Done(Echo {
        item: EchoedItem::Gone,
        base: None,
        writes: 1,
        request_id: response.request_id(),
        status: response.status,
    })
}

fn refusal(kind: Kind, fault: Fault) -> Outcome {
    match &fault {
        Fault::Quota(_)
        | Fault::Unauthorised(_)
        | Fault::Forbidden(_)
        | Fault::EwsBlocked(_)
        | Fault::SignOnPage(_) => Outcome::Failed(fault),
        Fault::Throttled(_) if kind != Kind::Create => Outcome::Failed(fault),
        Fault::Conflict(_) if kind == Kind::Create => Outcome::Failed(fault),
        Fault::Conflict(_) => Outcome::Conflict(fault),
        Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        }) if kind == Kind::Update => Outcome::Conflict(fault),
        Fault::NotFound(_) | Fault::CursorGone(_) => Outcome::Failed(fault),
        Fault::Refused(_) => Outcome::Refused(fault),
        Fault::Throttled(_)
        | Fault::Unreachable(_)
        | Fault::NotUnderstood(_)
        | Fault::DeniedByHost(_)
        | Fault::Other(_) => Outcome::Unknown(fault),
    }
}

/// What it means for a write that its whole request was not answered.
pub(crate) fn whole(kind: Kind, fault: &Fault) -> Outcome {
    match fault {
        Fault::DeniedByHost(_)
        | Fault::Unreachable(Unreachable {
            cause:
                UnreachableCause::NameNotFound
                | UnreachableCause::NoConnection
                | UnreachableCause::Certificate,
            ..
        }) => Outcome::NotSent(fault.clone()),
        // It says nothing about this one item.
        Fault::Refused(_) | Fault::Conflict(_) => Outcome::Failed(fault.clone()),
        fault => refusal(kind, fault.clone()),
    }
}

/// What it means for a write that what had to be known before it could not be asked.
pub(crate) fn unsent(fault: &Fault) -> Outcome {
    match whole(Kind::Delete, fault) {
        Outcome::NotSent(fault) => Outcome::NotSent(fault),
        _ => Outcome::Failed(fault.clone()),
    }
}

/// Whether the server took the request for none, so that nothing of it was begun.
pub(crate) fn is_malformed(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused(answer)
        if matches!(answer.code.as_str(), "ErrorSchemaValidation" | "ErrorInvalidRequest"))
}

/// The fault of a write after which the next request would only make things worse.
pub(crate) fn ends_all(verdict: &Verdict) -> Option<&Fault> {
    let Verdict::Is(outcome) = verdict else {
        return None;
    };
    match outcome.as_ref() {
        Outcome::Failed(fault) | Outcome::Unknown(fault) => matches!(
            fault,
            Fault::Throttled(_) | Fault::Unauthorised(_) | Fault::EwsBlocked(_)
        )
        .then_some(fault),
        _ => None,
    }
}
