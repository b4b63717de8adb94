//! `tandem validate`: does the real server accept the tenant's settings?

use std::process::ExitCode;

use clap::Args;

use super::{Failure, OfTenant, Operator};
use crate::contract::Severity;
use crate::cycle::validate;
use crate::settings::names::both;

/// Options of `tandem validate`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    tenant: OfTenant,
}

pub async fn run(options: Options) -> Result<ExitCode, Failure> {
    let (_, host) = options.operator.open(None).await?;
    let tenant = options.tenant.find(&host.store).await?;
    let findings = validate::validate(&host, &host.store.tenant(&tenant)).await?;
    let mut wrong = false;
    for finding in &findings {
        let mark = match finding.severity {
            Severity::Ok => "ok     ",
            Severity::Warning => "warning",
            Severity::Error => "ERROR  ",
        };
        wrong |= finding.severity == Severity::Error;
        println!("{mark} {}: {}", both(finding.field), finding.text);
        if !finding.hint.is_empty() {
            println!("        to do: {}", finding.hint);
        }
    }
    Ok(if wrong {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
