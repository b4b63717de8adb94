//! Tandem's provider for Microsoft Graph.
//!
//! A provider knows one server and nothing of the law: it reads a mailbox into the contract's
//! types and carries out what was planned. Each request is a pair of pure functions, *build the
//! request* and *read its answer*; everything is generic over the edge to the network
//! ([`Transport`]), so that tests play the server.

pub mod address;
pub mod batch;
pub mod contact;
pub mod describe;
pub mod event;
#[cfg(test)]
mod examples;
pub mod extended_property;
pub mod fault;
pub mod fetch;
pub mod item;
pub mod marker;
pub mod push;
pub mod request;
#[cfg(test)]
mod script;
pub mod validate;

use sync::contract::{
    Description, Fault, FetchRequest, Finding, Page, PushOutcome, PushRequest, Settings,
};
use sync::kit::Provider;
use transport::{Transport, edge};

/// The Microsoft Graph provider.
pub struct Graph;

impl Provider for Graph {
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
    edge(address::service(&settings.service_url))
}

sync::export_provider!(Graph);
