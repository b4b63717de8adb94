//! Where a run breaks off, or where its database fails: at any of the moments at which it touches
//! the world.
//!
//! A crash is a cycle whose future is dropped at that moment: nothing of it runs on, and an open
//! transaction is rolled back. A failure gives the cycle an error instead, and lets it live with it.
//!
//! What a plugin keeps and whom it wants to tell stays in memory until the cycle's last commit, so a
//! crash around such a call is one at the next moment here: before the next request, read or commit.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::BoxFuture;
use tandem::store::moment::{Moment, Observer};
use tandem::store::{Result, StoreError};
use tokio::sync::Notify;

use crate::trace::Trace;

/// What happens at the chosen moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The process is gone.
    Crash,
    /// The database fails.
    Failure,
}

/// Counts moments, and acts at one. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Tripwire {
    state: Arc<Mutex<State>>,
    crashed: Arc<Notify>,
    trace: Trace,
}

#[derive(Debug, Default)]
struct State {
    passed: u32,
    at: Option<(u32, End)>,
}

impl Tripwire {
    /// A wire that tells its moments to a trace.
    #[must_use]
    pub fn new(trace: Trace) -> Self {
        Self {
            trace,
            ..Self::default()
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts anew, and acts at this moment; gives how many were counted.
    pub fn lay(&self, at: Option<(u32, End)>) -> u32 {
        let mut state = self.state();
        let passed = state.passed;
        *state = State { passed: 0, at };
        passed
    }

    /// Waits for the crash.
    pub async fn crash(&self) {
        self.crashed.notified().await;
    }

    /// Lets a moment pass; true when it is to fail. Never comes back from a crash.
    pub async fn pass(&self, what: &str, may_fail: bool) -> bool {
        let end = {
            let mut state = self.state();
            state.passed += 1;
            match state.at {
                // A moment that cannot fail leaves it to the next one.
                Some((at, End::Failure)) if state.passed >= at && may_fail => {
                    state.at = None;
                    Some(End::Failure)
                }
                Some((at, End::Crash)) if state.passed >= at => {
                    state.at = None;
                    Some(End::Crash)
                }
                _ => None,
            }
        };
        match end {
            None => false,
            Some(End::Failure) => {
                self.trace.say(format!("    !! the database fails: {what}"));
                true
            }
            Some(End::Crash) => {
                self.trace.say(format!("    !! crash: {what}"));
                self.crashed.notify_one();
                std::future::pending().await
            }
        }
    }
}

impl Observer for Tripwire {
    fn reached(&self, moment: Moment) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let what = match moment {
                Moment::Read => "before a read",
                Moment::Begin => "before a transaction",
                Moment::Commit => "before a commit",
                Moment::Committed => "after a commit",
            };
            match self.pass(what, true).await {
                true => Err(StoreError::Busy { seconds: 0 }),
                false => Ok(()),
            }
        })
    }
}
