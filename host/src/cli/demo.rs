//! `tandem demo`: everything embedded, to be tried out.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{Failure, output};
use crate::cycle;
use crate::demo::{Demo, NEWCOMER, colleagues};
use crate::store::cycle_run::Counts;
use crate::store::mailbox;

/// Options of `tandem demo`.
#[derive(Debug, Args)]
pub struct Options {
    /// Runs two cycles for each mailbox, without a server, and ends.
    #[arg(long)]
    once: bool,
    /// Prints one JSON object (with --once).
    #[arg(long, requires = "once")]
    json: bool,
    /// The instant to take for now, such as 2026-11-22T08:00:00Z.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
    /// What colleagues do is drawn from this.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often cycles run and colleagues edit something, in seconds; settings ask for ten minutes at least.
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..))]
    pace: u64,
    /// A directory for compiled plugins, which makes the next start fast.
    #[arg(long, value_name = "DIRECTORY")]
    plugin_cache: Option<PathBuf>,
    /// Where pages and JSON interface listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
}

pub async fn run(options: Options) -> Result<ExitCode, Failure> {
    let mut demo =
        Demo::start_with(options.now, options.listen, options.plugin_cache.clone()).await?;
    if options.once {
        return twice(&demo, options.json).await;
    }
    let pace = Duration::from_secs(options.pace);
    demo.host.pace = Some(pace);
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .map_err(|error| {
            format!(
                "{} cannot be listened on: {error}; choose another with --listen",
                options.listen
            )
        })?;
    let token = demo
        .host
        .store
        .tokens()
        .create(&demo.tenant, "demo")
        .await?;
    println!("Tandem          http://{}", options.listen);
    for account in demo.accounts().await? {
        println!("Sign in as      {:<26}{}", account.name, account.password());
    }
    println!("JSON interface  http://{}/api/v1", options.listen);
    println!("Token           {}", token.expose_secret());
    println!("Exchange        {}", demo.exchange.url());
    println!(
        "Cycles          every {} seconds for {} mailboxes",
        options.pace,
        demo.people.len()
    );
    println!(
        "Colleagues      edit both sides, drawn from seed {}",
        options.seed
    );
    println!(
        "New             {} joined today: enable her under Resources, save her profile, synchronise now",
        NEWCOMER.name
    );
    println!(
        "\nTry:  curl -H 'Authorization: Bearer {}' http://{}/api/v1/appointments",
        token.expose_secret(),
        options.listen
    );
    println!(
        "      curl {}/control/mailboxes/{}/events",
        demo.exchange.url(),
        demo.people.first().map_or("", |it| it.address)
    );
    println!("End it with Ctrl-C.");
    let edits = tokio::spawn(colleagues::edit_for_ever(
        demo.colleagues(),
        options.seed,
        pace,
    ));
    let served = super::serve::until_stopped(demo.host.clone(), listener, 8, None).await;
    edits.abort();
    served?;
    Ok(ExitCode::SUCCESS)
}

async fn twice(demo: &Demo, as_json: bool) -> Result<ExitCode, Failure> {
    let records = mailbox::list(&demo.host.store.tenant(&demo.tenant)).await?;
    let mut cycles = Vec::new();
    for number in 1..=2 {
        let mut sum = Counts::default();
        for record in &records {
            let report = super::runs::one(&demo.host, record, cycle::Options::default()).await?;
            if !as_json {
                println!("cycle {number}, {}", output::line(&report));
            }
            output::add(&mut sum, &report.counts);
        }
        let mut counts = output::counts(&sum);
        if let Some(counts) = counts.as_object_mut() {
            counts.insert("cycle".to_owned(), json!(number));
            counts.insert("mailboxes".to_owned(), json!(records.len()));
        }
        cycles.push(counts);
    }
    if as_json {
        println!("{}", json!({ "cycles": cycles }));
    }
    Ok(ExitCode::SUCCESS)
}
