//! Tandem's provider for Exchange Web Services.
//!
//! It keeps the same contract as its sibling for Microsoft Graph: it reads a mailbox into the
//! contract's types and carries out what was planned, and knows nothing of the law.

pub mod contact;
pub mod describe;
pub mod event;
#[cfg(test)]
mod examples;
pub mod fault;
pub mod operation;
pub mod server;
pub mod soap;
pub mod xml;

use sync::contract::{
    Answer, Description, Fault, FetchRequest, Finding, Outcome, Page, PushOutcome, PushRequest,
    Settings,
};
use sync::kit::Provider;

/// The provider for Exchange Web Services.
pub struct Ews;

impl Provider for Ews {
    fn describe() -> Description {
        describe::description()
    }

    fn validate_config(_settings: &Settings) -> Vec<Finding> {
        Vec::new()
    }

    fn fetch(_request: &FetchRequest) -> Result<Page, Fault> {
        Err(not_supported())
    }

    fn push(request: &PushRequest) -> Vec<PushOutcome> {
        let operations = request.operations.iter();
        operations
            .map(|operation| PushOutcome {
                key: operation.key.clone(),
                outcome: Outcome::NotSent(not_supported()),
            })
            .collect()
    }
}

fn not_supported() -> Fault {
    Fault::Other(Answer {
        status: 0,
        code: "not-supported".to_owned(),
        text: "Exchange Web Services: not supported by this version".to_owned(),
        request_id: String::new(),
    })
}

sync::export_provider!(Ews);
