//! Users of the PSA: whose calendars are synchronised.

use serde::{Deserialize, Serialize};

use super::key::{self, Key, Named};
use super::security_level::SecurityLevel;
use super::territory::Territory;
use super::{filter, raise, record, rule, version};
use crate::contract::{Instant, PsaId, RowVersion, Weekday};
use crate::store::codec;
use crate::store::error::{Result, StoreError};
use crate::store::statement::{Row, sql};
use crate::store::{Source, Transaction};

/// A user's fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// The name, never empty.
    pub name: String,
    /// The user's e-mail address, may be empty.
    pub email: String,
    /// When the user works.
    pub working_hours: Option<WorkingHours>,
    /// Inactive users stay for their records' sake.
    pub active: bool,
    /// Whose companies' contacts the user gets, where contacts travel by territory.
    pub territory: Option<Key<Territory>>,
    /// What the user may do in the PSA; none allows nothing special.
    pub security_level: Option<Key<SecurityLevel>>,
}

impl Named for Resource {
    const WHAT: &'static str = "user";
    const FIND: &'static str = "SELECT id FROM resource WHERE tenant = $1 AND id = $2";
}

/// When a user works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkingHours {
    /// The zone of the times, by its IANA name.
    pub zone: String,
    /// The stretches of a week.
    pub stretches: Vec<Stretch>,
}

/// A stretch of work on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// On which day.
    pub day: Weekday,
    /// From, in minutes after midnight, 0 to 1,439.
    pub from: u16,
    /// To, in minutes after midnight, above `from`, at most 1,440.
    pub to: u16,
}

/// A user as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceRecord {
    /// The key.
    pub id: PsaId,
    /// The row's version.
    pub version: RowVersion,
    /// The fields.
    pub fields: Resource,
    /// When it was made.
    pub created: Instant,
    /// When it was changed last.
    pub changed: Instant,
}

// The key with a colon is no user's: see `store::mailbox::public_folder`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, version, name, email, working_hours, active, territory, security_level, \
             created, changed FROM resource WHERE tenant = $1 AND id NOT LIKE ':%' ",
            $rest
        )
    };
}

/// Which users to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Only users whose name or address contains this, in whichever case.
    pub text: Option<String>,
    /// Only active ones.
    pub active_only: bool,
    /// So many are passed over.
    pub offset: u32,
    /// At most so many are given.
    pub limit: u32,
}

/// Makes a user; without an `id` the store chooses one.
///
/// # Errors
/// [`StoreError::Invalid`], also for an id that is taken.
pub async fn create(
    transaction: &mut Transaction,
    id: Option<&PsaId>,
    fields: &Resource,
) -> Result<ResourceRecord> {
    check(fields)?;
    let id = id.cloned().unwrap_or_else(|| PsaId {
        value: transaction.new_id(),
    });
    rule::id(&id)?;
    let tenant = transaction.tenant_id();
    let version = version::next(transaction).await?;
    expect_named(transaction, fields).await?;
    let made = transaction
        .execute(sql!(
            "INSERT INTO resource (tenant, id, version, name, email, working_hours, active,
                                   territory, security_level, created, changed)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, {now}, {now}) ON CONFLICT DO NOTHING",
            &tenant,
            &id.value,
            version,
            fields.name.trim(),
            fields.email.trim(),
            working_hours(fields)?,
            fields.active,
            key::value(fields.territory.as_ref()),
            key::value(fields.security_level.as_ref()),
        ))
        .await?;
    match made {
        0 => Err(rule::invalid(
            "id",
            format!("there is a user \"{}\" already", id.value),
        )),
        _ => get(&mut *transaction, &id).await,
    }
}

/// Writes a user's fields if the row is still at the `expected` version.
///
/// # Errors
/// [`StoreError::Conflict`]; [`StoreError::NotFound`]; [`StoreError::Invalid`].
pub async fn replace(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: RowVersion,
    fields: &Resource,
) -> Result<ResourceRecord> {
    check(fields)?;
    let tenant = transaction.tenant_id();
    let version = version::next(transaction).await?;
    let before = expect(&mut *transaction, id, expected).await?;
    expect_named(transaction, fields).await?;
    transaction
        .execute(sql!(
            "UPDATE resource SET version = $3, name = $4, email = $5, working_hours = $6,
                    active = $7, territory = $8, security_level = $9, changed = {now}
              WHERE tenant = $1 AND id = $2",
            &tenant,
            &id.value,
            version,
            fields.name.trim(),
            fields.email.trim(),
            working_hours(fields)?,
            fields.active,
            key::value(fields.territory.as_ref()),
            key::value(fields.security_level.as_ref()),
        ))
        .await?;
    if let Some(territory) = entered(&before.fields, fields) {
        raise::all_that_show(transaction, CONTACTS_OF_TERRITORY, &territory.id).await?;
    }
    get(&mut *transaction, id).await
}

