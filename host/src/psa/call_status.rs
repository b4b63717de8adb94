//! Statuses of service calls, such as *planned* or *confirmed*.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::filter::ByName;
use super::key::Naming;
use super::record::{Change, Record, Statements, statements};
use super::{raise, rule};
use crate::contract::PsaId;
use crate::store::Transaction;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// A status of service calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallStatus {
    /// The name, 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub name: String,
}

impl Record for CallStatus {
    const WHAT: &'static str = "status";

    const STATEMENTS: Statements = statements! {
        table "call_status",
        columns "name",
        values "$4",
        bury "name = ''",
        filter "($4 IS NULL OR LOWER(name) LIKE $4 ESCAPE '\\')",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'service call' AS what FROM service_call
          WHERE tenant = $1 AND status = $2 AND NOT deleted LIMIT 1",
    );

    type Filter = ByName;

    fn check(&self) -> Result<()> {
        rule::name("name", &self.name)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        Vec::new()
    }

    fn values(&self) -> Result<Vec<Value>> {
        Ok(vec![Value::from(&self.name)])
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            name: row.get("name")?,
        })
    }

    async fn follow(
        transaction: &mut Transaction,
        id: &PsaId,
        change: Change<'_, Self>,
    ) -> Result<()> {
        match change.before.is_some() {
            true => raise::all_that_show(transaction, raise::calls!("status = $2"), id).await,
            false => Ok(()),
        }
    }
}
