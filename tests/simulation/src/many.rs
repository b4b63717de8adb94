//! Many runs, some at once, each in a thread of its own.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tandem::runtime::embedded::Embedded;

use crate::provider;
use crate::run::{Outcome, run};

/// Runs seeds, by this way to Exchange or each by its own, and gives those that failed; each failure is
/// told as it comes.
pub fn many(
    seeds: Range<u64>,
    provider: Option<Embedded>,
    at_once: usize,
    tell: impl Fn(&Outcome) + Sync,
) -> Vec<u64> {
    let next = AtomicU64::new(seeds.start);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let (next, failed, tell) = (&next, &failed, &tell);
        for number in 0..at_once.max(1) {
            scope.spawn(move || {
                stay_on_a_core(number);
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    let provider = provider.unwrap_or_else(|| provider::of_seed(seed));
                    let outcome = run(seed, provider).unwrap_or_else(|error| Outcome {
                        seed,
                        provider,
                        trace: Vec::new(),
                        broken: vec![format!("there was no run: {error}")],
                    });
                    if !outcome.broken.is_empty() {
                        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                        failed.push(seed);
                        tell(&outcome);
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_unstable();
    failed
}

/// A run and its database wait for each other in turns, which costs least where they share a core: the
/// database's thread stays where this one is. Where that cannot be had, it goes as well without.
fn stay_on_a_core(number: usize) {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    if let Some(core) = cores.get(number.checked_rem(cores.len()).unwrap_or(0)) {
        core_affinity::set_for_current(*core);
    }
}

/// An outcome for people.
#[must_use]
pub fn show(outcome: &Outcome, brief: bool) -> String {
    let mut lines = Vec::new();
    if !brief {
        lines.extend(outcome.trace.iter().cloned());
    }
    match outcome.broken.is_empty() {
        true => lines.push(format!("seed {}: every promise was kept", outcome.seed)),
        false => {
            lines.push(format!("seed {} FAILED:", outcome.seed));
            lines.extend(outcome.broken.iter().map(|what| format!("  - {what}")));
            lines.push(format!(
                "again: cargo run -p simulation -- --seed {} --provider {}",
                outcome.seed,
                provider::name(outcome.provider)
            ));
        }
    }
    lines.join("\n")
}
