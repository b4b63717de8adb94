//! What came of a write under a key of the caller's own.

use crate::contract::RowVersion;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was none; now there is.
    Created,
    /// It was otherwise; now it is as given.
    Changed,
    /// It is gone.
    Deleted,
    /// It was so already, and nothing was written.
    Unchanged,
}

/// What was done, and the version that the row has now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    /// What was done.
    pub outcome: Outcome,
    /// The row's version; none where there never was a row.
    pub version: Option<RowVersion>,
}
