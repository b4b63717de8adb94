//! `tandem token create`: a bearer token for the JSON interface, shown once.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use super::{Failure, OfTenant, Operator};

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Makes one, bound to a tenant.
    Create(Create),
}

/// Options of `tandem token create`.
#[derive(Debug, Args)]
pub struct Create {
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    tenant: OfTenant,
    /// What it is for.
    #[arg(long, default_value = "command line")]
    label: String,
}

pub async fn run(token: Token) -> Result<ExitCode, Failure> {
    let Token::Create(options) = token;
    let (_, store) = options.operator.store().await?;
    let tenant = options.tenant.find(&store).await?;
    let token = store.tokens().create(&tenant, &options.label).await?;
    println!("{}", token.expose_secret());
    Ok(ExitCode::SUCCESS)
}
