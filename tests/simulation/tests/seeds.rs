//! Many seeds keep every promise, and a seed repeats its run.
//!
//! Each way to Exchange has half of them. `CI` set: 500 seeds; else 40. A failure prints the seed, its trace, and the command that repeats
//! it. `SIMULATION_SEEDS=0..2000` chooses others.

use std::ops::Range;

use simulation::many::{many, show};
use simulation::{provider, run};

fn seeds() -> Range<u64> {
    let chosen = std::env::var("SIMULATION_SEEDS").ok();
    let ends = chosen
        .as_deref()
        .and_then(|text| text.split_once(".."))
        .and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    ends.unwrap_or(match std::env::var_os("CI") {
        Some(_) => 0..500,
        None => 0..40,
    })
}

#[test]
fn whatever_happens_both_sides_agree_as_the_law_says() {
    let seeds = seeds();
    let failed = many(seeds.clone(), None, 2, |outcome| {
        println!("{}\n", show(outcome, false));
    });
    println!("{} seeds were lived", seeds.end - seeds.start);
    assert!(failed.is_empty(), "seeds that broke a promise: {failed:?}");
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    for seed in [3, 8, 11, 17] {
        let life = || run(seed, provider::of_seed(seed)).unwrap();
        let (one, other) = (life(), life());
        let first = one.trace.iter().zip(&other.trace).find(|(a, b)| a != b);
        assert_eq!(first, None, "seed {seed}");
        assert_eq!(one.trace.len(), other.trace.len(), "seed {seed}");
    }
}
