//! `tandem apply FILE.toml`: a tenant's settings and users into the database.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, Operator};
use crate::contract::Severity;
use crate::settings::document::ApplyFile;
use crate::settings::names::both;
use crate::settings::save::save;

/// Options of `tandem apply`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
    /// The tenant's file.
    file: PathBuf,
}

pub async fn run(options: Options) -> Result<ExitCode, Failure> {
    let name = options.file.display();
    let text = std::fs::read_to_string(&options.file)
        .map_err(|error| format!("{name} cannot be read: {error}"))?;
    let text = secrecy::SecretString::from(text);
    let file: ApplyFile = toml::from_str(secrecy::ExposeSecret::expose_secret(&text))
        .map_err(|error| format!("{name}: {}", without_values(&error)))?;
    let (_, host) = options.operator.open(None).await?;
    let saved = save(&host, &file)
        .await
        .map_err(|error| format!("{name}: {error}"))?;
    if saved.tenant_is_new && file.settings.is_none() {
        println!(
            "tenant `{}` made; `tandem serve` says how to sign in, and the tab General is to be filled in first",
            file.tenant
        );
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "tenant `{}`: settings {}, {} users written{}",
        file.tenant,
        if saved.settings_changed {
            "saved"
        } else {
            "unchanged"
        },
        saved.resources,
        if saved.resynchronises {
            "; a full re-synchronisation follows"
        } else {
            ""
        },
    );
    for finding in saved
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning)
    {
        println!(
            "warning {}: {}; to do: {}",
            both(finding.field),
            finding.text,
            finding.hint
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// What is wrong with a file and where, without the line itself: it may hold a secret.
fn without_values(error: &toml::de::Error) -> String {
    let text = error.to_string();
    text.lines()
        .filter(|line| !line.contains(" | ") && !line.trim_end().ends_with('|'))
        .collect::<Vec<_>>()
        .join(": ")
}
