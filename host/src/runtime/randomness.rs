//! Randomness for guests: real and bounded, or in a pure phase always the same.
//!
//! The seed of `HashMap`s is constant throughout, since std asks for it once and keeps it: drawn in
//! `fetch`, it would decide the order in `transform`. Collisions that somebody crafts for it cost the
//! guest's own CPU budget and nothing else.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use wasmtime_wasi::p2::bindings::random::{insecure, insecure_seed, random};

use super::phase::CurrentPhase;

/// Where a session's randomness comes from, outside the pure phases. Clones share it.
#[derive(Clone, Debug, Default)]
pub enum Chance {
    /// The machine's.
    #[default]
    Machine,
    /// Drawn from a seed, so that a run can be repeated exactly. Never for a host at work.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Chance {
    /// Chance that repeats with the seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    fn fill(&self, bytes: &mut [u8]) {
        match self {
            Self::Machine => rand::rng().fill_bytes(bytes),
            Self::Seeded(seeded) => seeded
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(bytes),
        }
    }
}

const PURE_SEED: u64 = 0x7461_6e64_656d;

/// One session's randomness.
pub(super) struct Randomness {
    phase: CurrentPhase,
    chance: Chance,
    pure: StdRng,
    left: u64,
}

impl Randomness {
    pub(super) fn new(phase: CurrentPhase, chance: Chance, bytes: u64) -> Self {
        Self {
            phase,
            chance,
            pure: StdRng::seed_from_u64(PURE_SEED),
            left: bytes,
        }
    }

    /// Each pure call draws the same numbers, whatever ran before.
    pub(super) fn restart_pure(&mut self) {
        self.pure = StdRng::seed_from_u64(PURE_SEED);
    }

    fn fill(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        // The length is the guest's word: it is checked before anything is allocated for it.
        let Some(left) = self.left.checked_sub(length) else {
            wasmtime::bail!("it asked for more random bytes than a session may have");
        };
        self.left = left;
        let mut bytes = vec![0; usize::try_from(length)?];
        if self.phase.get().is_pure() {
            self.pure.fill_bytes(&mut bytes);
        } else {
            self.chance.fill(&mut bytes);
        }
        Ok(bytes)
    }

    fn number(&mut self) -> wasmtime::Result<u64> {
        let bytes = self.fill(8)?;
        Ok(bytes
            .iter()
            .fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }
}

impl random::Host for Randomness {
    fn get_random_bytes(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        self.fill(length)
    }

    fn get_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.number()
    }
}

impl insecure::Host for Randomness {
    fn get_insecure_random_bytes(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        self.fill(length)
    }

    fn get_insecure_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.number()
    }
}

impl insecure_seed::Host for Randomness {
    fn insecure_seed(&mut self) -> wasmtime::Result<(u64, u64)> {
        Ok((PURE_SEED, PURE_SEED))
    }
}

#[cfg(test)]
mod tests {
    use super::random::Host;
    use super::*;
    use crate::contract::Instant;
    use crate::runtime::phase::Phase;

    fn randomness(phase: Phase, bytes: u64) -> Randomness {
        let current = CurrentPhase::default();
        current.enter(phase, Instant { microseconds: 0 });
        Randomness::new(current, Chance::Machine, bytes)
    }

    #[test]
    fn a_session_has_so_many_random_bytes_and_no_more() {
        let mut randomness = randomness(Phase::Fetch, 24);
        assert!(randomness.get_random_bytes(u64::MAX).is_err());
        assert!(randomness.get_random_bytes(16).is_ok());
        assert!(randomness.get_random_u64().is_ok());
        assert!(randomness.get_random_bytes(1).is_err());
    }

    #[test]
    fn chance_repeats_in_pure_phases_only() {
        let draw = |phase| randomness(phase, 100).get_random_bytes(16).unwrap();
        assert_eq!(draw(Phase::Transform), draw(Phase::Describe));
        assert_ne!(draw(Phase::Fetch), draw(Phase::Fetch));
        let seeded = |seed| {
            let current = CurrentPhase::default();
            current.enter(Phase::Fetch, Instant { microseconds: 0 });
            Randomness::new(current, Chance::seeded(seed), 100)
                .get_random_bytes(16)
                .unwrap()
        };
        assert_eq!(seeded(1), seeded(1));
        assert_ne!(seeded(1), seeded(2));
        let mut again = randomness(Phase::Transform, 100);
        let first = again.get_random_bytes(16).unwrap();
        again.restart_pure();
        assert_eq!(again.get_random_bytes(16).unwrap(), first);
    }
}
