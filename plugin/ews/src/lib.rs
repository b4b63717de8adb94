//! Tandem's provider for Exchange Web Services.
//!
//! It keeps the same contract as its sibling for Microsoft Graph: it reads a mailbox into the
//! contract's types and carries out what was planned, and knows nothing of the law. Each
//! [`operation`] is a pair of pure functions, *build the request* and *read its answer*; [`server`]
//! sends it, and everything is generic over the edge to the network ([`Transport`]), so that tests
//! play the server.

pub mod contact;
pub mod describe;
pub mod event;
#[cfg(test)]
mod examples;
pub mod fault;
pub mod fetch;
pub mod operation;
pub mod public_folder;
pub mod push;
#[cfg(test)]
mod script;
pub mod server;
pub mod soap;
pub mod validate;
pub mod xml;

use sync::contract::{
    Description, Fault, FetchRequest, Finding, Page, PushOutcome, PushRequest, Settings,
};
use sync::kit::Provider;
use transport::{Transport, edge};

/// The provider for Exchange Web Services.
pub struct Ews;

impl Provider for Ews {
    fn describe() -> Description {
        describe::description()
    }

    fn validate_config(settings: &Settings) -> Vec<Finding> {
        validate::findings(&service(settings), settings)
    }

    fn fetch(request: &FetchRequest) -> Result<Page, Fault> {
        fetch::page(&service(&request.settings), request)
    }

    fn push(request: &PushRequest) -> Vec<PushOutcome> {
        push::outcomes(&service(&request.settings), request)
    }
}

/// The way to a tenant's service.
fn service(settings: &Settings) -> impl Transport {
    edge(settings.service_url.trim().to_owned())
}

sync::export_provider!(Ews);
