//! Sends as many requests as its order says, or bodies as long, or asks for an answer as long.

#![cfg(target_family = "wasm")]

use guests::provider::Finding;
use guests::{Mischief, export_guest, finding, outcome};
use waki::Client;
use waki::header::HeaderName;

struct Flood;

impl Mischief for Flood {
    fn name() -> String {
        "flood".to_owned()
    }

    fn validate(order: &str) -> Vec<Finding> {
        let mut words = order.split(' ');
        let (Some(what), Some(number), Some(url)) = (words.next(), words.next(), words.next())
        else {
            return vec![finding("no-order", order)];
        };
        let number: usize = number.parse().unwrap_or_default();
        match what {
            "requests" => (0..number)
                .map(|_| outcome(Client::new().get(url)))
                .collect(),
            "body" => vec![outcome(Client::new().post(url).body(vec![b'x'; number]))],
            "headers" => {
                let many = (0..number).filter_map(|n| {
                    let name = HeaderName::try_from(format!("x-{n}")).ok()?;
                    Some((name, "y"))
                });
                vec![outcome(Client::new().get(url).headers(many))]
            }
            _ => vec![finding("no-order", order)],
        }
    }
}

export_guest!(Flood);
