//! How a call ended: with an answer, or with one of the reasons that a session is over.

use tokio::time::error::Elapsed;
use wasmtime::Store;

use super::engine::{Limits, TICK};
use super::error::RuntimeError;
use super::phase::Phase;
use super::sandbox::Sandbox;

/// Tells apart how a call ended, and passes on what the guest wrote to standard error.
pub(super) fn judge<T>(
    store: &mut Store<Sandbox>,
    limits: &Limits,
    phase: Phase,
    answer: Result<wasmtime::Result<T>, Elapsed>,
) -> Result<T, RuntimeError> {
    let export = phase.export();
    let sandbox = store.data();
    let said = sandbox.stderr.take();
    if !said.is_empty() {
        tracing::debug!(export, said, "the plugin wrote to standard error");
    }
    let error = match answer {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => error,
        Err(_) => {
            return Err(RuntimeError::TimedOut {
                export,
                after: limits.call_time,
            });
        }
    };
    if error.is::<wasmtime::PoolConcurrencyLimitError>() {
        return Err(RuntimeError::Busy);
    }
    if sandbox.budget.out_of_memory {
        return Err(RuntimeError::OutOfMemory {
            export,
            limit: limits.memory_bytes,
        });
    }
    if sandbox.budget.out_of_cpu {
        return Err(RuntimeError::OutOfCpu {
            export,
            budget: TICK.saturating_mul(limits.cpu_ticks),
        });
    }
    let cause = error.root_cause().to_string();
    Err(RuntimeError::Trapped {
        export,
        text: if said.is_empty() {
            cause
        } else {
            format!("{cause}; it said: {said}")
        },
    })
}
