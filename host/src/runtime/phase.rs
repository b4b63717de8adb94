//! Which export runs, and what time it is for the guest.
//!
//! `describe` and `transform` are pure: while they run there is no network, storage or mail, the
//! clocks stand and randomness repeats. So a plan can be made again from the same batch, and what
//! it does cannot depend on anything that the host did not hand over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wasmtime_wasi::clocks::{HostMonotonicClock, HostWallClock};

use crate::contract::Instant;

/// The export that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// `describe`, and the component's own start.
    Describe,
    /// `validate-config`.
    Validate,
    /// `fetch`.
    Fetch,
    /// `transform`.
    Transform,
    /// `push`.
    Push,
}

impl Phase {
    /// No network, storage, mail, time or chance.
    pub const fn is_pure(self) -> bool {
        matches!(self, Self::Describe | Self::Transform)
    }

    /// The export's name in the contract.
    pub const fn export(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Validate => "validate-config",
            Self::Fetch => "fetch",
            Self::Transform => "transform",
            Self::Push => "push",
        }
    }

    const fn number(self) -> u8 {
        match self {
            Self::Describe => 0,
            Self::Validate => 1,
            Self::Fetch => 2,
            Self::Transform => 3,
            Self::Push => 4,
        }
    }

    /// An unknown number reads as the phase that allows nothing.
    const fn of_number(number: u8) -> Self {
        match number {
            1 => Self::Validate,
            2 => Self::Fetch,
            3 => Self::Transform,
            4 => Self::Push,
            _ => Self::Describe,
        }
    }
}

/// What time it is: the machine's, or the operator's (`--now`).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// The machine's clock and these microseconds more.
    Shifted(i64),
    /// A clock that stands.
    Fixed(Instant),
}

impl Clock {
    /// A clock that runs on from an instant as of now.
    pub fn starting_at(instant: Instant) -> Self {
        Self::Shifted(
            instant
                .microseconds
                .saturating_sub(system_now().microseconds),
        )
    }

    /// The time.
    pub fn now(&self) -> Instant {
        match *self {
            Self::System => system_now(),
            Self::Shifted(by) => Instant {
                microseconds: system_now().microseconds.saturating_add(by),
            },
            Self::Fixed(instant) => instant,
        }
    }
}

fn system_now() -> Instant {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Instant {
        microseconds: i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
    }
}

/// The phase of one session, shared by its capabilities, and whether one of them has just answered.
#[derive(Debug, Clone, Default)]
pub struct CurrentPhase(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    phase: AtomicU8,
    standing_at: AtomicI64,
    answered: AtomicBool,
}

impl CurrentPhase {
    /// The export that runs.
    pub fn get(&self) -> Phase {
        Phase::of_number(self.0.phase.load(Ordering::Acquire))
    }

    /// Enters a phase; in a pure one the wall clock stands at this instant.
    pub(crate) fn enter(&self, phase: Phase, standing_at: Instant) {
        self.0
            .standing_at
            .store(standing_at.microseconds, Ordering::Release);
        self.0.phase.store(phase.number(), Ordering::Release);
    }

    /// The host answered after the guest had waited for it: the tick that passed meanwhile is not
    /// the guest's.
    pub(crate) fn answered(&self) {
        self.0.answered.store(true, Ordering::Release);
    }

    /// Whether the host answered since this was asked last.
    pub(super) fn take_answered(&self) -> bool {
        self.0.answered.swap(false, Ordering::AcqRel)
    }

    fn standing_at(&self) -> Instant {
        Instant {
            microseconds: self.0.standing_at.load(Ordering::Acquire),
        }
    }
}

/// The guest's wall clock.
pub(super) struct WallClock {
    pub(super) phase: CurrentPhase,
    pub(super) clock: Clock,
}

impl HostWallClock for WallClock {
    fn resolution(&self) -> Duration {
        Duration::from_micros(1)
    }

    fn now(&self) -> Duration {
        let now = if self.phase.get().is_pure() {
            self.phase.standing_at()
        } else {
            self.clock.now()
        };
        // Before 1970 there is no WASI time.
        Duration::from_micros(u64::try_from(now.microseconds).unwrap_or(0))
    }
}

/// The guest's monotonic clock.
pub(super) struct MonotonicClock {
    pub(super) phase: CurrentPhase,
    pub(super) started: tokio::time::Instant,
}

impl HostMonotonicClock for MonotonicClock {
    fn resolution(&self) -> u64 {
        1_000
    }

    fn now(&self) -> u64 {
        if self.phase.get().is_pure() {
            return 0;
        }
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
