//! The emulator as a program.
//!
//! `exchange --listen 127.0.0.1:9700 --mailbox anna@example.com --calendar anna.ics --zone "W. Europe Standard Time"`

use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser};
use exchange::{Account, Clock, Config, Credentials, Exchange, Tls, Zone, serve, serve_encrypted};

/// An Exchange emulator: Microsoft Graph and Exchange Web Services over mailboxes in memory.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:9700")]
    listen: SocketAddr,
    /// A mailbox to have; may be given again.
    #[arg(long, value_name = "ADDRESS", default_value = "anna@example.com")]
    mailbox: Vec<String>,
    /// An .ics file for the mailbox named before it, or the first one; may be given again.
    #[arg(long, value_name = "FILE")]
    calendar: Vec<PathBuf>,
    /// The instant at which the clock begins, as in 2026-11-22T08:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    now: Option<DateTime<Utc>>,
    /// The mailboxes' zone, by its Windows or IANA name.
    #[arg(long, default_value = "W. Europe Standard Time", value_parser = zone)]
    zone: String,
    /// An account for EWS, as NAME:PASSWORD; one with a mailbox's address opens that mailbox. May be given again.
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = account)]
    account: Vec<Account>,
    /// An account for EWS that may act for every mailbox, as NAME:PASSWORD; may be given again.
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = account)]
    service_account: Vec<Account>,
    /// Listen with TLS, with a certificate made at the start; the certificate of its authority is written to this file.
    #[arg(long, value_name = "FILE")]
    tls: Option<PathBuf>,
    /// The directory (tenant) id that clients name.
    #[arg(long, default_value_t = Credentials::default().tenant)]
    tenant_id: String,
    #[arg(long, default_value_t = Credentials::default().client_id)]
    client_id: String,
    #[arg(long, default_value_t = Credentials::default().client_secret)]
    client_secret: String,
    /// The address that links in answers begin with; by default the one that the client used.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

fn zone(name: &str) -> Result<String, String> {
    Zone::parse(name)
        .map(|_| name.to_owned())
        .ok_or_else(|| "no such zone; use a Windows name such as 'W. Europe Standard Time' or one such as Europe/Berlin".to_owned())
}

fn account(text: &str) -> Result<Account, String> {
    let (name, password) = text
        .split_once(':')
        .filter(|(name, _)| !name.is_empty())
        .ok_or("an account is written as NAME:PASSWORD")?;
    Ok(Account {
        name: name.to_owned(),
        password: password.to_owned(),
        impersonates: false,
    })
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("exchange: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A closed pipe behind us is no reason to end.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn run() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let matches = Options::command().get_matches();
    let options = Options::from_arg_matches(&matches)?;
    let credentials = Credentials {
        tenant: options.tenant_id.clone(),
        client_id: options.client_id.clone(),
        client_secret: options.client_secret.clone(),
    };
    let exchange = Exchange::new(Config {
        credentials,
        clock: options.now.map_or(Clock::System, Clock::running_from),
        base_url: options.base_url.clone(),
        ..Config::default()
    });
    for account in options.account.iter().chain(&options.service_account) {
        exchange.add_account(Account {
            impersonates: options.service_account.contains(account),
            ..account.clone()
        });
    }
    for address in &options.mailbox {
        exchange.add_mailbox(address, &options.zone);
    }
    for (file, address) in calendars(&matches, &options) {
        let loaded = exchange.load_calendar(file, address)?;
        say(&format!(
            "{}: items {}, of these series {}, into {address}",
            file.display(),
            loaded.items,
            loaded.series
        ));
    }
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .map_err(|error| {
            format!(
                "cannot listen on {}: {error}; choose another --listen",
                options.listen
            )
        })?;
    let running = match &options.tls {
        None => serve(exchange, listener)?,
        Some(file) => {
            let host = options.listen.ip().to_string();
            let tls = Tls::for_names(&[&host, "localhost"])?;
            std::fs::write(file, &tls.authority).map_err(|error| {
                format!(
                    "cannot write {}: {error}; choose another --tls",
                    file.display()
                )
            })?;
            serve_encrypted(exchange, listener, &tls)?
        }
    };
    let url = running.url();
    say(&format!("Microsoft Graph  {url}/v1.0"));
    say(&format!("EWS              {url}/EWS/Exchange.asmx"));
    say(&format!(
        "Tokens           {url}/{}/oauth2/v2.0/token",
        options.tenant_id
    ));
    say(&format!("Control          {url}/control/counters"));
    say(&format!("Tenant id        {}", options.tenant_id));
    say(&format!("Client id        {}", options.client_id));
    say(&format!("Client secret    {}", options.client_secret));
    say(&format!("Mailboxes        {}", options.mailbox.join(", ")));
    tokio::signal::ctrl_c().await?;
    running.stop().await?;
    Ok(())
}

/// Which file goes into which mailbox: the one named before it on the command line, else the first.
fn calendars<'a>(matches: &ArgMatches, options: &'a Options) -> Vec<(&'a PathBuf, &'a str)> {
    let places = |name| {
        matches
            .indices_of(name)
            .map(Iterator::collect)
            .unwrap_or_default()
    };
    let (mailboxes, files): (Vec<usize>, Vec<usize>) = (places("mailbox"), places("calendar"));
    let first = options
        .mailbox
        .first()
        .map(String::as_str)
        .unwrap_or_default();
    files
        .iter()
        .zip(&options.calendar)
        .map(|(place, file)| {
            let before = mailboxes
                .iter()
                .zip(&options.mailbox)
                .take_while(|(mailbox, _)| *mailbox < place)
                .last();
            (file, before.map_or(first, |(_, address)| address.as_str()))
        })
        .collect()
}
