//! Whether the credentials are accepted.

use sync::contract::{Fault, Field, Finding, Settings};
use sync::kit::finding::{ok, warning};
use transport::Transport;

use super::{NoAnswer, question};
use crate::request::Request;

/// Accepted.
pub fn accepted() -> Finding {
    ok(
        Field::ClientSecret,
        "credentials-accepted",
        "The credentials were accepted.",
    )
}

/// Only the credentials, where there is no mailbox to ask. Any answer but a refusal of the token
/// proves them; no right is needed for that.
pub fn alone(transport: &impl Transport, settings: &Settings) -> Vec<Finding> {
    let request = Request::get("/organization?$select=id".to_owned());
    let first = match question(transport, settings, request, "") {
        Ok(_) => accepted(),
        Err(NoAnswer::ForAll(finding)) => return vec![finding],
        Err(NoAnswer::Refusal(Fault::NotUnderstood(expected))) => warning(
            Field::Cloud,
            "not-understood",
            &format!("The answer could not be understood: {expected}."),
            "Check the cloud.",
        ),
        Err(NoAnswer::Refusal(_)) => accepted(),
    };
    let unchecked = warning(
        Field::TestMailbox,
        "no-test-mailbox",
        "No mailbox was named, so neither calendars nor mailbox settings could be tried.",
        "Enter the address of a user whose mailbox may be asked.",
    );
    vec![first, unchecked]
}
