//! Goes wherever it is told: an order is a list of addresses, each with GET or POST before it.

#![cfg(target_family = "wasm")]

use guests::provider::Finding;
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
}

export_guest!(Wanderer);
