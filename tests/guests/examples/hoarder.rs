//! Fills its storage and tells too much.

#![cfg(target_family = "wasm")]

use guests::provider::Finding;
use guests::{Mischief, export_guest, finding, mail, settings, storage};

struct Hoarder;

impl Mischief for Hoarder {
    fn name() -> String {
        "hoarder".to_owned()
    }

    fn validate(order: &str) -> Vec<Finding> {
        match order {
            "keys" => {
                let stored = (0..2_000)
                    .take_while(|n| storage::set(&format!("key-{n:04}"), b"x").is_ok())
                    .count();
                vec![finding("stored", stored.to_string())]
            }
            "values" => vec![
                finding("empty-key", format!("{:?}", storage::set("", b"x"))),
                finding(
                    "long-key",
                    format!("{:?}", storage::set(&"k".repeat(257), b"x")),
                ),
                finding(
                    "long-value",
                    format!("{:?}", storage::set("k", &vec![0; (1 << 20) + 1])),
                ),
                finding(
                    "largest",
                    format!("{:?}", storage::set(&"k".repeat(256), &vec![0; 1 << 20])),
                ),
            ],
            "overlay" => {
                let _ = storage::set("new", b"1");
                let _ = storage::delete("old");
                vec![
                    finding("new", format!("{:?}", storage::get("new"))),
                    finding("old", format!("{:?}", storage::get("old"))),
                    finding("kept", format!("{:?}", storage::get("kept"))),
                    finding("list", format!("{:?}", storage::list(""))),
                ]
            }
            "notices" => {
                let told = (0..1_000)
                    .take_while(|_| mail::notify("again", &[], settings::Severity::Warning).is_ok())
                    .count();
                vec![finding("told", told.to_string())]
            }
            _ => vec![finding("no-order", order)],
        }
    }
}

export_guest!(Hoarder);
