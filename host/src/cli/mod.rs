//! The command line: one file for each command.

mod administrator;
mod apply;
mod approve;
mod demo;
mod explain;
mod output;
mod plugin;
mod progress;
mod remove_copies;
mod runs;
mod serve;
mod sync;
mod token;
mod undo;
mod validate;

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};

use crate::contract::{Instant, TenantId};
use crate::host::Host;
use crate::operator::{OperatorError, OperatorFile};
use crate::store::{Store, StoreError};

/// Keeps a PSA's calendar in step with Microsoft Exchange.
#[derive(Debug, Parser)]
#[command(name = "tandem", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything embedded: an Exchange emulator, a seeded PSA, cycles every 15 seconds.
    Demo(demo::Options),
    /// Runs the host: schedule, pages and JSON interface.
    Serve(serve::Options),
    /// Writes a tenant's settings and users into the database.
    Apply(apply::Options),
    /// Runs cycles now.
    Sync(sync::Options),
    /// Checks a tenant's settings against the real server.
    Validate(validate::Options),
    /// Tells an item's history: what was seen, which rule decided, what was sent, what came back.
    Explain(explain::Options),
    /// Lets the deletions go ahead that a cycle holds.
    Approve(approve::Options),
    /// Removes all copies that Tandem made, where synchronisation is switched off.
    RemoveCopies(remove_copies::Options),
    /// Undoes a user's last cycle, and holds the mailbox until somebody approves what it does again.
    Undo(undo::Options),
    /// Makes a tenant's administrator for the pages, or gives the one there is a new password.
    Administrator(administrator::Options),
    /// Looks into a plugin.
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    /// Bearer tokens of the JSON interface.
    #[command(subcommand)]
    Token(token::Token),
}

/// Where the host's own matters are written.
#[derive(Debug, Args)]
struct Operator {
    /// The operator's file.
    #[arg(long, value_name = "FILE", default_value = "tandem.toml")]
    config: PathBuf,
}

impl Operator {
    /// The file and the database, without the plugins, which take their time to load.
    async fn store(&self) -> Result<(OperatorFile, Store), OperatorError> {
        let file = OperatorFile::read(&self.config)?;
        let store = file.store().await?;
        Ok((file, store))
    }

    /// The file, and the host that it describes.
    async fn open(
        &self,
        now: Option<DateTime<Utc>>,
    ) -> Result<(OperatorFile, Host), OperatorError> {
        let file = OperatorFile::read(&self.config)?;
        let now = now.map(|now| Instant {
            microseconds: now.timestamp_micros(),
        });
        let host = file.host(now).await?;
        Ok((file, host))
    }
}

/// Which tenant a command is about.
#[derive(Debug, Args)]
struct OfTenant {
    /// The tenant; needed where there are several.
    #[arg(long)]
    tenant: Option<String>,
}

/// Why a command could not tell which tenant it is about.
#[derive(Debug, thiserror::Error)]
enum TenantError {
    #[error("there is no tenant yet; make one with `tandem apply FILE.toml`")]
    None,
    #[error("there are several tenants; choose one with --tenant: {0}")]
    Several(String),
    #[error("there is no tenant `{0}`; there are: {1}")]
    Unknown(String, String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OfTenant {
    async fn find(&self, store: &Store) -> Result<TenantId, TenantError> {
        let known = store.tenants().list().await?;
        let names = || {
            known
                .iter()
                .map(|it| it.id.value.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        match (&self.tenant, known.as_slice()) {
            (_, []) => Err(TenantError::None),
            (Some(wanted), known) => known
                .iter()
                .find(|tenant| tenant.id.value == *wanted)
                .map(|tenant| tenant.id.clone())
                .ok_or_else(|| TenantError::Unknown(wanted.clone(), names())),
            (None, [only]) => Ok(only.id.clone()),
            (None, _) => Err(TenantError::Several(names())),
        }
    }
}

/// Any failure of a command, for the terminal.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the program.
pub async fn run() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let done = match CommandLine::parse().command {
        Command::Demo(options) => demo::run(options).await,
        Command::Serve(options) => serve::run(options).await,
        Command::Apply(options) => apply::run(options).await,
        Command::Sync(options) => sync::run(options).await,
        Command::Validate(options) => validate::run(options).await,
        Command::Explain(options) => explain::run(options).await,
        Command::Approve(options) => approve::run(options).await,
        Command::RemoveCopies(options) => remove_copies::run(options).await,
        Command::Undo(options) => undo::run(options).await,
        Command::Administrator(options) => administrator::run(options).await,
        Command::Plugin(plugin) => plugin::run(plugin).await,
        Command::Token(token) => token::run(token).await,
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
