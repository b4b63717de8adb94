//! What an operation does, whichever face it comes through: what counters count and rules of faults choose by.

use serde::{Deserialize, Serialize};

/// What an operation does. Each part of a batch is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Asks what changed since a cursor.
    Round,
    /// Reads items by their ids.
    Look,
    /// Reads anything else.
    Read,
    Create,
    Update,
    Delete,
}
