//! `tandem approve CYCLE`: the deletions that a cycle holds may go ahead, or what a stopped one asked.
//! The next cycle looks again before it does anything.

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
    let cycle = &options.cycle;
    let approved = approve::approve(&tenant, cycle).await?;
    if approved.is_nothing() {
        return Err(match approve::asked_since(&tenant, cycle).await? {
            Some(later) => format!(
                "cycle {cycle} asks nothing any more: a later one of its mailbox found more; see its plan with \
                 `tandem sync --dry-run` and use `tandem approve {later}`"
            )
            .into(),
            None => format!("cycle {cycle} holds nothing that waits").into(),
        });
    }
    if approved.stop {
        println!("the next cycle goes ahead, if it finds no more than this one");
    }
    if approved.deletions > 0 {
        println!(
            "{} deletions go ahead with the next cycle",
            approved.deletions
        );
    }
    Ok(ExitCode::SUCCESS)
}
