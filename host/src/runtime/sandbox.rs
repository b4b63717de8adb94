//! What stands behind one component's imports: the data of its store.

use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Store, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use super::engine::{Engine, Limits};
use super::phase::{Clock, CurrentPhase, MonotonicClock, WallClock};
use super::randomness::{Chance, Randomness};
use super::stderr::Stderr;
use crate::capability::http::Gate;
use crate::capability::mail::Notices;
use crate::capability::storage::Overlay;

/// One component's world.
pub(super) struct Sandbox {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    randomness: Randomness,
    pub(super) gate: Gate,
    pub(super) storage: Overlay,
    pub(super) notices: Notices,
    pub(super) phase: CurrentPhase,
    pub(super) stderr: Stderr,
    pub(super) budget: Budget,
}

impl Sandbox {
    pub(super) fn new(
        limits: &Limits,
        clock: Clock,
        chance: Chance,
        phase: CurrentPhase,
        gate: Gate,
        storage: Overlay,
        notices: Notices,
    ) -> Self {
        let stderr = Stderr::new(limits.stderr_bytes);
        let wasi = WasiCtx::builder()
            .stderr(stderr.clone())
            .wall_clock(WallClock {
                phase: phase.clone(),
                clock,
            })
            .monotonic_clock(MonotonicClock {
                phase: phase.clone(),
                started: tokio::time::Instant::now(),
            })
            .build();
        let mut http = WasiHttpCtx::new();
        http.set_field_size_limit(limits.header_bytes);
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        Self {
            wasi,
            http,
            table,
            randomness: Randomness::new(phase.clone(), chance, limits.random_bytes),
            gate,
            storage,
            notices,
            budget: Budget::new(limits, phase.clone()),
            phase,
            stderr,
        }
    }

    pub(super) fn storage(&mut self) -> &mut Overlay {
        &mut self.storage
    }

    pub(super) fn notices(&mut self) -> &mut Notices {
        &mut self.notices
    }

    pub(super) fn randomness(&mut self) -> &mut Randomness {
        &mut self.randomness
    }

    /// Each pure call draws the same numbers.
    pub(super) fn restart_pure_randomness(&mut self) {
        self.randomness.restart_pure();
    }

    /// A store around this world, with its limits in force.
    pub(super) fn into_store(self, engine: &Engine) -> Store<Self> {
        let hostcall_bytes = self.budget.hostcall_bytes;
        let mut store = Store::new(engine.wasmtime(), self);
        store.set_hostcall_fuel(hostcall_bytes);
        store.limiter(|sandbox| &mut sandbox.budget);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut context| context.data_mut().budget.tick());
        store
    }
}

impl WasiView for Sandbox {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for Sandbox {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.gate,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

/// What a component has used up, and how it came to an end.
pub(super) struct Budget {
    memory_left: usize,
    instances: usize,
    tables: usize,
    table_elements: usize,
    memories: usize,
    hostcall_bytes: usize,
    cpu_ticks: u32,
    used_ticks: u32,
    phase: CurrentPhase,
    pub(super) out_of_cpu: bool,
    pub(super) out_of_memory: bool,
}

impl Budget {
    fn new(limits: &Limits, phase: CurrentPhase) -> Self {
        Self {
            memory_left: limits.memory_bytes,
            instances: limits.instances,
            tables: limits.tables,
            table_elements: limits.table_elements,
            memories: limits.memories,
            hostcall_bytes: limits.hostcall_bytes,
            cpu_ticks: limits.cpu_ticks,
            used_ticks: 0,
            phase,
            out_of_cpu: false,
            out_of_memory: false,
        }
    }

    /// Each call has the whole CPU budget.
    pub(super) fn restart(&mut self) {
        self.used_ticks = 0;
    }

    fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        // The epoch went on while the guest waited for an answer: that tick is not its own. It wins
        // at most one tick for each answer, and answers are counted.
        if !self.phase.take_answered() {
            self.used_ticks = self.used_ticks.saturating_add(1);
        }
        if self.used_ticks > self.cpu_ticks {
            self.out_of_cpu = true;
            wasmtime::bail!("the CPU budget is used up");
        }
        Ok(UpdateDeadline::Yield(1))
    }
}

impl ResourceLimiter for Budget {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // All memories together, so that a component gains nothing by having several.
        let growth = desired.saturating_sub(current);
        match self.memory_left.checked_sub(growth) {
            Some(left) => {
                self.memory_left = left;
                Ok(true)
            }
            None => {
                // A trap here, since a guest that is only told "no" aborts without a word.
                self.out_of_memory = true;
                wasmtime::bail!("the memory limit is reached")
            }
        }
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= self.table_elements)
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }
}
