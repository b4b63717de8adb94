//! How the contract's types stand in columns: records as JSON, enums under the names of their
//! variants, references as text that an index can find.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::statement::Row;
use crate::contract::{
    ExchangeId, ExchangeReference, ItemKind, PsaId, PsaReference, RowVersion, Slot, Uid,
};

/// A new key: a UUID of version 7, so that keys sort by the time they were made.
#[must_use]
pub fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// A value as JSON text.
///
/// # Errors
/// [`StoreError::Unstorable`] for what JSON cannot carry.
pub fn json<T: Serialize>(column: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Unstorable {
        column,
        reason: e.to_string(),
    })
}

/// A value from JSON text.
///
/// # Errors
/// [`StoreError::Unreadable`] for text that is not such a value.
pub fn from_json<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| StoreError::Unreadable {
        column,
        reason: e.to_string(),
    })
}

/// The name of an enum's variant.
///
/// # Errors
/// [`StoreError::Unstorable`] for a variant that carries data.
pub fn name<T: Serialize>(column: &'static str, value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(_) => Err(StoreError::Unstorable {
            column,
            reason: "it is more than a name".into(),
        }),
        Err(e) => Err(StoreError::Unstorable {
            column,
            reason: e.to_string(),
        }),
    }
}

/// The variant of an enum that has this name.
///
/// # Errors
/// [`StoreError::Unreadable`] when there is none.
pub fn from_name<T: DeserializeOwned>(column: &'static str, name: String) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(name)).map_err(|e| StoreError::Unreadable {
        column,
        reason: e.to_string(),
    })
}

/// Strings as the JSON array that `{list $1}` takes.
///
/// # Errors
/// Never in practice; strings are always JSON.
pub fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Result<String> {
    let items: Vec<serde_json::Value> = items
        .into_iter()
        .map(|s| serde_json::Value::from(s.as_ref()))
        .collect();
    json("list", &items)
}

/// A version as a column's number.
///
/// # Errors
/// [`StoreError::Unstorable`] above 2^63.
pub fn version_number(version: RowVersion) -> Result<i64> {
    i64::try_from(version.number).map_err(|e| StoreError::Unstorable {
        column: "version",
        reason: e.to_string(),
    })
}

/// Kind and key joined by a colon, which a PSA's key never holds.
///
/// # Errors
/// [`StoreError::Unstorable`] for a key with a colon.
pub fn psa_text(reference: &PsaReference) -> Result<String> {
    if reference.id.value.contains(':') {
        return Err(StoreError::Unstorable {
            column: "psa",
            reason: "the key has a colon".into(),
        });
    }
    Ok(format!(
        "{}:{}",
        name("psa", &reference.kind)?,
        reference.id.value
    ))
}

/// The reverse of [`psa_text`].
///
/// # Errors
/// [`StoreError::Unreadable`] for other text.
pub fn psa_reference(text: &str) -> Result<PsaReference> {
    let (kind, id) = text.split_once(':').ok_or_else(|| StoreError::Unreadable {
        column: "psa",
        reason: "it has no colon".into(),
    })?;
    let kind: ItemKind = from_name("psa", kind.to_owned())?;
    Ok(PsaReference {
        kind,
        id: PsaId {
            value: id.to_owned(),
        },
    })
}

/// The Exchange reference in four columns; `names` are those of id, UID, master and start.
///
/// # Errors
/// As [`Row::get`].
pub fn exchange_reference(
    row: &Row,
    names: [&'static str; 4],
) -> Result<Option<ExchangeReference>> {
    let [id, uid, master, start] = names;
    let Some(value) = row.get::<Option<String>>(id)? else {
        return Ok(None);
    };
    let master: Option<String> = row.get(master)?;
    let slot = master.zip(row.maybe_instant(start)?);
    Ok(Some(ExchangeReference {
        id: ExchangeId { value },
        uid: row.get::<Option<String>>(uid)?.map(|value| Uid { value }),
        slot: slot.map(|(master_id, original_start)| Slot {
            master_id,
            original_start,
        }),
    }))
}
