//! `/changes`: a PSA's way out. What changed after a version, over all kinds of records.
//!
//! A follower keeps the `version` of each answer and gives it as `since` next time. It never misses a
//! row: versions rise in the order of commits, the answer's version is read before the rows, and a row
//! above it is left to the next answer. A record that changed twice is told once, as it is now. Deleted
//! ones are told without their texts.
//!
//! `wait` holds an answer that would be empty back until something changes, so that a follower need
//! not ask often; webhooks spare it even that.

use std::time::Duration;

use axum::Json;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};
use utoipa::{IntoParams, ToSchema};

use super::appointments::shape::AppointmentView;
use super::caller::Caller;
use super::list::{cursor, limit};
use super::parameters::{Parameters, number};
use super::problem::Problem;
use super::records::Kind;
use super::records::view::{
    ActionTypeView, CallStatusView, CompanyView, ContactView, ContractView, OpportunityView,
    SecurityLevelView, ServiceCallView, TaskView, TerritoryView, TicketView, ToDoView,
};
use super::resources::ResourceView;
use crate::contract::RowVersion;
use crate::psa::action_type::ActionType;
use crate::psa::appointment::{self, AppointmentRecord, Search};
use crate::psa::call_status::CallStatus;
use crate::psa::company::Company;
use crate::psa::contact::Contact;
use crate::psa::opportunity::Opportunity;
use crate::psa::record::{self, Changed};
use crate::psa::resource;
use crate::psa::security_level::SecurityLevel;
use crate::psa::service_call::ServiceCall;
use crate::psa::service_contract::ServiceContract;
use crate::psa::task::Task;
use crate::psa::territory::Territory;
use crate::psa::ticket::Ticket;
use crate::psa::to_do::ToDo;
use crate::psa::version;
use crate::store::{StoreError, Tenant};

/// The longest `wait`, in seconds: shorter than proxies are patient.
pub const LONGEST_WAIT: u64 = 30;

/// How often a waiting request looks.
const GLANCE: Duration = Duration::from_millis(500);

/// From where to follow.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct From {
    /// What changed after this version; left out, everything that is and was there.
    #[param(value_type = Option<u64>)]
    pub since: Option<String>,
    /// How many seconds to wait for a change where there is none yet, 0 to 30; 0 when left out.
    #[param(value_type = Option<u32>, minimum = 0, maximum = 30)]
    pub wait: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Changes {
    /// By version.
    pub items: Vec<Change>,
    /// The cursor of the next page; null when nothing more is there yet.
    pub next: Option<String>,
    /// Up to this version everything was told; the next `since`.
    pub version: u64,
}

/// A record that changed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Change {
    /// The record's version.
    pub version: u64,
    /// The record's key.
    pub id: String,
    /// `person`, or `tandem` for what a cycle wrote.
    pub changed_by: &'static str,
    /// It is gone, and its texts with it.
    pub deleted: bool,
    /// Its kind, and the record as it is now.
    #[serde(flatten)]
    pub record: Record,
}

/// A record of any kind that the feed tells of.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", content = "record", rename_all = "snake_case")]
#[schema(as = ChangedRecord)]
pub enum Record {
    /// An appointment.
    Appointment(AppointmentView),
    /// A user.
    Resource(ResourceView),
    /// A company.
    Company(CompanyView),
    /// A contact.
    Contact(ContactView),
    /// A to-do.
    ToDo(ToDoView),
    /// A service call.
    ServiceCall(ServiceCallView),
    /// A territory.
    Territory(TerritoryView),
    /// A security level.
    SecurityLevel(SecurityLevelView),
    /// An opportunity.
    Opportunity(OpportunityView),
    /// A contract.
    Contract(ContractView),
    /// A ticket.
    Ticket(TicketView),
    /// A task.
    Task(TaskView),
    /// A to-do's action type.
    ActionType(ActionTypeView),
    /// A service call's status.
    CallStatus(CallStatusView),
}

impl std::convert::From<AppointmentRecord> for Change {
    fn from(record: AppointmentRecord) -> Self {
        Self {
            version: record.version.number,
            id: record.id.value.clone(),
            changed_by: match record.person_version == record.version {
                true => "person",
                false => "tandem",
            },
            deleted: record.deleted,
            record: Record::Appointment(record.into()),
        }
    }
}

