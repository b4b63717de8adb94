//! Computes for ever.

#![cfg(target_family = "wasm")]

use guests::provider::{Batch, Finding, Plan};
use guests::{Mischief, export_guest};

struct Spin;

fn spin() -> ! {
    let mut n = 0_u64;
    loop {
        n = std::hint::black_box(n.wrapping_add(1));
    }
}

impl Mischief for Spin {
    fn name() -> String {
        "spin".to_owned()
    }

    fn validate(_: &str) -> Vec<Finding> {
        spin()
    }

    fn transform(_: Batch) -> Plan {
        spin()
    }
}

export_guest!(Spin);
