//! The model's own clock: everything that depends on time asks it, so that a test moves time instead of waiting.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};

fn machine() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Where the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock, moved by this much.
    Offset(TimeDelta),
    /// Stands still until it is moved.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The clock of the machine, moved so that it shows `now` at this moment and then runs on.
    pub fn running_from(now: DateTime<Utc>) -> Self {
        Self::Offset(now - machine())
    }

    /// What the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => machine(),
            Self::Offset(by) => machine() + *by,
            Self::Fixed(at) => *at,
        }
    }

    /// Makes the clock show `now`. One that stands still goes on standing still, a running one goes on running.
    pub fn set(&mut self, now: DateTime<Utc>) {
        *self = match self {
            Self::Fixed(_) => Self::Fixed(now),
            Self::System | Self::Offset(_) => Self::running_from(now),
        };
    }

    /// Moves the clock, also backwards.
    pub fn advance(&mut self, by: TimeDelta) {
        *self = match self {
            Self::Fixed(at) => Self::Fixed(*at + by),
            Self::Offset(already) => Self::Offset(*already + by),
            Self::System => Self::Offset(by),
        };
    }
}
