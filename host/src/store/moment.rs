//! Moments in the work on the database, told to whoever observes it.
//!
//! They are the points between which nothing is left half done: to measure them, to make a database
//! fail at one on purpose, or to stop a host exactly there.

use std::fmt;

use futures::future::BoxFuture;

use super::error::Result;

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Something is about to be read outside a transaction.
    Read,
    /// A write transaction is about to be opened.
    Begin,
    /// A write transaction is about to be kept.
    Commit,
    /// A write transaction was kept.
    Committed,
}

/// Somebody who is told each moment before the work goes on.
pub trait Observer: Send + Sync + fmt::Debug {
    /// The work waits for this, and fails with its error. A failure after [`Moment::Committed`] is
    /// an answer that was lost: what was written stays.
    fn reached(&self, moment: Moment) -> BoxFuture<'_, Result<()>>;
}
