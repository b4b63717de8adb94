//! Territories: which companies a user looks after, where contacts travel by territory.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::filter::ByName;
use super::key::Naming;
use super::record::{Record, Statements, statements};
use super::rule;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// A territory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Territory {
    /// The name, 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub name: String,
}

impl Record for Territory {
    const WHAT: &'static str = "territory";

    const STATEMENTS: Statements = statements! {
        table "territory",
        columns "name",
        values "$4",
        bury "name = ''",
        filter "($4 IS NULL OR LOWER(name) LIKE $4 ESCAPE '\\')",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'company' AS what FROM company WHERE tenant = $1 AND territory = $2 AND NOT deleted
         UNION ALL
         SELECT 'user' FROM resource WHERE tenant = $1 AND territory = $2 LIMIT 1",
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
}
