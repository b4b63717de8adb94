//! Takes memory until there is none.

#![cfg(target_family = "wasm")]

use guests::provider::Finding;
use guests::{Mischief, export_guest, finding};

struct Glutton;

impl Mischief for Glutton {
    fn name() -> String {
        "glutton".to_owned()
    }

    fn validate(order: &str) -> Vec<Finding> {
        let wanted: usize = order.parse().unwrap_or(usize::MAX);
        let mut held = Vec::new();
        while held.len() < wanted {
            held.push(std::hint::black_box(vec![1_u8; 1 << 20]));
        }
        vec![finding("held", held.len().to_string())]
    }
}

export_guest!(Glutton);