/// The contacts that a user gets with a territory.
const CONTACTS_OF_TERRITORY: &str = raise::contacts!(
    "company IN (SELECT id FROM company WHERE tenant = $1 AND territory = $2 AND NOT deleted)"
);

/// The territory that a user comes to. Contacts of the one left behind keep their copies: it is
/// not their own data that changed (behaviour, section 2).
fn entered<'a>(before: &Resource, now: &'a Resource) -> Option<&'a Key<Territory>> {
    let territory = now.territory.as_ref()?;
    (before.territory.as_ref() != Some(territory)).then_some(territory)
}

async fn expect_named(transaction: &mut Transaction, fields: &Resource) -> Result<()> {
    let territory = fields.territory.as_ref();
    let level = fields.security_level.as_ref();
    let names = [
        territory.map(|key| key.named_as("territory")),
        level.map(|key| key.named_as("security_level")),
    ];
    record::expect_named(transaction, names.into_iter().flatten()).await
}

/// A user.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(mut source: impl Source, id: &PsaId) -> Result<ResourceRecord> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(select!("AND id = $2"), &tenant, &id.value))
        .await?;
    let missing = || StoreError::NotFound {
        what: "user",
        id: id.value.clone(),
    };
    read(rows.first().ok_or_else(missing)?)
}

/// A user at the `expected` version.
///
/// # Errors
/// [`StoreError::Conflict`]; [`StoreError::NotFound`].
pub async fn expect(
    source: impl Source,
    id: &PsaId,
    expected: RowVersion,
) -> Result<ResourceRecord> {
    let record = get(source, id).await?;
    match record.version == expected {
        true => Ok(record),
        false => Err(StoreError::Conflict {
            what: "user",
            id: id.value.clone(),
            expected: expected.number,
            found: record.version.number,
        }),
    }
}

/// Users by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list(mut source: impl Source, search: &Search) -> Result<Vec<ResourceRecord>> {
    let tenant = source.tenant().clone();
    let escaped = filter::pattern(search.text.as_deref());
    let text = select!(
        "AND (active OR NOT $2)
         AND ($3 IS NULL OR LOWER(name) LIKE $3 ESCAPE '\\' OR LOWER(email) LIKE $3 ESCAPE '\\')
         ORDER BY name, id LIMIT $4 OFFSET $5"
    );
    let statement = sql!(
        text,
        &tenant,
        search.active_only,
        escaped,
        search.limit,
        search.offset
    );
    source.fetch(statement).await?.iter().map(read).collect()
}

/// Users that changed after a version, by version.
///
/// # Errors
/// When the database does not answer.
pub async fn changes_since(
    mut source: impl Source,
    since: RowVersion,
    limit: u32,
) -> Result<Vec<ResourceRecord>> {
    let tenant = source.tenant().clone();
    let text = select!("AND version > $2 ORDER BY version LIMIT $3");
    let statement = sql!(text, &tenant, codec::version_number(since)?, limit);
    source.fetch(statement).await?.iter().map(read).collect()
}

fn check(fields: &Resource) -> Result<()> {
    if fields.name.trim().is_empty() {
        return Err(rule::invalid("name", "give one, it is empty".into()));
    }
    rule::at_most("name", &fields.name, rule::TITLE)?;
    rule::at_most("email", &fields.email, 320)?;
    let Some(hours) = &fields.working_hours else {
        return Ok(());
    };
    if hours.zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(rule::invalid(
            "working_hours.zone",
            "give an IANA name such as Europe/Berlin".into(),
        ));
    }
    match hours
        .stretches
        .iter()
        .all(|s| s.from < s.to && s.to <= 1_440)
    {
        true => Ok(()),
        false => Err(rule::invalid(
            "working_hours.stretches",
            "give minutes after midnight, from below to, to at most 1440".into(),
        )),
    }
}

fn working_hours(fields: &Resource) -> Result<Option<String>> {
    let hours = fields.working_hours.as_ref();
    hours
        .map(|hours| codec::json("resource.working_hours", hours))
        .transpose()
}

fn read(row: &Row) -> Result<ResourceRecord> {
    let hours: Option<String> = row.get("working_hours")?;
    Ok(ResourceRecord {
        id: PsaId {
            value: row.get("id")?,
        },
        version: RowVersion {
            number: row.unsigned("version")?,
        },
        fields: Resource {
            name: row.get("name")?,
            email: row.get("email")?,
            working_hours: hours
                .map(|text| codec::from_json("resource.working_hours", &text))
                .transpose()?,
            active: row.get("active")?,
            territory: Key::maybe(row, "territory")?,
            security_level: Key::maybe(row, "security_level")?,
        },
        created: row.instant("created")?,
        changed: row.instant("changed")?,
    })
}
