//! Findings that no question can get past: one of them says it all.

use sync::contract::{
    Fault, Field, Finding, MissingThing, NotFound, Settings, Unreachable, UnreachableCause,
};
use sync::kit::finding::{error, warning};

use super::credentials;

/// What a fault means for all questions alike; none where it concerns one.
pub fn finding(fault: &Fault, settings: &Settings) -> Option<Finding> {
    let url = &settings.service_url;
    Some(match fault {
        Fault::Unauthorised(answer) => credentials::refused(answer, settings),
        Fault::Unreachable(Unreachable { cause, detail }) => unreachable(*cause, detail, url),
        Fault::DeniedByHost(reason) => warning(
            Field::ServerAddress,
            "denied-by-host",
            &format!("The request to {url} was not let out: {reason}."),
            "Ask the operator which addresses are allowed.",
        ),
        Fault::SignOnPage(_) => error(
            Field::ServerAddress,
            "sign-on-page",
            &format!(
                "{url} answered with a web page for people to sign on, not as Exchange Web Services do."
            ),
            "Ask the hosting provider for an address of Exchange Web Services that has no sign-on page in front of it.",
        ),
        Fault::EwsBlocked(answer) => error(
            Field::UseGraph,
            "ews-blocked",
            &format!(
                "The credentials were accepted, but Exchange Web Services are blocked (status {}): Microsoft blocks them in Microsoft 365 by default since 2026-10-01 and switches them off on 2027-04-01.",
                answer.status
            ),
            "Tick \"Use MS Graph\". Until 2027-04-01 the tenant's administrator can allow this app by EwsAllowedAppIDs; a mailbox without a licence for Exchange, or a list of allowed programs, is answered in the same way.",
        ),
        Fault::NotFound(NotFound {
            thing: MissingThing::Service,
            answer,
        }) => error(
            Field::VirtualDirectory,
            "directory-wrong",
            &format!(
                "There are no Exchange Web Services at {url} (status {}).",
                answer.status
            ),
            "Check the virtual directory; it is usually EWS/Exchange.asmx.",
        ),
        Fault::Throttled(throttling) => {
            let wait = throttling
                .retry_after
                .map(|seconds| format!(" for {seconds} seconds"))
                .unwrap_or_default();
            warning(
                Field::ServerAddress,
                "throttled",
                &format!("{url} is busy and asks for a pause{wait}; nothing was checked."),
                "Save; the next synchronisation shows whether the settings work.",
            )
        }
        Fault::NotUnderstood(expected) => warning(
            Field::VirtualDirectory,
            "not-understood",
            &format!("The answer of {url} could not be used: {expected}."),
            "Check server address and virtual directory.",
        ),
        _ => return None,
    })
}

fn unreachable(cause: UnreachableCause, detail: &str, url: &str) -> Finding {
    let (code, what, hint) = match cause {
        UnreachableCause::NameNotFound => (
            "name-not-found",
            "its name could not be resolved",
            "Check the server address, and the name servers of the machine.",
        ),
        UnreachableCause::NoConnection => (
            "no-connection",
            "nothing answered there",
            "Check the server address, and that the machine may reach it on port 443.",
        ),
        UnreachableCause::Certificate => (
            "certificate-not-trusted",
            "its certificate is not trusted",
            "Give the server a certificate of an authority that is trusted for its name, or have the operator trust its authority.",
        ),
        UnreachableCause::TimeOut => (
            "time-out",
            "it did not answer in time",
            "Save, and try again later.",
        ),
        UnreachableCause::Broken => (
            "connection-broken",
            "the connection broke",
            "Save, and try again later.",
        ),
    };
    warning(
        Field::ServerAddress,
        code,
        &format!("{url} could not be asked: {what} ({detail})."),
        hint,
    )
}
