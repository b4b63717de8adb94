//! Waits for an hour.

#![cfg(target_family = "wasm")]

use std::time::Duration;

use guests::provider::Finding;
use guests::{Mischief, export_guest};

struct Sleeper;

impl Mischief for Sleeper {
    fn name() -> String {
        "sleeper".to_owned()
    }

    fn validate(_: &str) -> Vec<Finding> {
        std::thread::sleep(Duration::from_secs(3_600));
        Vec::new()
    }
}

export_guest!(Sleeper);
