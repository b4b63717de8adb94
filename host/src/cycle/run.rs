//! The order of a cycle's steps, and what they share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use uuid::Uuid;

use super::fault_text::fault_text;
use super::stop_text::stop_text;
use super::undo::{self, Undoing};
use super::{
    apply, before, guard, hand_over, lost_links, notice, observe, plan, public_folder, push, race,
    recover, retry, settle, sign_in, window,
};
use crate::capability::endpoint::EndpointError;
use crate::contract::{
    Change, ContactSelection, Fault, Instant, Mailbox, MailboxKind, Operation, Profile,
    ProviderKind, RowVersion, Sensitivity, Settings, Window,
};
use crate::host::Host;
use crate::psa::feed::Reader;
use crate::runtime::{Component, Grants, RuntimeError, Session, SessionConfig};
use crate::store::cycle_run::{self, Counts};
use crate::store::lease::CycleResult;
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::plugin_storage::Space;
use crate::store::stop::Stop;
use crate::store::{Lease, StoreError, Tenant, settings};

/// How a cycle is to run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Read everything and make links again.
    pub full: bool,
    /// Stop after the guard; nothing of it is kept but [names](hand_over).
    pub dry_run: bool,
    /// Remove all copies that Tandem made, and do nothing else (behaviour, section 6). Only where
    /// no cycle makes them again; see [`lease::take`](super::lease::take).
    pub removing: bool,
    /// Undo this cycle, the mailbox's [last](super::undo::last) that wrote something, and do nothing
    /// else.
    pub undoing: Option<Uuid>,
}

/// Why a cycle did not come to its end. Nothing is lost: the next one begins where the last one
/// that did had ended.
#[derive(Debug, thiserror::Error)]
pub enum CycleError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sandbox.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// Settings that lead nowhere.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The server, as the plugin tells it.
    #[error("{}", told(.0))]
    Fault(Box<Fault>),
    /// What the plan would do hardly anybody can have meant: somebody has to approve it.
    #[error("{}", asked(.0))]
    Stopped(Stop),
    /// Something is not set up yet.
    #[error("{0}")]
    NotReady(String),
    /// The plugin does not keep to the contract.
    #[error("the plugin broke its contract: {0}; report this to its author")]
    BrokenContract(String),
}

fn told(fault: &Fault) -> String {
    let told = fault_text(fault);
    format!("{}; to do: {}", told.text, told.hint)
}

fn asked(stop: &Stop) -> String {
    let told = stop_text(stop);
    format!("{}; to do: {}", told.text, told.hint)
}

impl From<Fault> for CycleError {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

/// What came of a cycle.
#[derive(Clone, Debug)]
pub struct CycleReport {
    /// Its key; empty for a dry run.
    pub cycle: String,
    /// Whose mailbox.
    pub mailbox: Mailbox,
    /// What it did.
    pub counts: Counts,
    /// The plan, in a dry run only; of an undoing always, what stays first.
    pub plan: Vec<Foreseen>,
    /// Deletions that wait for approval.
    pub held: usize,
    /// Why a cycle would do nothing of the plan and ask, in a dry run only.
    pub stop: Option<Stop>,
}

/// What a cycle would do.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// What, and why.
    pub operation: Operation,
    /// Whether the guard would let it.
    pub verdict: guard::Verdict,
    /// The subject of the Exchange item where this cycle read it; never a private item's.
    pub subject: Option<String>,
}

/// What the steps of a cycle share.
pub struct Context {
    pub host: Host,
    pub tenant: Tenant,
    pub lease: Lease,
    pub record: MailboxRecord,
    /// Another mailbox's address, by which a plugin reaches this one.
    pub through: Option<String>,
    pub settings: Settings,
    pub profile: Profile,
    pub component: Component,
    pub space: Space,
    pub cycle: String,
    pub now: Instant,
    pub options: Options,
    pub counts: Counts,
    /// Set once an undoing begins to write.
    pub undoing: Option<Undoing>,
}

impl Context {
    /// The mailbox as a plugin gets it.
    pub fn mailbox(&self) -> Mailbox {
        let mailbox = self.record.mailbox.clone();
        match &self.through {
            Some(address) => Mailbox {
                address: address.clone(),
                ..mailbox
            },
            None => mailbox,
        }
    }

    /// What this cycle looks at.
    pub fn window(&self) -> Result<Window, CycleError> {
        window::window(self.now, self.record.mailbox.zone.as_ref(), &self.profile)
            .ok_or_else(|| CycleError::NotReady("the clock is set beyond the calendar".to_owned()))
    }

