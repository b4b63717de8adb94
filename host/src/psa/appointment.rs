//! Appointments, as people make and change them.
//!
//! Every write here is a person's: it sets `person_version` to the row's new version. What Tandem
//! writes stands in [`copy`](super::copy).

use serde::{Deserialize, Serialize};

use super::written::{Outcome, Written};
use super::{resource as user, rule, version};
use crate::contract::{Appointment, Instant, PsaId, RowVersion, Side, Span};
use crate::store::codec;
use crate::store::error::{Result, StoreError};
use crate::store::statement::sql;
use crate::store::{Source, Transaction};

mod row;

pub use row::AppointmentRecord;
pub(super) use row::{bury, insert, read, select, write};

/// What a person changes; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Edit {
    /// The title.
    pub title: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// When.
    pub span: Option<Span>,
    /// Only its owner sees its texts.
    pub private: Option<bool>,
    /// It does not block time.
    pub free: Option<bool>,
}

/// Which appointments to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Only of this user.
    pub resource: Option<PsaId>,
    /// Only what changed after this version; tombstones are listed too.
    pub since: Option<RowVersion>,
    /// Only what may end after this instant.
    pub from: Option<Instant>,
    /// Only what may begin before this instant.
    pub to: Option<Instant>,
    /// Only what was listed after the record with this version; see [`list`].
    pub after: Option<RowVersion>,
    /// At most so many.
    pub limit: u32,
}

/// Makes an appointment for a person. `recurring` and `not_answered` belong to copies and are
/// not taken over.
///
/// # Errors
/// [`StoreError::Invalid`]; [`StoreError::NotFound`] for an unknown user.
pub async fn create(
    transaction: &mut Transaction,
    resource: &PsaId,
    fields: &Appointment,
) -> Result<AppointmentRecord> {
    let fields = Appointment {
        recurring: false,
        not_answered: false,
        ..fields.clone()
    };
    let id = PsaId {
        value: transaction.new_id(),
    };
    insert(transaction, &id, resource, &fields, Side::Psa, None).await?;
    get(&mut *transaction, &id).await
}

/// Makes the appointment under a key of the caller's own be as given, for a person: makes it, changes
/// it, or leaves it when it is so already. `expected`, where it is given, is the version that the
/// row must have. What belongs to copies, `recurring` and `not_answered`, is not taken over.
///
/// # Errors
/// [`StoreError::Invalid`], also for a key that was deleted or is in another user's calendar;
/// [`StoreError::NotFound`] for an unknown user; [`StoreError::Conflict`].
pub async fn put(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: Option<RowVersion>,
    resource: &PsaId,
    fields: &Appointment,
) -> Result<Written> {
    rule::id(id)?;
    rule::appointment(fields)?;
    let before = held(transaction, id, expected).await?;
    let Some(before) = before else {
        user::get(&mut *transaction, resource).await?;
        let fields = Appointment {
            recurring: false,
            not_answered: false,
            ..fields.clone()
        };
        insert(transaction, id, resource, &fields, Side::Psa, None).await?;
        return written(transaction, id, Outcome::Created).await;
    };
    if before.deleted {
        return Err(rule::invalid(
            "id",
            format!("\"{}\" was deleted; give another key", id.value),
        ));
    }
    if before.resource != *resource {
        return Err(rule::invalid(
            "resource",
            format!(
                "it is in the calendar of \"{}\"; delete it there and give it another key here",
                before.resource.value
            ),
        ));
    }
    let fields = Appointment {
        recurring: before.fields.recurring,
        not_answered: before.fields.not_answered,
        ..fields.clone()
    };
    if fields == before.fields {
        return Ok(Written {
            outcome: Outcome::Unchanged,
            version: Some(before.version),
        });
    }
    let version = version::next(transaction).await?;
    write(transaction, id, version, Some(version), &fields, None).await?;
    written(transaction, id, Outcome::Changed).await
}

/// Makes sure that there is no appointment under a key, for a person.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not at the `expected` version.
pub async fn remove(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: Option<RowVersion>,
) -> Result<Written> {
    match held(transaction, id, expected).await? {
        Some(before) if !before.deleted => {
            let version = version::next(transaction).await?;
            bury(transaction, id, version, Some(version), before.version).await?;
            written(transaction, id, Outcome::Deleted).await
        }
        before => Ok(Written {
            outcome: Outcome::Unchanged,
            version: before.map(|record| record.version),
        }),
    }
}

