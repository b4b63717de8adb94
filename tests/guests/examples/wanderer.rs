//! Goes wherever it is told: an order is a list of addresses, each with GET or POST before it. In a
//! cycle it goes there too, and tells what came of the first.

#![cfg(target_family = "wasm")]

use guests::provider::{Fault, FetchRequest, Finding, Page};
use guests::{Mischief, export_guest, finding, outcome};
use waki::Client;

struct Wanderer;

impl Mischief for Wanderer {
    fn name() -> String {
        "wanderer".to_owned()
    }

    fn validate(order: &str) -> Vec<Finding> {
        order
            .lines()
            .map(|line| match line.split_once(' ') {
                Some(("GET", url)) => outcome(Client::new().get(url)),
                Some(("POST", rest)) => {
                    let (url, body) = rest.split_once(' ').unwrap_or((rest, ""));
                    outcome(Client::new().post(url).body(body))
                }
                _ => finding("no-order", line),
            })
            .collect()
    }

    fn fetch(requests: Vec<FetchRequest>) -> Vec<Result<Page, Fault>> {
        requests
            .into_iter()
            .map(|request| {
                let findings = Self::validate(&request.settings.profile_name);
                let first = findings.into_iter().next();
                Err(Fault::DeniedByHost(
                    first.map(|finding| finding.code).unwrap_or_default(),
                ))
            })
            .collect()
    }
}

export_guest!(Wanderer);
