//! Saves that wait for running cycles to end: at most one for each tenant, in this host's memory. A host
//! that ends on the way saves nothing, and cycles begin again by themselves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::form::Form;
use super::tab::Tab;
use crate::host::Host;
use crate::settings::document::ApplyFile;
use crate::settings::save::{SaveError, Saved, let_cycles_begin, save_when_ended};
use crate::store::{StoreError, Tenant};

/// How long a page waits for a save before it says that it waits: most are made by then.
const AT_ONCE: Duration = Duration::from_secs(2);

/// The saves of all tenants. Cheap to clone.
#[derive(Clone, Default)]
pub struct WaitingSaves(Arc<Mutex<BTreeMap<String, Waiting>>>);

struct Waiting {
    tab: Tab,
    form: Form,
    task: JoinHandle<Result<Saved, SaveError>>,
}

/// A save that has ended.
pub struct Ended {
    /// On which tab it was made.
    pub tab: Tab,
    /// What was typed.
    pub form: Form,
    /// What came of it; none when the host broke it off.
    pub result: Option<Result<Saved, SaveError>>,
}

impl WaitingSaves {
    /// Begins one, in place of one that still waits, and gives it when it ends at once.
    pub async fn begin(
        &self,
        host: &Host,
        tenant: &Tenant,
        (tab, form): (Tab, Form),
        (file, version): (ApplyFile, u64),
    ) -> Option<Ended> {
        let host = host.clone();
        let task = tokio::spawn(async move { save_when_ended(&host, &file, Some(version)).await });
        let waiting = Waiting { tab, form, task };
        let before = self.table().insert(tenant.id().value.clone(), waiting);
        if let Some(before) = before {
            before.task.abort();
        }
        for _ in 0..20 {
            tokio::time::sleep(AT_ONCE / 20).await;
            if let Some(ended) = self.ended(tenant).await {
                return Some(ended);
            }
        }
        None
    }

    /// Whether one of the tenant waits.
    pub fn is_waiting(&self, tenant: &Tenant) -> bool {
        self.table().contains_key(&tenant.id().value)
    }

    /// The one that has ended, for the one time that it can be asked for.
    pub async fn ended(&self, tenant: &Tenant) -> Option<Ended> {
        let waiting = {
            let mut table = self.table();
            let id = &tenant.id().value;
            match table.get(id).is_some_and(|it| it.task.is_finished()) {
                true => table.remove(id),
                false => None,
            }
        }?;
        Some(Ended {
            tab: waiting.tab,
            form: waiting.form,
            result: waiting.task.await.ok(),
        })
    }

    /// Gives one up, so that cycles begin again.
    ///
    /// # Errors
    /// When the database does not answer; cycles then begin half a minute later.
    pub async fn give_up(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let waiting = self.table().remove(&tenant.id().value);
        match waiting {
            Some(waiting) => {
                waiting.task.abort();
                // It may be within its last step, which is then made to the end or not at all.
                let _ = waiting.task.await;
                let_cycles_begin(tenant).await
            }
            None => Ok(()),
        }
    }

    fn table(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
