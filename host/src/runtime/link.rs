//! The whole list of what a component may import, one by one.
//!
//! An interface that is not here does not exist for a plugin: a component that imports it is refused
//! when it is loaded. `wasi:filesystem` and `wasi:sockets` are absent on purpose; Rust's std brings
//! them only to components that use files or sockets.

use wasmtime::component::{HasSelf, Linker};
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::p2::bindings as wasi;
use wasmtime_wasi_http::p2::add_only_http_to_linker_async;

use super::sandbox::Sandbox;
use crate::contract;

/// Interfaces of the contract, version 1.
const CONTRACT: [&str; 11] = [
    "tandem:sync/storage",
    "tandem:sync/mail",
    // Types only; they bring no functions.
    "tandem:sync/change",
    "tandem:sync/contact",
    "tandem:sync/fault",
    "tandem:sync/item",
    "tandem:sync/link",
    "tandem:sync/plan",
    "tandem:sync/series",
    "tandem:sync/settings",
    "tandem:sync/time",
];

/// Interfaces of WASI 0.2.
const WASI: [&str; 20] = [
    "wasi:http/types",
    "wasi:http/outgoing-handler",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:clocks/wall-clock",
    "wasi:clocks/monotonic-clock",
    "wasi:random/random",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
    // Inert: no arguments, no variables, no input, nothing listens to the output.
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr",
];

/// The interface that every plugin exports.
pub(super) const PROVIDER: &str = "tandem:sync/provider@1.0.0";

/// Whether a plugin may import this.
pub(super) fn is_allowed(import: &str) -> bool {
    let Some((interface, version)) = import.split_once('@') else {
        return false;
    };
    (version.starts_with("1.") && CONTRACT.contains(&interface))
        || (version.starts_with("0.2.") && WASI.contains(&interface))
}

/// Everything that a component is given.
pub(super) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Sandbox>> {
    let mut linker = Linker::new(engine);
    let l = &mut linker;

    contract::storage::add_to_linker::<_, HasSelf<_>>(l, Sandbox::storage)?;
    contract::mail::add_to_linker::<_, HasSelf<_>>(l, Sandbox::notices)?;

    // Brings wasi:io, the clocks, standard streams and wasi:random/random, which is replaced by
    // the bounded one below.
    wasmtime_wasi::p2::add_to_linker_proxy_interfaces_async(l)?;
    wasi::cli::environment::add_to_linker::<_, WasiCli>(l, Sandbox::cli)?;
    wasi::cli::exit::add_to_linker::<_, WasiCli>(l, Sandbox::cli)?;
    wasi::cli::terminal_input::add_to_linker::<_, WasiCli>(l, Sandbox::cli)?;
    wasi::cli::terminal_output::add_to_linker::<_, WasiCli>(l, Sandbox::cli)?;
    wasi::cli::terminal_stdin::add_to_linker::<_, WasiCli>(l, Sandbox::cli)?;
    wasi::cli::terminal_stdout::add_to_linker::<_, WasiCli>(l, Sandbox::cli)?;
    wasi::cli::terminal_stderr::add_to_linker::<_, WasiCli>(l, Sandbox::cli)?;

    l.allow_shadowing(true);
    wasi::random::random::add_to_linker::<_, HasSelf<_>>(l, Sandbox::randomness)?;
    l.allow_shadowing(false);
    wasi::random::insecure::add_to_linker::<_, HasSelf<_>>(l, Sandbox::randomness)?;
    wasi::random::insecure_seed::add_to_linker::<_, HasSelf<_>>(l, Sandbox::randomness)?;

    add_only_http_to_linker_async(l)?;
    Ok(linker)
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn what_is_not_on_the_list_is_refused() {
        for import in [
            "wasi:filesystem/types@0.2.6",
            "wasi:sockets/tcp@0.2.6",
            "wasi:http/incoming-handler@0.2.4",
            "wasi:http/types@0.3.0",
            "wasi:cli/run@0.2.6",
            "tandem:sync/storage",
            "tandem:sync/storage@2.0.0",
            "tandem:other/storage@1.0.0",
            "env",
        ] {
            assert!(!is_allowed(import), "{import}");
        }
        assert!(is_allowed("wasi:http/types@0.2.4"));
        assert!(is_allowed("tandem:sync/storage@1.0.0"));
    }
}
