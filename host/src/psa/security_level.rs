//! Security levels: what a user may do in the PSA.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::filter::ByName;
use super::key::Naming;
use super::record::{Record, Statements, statements};
use super::rule;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// A security level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityLevel {
    /// The name, 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub name: String,
    /// *Admin: configure Microsoft extensions*: its users open the admin pages (behaviour,
    /// section 1).
    #[serde(default)]
    pub configure_extensions: bool,
}

impl Record for SecurityLevel {
    const WHAT: &'static str = "security level";

    const STATEMENTS: Statements = statements! {
        table "security_level",
        columns "name, configure_extensions",
        values "$4, $5",
        bury "name = ''",
        filter "($4 IS NULL OR LOWER(name) LIKE $4 ESCAPE '\\')",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'user' AS what FROM resource WHERE tenant = $1 AND security_level = $2 LIMIT 1",
    );

    type Filter = ByName;

    fn check(&self) -> Result<()> {
        rule::name("name", &self.name)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        Vec::new()
    }

    fn values(&self) -> Result<Vec<Value>> {
        Ok(vec![
            Value::from(&self.name),
            Value::from(self.configure_extensions),
        ])
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            name: row.get("name")?,
            configure_extensions: row.get("configure_extensions")?,
        })
    }
}
