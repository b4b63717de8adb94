//! `tandem explain ITEM`: what happened to an item, why, and what it is in now.

use std::process::ExitCode;

use clap::Args;

use super::{Failure, OfTenant, Operator};
use crate::explanation::{find, story, story_text};

/// Options of `tandem explain`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    tenant: OfTenant,
    /// The PSA's id, `exchange:ID`, or a part of a title that no other item has.
    item: String,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

pub async fn run(options: Options) -> Result<ExitCode, Failure> {
    let (file, store) = options.operator.store().await?;
    let tenant = store.tenant(&options.tenant.find(&store).await?);
    let wanted = find::find(&tenant, &options.item).await?;
    let story = story::tell(&file.web_address(), &tenant, &wanted).await?;
    if options.json {
        println!("{}", serde_json::to_string(&story)?);
    } else {
        for line in story_text::lines(&story) {
            println!("{line}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
