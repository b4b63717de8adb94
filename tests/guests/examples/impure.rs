//! Uses the network, storage, mail, time and chance where it must not, and tells afterwards.

#![cfg(target_family = "wasm")]

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use guests::provider::{Batch, Finding, Plan};
use guests::{Mischief, export_guest, finding, mail, outcome, settings, storage};

struct Impure;

static SEEN: Mutex<Vec<Finding>> = Mutex::new(Vec::new());

fn attempts(url: &str) -> Vec<Finding> {
    let micros = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros());
    let order: HashSet<u32> = (0..20).collect();
    let started = Instant::now();
    let mut work = 0_u64;
    for n in 0..1_000_000_u64 {
        work = std::hint::black_box(work.wrapping_add(n));
    }
    vec![
        finding(&outcome(waki::Client::new().get(url)).code, "http"),
        finding(&format!("{:?}", storage::get("key")), "get"),
        finding(&format!("{:?}", storage::set("key", b"value")), "set"),
        finding(&format!("{:?}", storage::list("")), "list"),
        finding(
            &format!("{:?}", mail::notify("code", &[], settings::Severity::Ok)),
            "notify",
        ),
        finding(&micros.to_string(), "wall-clock"),
        finding(&format!("{:?}", started.elapsed()), "elapsed"),
        finding(&format!("{order:?}"), "order"),
        finding(&std::env::vars().count().to_string(), "variables"),
        finding(&std::env::args().count().to_string(), "arguments"),
    ]
}

impl Mischief for Impure {
    /// Its name is what it could do while it was asked.
    fn name() -> String {
        attempts("http://127.0.0.1:1/")
            .into_iter()
            .map(|finding| format!("{}={}", finding.text, finding.code))
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn validate(_: &str) -> Vec<Finding> {
        SEEN.lock()
            .map(|mut seen| std::mem::take(&mut *seen))
            .unwrap_or_default()
    }

    fn transform(batch: Batch) -> Plan {
        if let Ok(mut seen) = SEEN.lock() {
            seen.extend(attempts(&batch.settings.service_url));
        }
        Plan {
            operations: Vec::new(),
        }
    }
}

export_guest!(Impure);