    /// For whom the PSA's rows are read, and which kinds: those that the plugin synchronises.
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            resource: &self.record.mailbox.owner,
            kinds: &self.component.description().kinds,
            contacts: match self.record.mailbox.kind {
                MailboxKind::User => self.settings.contact_selection,
                MailboxKind::PublicContacts => ContactSelection::All,
            },
            web: &self.host.web_address,
        }
    }

    /// Which provider the stored ids belong to.
    pub fn provider(&self) -> ProviderKind {
        self.component.description().provider
    }
}

/// Runs a mailbox's cycle under a lease and gives the lease back. Each step is a span of its name, for
/// whoever traces the work.
///
/// # Errors
/// Why it did not come to its end; the run, the mailbox's row and the listed addresses were told.
pub async fn run(
    host: &Host,
    mut lease: Lease,
    options: Options,
) -> Result<CycleReport, CycleError> {
    let stopwatch = Stopwatch::now();
    let tenant = host.store.tenant(&lease.tenant);
    let guard = super::lease::Guard::default();
    guard.extend(host, &mut lease).await?;
    let opened = open(host, &tenant, &lease, options, &guard).await;
    let (mut context, mut session) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            let _ = super::lease::give_back(host, &lease, None, 0, Some(&error), options).await;
            return Err(error);
        }
    };
    let outcome = steps(&mut context, &mut session, &guard).await;
    let session = session.finish();
    context.counts.duration = u64::try_from(stopwatch.elapsed().as_micros()).unwrap_or(u64::MAX);
    let interval = Some(context.settings.interval_minutes);
    match outcome {
        Ok(Done {
            plan,
            held,
            stop,
            asks,
            settling,
        }) => {
            let mailbox = context.record.mailbox.clone();
            let cycle = context.cycle.clone();
            let (counts, settled) = settle::settle(context, session, settling).await;
            let asks = asks.map(CycleError::Stopped);
            let failed = settled.as_ref().err().or(asks.as_ref());
            super::lease::give_back(host, &lease, interval, counts.failed, failed, options).await?;
            settled?;
            Ok(CycleReport {
                cycle,
                mailbox,
                counts,
                plan,
                held,
                stop,
            })
        }
        Err(error) => {
            tracing::warn!(mailbox = context.record.mailbox.address, %error, "the cycle failed");
            let told = notice::failed(context, session, &error).await;
            super::lease::give_back(host, &lease, interval, 0, Some(&error), options).await?;
            told?;
            Err(error)
        }
    }
}

/// What the last step needs to know.
pub enum Settling {
    /// A round was read, and the PSA's changes up to this version planned.
    Round {
        round: Box<observe::Round>,
        psa_version: Option<RowVersion>,
    },
    /// A cycle was undone.
    Undone,
}

/// What the steps before the last one came to.
#[derive(Default)]
pub struct Done {
    /// What a dry run, or an undoing, foresees.
    pub plan: Vec<Foreseen>,
    /// Deletions that wait for approval.
    pub held: usize,
    /// Why a cycle would do nothing of the plan, in a dry run only.
    pub stop: Option<Stop>,
    /// What the next cycle waits for.
    pub asks: Option<Stop>,
    /// None for a dry run.
    pub settling: Option<Settling>,
}

async fn steps(
    context: &mut Context,
    session: &mut Session,
    lease: &super::lease::Guard,
) -> Result<Done, CycleError> {
    if let Some(cycle) = context.options.undoing {
        return undo::steps(context, session, lease, cycle).await;
    }
    let mut remembered = BTreeMap::new();
    let held = undo::holds(context).await?;
    if let Some(stop) = held
        .clone()
        .filter(|_| !context.options.dry_run && !context.options.removing)
    {
        return Err(CycleError::Stopped(stop));
    }
    lost_links::look_for(context).await?;
    hand_over::begin(context, session, lease).await?;
    if !context.options.dry_run {
        recover::recover(context, session).await?;
        lease.extend(&context.host, &mut context.lease).await?;
    }
    let mut round = observe::observe(context, session, lease).await?;
    let mut planned = plan::plan(context, session, &round.observed, &mut remembered).await?;
    lease.extend(&context.host, &mut context.lease).await?;
    let mut guarded = guard::guard(context, &round.observed, &planned, &remembered).await?;
    let mut done = Done {
        held: guarded.held.len(),
        ..Done::default()
    };
    let stop = guarded.stop.take();
    if context.options.dry_run {
        done.plan = foreseen(planned, guarded);
        done.stop = held.or(stop);
        return Ok(done);
    }
    if let Some(stop) = stop {
        return Err(CycleError::Stopped(stop));
    }
    let psa_version = planned.psa_version;
    planned.former = before::read(context, session, lease, &guarded, &planned.items).await?;
    let intents = apply::apply(context, guarded, &planned, &mut remembered).await?;
    let mut lost = push::push(context, session, lease, intents, &mut remembered).await?;
    for _ in 0..race::MOST {
        let within = round.end.series_within;
        let again = race::again(context, session, lease, lost, within, &mut remembered).await?;
        done.held += again.held;
        round.observed.looked_at.extend(again.looked_at);
        round.observed.unanswered.extend(again.unanswered);
        lost = again.lost;
    }
    retry::unanswered(context, &round.observed).await?;
    done.settling = Some(Settling::Round {
        round: Box::new(round),
        psa_version,
    });
    Ok(done)
}

