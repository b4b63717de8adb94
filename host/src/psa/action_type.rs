//! Action types: what a to-do is about, and whether the calendar shows it.

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

/// An action type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionType {
    /// The name, 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub name: String,
    /// Its to-dos are shown on the calendar; others do not travel (behaviour, section 2).
    #[serde(default = "shown")]
    pub on_calendar: bool,
}

const fn shown() -> bool {
    true
}

impl Record for ActionType {
    const WHAT: &'static str = "action type";

    const STATEMENTS: Statements = statements! {
        table "action_type",
        columns "name, on_calendar",
        values "$4, $5",
        bury "name = ''",
        filter "($4 IS NULL OR LOWER(name) LIKE $4 ESCAPE '\\')",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'to-do' AS what FROM to_do
          WHERE tenant = $1 AND action_type = $2 AND NOT deleted LIMIT 1",
    );

    type Filter = ByName;

    fn check(&self) -> Result<()> {
        rule::name("name", &self.name)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        Vec::new()
    }

    fn values(&self) -> Result<Vec<Value>> {
        Ok(vec![Value::from(&self.name), Value::from(self.on_calendar)])
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            name: row.get("name")?,
            on_calendar: row.get("on_calendar")?,
        })
    }

    async fn follow(
        transaction: &mut Transaction,
        id: &PsaId,
        change: Change<'_, Self>,
    ) -> Result<()> {
        match change.before.is_some() {
            true => raise::all_that_show(transaction, raise::to_dos!("action_type"), id).await,
            false => Ok(()),
        }
    }
}
