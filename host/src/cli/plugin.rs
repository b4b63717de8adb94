//! `tandem plugin inspect FILE.wasm`: what a plugin is, what it wants, and what it would be given.
//!
//! A grant needs two keys, the plugin's and the settings': with `--tenant` both are shown for that
//! tenant. A component that imports more than the sandbox has is shown with the list of what is
//! refused, and the command fails.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, OfTenant};
use crate::capability::endpoint::{service_url, without_trailing_slash};
use crate::contract::{Authorisation, Description, Settings};
use crate::explanation::text::plain;
use crate::operator::OperatorFile;
use crate::runtime::{
    Component, ComponentError, Engine, EngineSettings, Grants, Inspection, Weighed,
};
use crate::store::settings;

/// What can be done with plugins.
#[derive(Debug, Subcommand)]
pub enum Plugin {
    /// Shows name, version, digest, imports, exports, and what would be granted or refused.
    Inspect(Inspect),
}

/// Options of `tandem plugin inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// The component.
    file: PathBuf,
    /// Shows what this tenant's settings would grant.
    #[arg(long)]
    tenant: Option<String>,
    /// The operator's file; with --tenant `tandem.toml` unless another is named.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

pub async fn run(plugin: Plugin) -> Result<ExitCode, Failure> {
    let Plugin::Inspect(options) = plugin;
    let wants_grants = options.tenant.is_some() || options.config.is_some();
    let operator = match &options.config {
        Some(path) => Some(OperatorFile::read(path)?),
        None if wants_grants => Some(OperatorFile::read(&PathBuf::from("tandem.toml"))?),
        None => None,
    };
    let engine = match &operator {
        Some(file) => file.engine()?,
        None => Engine::new(&EngineSettings::default())?,
    };
    let (inspection, loaded) = Component::inspect_file(&engine, &options.file).await?;
    let grants = match (&operator, &loaded) {
        (Some(file), Ok(component)) => {
            Some(granted(file, options.tenant.clone(), component.description()).await?)
        }
        _ => None,
    };
    if options.json {
        println!("{}", as_json(&inspection, &loaded, grants.as_ref()));
    } else {
        show(&inspection, &loaded, grants.as_ref());
    }
    match loaded {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(refused) => Err(refused.into()),
    }
}

/// What a tenant's settings say to what the plugin asks for.
struct Granted {
    tenant: String,
    hosts: Vec<Weighed>,
}

async fn granted(
    file: &OperatorFile,
    tenant: Option<String>,
    description: &Description,
) -> Result<Granted, Failure> {
    let store = file.store().await?;
    let tenant = OfTenant { tenant }.find(&store).await?;
    let stored = settings::get(&store.tenant(&tenant)).await?.settings;
    let stored = stored.ok_or("the tenant has no settings yet; see `tandem apply`")?;
    let endpoints = file.endpoints();
    let settings = Settings {
        service_url: without_trailing_slash(&service_url(&stored, &endpoints)?),
        ..stored
    };
    Ok(Granted {
        tenant: tenant.value,
        hosts: Grants::weigh(description, &settings, &endpoints).weighed(&settings),
    })
}

fn show(
    inspection: &Inspection,
    loaded: &Result<Component, ComponentError>,
    grants: Option<&Granted>,
) {
    println!("file     {}", inspection.origin);
    println!("digest   {}", inspection.digest);
    println!("size     {} bytes", inspection.size);
    for import in &inspection.imports {
        let verdict = if import.allowed { "" } else { " (refused)" };
        println!("import   {}{verdict}", plain(&import.name));
    }
    for export in &inspection.exports {
        println!("export   {}", plain(export));
    }
    let Ok(component) = loaded else { return };
    let description = component.description();
    println!(
        "plugin   {} {}",
        plain(&description.name),
        plain(&description.version)
    );
    for way in &description.authorisation {
        println!(
            "signs in {}; the host adds it outside the sandbox",
            sign_in(*way)
        );
    }
    match grants {
        None => {
            for host in &description.hosts {
                println!(
                    "asks for {}: granted only where a tenant's settings lead there; see with --tenant",
                    plain(&host.template)
                );
            }
            if description.hosts.is_empty() {
                println!("asks for no host; it would reach none");
            }
        }
        Some(granted) => {
            println!("tenant   {}", granted.tenant);
            for host in &granted.hosts {
                println!("asks for {}", weighed(host));
            }
            if granted.hosts.is_empty() {
                println!("asks for no host; it reaches none, whatever the settings give");
            }
        }
    }
}

fn weighed(host: &Weighed) -> String {
    let asked = match &host.origin {
        Some(origin) if *origin != host.template => format!("{} ({origin})", host.template),
        _ => host.template.clone(),
    };
    let given = host.settings_give.as_deref().unwrap_or("no host");
    let verdict = if host.granted { "granted" } else { "refused" };
    plain(&format!("{asked}; the settings give {given}: {verdict}"))
}

const fn sign_in(way: Authorisation) -> &'static str {
    match way {
        Authorisation::OauthClientCredentials => "with a token (OAuth 2.0 client credentials)",
        Authorisation::Basic => "with account and password (basic)",
    }
}

fn as_json(
    inspection: &Inspection,
    loaded: &Result<Component, ComponentError>,
    grants: Option<&Granted>,
) -> Value {
    let description = loaded.as_ref().ok().map(Component::description);
    json!({
        "file": inspection.origin,
        "digest": inspection.digest,
        "size": inspection.size,
        "imports": inspection.imports,
        "exports": inspection.exports,
        "name": description.map(|it| &it.name),
        "version": description.map(|it| &it.version),
        "asks_for": description.map(|it| {
            it.hosts.iter().map(|host| &host.template).collect::<Vec<_>>()
        }),
        "tenant": grants.map(|it| &it.tenant),
        "hosts": grants.map(|it| &it.hosts),
        "refused_because": loaded.as_ref().err().map(ToString::to_string),
    })
}
