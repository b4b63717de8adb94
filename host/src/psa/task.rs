//! Tasks: parts of projects.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::company::Company;
use super::filter::OfCompany;
use super::key::{Key, Naming, value};
use super::record::{Change, Record, Statements, statements};
use super::{raise, rule};
use crate::contract::PsaId;
use crate::store::Transaction;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The number as the PSA shows it, 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// The title, 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub title: String,
    /// Whose project it is.
    #[schema(value_type = Option<String>)]
    pub company: Option<Key<Company>>,
}

impl Record for Task {
    const WHAT: &'static str = "task";

    const STATEMENTS: Statements = statements! {
        table "task",
        columns "number, title, company",
        values "$4, $5, $6",
        bury "number = '', title = '', company = NULL",
        filter "($4 IS NULL OR LOWER(number || ' ' || title) LIKE $4 ESCAPE '\\')
                AND ($5 IS NULL OR company = $5)",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'service call' AS what FROM call_work WHERE tenant = $1 AND task = $2 LIMIT 1",
    );

    type Filter = OfCompany;

    fn check(&self) -> Result<()> {
        rule::number("number", &self.number)?;
        rule::name("title", &self.title)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        let company = self.company.as_ref().map(|key| key.named_as("company"));
        company.into_iter().collect()
    }

    fn values(&self) -> Result<Vec<Value>> {
        Ok(vec![
            Value::from(&self.number),
            Value::from(&self.title),
            value(self.company.as_ref()),
        ])
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            number: row.get("number")?,
            title: row.get("title")?,
            company: Key::maybe(row, "company")?,
        })
    }

    async fn follow(
        transaction: &mut Transaction,
        id: &PsaId,
        change: Change<'_, Self>,
    ) -> Result<()> {
        if !change.differs(|task| (task.number.clone(), task.title.clone())) {
            return Ok(());
        }
        let calls =
            raise::calls!("id IN (SELECT call FROM call_work WHERE tenant = $1 AND task = $2)");
        raise::all_that_show(transaction, calls, id).await
    }
}
