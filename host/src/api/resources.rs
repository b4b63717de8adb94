//! `/resources`: the PSA's users, whose calendars are synchronised.
//!
//! A user's permission to synchronise and the mailbox's address belong to the user's row: to change
//! them raises its version. Nothing runs for a permitted user before a [profile](super::profile) was
//! saved. A user is never deleted, because records stay: DELETE puts the user out of use, which ends
//! the synchronisation and leaves all records and copies where they are.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ApiState;
use super::answer::{Created, NoContent, Versioned};
use super::body::Body;
use super::caller::Caller;
use super::kind::Kind;
use super::list::{Listing, cursor, limit, next_offset};
use super::parameters::{Parameters, Segments, choice};
use super::problem::Problem;
use super::text::{plain, present};
use super::time::instant_text;
use super::version::IfMatch;
use super::working_hours::WorkingHoursForm;
use crate::contract::PsaId;
use crate::psa::key::Key;
use crate::psa::resource::{self, Resource, ResourceRecord, Search};
use crate::psa::security_level::SecurityLevel;
use crate::psa::territory::Territory;
use crate::settings::user;
use crate::settings::welcome::{Enabler, Welcome};
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::{Source, StoreError, Tenant, Transaction};

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
    /// The mailbox's address; null before one was given.
    pub mailbox: Option<String>,
    /// The user is permitted to synchronise.
    pub enabled: bool,
    /// Whose companies' contacts the user gets, where contacts travel by territory.
    #[schema(value_type = Option<String>)]
    pub territory: Option<Key<Territory>>,
    /// What the user may do in the PSA; null allows nothing special.
    #[schema(value_type = Option<String>)]
    pub security_level: Option<Key<SecurityLevel>>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was changed last.
    #[schema(format = DateTime)]
    pub changed: String,
}

impl ResourceView {
    /// A user, and the user's mailbox where there is one.
    #[must_use]
    pub fn new(record: ResourceRecord, mailbox: Option<&MailboxRecord>) -> Self {
        let fields = record.fields;
        Self {
            id: record.id.value,
            version: record.version.number,
            name: fields.name,
            email: fields.email,
            active: fields.active,
            working_hours: fields.working_hours.map(Into::into),
            mailbox: mailbox.map(|record| record.mailbox.address.clone()),
            enabled: mailbox.is_some_and(|record| record.enabled),
            territory: fields.territory,
            security_level: fields.security_level,
            created: instant_text(record.created),
            changed: instant_text(record.changed),
        }
    }

    /// Users with their mailboxes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all(
        tenant: &Tenant,
        records: Vec<ResourceRecord>,
    ) -> Result<Vec<Self>, StoreError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let mailboxes = mailbox::list(tenant).await?.into_iter();
        let of_user: HashMap<String, MailboxRecord> = mailboxes
            .map(|record| (record.mailbox.owner.value.clone(), record))
            .collect();
        let view = |record: ResourceRecord| {
            let mailbox = of_user.get(&record.id.value);
            Self::new(record, mailbox)
        };
        Ok(records.into_iter().map(view).collect())
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
    /// Whose companies' contacts the user gets, where contacts travel by territory.
    #[schema(value_type = Option<String>)]
    pub territory: Option<Key<Territory>>,
    /// What the user may do in the PSA.
    #[schema(value_type = Option<String>)]
    pub security_level: Option<Key<SecurityLevel>>,
}

const fn yes() -> bool {
    true
}

/// A change of a user; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceChange {
    /// The name.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, min_length = 1, max_length = 256)]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, max_length = 320)]
    pub email: Option<String>,
    /// Inactive users stay for their records' sake.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub active: Option<bool>,
    /// When the user works; null: it is no longer known.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<WorkingHoursForm>)]
    pub working_hours: Option<Option<WorkingHoursForm>>,
    /// Whose companies' contacts the user gets, where contacts travel by territory; null: nobody's.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub territory: Option<Option<Key<Territory>>>,
    /// What the user may do in the PSA; null: nothing special.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub security_level: Option<Option<Key<SecurityLevel>>>,
    /// The mailbox's primary address. What is known of another one's contents is read again.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, max_length = 320)]
    pub mailbox: Option<String>,
    /// The user is permitted to synchronise.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub enabled: Option<bool>,
}

/// What a change refuses beside what every such route does.
pub const REFUSALS: &[Kind] = &[Kind::AlreadyTaken];

