//! Step 6: everything that says that the cycle is over commits together: both cursors, what was
//! looked at again, the plugin's storage, the history of the round and the cycle's counts.

use futures::future::BoxFuture;

use super::entry::{blank_entry, refusals, remarked};
use super::run::{Context, CycleError, Settling};
use super::{notice, observe};
use crate::capability::storage::{StorageFailure, StorageSource};
use crate::contract::RowVersion;
use crate::runtime::SessionRecord;
use crate::store::cycle_run::{self, Counts};
use crate::store::history::{self, Entry};
use crate::store::mailbox::{self, Progress};
use crate::store::plugin_storage::{self, Space, Write};
use crate::store::{Tenant, held, link, look_again, observation, stop};

/// Ends a cycle. A dry run leaves nothing behind.
///
/// The counts are given in any case: what was sent was sent.
#[tracing::instrument(skip_all)]
pub async fn settle(
    context: Context,
    session: SessionRecord,
    settling: Option<Settling>,
) -> (Counts, Result<(), CycleError>) {
    let window = context.window();
    let Context {
        host,
        tenant,
        lease,
        record,
        component,
        space,
        cycle,
        now,
        options,
        mut counts,
        settings,
        ..
    } = context;
    counts.requests = session.requests.http;
    counts.batch_parts = session.requests.batch_parts;
    let ended = Ended {
        tenant,
        lease,
        record,
        provider: component.description().provider,
        digest: component.digest().to_owned(),
        space,
        cycle,
        now,
        window_end: window.ok().map(|window| window.end),
        removing: options.removing,
        settings,
        web: host.web_address,
    };
    let result = match settling {
        Some(Settling::Round { round, psa_version }) => {
            ended.commit(*round, psa_version, &session, counts).await
        }
        Some(Settling::Undone) => ended.undone(&session, counts).await,
        None => ended.drop_staged().await,
    };
    (counts, result)
}

struct Ended {
    tenant: Tenant,
    lease: crate::store::Lease,
    record: mailbox::MailboxRecord,
    provider: crate::contract::ProviderKind,
    digest: String,
    space: Space,
    cycle: String,
    now: crate::contract::Instant,
    window_end: Option<crate::contract::Instant>,
    removing: bool,
    settings: crate::contract::Settings,
    web: crate::psa::WebAddress,
}

impl Ended {
    async fn commit(
        self,
        round: observe::Round,
        psa_version: Option<RowVersion>,
        session: &SessionRecord,
        counts: Counts,
    ) -> Result<(), CycleError> {
        let observe::Round {
            end,
            remarks,
            observed,
        } = round;
        let id = &self.record.mailbox.id;
        let mut transaction = self.tenant.begin_fenced(&self.lease).await?;
        mailbox::set_progress(
            &mut transaction,
            id,
            &Progress {
                // Whoever synchronises again after a removal begins from the beginning, because
                // nothing has its copy.
                cursor: Some(end.cursor).filter(|_| !self.removing),
                psa_cursor: psa_version.filter(|_| !self.removing),
                window_end: self.window_end,
                relink: self.record.relink && !observed.relinking(),
                provider: self.provider,
                plugin_digest: self.digest.clone(),
            },
        )
        .await?;
        if observed.relinking() {
            link::count_anew(&mut transaction, id).await?;
        }
        observation::clear(&mut transaction, id).await?;
        // What was looked at is done with, unless this very cycle put it on the list anew.
        for entry in &observed.looked_at {
            look_again::remove_as_seen(&mut transaction, id, entry).await?;
        }
        let writes: Vec<Write> = session
            .storage_writes
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        plugin_storage::apply(&mut transaction, &self.space, &writes).await?;
        held::remove_done(&mut transaction, id).await?;
        stop::close(&mut transaction, id).await?;
        let mut entries: Vec<Entry> = remarks
            .iter()
            .map(|remark| remarked(remark, self.entry("observe")))
            .collect();
        entries.extend(refusals(&session.refused, &self.entry("request")));
        history::append(&mut transaction, &entries).await?;
        let told = notice::Ended {
            settings: &self.settings,
            record: &self.record,
            web: &self.web,
            cycle: &self.cycle,
        };
        told.tell(&mut transaction, &session.notices).await?;
        cycle_run::finish(&mut transaction, &self.cycle, counts, None).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// No round was read and no question answered: all stays as the undone cycle found it.
    async fn undone(self, session: &SessionRecord, counts: Counts) -> Result<(), CycleError> {
        let mut transaction = self.tenant.begin_fenced(&self.lease).await?;
        observation::clear(&mut transaction, &self.record.mailbox.id).await?;
        let entries: Vec<Entry> = refusals(&session.refused, &self.entry("request")).collect();
        history::append(&mut transaction, &entries).await?;
        cycle_run::finish(&mut transaction, &self.cycle, counts, None).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn drop_staged(self) -> Result<(), CycleError> {
        let mut transaction = self.tenant.begin_fenced(&self.lease).await?;
        observation::clear(&mut transaction, &self.record.mailbox.id).await?;
        transaction.commit().await?;
        Ok(())
    }

    fn entry(&self, action: &str) -> Entry {
        blank_entry(
            &self.cycle,
            &self.record.mailbox.id,
            &self.digest,
            self.now,
            action,
        )
    }
}

/// What earlier cycles kept for a plugin, read as the plugin asks for it.
pub struct StoredSpace {
    /// Whose.
    pub tenant: Tenant,
    /// For which plugin and mailbox.
    pub space: Space,
}

impl StorageSource for StoredSpace {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, StorageFailure>> {
        Box::pin(async move {
            plugin_storage::get(&self.tenant, &self.space, key)
                .await
                .map_err(|error| StorageFailure(error.to_string()))
        })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, StorageFailure>> {
        Box::pin(async move {
            plugin_storage::list(&self.tenant, &self.space, prefix)
                .await
                .map_err(|error| StorageFailure(error.to_string()))
        })
    }
}
