//! Kills hosts as often as wanted, and tells what came of it.

use std::process::ExitCode;

use clap::Parser;
use kill::database::Kind;
use kill::place::Plan;
use kill::random::random;
use kill::role::Role;
use kill::{Result, stumbler};
use simulation::provider::{name, of_seed};

/// Kills hosts under a busy load, and judges what is left.
#[derive(Debug, Parser)]
#[command(name = "kill")]
struct Arguments {
    /// How many kills.
    #[arg(long, default_value_t = 30)]
    kills: usize,
    /// On which database; TANDEM_TEST_POSTGRES names the server for one of PostgreSQL.
    #[arg(long, value_enum, default_value = "sqlite")]
    database: Kind,
    /// How many hosts work on it; several only on PostgreSQL.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    hosts: u8,
    /// What the moments and the deeds are drawn from; even ones go by Graph, odd ones by EWS.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    tandem::capability::http::install_tls();
    match Role::of_this_process() {
        Some(Role::Tandem) => tandem::cli::run().await,
        Some(Role::Stumbler) => stumbler::run().await,
        None => match run(Arguments::parse()).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(broken) => {
                eprintln!("broken: {broken}");
                ExitCode::FAILURE
            }
        },
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    if arguments.database == Kind::Sqlite && arguments.hosts > 1 {
        return Err("one host holds a SQLite file; leave --hosts out".into());
    }
    let plan = Plan::new(
        std::env::current_exe()?,
        arguments.database,
        arguments.hosts.into(),
        arguments.seed,
    );
    let began = std::time::Instant::now();
    let report = random(&plan, arguments.kills).await?;
    let seconds = began.elapsed().as_secs();
    println!(
        "{:?}, {}, seed {}, {seconds} seconds\n{report}",
        arguments.database,
        name(of_seed(arguments.seed)),
        arguments.seed
    );
    Ok(())
}
