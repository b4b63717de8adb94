//! Answers of a provider's own.

use crate::contract::{Answer, Fault, Outcome, PushOperation, PushOutcome};

/// An answer of our own, for what was never asked.
#[must_use]
pub fn own(code: &str, text: &str) -> Answer {
    Answer {
        status: 0,
        code: code.to_owned(),
        text: text.to_owned(),
        request_id: String::new(),
    }
}

/// What became of each operation, in order. What has no outcome was not sent, because of the fault that
/// ended all.
#[must_use]
pub fn each(
    operations: &[PushOperation],
    outcomes: Vec<Option<Outcome>>,
    stopped: Option<Fault>,
) -> Vec<PushOutcome> {
    let fault = stopped.unwrap_or_else(|| Fault::Other(own("not-sent", "its turn did not come")));
    operations
        .iter()
        .zip(outcomes)
        .map(|(operation, outcome)| PushOutcome {
            key: operation.key.clone(),
            outcome: outcome.unwrap_or_else(|| Outcome::NotSent(fault.clone())),
        })
        .collect()
}
