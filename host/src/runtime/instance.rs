//! One store for one mailbox of one tenant: the four functions, each under its phase and limits.
//!
//! A session is made for a cycle and ends with [`Session::finish`], which hands over what the plugin
//! did: storage writes, notices, counts and refusals. They are the host's to keep or to drop. After a
//! trap, a time-out or a call that was given up half-way the session is dead: only `finish` is left.

use std::sync::Arc;

use tokio::time::{error::Elapsed, timeout};
use wasmtime::Store;

use super::component::Component;
use super::engine::{Engine, Limits};
use super::error::RuntimeError;
use super::grant::Grants;
use super::phase::{Clock, CurrentPhase, Phase};
use super::randomness::Chance;
use super::sandbox::Sandbox;
use super::verdict::judge;
use crate::capability::credentials::Credentials;
use crate::capability::http::{Gate, HttpClient, LeaseGuard, RefusedRequest, Requests};
use crate::capability::mail::{Notice, Notices};
use crate::capability::storage::{EmptyStorage, Overlay, StorageSource, StorageWrites};
use crate::contract::{
    Batch, Description, Fault, FetchRequest, Finding, Instant, MailboxId, Page, Plan, Plugin,
    PluginPre, PushOutcome, PushRequest, Settings, TenantId,
};

/// What a session is made of.
pub struct SessionConfig {
    /// Whose session.
    pub tenant: TenantId,
    /// For which mailbox.
    pub mailbox: MailboxId,
    /// Which hosts it may reach.
    pub grants: Grants,
    /// How its requests are authorised.
    pub credentials: Credentials,
    /// What the plugin stored in earlier cycles.
    pub storage: Arc<dyn StorageSource>,
    /// What time it is.
    pub clock: Clock,
    /// Where its randomness comes from.
    pub chance: Chance,
    /// Whether the mailbox is still this host's.
    pub lease: Arc<dyn LeaseGuard>,
    /// The way out.
    pub http: HttpClient,
    /// What it may use.
    pub limits: Limits,
}

/// What a session did beside its answers.
#[derive(Debug, Clone, Default)]
pub struct SessionRecord {
    /// Storage writes by key; none deletes. To be committed with the cycle or dropped with it.
    pub storage_writes: StorageWrites,
    /// What the plugin told.
    pub notices: Vec<Notice>,
    /// What was sent.
    pub requests: Requests,
    /// What was not let out, each with its reason.
    pub refused: Vec<RefusedRequest>,
}

/// A component at work for one mailbox.
pub struct Session {
    store: Store<Sandbox>,
    plugin: Plugin,
    limits: Limits,
    clock: Clock,
    dead: bool,
}

impl Session {
    /// Starts a component for one mailbox.
    ///
    /// # Errors
    /// [`RuntimeError::Busy`] when the pool is full, or why the component did not start.
    pub async fn open(component: &Component, config: SessionConfig) -> Result<Self, RuntimeError> {
        let phase = CurrentPhase::default();
        let limits = config.limits;
        tracing::debug!(
            tenant = config.tenant.value,
            mailbox = config.mailbox.value,
            plugin = component.digest(),
            "session opens"
        );
        let sandbox = Sandbox::new(
            &limits,
            config.clock,
            config.chance,
            phase.clone(),
            Gate::new(
                phase.clone(),
                config.grants,
                config.credentials,
                config.lease,
                config.http,
                &limits,
            ),
            Overlay::new(phase.clone(), config.storage, limits.storage_bytes),
            Notices::new(phase, limits.notices),
        );
        Self::start(
            component.engine(),
            component.pre(),
            sandbox,
            limits,
            config.clock,
        )
        .await
    }

    /// Asks a component what it is, in a world without anything.
    pub(super) async fn describe(
        engine: &Engine,
        pre: &PluginPre<Sandbox>,
        limits: &Limits,
    ) -> Result<Description, RuntimeError> {
        let phase = CurrentPhase::default();
        let clock = Clock::Fixed(Instant { microseconds: 0 });
        let sandbox = Sandbox::new(
            limits,
            clock,
            Chance::default(),
            phase.clone(),
            Gate::closed(phase.clone(), limits),
            Overlay::new(phase.clone(), Arc::new(EmptyStorage), 0),
            Notices::new(phase, 0),
        );
        let mut session = Self::start(engine, pre, sandbox, limits.clone(), clock).await?;
        session.enter(Phase::Describe, clock.now())?;
        let provider = session.plugin.tandem_sync_provider();
        let answer = timeout(
            session.limits.call_time,
            provider.call_describe(&mut session.store),
        )
        .await;
        session.leave(Phase::Describe, answer)
    }

