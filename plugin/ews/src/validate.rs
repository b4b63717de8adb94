//! Asking the server whether the settings work.
//!
//! Each question is asked for real and its answer becomes a finding at the field that it concerns.
//! What cannot be asked is a warning that says so; what the server refuses because of a wrong value
//! is an error; a refusal that only concerns the tested mailbox is a warning, for the tenant's
//! settings may be right all the same.

mod credentials;
mod folder;
mod general;

use sync::contract::{ExchangeEdition, Field, Finding, Settings};
use sync::kit::finding::warning;
use transport::Transport;

use crate::server::Server;

/// All that is found.
#[must_use]
pub fn findings(transport: &impl Transport, settings: &Settings) -> Vec<Finding> {
    if let Some(refusal) = credentials::unusable(settings) {
        return vec![refusal];
    }
    let mut findings = Vec::new();
    if settings.edition == ExchangeEdition::Microsoft365 {
        findings.push(ending());
    }
    let address = settings.test_mailbox.as_deref().map(str::trim);
    match address.filter(|address| !address.is_empty()) {
        Some(address) => {
            let server = Server::of(transport, settings, address);
            findings.extend(folder::findings(&server, settings));
        }
        None => findings.push(warning(
            Field::TestMailbox,
            "no-test-mailbox",
            "No mailbox was named, so nothing could be asked: Exchange Web Services answer for mailboxes only.",
            "Enter the address of a user whose mailbox may be asked.",
        )),
    }
    findings
}

/// Exchange Web Services come to an end in Exchange Online.
fn ending() -> Finding {
    warning(
        Field::UseGraph,
        "ews-ending",
        "Microsoft blocks Exchange Web Services in Microsoft 365 by default since 2026-10-01 and switches them off on 2027-04-01.",
        "Tick \"Use MS Graph\"; nothing is made, changed or deleted by the switch.",
    )
}

#[cfg(test)]
mod tests;
