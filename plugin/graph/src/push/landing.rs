//! Times that [land](mod@landing) where they were to.

use sync::contract::Outcome;
use sync::kit::landing;
use transport::Transport;

use super::Push;
use super::amend::amended;
use super::build::Write;

/// Writes the time once more where the server reckons the zone otherwise.
pub(crate) fn put_right<T: Transport>(
    push: &Push<'_, T>,
    write: &Write<'_>,
    outcome: Outcome,
) -> Outcome {
    let Some(wanted) = landing::meant(write.operation) else {
        return outcome;
    };
    // Where that fails it stays where it is, and both sides agree on that until one is moved.
    amended(push, write, outcome, "landing", |event| {
        landing::correction(wanted, event.span)
    })
}