fn foreseen(planned: plan::Planned, guarded: guard::Guarded) -> Vec<Foreseen> {
    let plan::Planned {
        operations, items, ..
    } = planned;
    let subject = |operation: &Operation| match items.get(&operation.exchange.as_ref()?.value)? {
        Change::Event(event) if event.sensitivity == Sensitivity::Normal => {
            Some(event.subject.clone())
        }
        _ => None,
    };
    operations
        .into_iter()
        .zip(guarded.verdicts)
        .map(|(operation, verdict)| Foreseen {
            subject: subject(&operation),
            operation,
            verdict,
        })
        .collect()
}

#[tracing::instrument(skip_all)]
async fn open(
    host: &Host,
    tenant: &Tenant,
    lease: &Lease,
    options: Options,
    guard: &super::lease::Guard,
) -> Result<(Context, Session), CycleError> {
    let stored = settings::get(tenant).await?;
    let stored = stored
        .settings
        .ok_or_else(|| CycleError::NotReady("the tenant has no settings yet".to_owned()))?;
    let mut record = mailbox::get(tenant, &lease.mailbox).await?;
    let profile = record
        .profile
        .ok_or_else(|| CycleError::NotReady("the user's profile was never saved".to_owned()))?;
    let mut settings = host.addressed(&stored)?;
    let through = public_folder::reached_through(tenant, &record, &mut settings).await?;
    let component = host.component(&settings).clone();
    if record.plugin_digest.as_deref() != Some(component.digest()) {
        // Another plugin may know kinds that the last one did not: all rows are new to it.
        record.psa_cursor = None;
    }
    let description = component.description();
    let space = Space {
        plugin: description.name.clone(),
        mailbox: record.mailbox.id.clone(),
    };
    let session = Session::open(
        &component,
        SessionConfig {
            tenant: lease.tenant.clone(),
            mailbox: lease.mailbox.clone(),
            grants: Grants::weigh(description, &settings, &host.endpoints),
            credentials: sign_in::of_mailbox(host, tenant, &settings, description, &record).await?,
            storage: Arc::new(settle::StoredSpace {
                tenant: tenant.clone(),
                space: space.clone(),
            }),
            clock: host.clock,
            chance: host.chance.clone(),
            lease: Arc::new(guard.clone()),
            http: host.http.clone(),
            limits: host.limits.clone(),
        },
    )
    .await?;
    let cycle = if options.dry_run {
        String::new()
    } else {
        let mut transaction = tenant.begin_fenced(lease).await?;
        let cycle = cycle_run::start(
            &mut transaction,
            &record.mailbox.id,
            component.digest(),
            options.dry_run,
        )
        .await?;
        transaction.commit().await?;
        cycle
    };
    let context = Context {
        host: host.clone(),
        tenant: tenant.clone(),
        lease: lease.clone(),
        record,
        through,
        settings,
        profile,
        component,
        space,
        cycle,
        now: host.clock.now(),
        options,
        counts: Counts::default(),
        undoing: None,
    };
    Ok((context, session))
}

/// What the mailbox's row keeps of a cycle.
#[must_use]
pub fn result_of(error: Option<&CycleError>, failed: u64) -> CycleResult {
    match error {
        Some(CycleError::Stopped(_)) => CycleResult::Stopped,
        Some(_) => CycleResult::Failed,
        None if failed > 0 => CycleResult::SomeFailed,
        None => CycleResult::Succeeded,
    }
}
