//! What can go wrong between the host and a component. The last words of each text say what to do.

use std::path::PathBuf;
use std::time::Duration;

/// Why a component was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum ComponentError {
    /// The file could not be read.
    #[error("{path}: cannot read the plugin: {source}; check the path and its permissions")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is a core module.
    #[error(
        "{origin}: this is a core WebAssembly module, not a component; build it for wasm32-wasip2, or wrap it with `wasm-tools component new`"
    )]
    CoreModule {
        /// Where it came from.
        origin: String,
    },
    /// It is no WebAssembly, or a damaged one.
    #[error("{origin}: not a readable component: {text}; build or copy the file again")]
    Damaged {
        /// Where it came from.
        origin: String,
        /// What the compiler said.
        text: String,
    },
    /// It imports more than the sandbox has.
    #[error(
        "{origin}: it imports what no plugin may have: {}; build it without them (`tandem plugin inspect` lists all imports)",
        imports.join(", ")
    )]
    ForbiddenImports {
        /// Where it came from.
        origin: String,
        /// Every refused import.
        imports: Vec<String>,
    },
    /// It lacks the provider interface.
    #[error(
        "{origin}: it does not export {missing}; it exports {}; build it against wit/ of this host",
        if exports.is_empty() { "nothing".to_owned() } else { exports.join(", ") }
    )]
    MissingExport {
        /// Where it came from.
        origin: String,
        /// What is missing.
        missing: &'static str,
        /// What it has.
        exports: Vec<String>,
    },
    /// An interface has another shape than the contract.
    #[error(
        "{origin}: it does not fit this host's contract: {text}; build it against wit/ of this host"
    )]
    OtherContract {
        /// Where it came from.
        origin: String,
        /// What does not fit.
        text: String,
    },
    /// `describe` failed.
    #[error("{origin}: it loads, but cannot say what it is: {source}")]
    Undescribed {
        /// Where it came from.
        origin: String,
        /// Why.
        source: RuntimeError,
    },
}

/// Why a call of a component gave nothing. After any of them but [`RuntimeError::Busy`] the session
/// is dead: the cycle counts as failed and the next one opens a new session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuntimeError {
    /// The guest trapped: a panic, an unreachable instruction, a refused host function.
    #[error(
        "the plugin's `{export}` broke off: {text}; nothing of this cycle is kept, and the next one starts afresh; if it happens again, tell the plugin's author"
    )]
    Trapped {
        /// Which function.
        export: &'static str,
        /// The trap, and what the guest said on standard error.
        text: String,
    },
    /// The wall clock ran out.
    #[error(
        "the plugin's `{export}` did not return within {} s; check how fast the server answers, or raise the limit",
        after.as_secs_f32()
    )]
    TimedOut {
        /// Which function.
        export: &'static str,
        /// The limit.
        after: Duration,
    },
    /// The CPU budget ran out.
    #[error(
        "the plugin's `{export}` computed for more than {} s; tell the plugin's author, or raise the limit",
        budget.as_secs_f32()
    )]
    OutOfCpu {
        /// Which function.
        export: &'static str,
        /// The limit.
        budget: Duration,
    },
    /// The memory ran out.
    #[error(
        "the plugin's `{export}` asked for more than {} MiB of memory; tell the plugin's author, or raise the limit",
        limit >> 20
    )]
    OutOfMemory {
        /// Which function.
        export: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// The answer has not the form that the contract asks for.
    #[error("the plugin's `{export}` broke the contract: {text}; tell the plugin's author")]
    BrokeContract {
        /// Which function.
        export: &'static str,
        /// What is wrong.
        text: String,
    },
    /// An earlier call of this session trapped, timed out or was given up.
    #[error(
        "this session is over because an earlier call of it failed; open a new one for the next cycle"
    )]
    Dead,
    /// All places of the pool are taken.
    #[error(
        "as many plugins are running as this host allows; wait for one to end, or raise the number of sessions"
    )]
    Busy,
    /// The engine itself failed.
    #[error("the sandbox could not be set up: {0}; check the machine's memory and its limits")]
    Engine(String),
}
