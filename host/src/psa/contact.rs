//! Contacts: people at companies. To whose mailboxes one travels follows from its company, see
//! [`feed`](super::feed).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address::Address;
use super::company::Company;
use super::filter::OfCompany;
use super::key::{Key, Naming, value};
use super::record::{Change, Record, Statements, json, statements};
use super::{raise, rule};
use crate::contract;
use crate::contract::PsaId;
use crate::store::Transaction;
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// The most e-mail addresses.
const EMAILS: usize = 3;

/// The most business numbers.
const BUSINESS_PHONES: usize = 2;

/// A contact. Absent texts are empty; a given name or a surname is there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// Before the name, as in "Dr.".
    pub prefix: String,
    /// Given name.
    pub given_name: String,
    /// Middle name.
    pub middle_name: String,
    /// Surname.
    pub surname: String,
    /// After the name, as in "Jr.".
    pub suffix: String,
    /// Job title.
    pub job_title: String,
    /// For whom the contact works.
    #[schema(value_type = Option<String>)]
    pub company: Option<Key<Company>>,
    /// At most 3 addresses.
    #[schema(max_items = 3)]
    pub emails: Vec<String>,
    /// At most 2 numbers.
    #[schema(max_items = 2)]
    pub business_phones: Vec<String>,
    /// Mobile number.
    pub mobile_phone: String,
    /// Private number.
    pub home_phone: String,
    /// Fax number.
    pub business_fax: String,
    /// Business address.
    pub business_address: Address,
    /// Notes, at most 8,000 characters.
    #[schema(max_length = 8_000)]
    pub notes: String,
    /// Inactive contacts do not travel.
    #[serde(default = "active")]
    pub active: bool,
}

const fn active() -> bool {
    true
}

impl Contact {
    /// As the contract has it; only the company's name is not known here.
    pub(super) fn into_fields(self, organisation: String) -> contract::Contact {
        contract::Contact {
            prefix: self.prefix,
            given_name: self.given_name,
            middle_name: self.middle_name,
            surname: self.surname,
            suffix: self.suffix,
            job_title: self.job_title,
            organisation,
            emails: self.emails,
            business_phones: self.business_phones,
            mobile_phone: self.mobile_phone,
            home_phone: self.home_phone,
            business_fax: self.business_fax,
            business_address: self.business_address.into(),
            notes: self.notes,
        }
    }
}

impl Record for Contact {
    const WHAT: &'static str = "contact";

    const STATEMENTS: Statements = statements! {
        table "contact",
        columns "person_version, prefix, given_name, middle_name, surname, suffix, job_title, \
                 company, emails, business_phones, mobile_phone, home_phone, business_fax, \
                 business_address, notes, active",
        values "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18",
        bury "person_version = $3, prefix = '', given_name = '', middle_name = '', surname = '', \
              suffix = '', job_title = '', company = NULL, emails = '[]', business_phones = '[]', \
              mobile_phone = '', home_phone = '', business_fax = '', business_address = '{}', \
              notes = ''",
        filter "($4 IS NULL OR LOWER(given_name || ' ' || surname) LIKE $4 ESCAPE '\\')
                AND ($5 IS NULL OR company = $5)",
    };

    const NAMED_BY: Option<&'static str> = Some(
        "SELECT 'to-do' AS what FROM to_do
          WHERE tenant = $1 AND contact = $2 AND NOT deleted LIMIT 1",
    );

    type Filter = OfCompany;

    fn check(&self) -> Result<()> {
        if self.given_name.trim().is_empty() && self.surname.trim().is_empty() {
            let rule = "give a given name or a surname, both are empty";
            return Err(rule::invalid("surname", rule.into()));
        }
        for (field, text) in [
            ("prefix", &self.prefix),
            ("given_name", &self.given_name),
            ("middle_name", &self.middle_name),
            ("surname", &self.surname),
            ("suffix", &self.suffix),
            ("job_title", &self.job_title),
            ("mobile_phone", &self.mobile_phone),
            ("home_phone", &self.home_phone),
            ("business_fax", &self.business_fax),
        ] {
            rule::at_most(field, text, rule::TITLE)?;
        }
        rule::few("emails", &self.emails, EMAILS)?;
        rule::few("business_phones", &self.business_phones, BUSINESS_PHONES)?;
        self.business_address.check()?;
        rule::at_most("notes", &self.notes, rule::DESCRIPTION)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        let company = self.company.as_ref().map(|key| key.named_as("company"));
        company.into_iter().collect()
    }

    fn values(&self) -> Result<Vec<Value>> {
        Ok(vec![
            Value::from(&self.prefix),
            Value::from(&self.given_name),
            Value::from(&self.middle_name),
            Value::from(&self.surname),
            Value::from(&self.suffix),
            Value::from(&self.job_title),
            value(self.company.as_ref()),
            json("contact.emails", &self.emails)?,
            json("contact.business_phones", &self.business_phones)?,
            Value::from(&self.mobile_phone),
            Value::from(&self.home_phone),
            Value::from(&self.business_fax),
            json("contact.business_address", &self.business_address)?,
            Value::from(&self.notes),
            Value::from(self.active),
        ])
    }

    fn read(row: &Row) -> Result<Self> {
        let text = |column| row.get::<String>(column);
        Ok(Self {
            prefix: text("prefix")?,
            given_name: text("given_name")?,
            middle_name: text("middle_name")?,
            surname: text("surname")?,
            suffix: text("suffix")?,
            job_title: text("job_title")?,
            company: Key::maybe(row, "company")?,
            emails: codec::from_json("contact.emails", &text("emails")?)?,
            business_phones: codec::from_json(
                "contact.business_phones",
                &text("business_phones")?,
            )?,
            mobile_phone: text("mobile_phone")?,
            home_phone: text("home_phone")?,
            business_fax: text("business_fax")?,
            business_address: codec::from_json(
                "contact.business_address",
                &text("business_address")?,
            )?,
            notes: text("notes")?,
            active: row.get("active")?,
        })
    }

    /// Its name stands in to-dos.
    async fn follow(
        transaction: &mut Transaction,
        id: &PsaId,
        change: Change<'_, Self>,
    ) -> Result<()> {
        match change.differs(|contact| (contact.given_name.clone(), contact.surname.clone())) {
            true => raise::all_that_show(transaction, raise::to_dos!("contact"), id).await,
            false => Ok(()),
        }
    }
}
