//! Keys that know of which kind of record they are, so that a ticket's never stands for a company's.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::record::Record;
use crate::contract::PsaId;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// The key of a record of this kind; in JSON its plain text.
pub struct Key<R> {
    /// The key itself.
    pub id: PsaId,
    kind: PhantomData<fn() -> R>,
}

/// What one record says of another: that it is there.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'a> {
    /// The field that names it.
    pub field: &'static str,
    /// What people call its kind.
    pub what: &'static str,
    /// Finds it while it lives: $1 is the tenant, $2 the key.
    pub statement: &'static str,
    /// Its key.
    pub id: &'a PsaId,
}

/// What can be named.
pub trait Named {
    /// What people call it.
    const WHAT: &'static str;
    /// Finds it while it lives: $1 is the tenant, $2 the key.
    const FIND: &'static str;
}

impl<R: Record> Named for R {
    const WHAT: &'static str = R::WHAT;
    const FIND: &'static str = R::STATEMENTS.get;
}

impl<R> Key<R> {
    /// A key as the kind's own.
    #[must_use]
    pub fn new(id: PsaId) -> Self {
        Self {
            id,
            kind: PhantomData,
        }
    }

    /// A key from its column.
    pub(super) fn read(row: &Row, column: &'static str) -> Result<Self> {
        let value = row.get(column)?;
        Ok(Self::new(PsaId { value }))
    }

    /// A key from a column that may be empty.
    pub(super) fn maybe(row: &Row, column: &'static str) -> Result<Option<Self>> {
        let value: Option<String> = row.get(column)?;
        Ok(value.map(|value| Self::new(PsaId { value })))
    }

    /// The key as a column's value.
    pub(super) fn value(&self) -> Value {
        Value::from(&self.id.value)
    }
}

impl<R: Named> Key<R> {
    /// That a field names this record.
    pub(super) fn named_as(&self, field: &'static str) -> Naming<'_> {
        Naming {
            field,
            what: R::WHAT,
            statement: R::FIND,
            id: &self.id,
        }
    }
}

/// A key that may be missing, as a column's value.
pub(super) fn value<R>(key: Option<&Key<R>>) -> Value {
    Value::Text(key.map(|key| key.id.value.clone()))
}

impl<R> Clone for Key<R> {
    fn clone(&self) -> Self {
        Self::new(self.id.clone())
    }
}

impl<R> PartialEq for Key<R> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<R> fmt::Debug for Key<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.value.fmt(f)
    }
}

impl<R> Serialize for Key<R> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(&self.id.value)
    }
}

impl<'de, R> Deserialize<'de> for Key<R> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(from).map(|value| Self::new(PsaId { value }))
    }
}
