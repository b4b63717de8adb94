//! Companies: the customers. The contract calls one an organisation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address::Address;
use super::filter::ByName;
use super::key::{Key, Naming, value};
use super::record::{Change, Record, Statements, json, statements};
use super::resource::Resource;
use super::territory::Territory;
use super::{raise, rule};
use crate::contract::PsaId;
use crate::store::Transaction;
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// A company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// The name, 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub name: String,
    /// The telephone number, may be empty.
    #[serde(default)]
    pub phone: String,
    /// Where it is.
    #[serde(default)]
    pub address: Address,
    /// In which territory it lies.
    #[schema(value_type = Option<String>)]
    pub territory: Option<Key<Territory>>,
    /// The user who looks after it.
    #[schema(value_type = Option<String>)]
    pub account_manager: Option<Key<Resource>>,
}

impl Record for Company {
    const WHAT: &'static str = "company";

    const STATEMENTS: Statements = statements! {
        table "company",
        columns "name, phone, address, territory, account_manager",
        values "$4, $5, $6, $7, $8",
        bury "name = '', phone = '', address = '{}', territory = NULL, account_manager = NULL",
        filter "($4 IS NULL OR LOWER(name) LIKE $4 ESCAPE '\\')",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'contact' AS what FROM contact WHERE tenant = $1 AND company = $2 AND NOT deleted
         UNION ALL
         SELECT 'to-do' FROM to_do WHERE tenant = $1 AND company = $2 AND NOT deleted
         UNION ALL
         SELECT 'service call' FROM service_call
          WHERE tenant = $1 AND company = $2 AND NOT deleted
         UNION ALL
         SELECT 'opportunity' FROM opportunity WHERE tenant = $1 AND company = $2 AND NOT deleted
         UNION ALL
         SELECT 'contract' FROM service_contract
          WHERE tenant = $1 AND company = $2 AND NOT deleted
         UNION ALL
         SELECT 'ticket' FROM ticket WHERE tenant = $1 AND company = $2 AND NOT deleted
         UNION ALL
         SELECT 'task' FROM task WHERE tenant = $1 AND company = $2 AND NOT deleted
         LIMIT 1",
    );

    type Filter = ByName;

    fn check(&self) -> Result<()> {
        rule::name("name", &self.name)?;
        rule::at_most("phone", &self.phone, rule::TITLE)?;
        self.address.check()
    }

    fn names(&self) -> Vec<Naming<'_>> {
        let territory = self.territory.as_ref().map(|key| key.named_as("territory"));
        let manager = self.account_manager.as_ref();
        let manager = manager.map(|key| key.named_as("account_manager"));
        territory.into_iter().chain(manager).collect()
    }

    fn values(&self) -> Result<Vec<Value>> {
        Ok(vec![
            Value::from(&self.name),
            Value::from(&self.phone),
            json("company.address", &self.address)?,
            value(self.territory.as_ref()),
            value(self.account_manager.as_ref()),
        ])
    }

    fn read(row: &Row) -> Result<Self> {
        let address: String = row.get("address")?;
        Ok(Self {
            name: row.get("name")?,
            phone: row.get("phone")?,
            address: codec::from_json("company.address", &address)?,
            territory: Key::maybe(row, "territory")?,
            account_manager: Key::maybe(row, "account_manager")?,
        })
    }

    /// Its name stands in to-dos, calls and contacts, phone and address in calls; territory and
    /// account manager decide where its contacts travel.
    async fn follow(
        transaction: &mut Transaction,
        id: &PsaId,
        change: Change<'_, Self>,
    ) -> Result<()> {
        let renamed = change.differs(|company| company.name.clone());
        let moved = change.differs(|company| (company.phone.clone(), company.address.clone()));
        let handed_over =
            change.differs(|company| (company.territory.clone(), company.account_manager.clone()));
        if renamed {
            raise::all_that_show(transaction, raise::to_dos!("company"), id).await?;
        }
        if renamed || moved {
            raise::all_that_show(transaction, raise::calls!("company = $2"), id).await?;
        }
        if renamed || handed_over {
            raise::all_that_show(transaction, raise::contacts!("company = $2"), id).await?;
        }
        Ok(())
    }
}
