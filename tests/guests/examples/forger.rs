//! Sets headers that decide who asks or where a request goes.

#![cfg(target_family = "wasm")]

use guests::provider::Finding;
use guests::{Mischief, export_guest, outcome};
use waki::Client;

struct Forger;

impl Mischief for Forger {
    fn name() -> String {
        "forger".to_owned()
    }

    fn validate(url: &str) -> Vec<Finding> {
        [
            "authorization",
            "Authorization",
            "cookie",
            "host",
            "proxy-authorization",
            "proxy-connection",
            "connection",
            "transfer-encoding",
            "upgrade",
            "tandem-credentials",
        ]
        .into_iter()
        .map(|name| {
            let request = Client::new().get(url).headers([(name, "forged")]);
            let mut finding = outcome(request);
            finding.hint = name.to_owned();
            finding
        })
        .collect()
    }
}

export_guest!(Forger);
