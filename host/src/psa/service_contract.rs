//! Contracts between the service business and a company. The file is not called `contract`, which
//! is what host and plugins agreed on.

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

/// A contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceContract {
    /// The name, 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub name: String,
    /// With whom.
    #[schema(value_type = Option<String>)]
    pub company: Option<Key<Company>>,
}

impl Record for ServiceContract {
    const WHAT: &'static str = "contract";

    const STATEMENTS: Statements = statements! {
        table "service_contract",
        columns "name, company",
        values "$4, $5",
        bury "name = '', company = NULL",
        filter "($4 IS NULL OR LOWER(name) LIKE $4 ESCAPE '\\') AND ($5 IS NULL OR company = $5)",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'to-do' AS what FROM to_do
          WHERE tenant = $1 AND contract = $2 AND NOT deleted LIMIT 1",
    );

    type Filter = OfCompany;

    fn check(&self) -> Result<()> {
        rule::name("name", &self.name)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        let company = self.company.as_ref().map(|key| key.named_as("company"));
        company.into_iter().collect()
    }

    fn values(&self) -> Result<Vec<Value>> {
        Ok(vec![Value::from(&self.name), value(self.company.as_ref())])
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            name: row.get("name")?,
            company: Key::maybe(row, "company")?,
        })
    }

    async fn follow(
        transaction: &mut Transaction,
        id: &PsaId,
        change: Change<'_, Self>,
    ) -> Result<()> {
        match change.differs(|contract| contract.name.clone()) {
            true => raise::all_that_show(transaction, raise::to_dos!("contract"), id).await,
            false => Ok(()),
        }
    }
}
