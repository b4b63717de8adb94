//! What all components share: the compiler, the pool of memories, and the ticker behind the CPU
//! budget.
//!
//! A thread raises the epoch every 10 ms; a guest that runs notices and pays a tick. Waiting for
//! the network costs nothing. The pool bounds how many sessions can be open at once: one more is
//! refused with [`RuntimeError::Busy`] instead of taking memory from the machine.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::Linker;
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::cache::Cache;
use super::error::RuntimeError;
use super::link;
use super::sandbox::Sandbox;

/// How long a tick of the CPU budget lasts.
pub const TICK: Duration = Duration::from_millis(10);

/// What one session may use. Each number is an upper bound.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Linear memory of the component, in bytes. No more than [`EngineSettings::memory_bytes`].
    pub memory_bytes: usize,
    /// CPU time of one call in ticks of 10 ms; waiting is not counted.
    pub cpu_ticks: u32,
    /// How long one call may take by the wall, waiting included.
    pub call_time: Duration,
    /// Core instances of the component.
    pub instances: usize,
    /// Tables of the component.
    pub tables: usize,
    /// Elements of each table.
    pub table_elements: usize,
    /// Linear memories of the component.
    pub memories: usize,
    /// Handles (requests, bodies, streams) that are open at once.
    pub handles: usize,
    /// Bytes that one call of a host function may bring out of the guest.
    pub hostcall_bytes: usize,
    /// Random bytes of one session.
    pub random_bytes: u64,
    /// Bytes of standard error that are kept; the rest is dropped.
    pub stderr_bytes: usize,
    /// HTTP requests of one call.
    pub requests_per_call: u32,
    /// HTTP requests in flight at once; more wait for their turn.
    pub requests_at_once: usize,
    /// Bytes of one request's body.
    pub request_body_bytes: usize,
    /// Bytes of one response's body, after decompression.
    pub response_body_bytes: usize,
    /// Headers of one request or response.
    pub headers: usize,
    /// Bytes of all headers of one request or response.
    pub header_bytes: usize,
    /// How long one request may take, from its start to the end of its response.
    pub request_time: Duration,
    /// Bytes that one session may write to its storage.
    pub storage_bytes: usize,
    /// Notices of one session.
    pub notices: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 64 << 20,
            cpu_ticks: 1_000,
            call_time: Duration::from_secs(300),
            instances: 32,
            tables: 64,
            table_elements: 20_000,
            memories: 8,
            handles: 4_096,
            hostcall_bytes: 64 << 20,
            random_bytes: 1 << 20,
            stderr_bytes: 16 << 10,
            requests_per_call: 2_000,
            requests_at_once: 4,
            request_body_bytes: 4 << 20,
            response_body_bytes: 16 << 20,
            headers: 100,
            header_bytes: 64 << 10,
            request_time: Duration::from_secs(60),
            storage_bytes: 32 << 20,
            notices: 100,
        }
    }
}

/// What the engine reserves for all sessions together.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// Sessions that can be open at once.
    pub sessions: u32,
    /// The largest linear memory that any session may have, in bytes.
    pub memory_bytes: usize,
    /// Count CPU ticks. A deterministic simulation switches it off and trusts its components.
    pub ticks: bool,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            sessions: 64,
            memory_bytes: 128 << 20,
            ticks: true,
        }
    }
}

/// Compiles and runs components. Cheap to clone; one for the whole program.
#[derive(Clone)]
pub struct Engine {
    wasmtime: wasmtime::Engine,
    linker: Arc<Linker<Sandbox>>,
    cache: Option<Cache>,
}

impl Engine {
    /// Makes the engine and starts its ticker, which ends with the last clone.
    ///
    /// # Errors
    /// [`RuntimeError::Engine`] when the machine cannot give what the settings ask for.
    pub fn new(settings: &EngineSettings) -> Result<Self, RuntimeError> {
        let failed = |error: wasmtime::Error| RuntimeError::Engine(format!("{error:#}"));
        let wasmtime = wasmtime::Engine::new(&configuration(settings)).map_err(failed)?;
        let linker = Arc::new(link::linker(&wasmtime).map_err(failed)?);
        if settings.ticks {
            start_ticker(&wasmtime)?;
        }
        Ok(Self {
            wasmtime,
            linker,
            cache: None,
        })
    }

    /// The same engine, keeping what it compiles.
    #[must_use]
    pub fn with_cache(self, cache: Option<Cache>) -> Self {
        Self { cache, ..self }
    }

    pub(super) fn cache(&self) -> Option<&Cache> {
        self.cache.as_ref()
    }

    pub(super) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.wasmtime
    }

    pub(super) fn linker(&self) -> &Linker<Sandbox> {
        &self.linker
    }
}

fn configuration(settings: &EngineSettings) -> Config {
    let sessions = settings.sessions.max(1);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(sessions);
    pool.total_core_instances(sessions.saturating_mul(16));
    // Most components have one memory and one or two tables; the rest is for adapters.
    pool.total_memories(sessions.saturating_mul(2));
    pool.total_tables(sessions.saturating_mul(4));
    pool.total_stacks(sessions);
    pool.max_memory_size(settings.memory_bytes);
    pool.linear_memory_keep_resident(2 << 20);
    pool.table_keep_resident(1 << 16);

    let mut config = Config::new();
    config.epoch_interruption(true);
    config.memory_init_cow(true);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

fn start_ticker(engine: &wasmtime::Engine) -> Result<(), RuntimeError> {
    let engine = engine.weak();
    std::thread::Builder::new()
        .name("tandem-ticks".into())
        .spawn(move || {
            while let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(TICK);
            }
        })
        .map(drop)
        .map_err(|error| RuntimeError::Engine(format!("no thread for the ticker: {error}")))
}
