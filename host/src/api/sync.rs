//! `POST /sync`: runs cycles now and answers when they have ended.
//!
//! For one user, what goes wrong is the answer's status. For all of a tenant's users the answer is
//! 200 with what came of each: one mailbox's trouble never hides what the others did.

use axum::Json;
use axum::extract::State;
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ApiState;
use super::body::Body;
use super::caller::Caller;
use super::kind::Kind;
use super::plan::{self, PlannedView};
use super::problem::{Problem, ProblemView};
use super::remove_copies;
use super::runs::Counts;
use super::time::instant_text;
use crate::contract::PsaId;
use crate::cycle::stop_text::stop_text;
use crate::cycle::{self, Options};
use crate::host::Host;
use crate::psa::resource;
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::settings::{self, StoredSettings};
use crate::store::{StoreError, Tenant};

/// How many cycles of one request run at once; the scheduler's own go on beside them.
const AT_ONCE: usize = 4;

/// What it refuses beside what every route with a body does.
pub const REFUSALS: &[Kind] = &[
    Kind::NotFound,
    Kind::MailboxBusy,
    Kind::NotReady,
    Kind::Stopped,
    Kind::Plugin,
    Kind::Exchange,
    Kind::ExchangeThrottled,
    Kind::ExchangeTimedOut,
];

/// What is to run.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SyncRequest {
    /// Whose mailbox, or `:public-contacts`; null or left out: all that synchronise.
    pub resource: Option<String>,
    /// Only tell what would be done; nothing of it is kept.
    pub dry_run: bool,
    /// Read everything and make links again.
    pub full: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SyncAnswer {
    /// One for each mailbox, by address.
    pub mailboxes: Vec<MailboxAnswer>,
}

/// What came of one mailbox's cycle.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MailboxAnswer {
    /// The host's key of the mailbox.
    pub id: String,
    /// Its address.
    pub address: String,
    /// Whose mailbox it is.
    pub resource: String,
    /// What the cycle did; null when it did not come to its end.
    pub done: Option<Done>,
    /// Why it did not come to its end; null when it did.
    #[schema(value_type = Option<ProblemView>)]
    pub problem: Option<Problem>,
}

/// What a cycle did.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Done {
    /// The key of its run; null for a dry run, which leaves none.
    pub run: Option<String>,
    /// In numbers.
    pub counts: Counts,
    /// Deletions that wait for approval.
    pub held: usize,
    /// Why the cycle would do nothing of the plan and ask; null when it would not, and but in a dry
    /// run.
    pub stop: Option<String>,
    /// What would be done; null but in a dry run.
    pub plan: Option<Vec<PlannedView>>,
}

/// Runs the cycles of one user's mailbox or of all.
pub async fn start(
    State(ApiState { host }): State<ApiState>,
    Caller { tenant }: Caller,
    Body(request): Body<SyncRequest>,
) -> Result<Json<SyncAnswer>, Problem> {
    let options = Options {
        full: request.full,
        dry_run: request.dry_run,
        ..Options::default()
    };
    match request.resource {
        Some(value) => {
            let record = mailbox_of(&tenant, PsaId { value }).await?;
            settings_allow(&settings::get(&tenant).await?)?;
            of_one(host, tenant, record, options).await
        }
        None => {
            settings_allow(&settings::get(&tenant).await?)?;
            let mut records = mailbox::list(&tenant).await?;
            let stored = settings::get(&tenant).await?;
            records.retain(|record| {
                not_allowed(record).is_none() && waits_for_pilot(record, &stored).is_none()
            });
            of_all(host, tenant, records, options).await
        }
    }
}

/// Runs one mailbox's, in a task of its own: a caller who hangs up leaves no mailbox leased and half
/// done.
pub async fn of_one(
    host: Host,
    tenant: Tenant,
    record: MailboxRecord,
    options: Options,
) -> Result<Json<SyncAnswer>, Problem> {
    let run = tokio::spawn(async move {
        let done = run(&host, &tenant, &record, options).await?;
        Ok::<_, Problem>(answer(record, Ok(done)))
    });
    let mailboxes = vec![run.await.map_err(|error| Problem::internal(&error))??];
    Ok(Json(SyncAnswer { mailboxes }))
}

/// Runs those of several mailboxes, likewise.
pub async fn of_all(
    host: Host,
    tenant: Tenant,
    records: Vec<MailboxRecord>,
    options: Options,
) -> Result<Json<SyncAnswer>, Problem> {
    let runs = tokio::spawn(async move {
        futures::stream::iter(records)
            .map(|record| {
                let (host, tenant) = (host.clone(), tenant.clone());
                async move {
                    let done = run(&host, &tenant, &record, options).await;
                    answer(record, done)
                }
            })
            .buffered(AT_ONCE)
            .collect()
            .await
    });
    let mailboxes = runs.await.map_err(|error| Problem::internal(&error))?;
    Ok(Json(SyncAnswer { mailboxes }))
}