impl<K: Kind> std::convert::From<Changed<K>> for Change {
    fn from(changed: Changed<K>) -> Self {
        let record = changed.record;
        Self {
            version: record.version.number,
            id: record.id.value.clone(),
            changed_by: match changed.by_tandem {
                true => "tandem",
                false => "person",
            },
            deleted: changed.deleted,
            record: K::in_feed(record.into()),
        }
    }
}

impl std::convert::From<ResourceView> for Change {
    fn from(user: ResourceView) -> Self {
        Self {
            version: user.version,
            id: user.id.clone(),
            changed_by: "person",
            deleted: false,
            record: Record::Resource(user),
        }
    }
}

/// What changed after a version.
pub async fn list(
    caller: Caller,
    Parameters(from): Parameters<From>,
) -> Result<Json<Changes>, Problem> {
    let limit = limit(from.limit.as_deref())?;
    let since = number("since", from.since.as_deref())?;
    let since = cursor(from.cursor.as_deref())?.or(since).unwrap_or(0);
    let wait = number("wait", from.wait.as_deref())?.unwrap_or(0);
    if wait > LONGEST_WAIT {
        let accepted = format!("give 0 to {LONGEST_WAIT} seconds");
        return Err(Problem::parameter("wait", accepted));
    }
    let until = Instant::now() + Duration::from_secs(wait);
    let mut reached = reached(&caller.tenant).await?;
    while reached == since && Instant::now() < until {
        sleep(GLANCE).await;
        reached = self::reached(&caller.tenant).await?;
    }
    if since > reached {
        let detail = format!("nothing has this version yet; the newest is {reached}");
        return Err(Problem::parameter("since", detail)
            .hint("after a restored backup, read everything again, without since"));
    }
    page(&caller.tenant, since, reached, limit).await.map(Json)
}

/// The version that was committed last; 0 before the first.
async fn reached(tenant: &Tenant) -> Result<u64, StoreError> {
    let current = version::current(tenant).await?;
    Ok(current.map_or(0, |version| version.number))
}

async fn page(tenant: &Tenant, since: u64, reached: u64, limit: u32) -> Result<Changes, Problem> {
    let mut items = of_all_kinds(tenant, since, limit.saturating_add(1)).await?;
    items.retain(|change| change.version <= reached);
    items.sort_by_key(|change| change.version);
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > size;
    items.truncate(size);
    let last = items.last().map(|change| change.version);
    let told = last.filter(|_| more);
    Ok(Changes {
        items,
        next: told.map(|version| version.to_string()),
        version: told.unwrap_or(reached),
    })
}

/// The first changes of each kind; a further kind joins here.
async fn of_all_kinds(tenant: &Tenant, since: u64, most: u32) -> Result<Vec<Change>, StoreError> {
    let since = RowVersion { number: since };
    let search = Search {
        since: Some(since),
        limit: most,
        ..Search::default()
    };
    let appointments = appointment::list(tenant, &search).await?;
    let users = resource::changes_since(tenant, since, most).await?;
    let users = ResourceView::all(tenant, users).await?;
    let mut changes: Vec<Change> = Vec::new();
    changes.extend(appointments.into_iter().map(Change::from));
    changes.extend(users.into_iter().map(Change::from));
    changes.extend(of::<Company>(tenant, since, most).await?);
    changes.extend(of::<Contact>(tenant, since, most).await?);
    changes.extend(of::<ToDo>(tenant, since, most).await?);
    changes.extend(of::<ServiceCall>(tenant, since, most).await?);
    changes.extend(of::<Territory>(tenant, since, most).await?);
    changes.extend(of::<SecurityLevel>(tenant, since, most).await?);
    changes.extend(of::<Opportunity>(tenant, since, most).await?);
    changes.extend(of::<ServiceContract>(tenant, since, most).await?);
    changes.extend(of::<Ticket>(tenant, since, most).await?);
    changes.extend(of::<Task>(tenant, since, most).await?);
    changes.extend(of::<ActionType>(tenant, since, most).await?);
    changes.extend(of::<CallStatus>(tenant, since, most).await?);
    Ok(changes)
}

async fn of<K: Kind>(
    tenant: &Tenant,
    since: RowVersion,
    most: u32,
) -> Result<impl Iterator<Item = Change>, StoreError> {
    let changed = record::changes_since::<K>(tenant, since, most).await?;
    Ok(changed.into_iter().map(Change::from))
}
