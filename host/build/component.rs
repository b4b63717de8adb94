//! A cargo inside a build script: components are made for another target than the host.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip2";

/// Where the build script may write.
pub fn out_dir() -> Result<PathBuf, String> {
    variable("OUT_DIR").map(PathBuf::from)
}

/// The folder of the workspace, at most two above the package.
pub fn workspace() -> Result<PathBuf, String> {
    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    package
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file())
        .map(Path::to_owned)
        .ok_or_else(|| {
            format!(
                "no Cargo.lock above {}; build inside the workspace",
                package.display()
            )
        })
}

/// Builds for wasm32-wasip2 into a target directory of its own; the same directory would wait for
/// the lock that the outer cargo holds.
pub fn build(workspace: &Path, target_dir: &Path, arguments: &[&str]) -> Result<(), String> {
    ensure_target(workspace)?;
    let status = child(&variable("CARGO")?, workspace)
        .args(["build", "--locked", "--target", TARGET, "--target-dir"])
        .arg(target_dir)
        .args(arguments)
        .status()
        .map_err(|error| format!("cargo cannot be started for {TARGET}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!(
            "the component was not built; see why with `cargo build --target {TARGET} {}`",
            arguments.join(" ")
        ))
    }
}

/// The toolchain that runs now may lack the target, also where rust-toolchain.toml names it: rustup
/// can be told not to install anything by itself.
fn ensure_target(workspace: &Path) -> Result<(), String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let present = child(&rustc, workspace)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .is_some_and(|folder| Path::new(folder.trim()).is_dir());
    if present {
        return Ok(());
    }
    let mut rustup = child(&OsString::from("rustup"), workspace);
    rustup.args(["target", "add", TARGET]);
    let mut hint = format!("rustup target add {TARGET}");
    if let Ok(toolchain) = std::env::var("RUSTUP_TOOLCHAIN") {
        rustup.args(["--toolchain", &toolchain]);
        hint = format!("{hint} --toolchain {toolchain}");
    }
    match rustup.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!(
            "Rust's {TARGET} target is missing and could not be added; run `{hint}`"
        )),
    }
}

/// A command that inherits nothing of the outer build that would change the inner one.
fn child(program: &OsString, workspace: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let belongs_outside = [
            "CARGO_PROFILE_",
            "CARGO_FEATURE_",
            "CARGO_CFG_",
            "CARGO_PKG_",
            "CARGO_BUILD_",
            "CARGO_TARGET_",
        ]
        .iter()
        .any(|prefix| text.starts_with(prefix))
            || matches!(
                &*text,
                "RUSTC"
                    | "RUSTC_WRAPPER"
                    | "RUSTC_WORKSPACE_WRAPPER"
                    | "RUSTC_LINKER"
                    | "RUSTFLAGS"
                    | "CARGO_ENCODED_RUSTFLAGS"
                    | "CARGO_MANIFEST_DIR"
                    | "CARGO_MANIFEST_PATH"
                    | "TARGET"
                    | "HOST"
                    | "PROFILE"
                    | "OPT_LEVEL"
                    | "DEBUG"
                    | "OUT_DIR"
                    | "LLVM_PROFILE_FILE"
            );
        if belongs_outside {
            command.env_remove(&name);
        }
    }
    command
}

fn variable(name: &str) -> Result<OsString, String> {
    std::env::var_os(name).ok_or_else(|| format!("{name} is not set; build with cargo"))
}
