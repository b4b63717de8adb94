//! Builds the components that the host carries in itself.
//!
//! Each is compiled for wasm32-wasip2 by a cargo of its own, into a target directory of its own, and
//! embedded by `runtime::embedded`. To use a component that was built elsewhere, and skip this:
//!
//! ```text
//! TANDEM_COMPONENT_GRAPH=/path/to/graph.wasm cargo build
//! ```

#[path = "build/component.rs"]
mod component;

use std::process::ExitCode;

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
    const SKIP: &str = "TANDEM_COMPONENT_GRAPH";
    println!("cargo::rerun-if-env-changed={SKIP}");
    let workspace = component::workspace()?;
    for path in ["plugin", "wit", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
    let file = match std::env::var_os(SKIP) {
        Some(path) => std::path::absolute(path).map_err(|error| format!("{SKIP}: {error}"))?,
        None => {
            let target = component::out_dir()?.join("component-target");
            let arguments = ["--package", "graph", "--lib", "--profile", "component"];
            component::build(&workspace, &target, &arguments)?;
            target.join("wasm32-wasip2/component/graph.wasm")
        }
    };
    if !file.is_file() {
        return Err(format!(
            "there is no component at {}; check {SKIP}, or unset it to have it built",
            file.display()
        ));
    }
    println!("cargo::rustc-env={SKIP}={}", file.display());
    Ok(())
}
