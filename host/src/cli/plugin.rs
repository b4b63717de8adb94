//! `tandem plugin inspect FILE.wasm`: what a plugin is, and what it would be given.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Failure;
use crate::runtime::{Component, Engine, EngineSettings, Inspection};

/// What can be done with plugins.
#[derive(Debug, Subcommand)]
pub enum Plugin {
    /// Shows name, version, digest, imports and exports.
    Inspect(Inspect),
}

/// Options of `tandem plugin inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// The component.
    file: PathBuf,
}

pub async fn run(plugin: Plugin) -> Result<ExitCode, Failure> {
    let Plugin::Inspect(options) = plugin;
    let engine = Engine::new(&EngineSettings::default())?;
    let inspection = Inspection::of_file(&engine, &options.file).await?;
    println!(
        "file     {}\ndigest   {}\nsize     {} bytes",
        inspection.origin, inspection.digest, inspection.size
    );
    for import in &inspection.imports {
        println!(
            "import   {} {}",
            import.name,
            if import.allowed { "" } else { "(refused)" }
        );
    }
    for export in &inspection.exports {
        println!("export   {export}");
    }
    let component = Component::from_file(&engine, &options.file).await?;
    let description = component.description();
    println!("plugin   {} {}", description.name, description.version);
    for host in &description.hosts {
        println!("asks for {}", host.template);
    }
    Ok(ExitCode::SUCCESS)
}