    async fn start(
        engine: &Engine,
        pre: &PluginPre<Sandbox>,
        sandbox: Sandbox,
        limits: Limits,
        clock: Clock,
    ) -> Result<Self, RuntimeError> {
        let mut store = sandbox.into_store(engine);
        let started = timeout(limits.call_time, pre.instantiate_async(&mut store)).await;
        let plugin = judge(&mut store, &limits, Phase::Describe, started)?;
        Ok(Self {
            store,
            plugin,
            limits,
            clock,
            dead: false,
        })
    }

    /// Asks the server whether the settings work.
    ///
    /// # Errors
    /// [`RuntimeError`]; the session is dead then.
    pub async fn validate_config(
        &mut self,
        settings: &Settings,
    ) -> Result<Vec<Finding>, RuntimeError> {
        self.enter(Phase::Validate, self.clock.now())?;
        let provider = self.plugin.tandem_sync_provider();
        let call = provider.call_validate_config(&mut self.store, settings);
        let answer = timeout(self.limits.call_time, call).await;
        self.leave(Phase::Validate, answer)
    }

    /// Reads: one result for each request, in order.
    ///
    /// # Errors
    /// [`RuntimeError`]; the session is dead then.
    pub async fn fetch(
        &mut self,
        requests: &[FetchRequest],
    ) -> Result<Vec<Result<Page, Fault>>, RuntimeError> {
        self.enter(Phase::Fetch, self.clock.now())?;
        let provider = self.plugin.tandem_sync_provider();
        let call = provider.call_fetch(&mut self.store, requests);
        let answer = timeout(self.limits.call_time, call).await;
        let results = self.leave(Phase::Fetch, answer)?;
        self.as_many(Phase::Fetch, requests.len(), results.len())?;
        Ok(results)
    }

    /// Plans, in a pure phase: the clock stands at the batch's instant.
    ///
    /// # Errors
    /// [`RuntimeError`]; the session is dead then.
    pub async fn transform(&mut self, batch: &Batch) -> Result<Plan, RuntimeError> {
        self.enter(Phase::Transform, batch.now)?;
        let provider = self.plugin.tandem_sync_provider();
        let call = provider.call_transform(&mut self.store, batch);
        let answer = timeout(self.limits.call_time, call).await;
        self.leave(Phase::Transform, answer)
    }

    /// Writes: the outcomes of each request's operations, in order.
    ///
    /// # Errors
    /// [`RuntimeError`]; the session is dead then, and what was sent has to be looked up.
    pub async fn push(
        &mut self,
        requests: &[PushRequest],
    ) -> Result<Vec<Vec<PushOutcome>>, RuntimeError> {
        self.enter(Phase::Push, self.clock.now())?;
        let provider = self.plugin.tandem_sync_provider();
        let call = provider.call_push(&mut self.store, requests);
        let answer = timeout(self.limits.call_time, call).await;
        let results = self.leave(Phase::Push, answer)?;
        self.as_many(Phase::Push, requests.len(), results.len())?;
        Ok(results)
    }

    /// Nothing can be called any more.
    pub fn is_dead(&self) -> bool {
        self.dead
    }

    /// Ends the session and hands over what it did. Of a dead session keep the counts and the
    /// refusals only.
    pub fn finish(self) -> SessionRecord {
        let dead = self.dead;
        let sandbox = self.store.into_data();
        let (requests, refused) = sandbox.gate.into_record();
        SessionRecord {
            storage_writes: if dead {
                StorageWrites::default()
            } else {
                sandbox.storage.into_writes()
            },
            notices: sandbox.notices.into_notices(),
            requests,
            refused,
        }
    }

    fn enter(&mut self, phase: Phase, standing_at: Instant) -> Result<(), RuntimeError> {
        if self.dead {
            return Err(RuntimeError::Dead);
        }
        // Until the call has returned: a call that is given up half-way leaves its instance unusable.
        self.dead = true;
        let sandbox = self.store.data_mut();
        sandbox.phase.enter(phase, standing_at);
        sandbox.budget.restart();
        sandbox.gate.restart();
        sandbox.restart_pure_randomness();
        Ok(())
    }

    fn leave<T>(
        &mut self,
        phase: Phase,
        answer: Result<wasmtime::Result<T>, Elapsed>,
    ) -> Result<T, RuntimeError> {
        let answer = judge(&mut self.store, &self.limits, phase, answer)?;
        self.dead = false;
        Ok(answer)
    }

    fn as_many(&mut self, phase: Phase, asked: usize, answered: usize) -> Result<(), RuntimeError> {
        if asked == answered {
            return Ok(());
        }
        self.dead = true;
        Err(RuntimeError::BrokeContract {
            export: phase.export(),
            text: format!("it was given {asked} requests and answered {answered}"),
        })
    }
}

/// A cycle runs on whichever thread is free.
const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<Session>();
    is_send::<SessionConfig>();
    is_send::<SessionRecord>();
};
