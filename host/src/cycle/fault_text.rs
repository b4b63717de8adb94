//! A fault in plain words: what was asked, what came back, what to do (behaviour, section 8).

use crate::contract::{Answer, Fault, MissingThing, UnreachableCause};

/// What people are told about a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultText {
    /// A stable name of the cause, the same for all mailboxes that it concerns.
    pub cause: &'static str,
    /// What came back.
    pub text: String,
    /// What to do.
    pub hint: &'static str,
}

/// Says a fault in words.
#[must_use]
pub fn fault_text(fault: &Fault) -> FaultText {
    let (cause, text, hint) = match fault {
        Fault::Throttled(throttling) => (
            "throttled",
            match throttling.retry_after {
                Some(seconds) => format!("the server asks for a pause of {seconds} s"),
                None => "the server is busy".to_owned(),
            },
            "nothing; the next cycle tries again. If it happens daily, raise the interval",
        ),
        Fault::Unauthorised(answer) => (
            "unauthorised",
            format!("the server refused the credentials{}", said(answer)),
            "check tenant id, client id and secret; a secret ends on a fixed day and has to be made anew",
        ),
        Fault::Forbidden(missing) => (
            "forbidden",
            if missing.permission.is_empty() {
                format!("access was refused{}", said(&missing.answer))
            } else {
                format!(
                    "the permission {} is missing{}",
                    missing.permission,
                    said(&missing.answer)
                )
            },
            "grant the application permission and admin consent, or include the mailbox in its scope",
        ),
        Fault::EwsBlocked(answer) => (
            "ews-blocked",
            format!("Exchange Online blocks EWS for this tenant{}", said(answer)),
            "switch to Microsoft Graph; EWS in Exchange Online ends on 2027-04-01",
        ),
        Fault::NotFound(missing) => match missing.thing {
            MissingThing::Mailbox => (
                "mailbox-not-found",
                format!("the mailbox was not found{}", said(&missing.answer)),
                "check the address, that the mailbox has a licence, and that it was opened once",
            ),
            MissingThing::Item => (
                "item-not-found",
                format!("the item was not found{}", said(&missing.answer)),
                "nothing; the next cycle looks again",
            ),
            MissingThing::Service => (
                "service-not-found",
                format!(
                    "the interface was not found at its address{}",
                    said(&missing.answer)
                ),
                "check the server address and the virtual directory",
            ),
            MissingThing::Folder => (
                "folder-not-found",
                format!(
                    "a folder of the settings was not found{}",
                    said(&missing.answer)
                ),
                "check its name in the settings, or make the folder",
            ),
        },
        Fault::Conflict(answer) => (
            "conflict",
            format!("the item changed meanwhile{}", said(answer)),
            "nothing; the next cycle looks again",
        ),
        Fault::CursorGone(answer) => (
            "cursor-gone",
            format!(
                "the server forgot where the last round ended{}",
                said(answer)
            ),
            "nothing; the next cycle reads everything",
        ),
        Fault::Unreachable(unreachable) => {
            let (cause, what, hint) = match unreachable.cause {
                UnreachableCause::NameNotFound => (
                    "name-not-found",
                    "the server's name could not be resolved",
                    "check the server address and this machine's name resolution",
                ),
                UnreachableCause::NoConnection => (
                    "no-connection",
                    "nothing answered at the server's address",
                    "check that the server runs and that the firewall lets this machine through",
                ),
                UnreachableCause::Certificate => (
                    "certificate",
                    "the server's certificate is not trusted",
                    "renew it, or name its authority in the operator's file as network.ca-files",
                ),
                UnreachableCause::TimeOut => (
                    "time-out",
                    "the server did not answer in time",
                    "nothing; the next cycle tries again",
                ),
                UnreachableCause::Broken => (
                    "connection-broken",
                    "the connection broke",
                    "nothing; the next cycle tries again",
                ),
            };
            (cause, with_detail(what, &unreachable.detail), hint)
        }
        Fault::NotUnderstood(expected) => (
            "not-understood",
            format!("the answer was not understood: {expected}"),
            "check that the address is Exchange's and that no proxy stands between",
        ),
        Fault::SignOnPage(answer) => (
            "sign-on-page",
            format!(
                "a sign-on or proxy page came instead of an answer{}",
                said(answer)
            ),
            "let this machine reach the server without a sign-on page",
        ),
        Fault::Quota(answer) => (
            "quota",
            format!("a limit of the mailbox is reached{}", said(answer)),
            "make room in the mailbox",
        ),
        Fault::Refused(answer) => (
            "refused",
            format!("the server refused the request for good{}", said(answer)),
            "see the item's history; the item is retried when it changes",
        ),
        Fault::DeniedByHost(reason) => (
            "denied-by-host",
            format!("the host did not let the request out: {reason}"),
            "check the server address, or allow the network in the operator's file",
        ),
        Fault::Other(answer) => (
            "other",
            format!("the server answered{}", said(answer)),
            "see the history for the server's request id",
        ),
    };
    FaultText { cause, text, hint }
}

fn with_detail(what: &str, detail: &str) -> String {
    if detail.is_empty() {
        what.to_owned()
    } else {
        format!("{what} ({detail})")
    }
}

fn said(answer: &Answer) -> String {
    let mut parts = Vec::new();
    if answer.status > 0 {
        parts.push(format!("status {}", answer.status));
    }
    if !answer.code.is_empty() {
        parts.push(answer.code.clone());
    }
    if !answer.text.is_empty() {
        parts.push(answer.text.clone());
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    }
}

/// How long to wait, in seconds, when the server named it.
#[must_use]
pub fn retry_after(fault: &Fault) -> Option<u32> {
    match fault {
        Fault::Throttled(throttling) => throttling.retry_after,
        _ => None,
    }
}
