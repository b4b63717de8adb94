//! `/resources`: the PSA's users, whose calendars are synchronised.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, Versioned};
use super::body::Body;
use super::caller::Caller;
use super::list::{Listing, cursor, limit, next_offset};
use super::parameters::{Parameters, Segments, choice};
use super::problem::Problem;
use super::text::plain;
use super::time::instant_text;
use super::working_hours::WorkingHoursForm;
use crate::contract::PsaId;
use crate::psa::resource::{self, Resource, ResourceRecord, Search};

/// A user.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ResourceView {
    /// The key.
    pub id: String,
    /// Rises with each change; the `ETag`.
    pub version: u64,
    /// The name.
    pub name: String,
    /// The e-mail address, may be empty.
    pub email: String,
    /// Inactive users stay for their records' sake.
    pub active: bool,
    /// When the user works; null when that is not known.
    pub working_hours: Option<WorkingHoursForm>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was changed last.
    #[schema(format = DateTime)]
    pub changed: String,
}

impl From<ResourceRecord> for ResourceView {
    fn from(record: ResourceRecord) -> Self {
        let fields = record.fields;
        Self {
            id: record.id.value,
            version: record.version.number,
            name: fields.name,
            email: fields.email,
            active: fields.active,
            working_hours: fields.working_hours.map(Into::into),
            created: instant_text(record.created),
            changed: instant_text(record.changed),
        }
    }
}

/// Which users to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only those whose name or address contains this, in whichever case.
    pub text: Option<String>,
    /// `true`: only active ones.
    #[param(value_type = Option<bool>)]
    pub active_only: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A new user.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewResource {
    /// The key, 1 to 64 letters, digits, hyphens, underscores and dots; left out, one is chosen.
    pub id: Option<String>,
    /// The name, at most 256 characters.
    pub name: String,
    /// The e-mail address.
    #[serde(default)]
    pub email: String,
    /// Inactive users stay for their records' sake.
    #[serde(default = "yes")]
    pub active: bool,
    /// When the user works.
    pub working_hours: Option<WorkingHoursForm>,
}

const fn yes() -> bool {
    true
}

fn versioned(record: ResourceRecord) -> Versioned<ResourceView> {
    Versioned {
        version: record.version,
        view: record.into(),
    }
}

/// Users by name.
pub async fn list(
    caller: Caller,
    Parameters(filter): Parameters<Filter>,
) -> Result<Json<Listing<ResourceView>>, Problem> {
    let limit = limit(filter.limit.as_deref())?;
    let offset = cursor(filter.cursor.as_deref())?.unwrap_or(0);
    let search = Search {
        text: filter.text,
        active_only: choice("active_only", filter.active_only.as_deref())?,
        offset: u32::try_from(offset).unwrap_or(u32::MAX),
        limit: limit.saturating_add(1),
    };
    let records = resource::list(&caller.tenant, &search).await?;
    let key = |_: &ResourceRecord| next_offset(offset, limit);
    Listing::page(records, limit, key, |record| Ok(record.into())).map(Json)
}

/// Makes a user.
pub async fn create(
    caller: Caller,
    Body(new): Body<NewResource>,
) -> Result<Created<ResourceView>, Problem> {
    let fields = Resource {
        name: plain("name", new.name)?,
        email: plain("email", new.email)?,
        working_hours: new.working_hours.map(WorkingHoursForm::parse).transpose()?,
        active: new.active,
    };
    let id = new.id.map(|value| PsaId { value });
    let mut transaction = caller.tenant.begin().await?;
    let record = resource::create(&mut transaction, id.as_ref(), &fields).await?;
    transaction.commit().await?;
    Ok(Created {
        path: format!("/resources/{}", record.id.value),
        version: record.version,
        view: record.into(),
    })
}

/// A user.
pub async fn get(
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Versioned<ResourceView>, Problem> {
    let record = resource::get(&caller.tenant, &PsaId { value: id }).await?;
    Ok(versioned(record))
}
