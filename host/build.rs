//! Builds the components that the host carries in itself.
//!
//! They are compiled for wasm32-wasip2 by a cargo of their own, into a target directory of its own, and
//! embedded by `runtime::embedded`. One that was built elsewhere is taken as it is:
//!
//! ```text
//! TANDEM_COMPONENT_GRAPH=/path/to/graph.wasm TANDEM_COMPONENT_EWS=/path/to/ews.wasm cargo build
//! ```

#[path = "build/component.rs"]
mod component;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The packages of the components, and the variable that names each one's file.
const COMPONENTS: [(&str, &str); 2] = [
    ("graph", "TANDEM_COMPONENT_GRAPH"),
    ("ews", "TANDEM_COMPONENT_EWS"),
];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            println!("cargo::error={sentence}");
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), String> {
    let workspace = component::workspace()?;
    for path in ["plugin", "wit", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
    let target = component::out_dir()?.join("component-target");
    let mut packages = Vec::new();
    let mut files = Vec::new();
    for (package, variable) in COMPONENTS {
        println!("cargo::rerun-if-env-changed={variable}");
        files.push(match std::env::var_os(variable) {
            Some(path) => (variable, ready_made(variable, Path::new(&path))?),
            None => {
                packages.extend(["--package", package]);
                let file = format!("wasm32-wasip2/component/{package}.wasm");
                (variable, target.join(file))
            }
        });
    }
    if !packages.is_empty() {
        packages.extend(["--lib", "--profile", "component"]);
        component::build(&workspace, &target, &packages)?;
    }
    for (variable, file) in files {
        if !file.is_file() {
            return Err(format!(
                "there is no component at {}; check {variable}, or unset it to have it built",
                file.display()
            ));
        }
        println!("cargo::rustc-env={variable}={}", file.display());
    }
    Ok(())
}

fn ready_made(variable: &str, path: &Path) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|error| format!("{variable}: {error}"))
}
