//! The only chance in a run.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Dice that fall alike for one seed.
#[derive(Debug)]
pub struct Dice(StdRng);

impl Dice {
    /// Dice for a seed; `what` keeps those of one purpose apart from another's.
    #[must_use]
    pub fn new(seed: u64, what: u64) -> Self {
        Self(StdRng::seed_from_u64(
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ what,
        ))
    }

    /// From `low` to `high`, both among them.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// A place in a list of so many.
    pub fn below(&mut self, many: usize) -> usize {
        self.0.random_range(0..many.max(1))
    }

    /// Whether something happens that happens so many times in a hundred.
    pub fn percent(&mut self, odds: u32) -> bool {
        self.0.random_range(0..100) < odds
    }

    /// One of a list.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// One of an array that has at least one.
    pub fn one<T: Copy, const N: usize>(&mut self, list: [T; N]) -> T {
        const { assert!(N > 0) };
        let mut list = list;
        list.rotate_left(self.below(N));
        let [first, ..] = list.as_slice() else {
            unreachable!("arrays here have at least one");
        };
        *first
    }

    /// A place, drawn by weight.
    pub fn weighed(&mut self, weights: &[u32]) -> usize {
        let mut left = self.0.random_range(0..weights.iter().sum::<u32>().max(1));
        for (place, weight) in weights.iter().enumerate() {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return place,
            }
        }
        0
    }
}
