//! The plugin's private memory, as an overlay over what earlier cycles kept.
//!
//! Writes stay in the overlay, where later reads see them; the cycle commits them, or drops them
//! with everything else. The space (tenant, plugin, mailbox) is fixed by whoever gives the
//! [`StorageSource`]: no key of a plugin can name another one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::contract::storage::{Host, StorageError};
use crate::runtime::engine::TICK;
use crate::runtime::phase::CurrentPhase;

/// The longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 256;
/// The longest value, in bytes.
pub const MAX_VALUE_BYTES: usize = 1 << 20;
/// The most keys of one space.
pub const MAX_KEYS: usize = 1_000;

/// Writes by key; none deletes.
pub type StorageWrites = BTreeMap<String, Option<Vec<u8>>>;

/// The host's storage failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the storage of plugins cannot be read: {0}; check the database")]
pub struct StorageFailure(pub String);

/// What earlier cycles kept for one plugin, tenant and mailbox.
pub trait StorageSource: Send + Sync {
    /// The value of a key.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, StorageFailure>>;

    /// All keys that begin with a prefix, in any order.
    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, StorageFailure>>;
}

/// Nothing was kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct EmptyStorage;

impl StorageSource for EmptyStorage {
    fn get<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, StorageFailure>> {
        Box::pin(async { Ok(None) })
    }

    fn list<'a>(&'a self, _prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, StorageFailure>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// One session's view of its storage.
pub struct Overlay {
    phase: CurrentPhase,
    source: Arc<dyn StorageSource>,
    writes: StorageWrites,
    bytes_left: usize,
    /// The source's keys, once they had to be counted.
    kept: Option<BTreeSet<String>>,
}

impl Overlay {
    /// An overlay that takes at most `bytes` of keys and values, overwritten ones included.
    pub fn new(phase: CurrentPhase, source: Arc<dyn StorageSource>, bytes: usize) -> Self {
        Self {
            phase,
            source,
            writes: StorageWrites::new(),
            bytes_left: bytes,
            kept: None,
        }
    }

    /// What was written.
    pub fn into_writes(self) -> StorageWrites {
        self.writes
    }

    fn admit(&self, key: &str) -> Result<(), StorageError> {
        if self.phase.get().is_pure() {
            return Err(StorageError::NotInThisPhase);
        }
        if key.is_empty() || key.len() > MAX_KEY_BYTES {
            return Err(StorageError::TooLarge);
        }
        Ok(())
    }

    /// Waiting for the database is not the guest's; but only a wait as long as a tick can have cost one,
    /// or a guest could buy time with reads that cost nothing.
    async fn waited<T>(
        &self,
        answer: BoxFuture<'_, Result<T, StorageFailure>>,
    ) -> Result<T, StorageError> {
        let started = tokio::time::Instant::now();
        let answer = answer.await;
        if started.elapsed() >= TICK {
            self.phase.answered();
        }
        answer.map_err(unavailable)
    }

    async fn read(&self, key: &str) -> Result<Option<Vec<u8>>, StorageError> {
        self.admit(key)?;
        match self.writes.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.waited(self.source.get(key)).await,
        }
    }

    async fn write(&mut self, key: String, value: Option<Vec<u8>>) -> Result<(), StorageError> {
        self.admit(&key)?;
        let length = value.as_ref().map_or(0, Vec::len);
        let cost = key.len().saturating_add(length);
        let left = self.bytes_left.checked_sub(cost);
        if value.is_some() && (length > MAX_VALUE_BYTES || !self.has_room_for(&key).await?) {
            return Err(StorageError::TooLarge);
        }
        self.bytes_left = left.ok_or(StorageError::TooLarge)?;
        self.writes.insert(key, value);
        Ok(())
    }

    async fn has_room_for(&mut self, key: &str) -> Result<bool, StorageError> {
        if matches!(self.writes.get(key), Some(Some(_))) {
            return Ok(true);
        }
        if self.kept.is_none() {
            let keys = self.waited(self.source.list("")).await?;
            self.kept = Some(keys.into_iter().collect());
        }
        let Some(kept) = &self.kept else {
            return Ok(false);
        };
        if kept.contains(key) && !self.writes.contains_key(key) {
            return Ok(true);
        }
        let untouched = kept
            .iter()
            .filter(|key| !self.writes.contains_key(*key))
            .count();
        let written = self.writes.values().flatten().count();
        Ok(untouched.saturating_add(written) < MAX_KEYS)
    }

    async fn keys(&self, prefix: &str) -> Result<Vec<String>, StorageError> {
        if self.phase.get().is_pure() {
            return Err(StorageError::NotInThisPhase);
        }
        if prefix.len() > MAX_KEY_BYTES {
            return Err(StorageError::TooLarge);
        }
        let mut keys: BTreeSet<String> = self
            .waited(self.source.list(prefix))
            .await?
            .into_iter()
            .collect();
        for (key, value) in &self.writes {
            if value.is_none() {
                keys.remove(key);
            } else if key.starts_with(prefix) {
                keys.insert(key.clone());
            }
        }
        Ok(keys.into_iter().collect())
    }
}

/// The guest learns that it failed; why is the operator's to know.
fn unavailable(failure: StorageFailure) -> StorageError {
    tracing::warn!(%failure, "a plugin's storage could not be read");
    StorageError::Unavailable("the host's storage failed".to_owned())
}

impl Host for Overlay {
    async fn get(
        &mut self,
        key: String,
    ) -> wasmtime::Result<Result<Option<Vec<u8>>, StorageError>> {
        Ok(self.read(&key).await)
    }

    async fn set(
        &mut self,
        key: String,
        value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), StorageError>> {
        Ok(self.write(key, Some(value)).await)
    }

    async fn delete(&mut self, key: String) -> wasmtime::Result<Result<(), StorageError>> {
        Ok(self.write(key, None).await)
    }

    async fn list(
        &mut self,
        prefix: String,
    ) -> wasmtime::Result<Result<Vec<String>, StorageError>> {
        Ok(self.keys(&prefix).await)
    }
}