async fn versioned(
    source: impl Source,
    record: ResourceRecord,
) -> Result<Versioned<ResourceView>, Problem> {
    let mailbox = mailbox::of_resource(source, &record.id).await?;
    Ok(Versioned {
        version: record.version,
        view: ResourceView::new(record, mailbox.as_ref()),
    })
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
    let users = ResourceView::all(&caller.tenant, records).await?;
    let key = |_: &ResourceView| next_offset(offset, limit);
    Listing::page(users, limit, key, Ok).map(Json)
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
        territory: named("territory", new.territory)?,
        security_level: named("security_level", new.security_level)?,
    };
    let id = new.id.map(|value| PsaId { value });
    let mut transaction = caller.tenant.begin().await?;
    let record = resource::create(&mut transaction, id.as_ref(), &fields).await?;
    transaction.commit().await?;
    Ok(Created {
        path: format!("/resources/{}", record.id.value),
        version: record.version,
        view: ResourceView::new(record, None),
    })
}

/// A user.
pub async fn get(
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Versioned<ResourceView>, Problem> {
    let record = resource::get(&caller.tenant, &PsaId { value: id }).await?;
    versioned(&caller.tenant, record).await
}

/// Changes a user who is still at the version in `If-Match`.
pub async fn edit(
    State(ApiState { host }): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
    Body(change): Body<ResourceChange>,
) -> Result<Versioned<ResourceView>, Problem> {
    let text = |field, text: Option<String>| text.map(|text| plain(field, text)).transpose();
    let (name, email) = (text("name", change.name)?, text("email", change.email)?);
    let address = text("mailbox", change.mailbox)?;
    let working_hours = match change.working_hours {
        Some(Some(form)) => Some(Some(form.parse()?)),
        Some(None) => Some(None),
        None => None,
    };
    let territory = change.territory.map(|key| named("territory", key));
    let level = change
        .security_level
        .map(|key| named("security_level", key));
    let (territory, security_level) = (territory.transpose()?, level.transpose()?);
    let mut transaction = caller.tenant.begin().await?;
    let before = resource::expect(&mut transaction, &PsaId { value: id }, expected).await?;
    let mailbox = mailbox::of_resource(&mut transaction, &before.id).await?;
    let enabled = mailbox.is_some_and(|record| record.enabled);
    // The mailbox's row before the tenant's counter, as cycles lock them.
    let permitted = user::permit(
        &mut transaction,
        &before.id,
        change.enabled.unwrap_or(enabled),
        address.as_deref(),
    )
    .await
    .map_err(of_mailbox)?;
    let known = before.fields.clone();
    let fields = Resource {
        name: name.unwrap_or(known.name),
        email: email.unwrap_or(known.email),
        active: change.active.unwrap_or(known.active),
        working_hours: working_hours.unwrap_or(known.working_hours),
        territory: territory.unwrap_or(known.territory),
        security_level: security_level.unwrap_or(known.security_level),
    };
    let record = write(&mut transaction, before, fields, permitted.changed).await?;
    if permitted.newly {
        let welcome = Welcome {
            by: Enabler::Program,
            web: &host.web_address,
        };
        welcome.write(&mut transaction, &record.id).await?;
    }
    let answer = versioned(&mut transaction, record).await?;
    transaction.commit().await?;
    Ok(answer)
}

/// Puts a user out of use who is still at the version in `If-Match`.
pub async fn retire(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
) -> Result<NoContent, Problem> {
    let mut transaction = caller.tenant.begin().await?;
    let before = resource::expect(&mut transaction, &PsaId { value: id }, expected).await?;
    let ended = user::permit(&mut transaction, &before.id, false, None).await?;
    let fields = Resource {
        active: false,
        ..before.fields.clone()
    };
    write(&mut transaction, before, fields, ended.changed).await?;
    transaction.commit().await?;
    Ok(NoContent)
}

/// Writes a user whose fields or whose mailbox are others than before.
async fn write(
    transaction: &mut Transaction,
    before: ResourceRecord,
    fields: Resource,
    mailbox_changed: bool,
) -> Result<ResourceRecord, StoreError> {
    match fields == before.fields && !mailbox_changed {
        true => Ok(before),
        false => resource::replace(transaction, &before.id, before.version, &fields).await,
    }
}

/// A key of which a database can be asked.
fn named<R>(field: &'static str, key: Option<Key<R>>) -> Result<Option<Key<R>>, Problem> {
    if let Some(key) = &key {
        plain(field, key.id.value.clone())?;
    }
    Ok(key)
}

/// The field of the address has another name here.
fn of_mailbox(error: StoreError) -> Problem {
    match error {
        StoreError::Invalid { rule, .. } => Problem::invalid("mailbox", rule),
        StoreError::AddressTaken { .. } => Problem::from(error).field("mailbox"),
        error => error.into(),
    }
}
