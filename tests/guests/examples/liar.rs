//! Answers more than it was asked.

#![cfg(target_family = "wasm")]

use guests::provider::{Fault, FetchRequest, Page};
use guests::{Mischief, export_guest};

struct Liar;

impl Mischief for Liar {
    fn name() -> String {
        "liar".to_owned()
    }

    fn fetch(_: Vec<FetchRequest>) -> Vec<Result<Page, Fault>> {
        vec![Err(Fault::NotUnderstood("anything".to_owned()))]
    }
}

export_guest!(Liar);
