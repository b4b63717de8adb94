//! Runs seeds: one with its trace, or many, some at a time.

use std::ops::Range;
use std::process::ExitCode;

use clap::Parser;
use simulation::many::{many, show};
use simulation::{provider, run};
use tandem::runtime::embedded::Embedded;

/// Lives of mailboxes, each drawn from a seed.
#[derive(Debug, Parser)]
#[command(name = "simulation")]
struct Arguments {
    /// One seed; its whole trace is printed.
    #[arg(long, conflicts_with = "seeds", required_unless_present = "seeds")]
    seed: Option<u64>,
    /// Many seeds, as in 0..500; the traces of those that fail are printed.
    #[arg(long, value_parser = range)]
    seeds: Option<Range<u64>>,
    /// How many at once, at most 8.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=8))]
    at_once: u8,
    /// The way to Exchange; left out, seeds take turns.
    #[arg(long, value_parser = provider_of_name)]
    provider: Option<Embedded>,
    /// Of seeds that fail only what was broken is printed.
    #[arg(long)]
    brief: bool,
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let ends = text
        .split_once("..")
        .and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    ends.ok_or_else(|| "write FROM..TO, as in 0..500".to_owned())
}

fn provider_of_name(name: &str) -> Result<Embedded, String> {
    let mut all = Embedded::ALL.into_iter();
    all.find(|it| provider::name(*it) == name)
        .ok_or_else(|| "write graph or ews".to_owned())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(seed) = arguments.seed {
        let provider = (arguments.provider).unwrap_or_else(|| provider::of_seed(seed));
        return match run(seed, provider) {
            Ok(outcome) => {
                println!("{}", show(&outcome, false));
                ExitCode::from(u8::from(!outcome.broken.is_empty()))
            }
            Err(error) => {
                eprintln!("seed {seed}: {error}");
                ExitCode::from(2)
            }
        };
    }
    let seeds = arguments.seeds.unwrap_or(0..500);
    let count = seeds.end.saturating_sub(seeds.start);
    let failed = many(
        seeds,
        arguments.provider,
        arguments.at_once.into(),
        |outcome| {
            println!("{}\n", show(outcome, arguments.brief));
        },
    );
    println!("{count} seeds, {} failed: {failed:?}", failed.len());
    ExitCode::from(u8::from(!failed.is_empty()))
}
