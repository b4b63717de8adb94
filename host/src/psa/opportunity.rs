//! Opportunities: what may be sold to a company, and by whom.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::company::Company;
use super::filter::OfCompany;
use super::key::{Key, Naming, value};
use super::record::{Change, Record, Statements, statements};
use super::resource::Resource;
use super::{raise, rule};
use crate::contract::PsaId;
use crate::store::Transaction;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// An opportunity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opportunity {
    /// The name, 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub name: String,
    /// Whom it concerns.
    #[schema(value_type = Option<String>)]
    pub company: Option<Key<Company>>,
    /// The user whose it is.
    #[schema(value_type = Option<String>)]
    pub owner: Option<Key<Resource>>,
}

impl Record for Opportunity {
    const WHAT: &'static str = "opportunity";

    const STATEMENTS: Statements = statements! {
        table "opportunity",
        columns "name, company, owner",
        values "$4, $5, $6",
        bury "name = '', company = NULL, owner = NULL",
        filter "($4 IS NULL OR LOWER(name) LIKE $4 ESCAPE '\\') AND ($5 IS NULL OR company = $5)",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'to-do' AS what FROM to_do
          WHERE tenant = $1 AND opportunity = $2 AND NOT deleted LIMIT 1",
    );

    type Filter = OfCompany;

    fn check(&self) -> Result<()> {
        rule::name("name", &self.name)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        let company = self.company.as_ref().map(|key| key.named_as("company"));
        let owner = self.owner.as_ref().map(|key| key.named_as("owner"));
        company.into_iter().chain(owner).collect()
    }

    fn values(&self) -> Result<Vec<Value>> {
        Ok(vec![
            Value::from(&self.name),
            value(self.company.as_ref()),
            value(self.owner.as_ref()),
        ])
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            name: row.get("name")?,
            company: Key::maybe(row, "company")?,
            owner: Key::maybe(row, "owner")?,
        })
    }

    /// Its name stands in to-dos; its owner decides where the contacts of its company travel.
    async fn follow(
        transaction: &mut Transaction,
        id: &PsaId,
        change: Change<'_, Self>,
    ) -> Result<()> {
        if change.differs(|opportunity| opportunity.name.clone()) {
            raise::all_that_show(transaction, raise::to_dos!("opportunity"), id).await?;
        }
        let owned = |opportunity: Option<&Self>| {
            let company = opportunity?.company.clone()?;
            Some((company, opportunity?.owner.clone()?))
        };
        let (before, now) = (owned(change.before), owned(change.now));
        if before == now {
            return Ok(());
        }
        for (company, _) in before.into_iter().chain(now) {
            let contacts = raise::contacts!("company = $2");
            raise::all_that_show(transaction, contacts, &company.id).await?;
        }
        Ok(())
    }
}
