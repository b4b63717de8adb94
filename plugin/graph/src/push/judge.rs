//! What the answer to a write means.
//!
//! | answer | meaning |
//! |---|---|
//! | 2xx | written, unless what a create names lies elsewhere: then it is an earlier try's, which its user moved away |
//! | 404, 403 `ErrorCannotDeleteObject` to a deletion | gone already, as asked |
//! | 412, 404 to an update | somebody was faster: planned again |
//! | 429, 424 | not executed: tried again |
//! | 503 | the same, but not to a create: servers were seen to save and then say 503 |
//! | any 5xx to a create, by whichever name; other 5xx, no answer | nobody knows: looked up |
//! | `ErrorDuplicateTransactionId` | an earlier try of the same create was carried out; planned again when its event is gone |
//! | 401, 403, an unknown mailbox, a full one | nothing was written; may work another day |
//! | other 4xx | refused for good |

use serde::Deserialize;
use sync::contract::{
    Echo, EchoedItem, ExchangeContent, Fault, MissingThing, NotFound, Outcome, Unreachable,
    UnreachableCause,
};
use transport::Response;

use super::Written;
use super::build::{Kind, Write};
use crate::fault;

/// What a part's answer means.
pub(crate) enum Verdict {
    /// Written; to be read back.
    Written(Written),
    /// An earlier try made the item; to be looked up.
    Repeated(Response),
    /// Nothing more is to be found out.
    Is(Box<Outcome>),
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

impl Verdict {
    pub(crate) fn is(outcome: Outcome) -> Self {
        Self::Is(Box::new(outcome))
    }
}

/// What a part's answer means.
pub(crate) fn part(write: &Write<'_>, answer: Option<Response>) -> Verdict {
    let Some(answer) = answer else {
        return Verdict::is(Outcome::Unknown(Fault::NotUnderstood(
            "expected an answer to each part of a batch".to_owned(),
        )));
    };
    if answer.is_good() {
        if matches!(write.kind, Kind::Delete) {
            return Verdict::is(gone(&answer, 1));
        }
        let named = serde_json::from_slice::<Named>(&answer.body).map(|named| named.id);
        let id = named.ok().or_else(|| write.target.clone());
        return match id {
            Some(id) => Verdict::Written(Written {
                id,
                folder: write.folder,
                is_new: matches!(write.kind, Kind::Create(ExchangeContent::Event(_))),
                answer,
                writes: 1,
            }),
            None => Verdict::is(Outcome::Unknown(Fault::NotUnderstood(
                "expected the new item's id".to_owned(),
            ))),
        };
    }
    let code = fault::answer(&answer).code;
    if matches!(write.kind, Kind::Create(ExchangeContent::Event(_)))
        && code == "ErrorDuplicateTransactionId"
    {
        return Verdict::Repeated(answer);
    }
    if matches!(write.kind, Kind::Delete) && code == "ErrorCannotDeleteObject" {
        return Verdict::is(gone(&answer, 1));
    }
    let fault = fault::read(&answer, write.folder.permission());
    if matches!(write.kind, Kind::Delete) && is_no_item(&fault) {
        return Verdict::is(gone(&answer, 1));
    }
    Verdict::is(refusal(write.kind, fault, answer.status))
}

fn gone(answer: &Response, writes: u32) -> Outcome {
    Outcome::Done(Echo {
        item: EchoedItem::Gone,
        base: None,
        writes,
        request_id: answer.request_id(),
        status: answer.status,
    })
}

/// Whether the server says that there is no such item.
pub(crate) fn is_no_item(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        })
    )
}

fn refusal(kind: Kind<'_>, fault: Fault, status: u16) -> Outcome {
    match (&fault, status) {
        (Fault::Quota(_), _) => Outcome::Failed(fault),
        // Whatever name an error of the server carries: it may have come after the event was made.
        (_, 500..) if matches!(kind, Kind::Create(_)) => Outcome::Unknown(fault),
        (Fault::Throttled(_), status) if status < 500 || status == 503 => Outcome::Failed(fault),
        (_, 424) => Outcome::Failed(fault),
        (Fault::Conflict(_), _) if matches!(kind, Kind::Create(_)) => Outcome::Failed(fault),
        (Fault::Conflict(_), _) => Outcome::Conflict(fault),
        (_, 404) if is_no_item(&fault) && matches!(kind, Kind::Update) => Outcome::Conflict(fault),
        (Fault::Unauthorised(_) | Fault::Forbidden(_) | Fault::NotFound(_), _) => {
            Outcome::Failed(fault)
        }
        (Fault::Refused(_), _) => Outcome::Refused(fault),
        _ => Outcome::Unknown(fault),
    }
}

/// What it means for a write that its whole batch was not answered.
pub(crate) fn whole(kind: Kind<'_>, fault: &Fault) -> Outcome {
    match fault {
        Fault::DeniedByHost(_)
        | Fault::Unreachable(Unreachable {
            cause:
                UnreachableCause::NameNotFound
                | UnreachableCause::NoConnection
                | UnreachableCause::Certificate,
            ..
        }) => Outcome::NotSent(fault.clone()),
        Fault::Conflict(answer)
        | Fault::CursorGone(answer)
        | Fault::NotFound(NotFound { answer, .. })
            if answer.status >= 500 =>
        {
            Outcome::Unknown(fault.clone())
        }
        // Nothing of a batch runs before the batch itself is accepted.
        Fault::Unauthorised(_)
        | Fault::Forbidden(_)
        | Fault::NotFound(_)
        | Fault::Refused(_)
        | Fault::Conflict(_)
        | Fault::CursorGone(_)
        | Fault::SignOnPage(_)
        | Fault::EwsBlocked(_) => Outcome::Failed(fault.clone()),
        Fault::Throttled(throttling) => refusal(kind, fault.clone(), throttling.answer.status),
        Fault::Quota(_) | Fault::Unreachable(_) | Fault::NotUnderstood(_) | Fault::Other(_) => {
            Outcome::Unknown(fault.clone())
        }
    }
}

/// The fault of a part after which the next batch would only make things worse.
pub(crate) fn ends_all(verdict: &Verdict) -> Option<&Fault> {
    let Verdict::Is(outcome) = verdict else {
        return None;
    };
    match outcome.as_ref() {
        Outcome::Failed(fault) | Outcome::Unknown(fault) => {
            matches!(fault, Fault::Throttled(_) | Fault::Unauthorised(_)).then_some(fault)
        }
        _ => None,
    }
}
