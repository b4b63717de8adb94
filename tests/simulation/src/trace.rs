//! What happened in a run, line by line: printed when it fails, and compared to see that a seed
//! repeats its run.

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// Lines in their order. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    lines: Arc<Mutex<Vec<String>>>,
}

impl Trace {
    /// Adds a line.
    pub fn say(&self, line: impl Into<String>) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.into());
    }

    /// All lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A short digest of bytes, so that a trace tells two bodies apart without showing them.
#[must_use]
pub fn short(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
