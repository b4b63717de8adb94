//! Tandem's provider for Microsoft Graph.
//!
//! A provider knows one server and nothing of the law: it reads a mailbox into the contract's
//! types and carries out what was planned. Each request is a pair of pure functions, *build the
//! request* and *read its answer*; [`transport`] is the thin edge to the network, and everything
//! above it is generic over that edge, so that tests play the server.

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
#[cfg(test)]
mod script;
pub mod transport;
pub mod validate;

use sync::contract::{
    Description, Fault, FetchRequest, Finding, Page, PushOutcome, PushRequest, Settings,
};
use sync::kit::Provider;

/// The Microsoft Graph provider.
pub struct Graph;

impl Provider for Graph {
    fn describe() -> Description {
        describe::description()
    }

    fn validate_config(settings: &Settings) -> Vec<Finding> {
        validate::findings(&transport::edge(settings), settings)
    }

    fn fetch(request: &FetchRequest) -> Result<Page, Fault> {
        fetch::page(&transport::edge(&request.settings), request)
    }

    fn push(request: &PushRequest) -> Vec<PushOutcome> {
        push::outcomes(&transport::edge(&request.settings), request)
    }
}

sync::export_provider!(Graph);
