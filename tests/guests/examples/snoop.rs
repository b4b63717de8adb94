//! Sends an authorised request, then searches all of its own memory for what the host put on it.
//!
//! It is told what to look for back to front, so that its order is no find.

#![cfg(target_family = "wasm")]

use guests::provider::Finding;
use guests::{Mischief, export_guest, finding, outcome};

struct Snoop;

/// Whether the text, read backwards, stands anywhere in memory.
#[expect(
    unsafe_code,
    reason = "the whole of linear memory is no slice that Rust would give"
)]
fn holds_reversed(reversed: &[u8]) -> bool {
    let end = core::arch::wasm32::memory_size(0) * 65_536;
    let Some(last_start) = end.checked_sub(reversed.len()) else {
        return false;
    };
    (1..=last_start).any(|start| {
        reversed.iter().rev().enumerate().all(|(offset, wanted)| {
            // SAFETY: start + offset < end, and all pages below the memory's size can be read.
            let byte = unsafe { core::ptr::read_volatile((start + offset) as *const u8) };
            byte == *wanted
        })
    })
}

impl Mischief for Snoop {
    fn name() -> String {
        "snoop".to_owned()
    }

    fn validate(order: &str) -> Vec<Finding> {
        let mut words = order.split(' ');
        let answer = outcome(waki::Client::new().get(words.next().unwrap_or_default()));
        let mut findings = vec![answer];
        for reversed in words {
            let found = holds_reversed(reversed.as_bytes());
            findings.push(finding(if found { "found" } else { "not-found" }, reversed));
        }
        findings
    }
}

export_guest!(Snoop);
