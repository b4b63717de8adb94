//! Panics, and says why on standard error; in `fetch` it has stored and told something before.

#![cfg(target_family = "wasm")]

use guests::provider::{Batch, Fault, FetchRequest, Finding, Page, Plan};
use guests::{Mischief, export_guest, mail, settings, storage};

struct Crasher;

impl Mischief for Crasher {
    fn name() -> String {
        "crasher".to_owned()
    }

    #[expect(clippy::panic, reason = "what it is for")]
    fn validate(order: &str) -> Vec<Finding> {
        panic!("no way to go on with {order}");
    }

    fn fetch(_: Vec<FetchRequest>) -> Vec<Result<Page, Fault>> {
        let _ = storage::set("half", b"done");
        let _ = mail::notify("half-done", &[], settings::Severity::Warning);
        std::process::exit(3)
    }

    fn transform(_: Batch) -> Plan {
        std::process::abort()
    }
}

export_guest!(Crasher);
