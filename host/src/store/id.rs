//! Keys of rows: UUIDs of version 7, so that keys sort by the time they were made.
//!
//! A database draws them from the machine; one whose work has to be repeatable, exactly, is given
//! a seed instead, and then the same work gives the same keys.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Where keys come from. Clones share it.
#[derive(Clone, Debug, Default)]
pub enum Ids {
    /// The machine's clock and chance.
    #[default]
    Machine,
    /// The store's clock, and chance from a seed.
    Seeded(Arc<Mutex<Seeded>>),
}

/// Chance from a seed, and how many keys were drawn.
#[derive(Debug)]
pub struct Seeded {
    chance: StdRng,
    drawn: u16,
}

impl Ids {
    /// Keys that repeat with the seed and with the store's clock.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(Seeded {
            chance: StdRng::seed_from_u64(seed),
            drawn: 0,
        })))
    }

    /// A new key. `now`: the store's clock where it stands, in microseconds.
    pub(super) fn draw(&self, now: Option<i64>) -> String {
        let (Self::Seeded(seeded), Some(now)) = (self, now) else {
            return super::codec::new_id();
        };
        let mut seeded = seeded.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = [0; 10];
        seeded.chance.fill_bytes(&mut bytes);
        // Twelve bits of the first two bytes stay: they count, so that keys of one moment sort.
        seeded.drawn = seeded.drawn.wrapping_add(1);
        let [high, low] = seeded.drawn.to_be_bytes();
        let [first, second, ..] = &mut bytes;
        (*first, *second) = (high, low);
        let millis = u64::try_from(now / 1_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes)
            .into_uuid()
            .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_clock_give_the_same_keys_in_order() {
        let draw = |seed| {
            let ids = Ids::seeded(seed);
            [ids.draw(Some(5_000_000)), ids.draw(Some(5_000_000))]
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let [first, second] = draw(1);
        assert!(first < second, "{first} {second}");
    }
}
