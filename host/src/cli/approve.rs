//! `tandem approve CYCLE`: the deletions that a cycle holds may go ahead. The next cycle looks at
//! each of them again before it does anything.

use std::process::ExitCode;

use clap::Args;

use super::{Failure, OfTenant, Operator};
use crate::cycle::approve;

/// Options of `tandem approve`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    tenant: OfTenant,
    /// The cycle, as `tandem sync` and the history name it.
    cycle: String,
}

pub async fn run(options: Options) -> Result<ExitCode, Failure> {
    let (_, store) = options.operator.store().await?;
    let tenant = store.tenant(&options.tenant.find(&store).await?);
    let count = approve::approve(&tenant, &options.cycle).await?;
    if count == 0 {
        return Err(format!("cycle {} holds nothing that waits", options.cycle).into());
    }
    println!("{count} deletions go ahead with the next cycle");
    Ok(ExitCode::SUCCESS)
}