/// The mailbox of a user.
pub async fn mailbox_of(tenant: &Tenant, id: PsaId) -> Result<MailboxRecord, Problem> {
    let unknown = |error: StoreError| Problem::from(error).field("resource");
    if id.value.contains('\0') {
        return Err(unknown(StoreError::NotFound {
            what: "user",
            id: id.value,
        }));
    }
    if let Some(record) = mailbox::of_resource(tenant, &id).await? {
        return Ok(record);
    }
    let user = resource::get(tenant, &id).await.map_err(unknown)?;
    Err(Problem::new(
        Kind::NotReady,
        format!("{} is not permitted to synchronise", user.fields.name),
    )
    .field("resource")
    .hint("enable the user on the Resources tab of the settings"))
}

async fn run(
    host: &Host,
    tenant: &Tenant,
    record: &MailboxRecord,
    options: Options,
) -> Result<Done, Problem> {
    let Some(lease) = cycle::lease::take(host, record, options).await? else {
        let stored = settings::get(tenant).await?;
        let record = mailbox::get(tenant, &record.mailbox.id).await?;
        let refused = match options.removing {
            _ if options.undoing.is_some() => None,
            true => remove_copies::not_allowed(&record, &stored, options.dry_run),
            false => settings_allow(&stored)
                .err()
                .or_else(|| not_allowed(&record))
                .or_else(|| waits_for_pilot(&record, &stored)),
        };
        return Err(refused.unwrap_or_else(|| busy(&record)));
    };
    let report = cycle::run(host, lease, options).await?;
    let plan = report.plan.into_iter().map(plan::foreseen);
    Ok(Done {
        run: (!report.cycle.is_empty()).then_some(report.cycle),
        counts: report.counts.into(),
        held: report.held,
        stop: report.stop.as_ref().map(|stop| stop_text(stop).text),
        plan: match options.dry_run {
            true => Some(plan.collect::<Result<_, _>>()?),
            false => None,
        },
    })
}

fn answer(record: MailboxRecord, done: Result<Done, Problem>) -> MailboxAnswer {
    let (done, problem) = match done {
        Ok(done) => (Some(done), None),
        Err(problem) => (None, Some(problem)),
    };
    MailboxAnswer {
        id: record.mailbox.id.value,
        address: record.mailbox.address,
        resource: record.mailbox.owner.value,
        done,
        problem,
    }
}

fn busy(record: &MailboxRecord) -> Problem {
    let detail = format!(
        "a cycle for {} ({}) is running, until {} at the latest unless it asks for longer",
        record.mailbox.address,
        record.mailbox.owner.value,
        instant_text(record.lease_until),
    );
    Problem::new(Kind::MailboxBusy, detail).hint("send the request again when it has ended")
}

/// Why the tenant's settings let no cycle run.
fn settings_allow(stored: &StoredSettings) -> Result<(), Problem> {
    let refused = |detail, hint| Err(Problem::new(Kind::NotReady, detail).hint(hint));
    match &stored.settings {
        None => refused(
            "the tenant has no settings yet",
            "save them on the settings page, or with `tandem apply`",
        ),
        Some(settings) if !settings.enabled => refused(
            "the integration is switched off",
            "tick Enable integration in the settings and save",
        ),
        Some(_) if stored.paused => refused(
            "cycles are held while settings are being saved",
            "send the request again when that is done",
        ),
        Some(_) => Ok(()),
    }
}

/// That only the pilot group synchronises, and a mailbox does not belong to it.
fn waits_for_pilot(record: &MailboxRecord, stored: &StoredSettings) -> Option<Problem> {
    let detail = format!("{} is not in the pilot group", record.mailbox.address);
    (stored.pilot_only && !record.pilot).then(|| {
        Problem::new(Kind::NotReady, detail)
            .hint("mark the user on the Resources tab, or let everybody synchronise there")
    })
}

/// Why a mailbox does not synchronise; none when it does.
fn not_allowed(record: &MailboxRecord) -> Option<Problem> {
    let refused = |detail: String, hint| Some(Problem::new(Kind::NotReady, detail).hint(hint));
    let address = &record.mailbox.address;
    if !record.enabled {
        return refused(
            format!("{address} is not permitted to synchronise"),
            "enable the user on the Resources tab of the settings",
        );
    }
    if record.profile.is_none() {
        return refused(
            format!("the profile of {address} was never saved"),
            "save the user's profile tab once",
        );
    }
    None
}
