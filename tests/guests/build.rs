//! Builds every guest for wasm and tells the tests where each lies.
//!
//! It also writes a macro that names each guest once; `tests/sandbox/main.rs` turns each name into the
//! module of that guest's tests, so a guest without tests does not compile.

#[path = "../../host/build/component.rs"]
mod component;

use std::fmt::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The guests themselves are built by this very script, one level further in.
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        return ExitCode::SUCCESS;
    }
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            println!("cargo::error={sentence}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let workspace = component::workspace()?;
    for path in [
        "tests/guests/build.rs",
        "tests/guests/Cargo.toml",
        "tests/guests/src",
        "tests/guests/examples",
        "host/build",
        "wit",
        "Cargo.lock",
    ] {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
    let target = component::out_dir()?.join("guests-target");
    let arguments = ["--package", "guests", "--examples", "--release"];
    component::build(&workspace, &target, &arguments)?;

    let built = target.join("wasm32-wasip2/release/examples");
    let mut constants = String::new();
    let mut names = String::new();
    for name in names_of_guests(&workspace.join("tests/guests/examples"))? {
        let file = built.join(format!("{name}.wasm"));
        if !file.is_file() {
            return Err(format!(
                "the guest {name} was not built; list it as an [[example]] in tests/guests/Cargo.toml"
            ));
        }
        let constant = name.to_uppercase();
        let _ = writeln!(constants, "/// The guest of examples/{name}.rs.");
        let _ = writeln!(constants, "pub const {constant}: &str = {file:?};");
        let _ = write!(names, "$each!({name}); ");
    }
    let text = format!(
        "{constants}\n/// Calls a macro with the name of each guest.\n#[macro_export]\n\
         macro_rules! every_guest {{ ($each:ident) => {{ {names} }}; }}\n"
    );
    let out = component::out_dir()?.join("built.rs");
    std::fs::write(&out, text).map_err(|error| format!("{}: {error}", out.display()))
}

fn names_of_guests(folder: &std::path::Path) -> Result<Vec<String>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}