/// The row under a key, which nobody changes until the transaction ends; none when there never was
/// one.
async fn held(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: Option<RowVersion>,
) -> Result<Option<AppointmentRecord>> {
    version::hold(transaction).await?;
    let record = match get(&mut *transaction, id).await {
        Ok(record) => Some(record),
        Err(StoreError::NotFound { .. }) => None,
        Err(error) => return Err(error),
    };
    let found = record.as_ref().map(|record| record.version.number);
    match expected {
        Some(expected) if found != Some(expected.number) => Err(StoreError::Conflict {
            what: "appointment",
            id: id.value.clone(),
            expected: expected.number,
            found: found.unwrap_or_default(),
        }),
        _ => Ok(record),
    }
}

async fn written(transaction: &mut Transaction, id: &PsaId, outcome: Outcome) -> Result<Written> {
    let record = get(&mut *transaction, id).await?;
    Ok(Written {
        outcome,
        version: Some(record.version),
    })
}

/// Changes an appointment for a person, if the row is still at the `expected` version. An edit
/// that changes nothing writes nothing.
///
/// # Errors
/// [`StoreError::Conflict`]; [`StoreError::NotFound`], also for a deleted one;
/// [`StoreError::Invalid`].
pub async fn edit(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: RowVersion,
    edit: &Edit,
) -> Result<AppointmentRecord> {
    version::hold(transaction).await?;
    let before = expect(transaction, id, expected).await?;
    let mut fields = before.fields.clone();
    let take = |to: &mut String, from: &Option<String>| {
        if let Some(text) = from {
            to.clone_from(text);
        }
    };
    take(&mut fields.title, &edit.title);
    take(&mut fields.description, &edit.description);
    if let Some(span) = &edit.span {
        fields.span = *span;
    }
    fields.private = edit.private.unwrap_or(fields.private);
    fields.free = edit.free.unwrap_or(fields.free);
    if fields == before.fields {
        return Ok(before);
    }
    rule::appointment(&fields)?;
    let version = version::next(transaction).await?;
    write(transaction, id, version, Some(version), &fields, None).await?;
    get(&mut *transaction, id).await
}

/// Deletes an appointment for a person, if the row is still at the `expected` version: its texts
/// are emptied, its times stay.
///
/// # Errors
/// As [`edit`].
pub async fn delete(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: RowVersion,
) -> Result<RowVersion> {
    let version = version::next(transaction).await?;
    expect(transaction, id, expected).await?;
    bury(transaction, id, version, Some(version), expected).await?;
    Ok(RowVersion {
        number: version.unsigned_abs(),
    })
}

/// An appointment, deleted or not.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(mut source: impl Source, id: &PsaId) -> Result<AppointmentRecord> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(select!("AND id = $2"), &tenant, &id.value))
        .await?;
    let missing = || StoreError::NotFound {
        what: "appointment",
        id: id.value.clone(),
    };
    read(rows.first().ok_or_else(missing)?)
}

/// Appointments by version, which is unique: to go on, give the last one's version as `after`.
///
/// # Errors
/// When the database does not answer.
pub async fn list(mut source: impl Source, search: &Search) -> Result<Vec<AppointmentRecord>> {
    let tenant = source.tenant().clone();
    let number = |v: Option<RowVersion>| v.map(codec::version_number).transpose();
    macro_rules! listed {
        ($whose:literal) => {
            select!(
                $whose,
                "AND (NOT deleted OR $3 IS NOT NULL)
                 AND ($3 IS NULL OR version > $3)
                 AND ($4 IS NULL OR ends > $4)
                 AND ($5 IS NULL OR begins < $5)
                 AND ($6 IS NULL OR version > $6)
                 ORDER BY version LIMIT $7"
            )
        };
    }
    // Said apart, so that a user's are found by their index.
    let text = match search.resource {
        Some(_) => listed!("AND resource = $2 "),
        None => listed!("AND $2 IS NULL "),
    };
    let statement = sql!(
        text,
        &tenant,
        search.resource.as_ref().map(|r| r.value.as_str()),
        number(search.since)?,
        search.from,
        search.to,
        number(search.after)?,
        search.limit,
    );
    source.fetch(statement).await?.iter().map(read).collect()
}

/// The live row at this version, or why a person's write to it is refused.
async fn expect(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: RowVersion,
) -> Result<AppointmentRecord> {
    let record = get(&mut *transaction, id).await?;
    if record.deleted {
        return Err(StoreError::NotFound {
            what: "appointment",
            id: id.value.clone(),
        });
    }
    match record.version == expected {
        true => Ok(record),
        false => Err(StoreError::Conflict {
            what: "appointment",
            id: id.value.clone(),
            expected: expected.number,
            found: record.version.number,
        }),
    }
}
